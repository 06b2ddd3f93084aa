import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { takeLock, thisProcess } from '../../src/files/index.js';
import { UserError } from '../../src/fx/error.js';
import { temporaryFolder } from '../helpers/folder.js';

let what: string;
beforeEach(() => {
  what = join(temporaryFolder(), 'run');
});

const lockOf = (changes: object): string => `${JSON.stringify({ ...thisProcess(), ...changes })}\n`;

describe('a lock', () => {
  test('is one process’s until it gives it back, and says whose', () => {
    const release = takeLock(what);
    expect(() => takeLock(what)).toThrow(UserError);
    expect(() => takeLock(what)).toThrow(
      new RegExp(
        `run: in use by process ${process.pid} on .* since \\d{4}-.*; wait for it or end it; .* delete .*run\\.lock`,
      ),
    );
    release();
    expect(readdirSync(join(what, '..'))).toEqual([]);
    takeLock(what)();
  });

  test.each([
    ['of a process that is gone', () => lockOf({ pid: spawnSync('true').pid })],
    ['of an earlier process with the number of one that runs', () => lockOf({ started: 1 })],
    ['that says nothing', () => ''],
  ])('%s is taken over', (_, text) => {
    writeFileSync(`${what}.lock`, text());
    const release = takeLock(what);
    expect(JSON.parse(readFileSync(`${what}.lock`, 'utf8'))).toMatchObject({ pid: process.pid });
    release();
    expect(existsSync(`${what}.lock`)).toBe(false);
  });

  test('of another machine holds', () => {
    writeFileSync(`${what}.lock`, lockOf({ host: 'elsewhere', pid: 1 }));
    expect(() => takeLock(what)).toThrow('in use by process 1 on elsewhere');
  });

  test('goes with its process', () => {
    const code = `
      import { takeLock } from '${join(process.cwd(), 'src/files/index.ts')}';
      takeLock('${what}');
      console.log('taken');
      process.exit(2);`;
    const { stdout } = spawnSync('node_modules/.bin/tsx', ['--input-type=module', '-e', code], { encoding: 'utf8' });
    expect(stdout).toBe('taken\n');
    expect(existsSync(`${what}.lock`)).toBe(false);
  });

  test('in a folder that is not there is a message', () => {
    expect(() => takeLock(join(what, 'deeper', 'run'))).toThrow('run: does not exist; check the path');
  });
});
