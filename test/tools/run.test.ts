import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../src/tools/index.js';
import { temporaryFolder } from '../helpers/folder.js';

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

const until = async (condition: () => boolean): Promise<void> => {
  for (let n = 0; n < 200 && !condition(); n++) await new Promise((resume) => setTimeout(resume, 20));
};

describe('runProgram', () => {
  test('gives exit code and output, every line as it comes', async () => {
    const lines: string[] = [];
    const result = await runProgram('sh', ['-c', 'echo one; echo two >&2; exit 7'], { onLine: (l) => lines.push(l) });
    expect(result.code).toBe(7);
    expect(result.timedOut).toBe(false);
    expect(lines.sort()).toEqual(['one', 'two']);
    expect(result.output.split('\n').sort()).toEqual(['', 'one', 'two']);
  });

  test('keeps a last line without a newline', async () => {
    expect((await runProgram('printf', ['a\\nb'])).output).toBe('a\nb\n');
  });

  test('passes folder and environment', async () => {
    const { output } = await runProgram('sh', ['-c', 'pwd; echo $GRAPES_X'], { cwd: '/', env: { GRAPES_X: 'yes' } });
    expect(output).toBe('/\nyes\n');
  });

  test('stops a program that takes too long, and what it started', async () => {
    const folder = temporaryFolder();
    const pidFile = join(folder, 'pid');
    const { code, timedOut } = await runProgram('sh', ['-c', `sleep 60 & echo $! > ${pidFile}; wait`], {
      timeoutMs: 3000,
    });
    expect(timedOut).toBe(true);
    expect(code).toBeNull();
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await until(() => !alive(pid));
    expect(alive(pid)).toBe(false);
  });

  test('rejects where there is no such program', async () => {
    await expect(runProgram('/no/such/program', [])).rejects.toThrow('ENOENT');
  });
});

describe('Ctrl-C', () => {
  const SCRIPT = (folder: string): string => `
    import { rmSync, writeFileSync } from 'node:fs';
    import { onInterrupt, runProgram } from '${join(process.cwd(), 'src/tools/index.ts')}';
    writeFileSync('${folder}/half-written', '');
    onInterrupt(() => rmSync('${folder}/half-written'));
    await runProgram('sh', ['-c', 'sleep 60 & echo $! > ${folder}/pid; echo started; wait'], { onLine: console.log });`;

  test('kills programs with all that they started, undoes what is registered, exits with 2', async () => {
    const folder = temporaryFolder();
    const { spawn } = await import('node:child_process');
    const child = spawn('node_modules/.bin/tsx', ['--input-type=module', '-e', SCRIPT(folder)], { stdio: 'pipe' });
    const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(existsSync(join(folder, 'half-written'))).toBe(true);
    child.kill('SIGINT');
    expect(await exit).toBe(2);
    expect(existsSync(join(folder, 'half-written'))).toBe(false);
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await until(() => !alive(pid));
    expect(alive(pid)).toBe(false);
  });
});
