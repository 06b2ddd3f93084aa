import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach } from 'vitest';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly outcome: Promise<Outcome>;
  /** what it has written so far */
  readonly said: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Compiles src/ as it is into a package of its own, so that the command starts as quickly as the installed one. */
const compile = (): string => {
  const root = resolve('build', 'test-package', process.env.VITEST_POOL_ID ?? '0');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  copyFileSync('package.json', join(root, 'package.json'));
  symlinkSync(resolve('templates'), join(root, 'templates'));
  const parameters = ['-p', 'tsconfig.build.json', '--declaration', 'false', '--outDir', join(root, 'dist')];
  spawnSync(join('node_modules', '.bin', 'tsc'), parameters);
  return join(root, 'dist', 'cli', 'main.js');
};

/** The compiled command line. */
export const main = compile();

const children = new Set<ChildProcess>();

// a command that a test gave up on ends with the test, and with it the simulators that it started
afterEach(() => {
  for (const child of children) child.kill('SIGTERM');
});

/** Starts the command line in a folder. */
export const start = (cwd: string, parameters: readonly string[], env: Record<string, string> = {}): Running => {
  const child = spawn(process.execPath, [main, ...parameters], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const outcome = new Promise<Outcome>((done) =>
    child.on('close', (code) => {
      children.delete(child);
      done({ code, stdout, stderr });
    }),
  );
  return { outcome, said: () => stdout + stderr, kill: (signal) => child.kill(signal) };
};

/** Runs the command line in a folder. */
export const grapes = (cwd: string, ...parameters: string[]): Promise<Outcome> => start(cwd, parameters).outcome;
