import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join('dist', 'cli', 'main.js');

/** Runs the compiled command line with `--json` and reads what it prints; its progress goes to the terminal. */
export const grapesJson = <T>(
  ...parameters: string[]
): { readonly status: number | null; readonly result: T | null } => {
  const { status, stdout } = spawnSync('node', [MAIN, ...parameters, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return { status, result: stdout.trim() === '' ? null : JSON.parse(stdout) };
};

/** Runs the compiled command line for a person to read. */
export const grapes = (...parameters: string[]): number | null =>
  spawnSync('node', [MAIN, ...parameters], { stdio: 'inherit' }).status;
