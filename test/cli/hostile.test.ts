import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.js';
import { grapes, main, start } from './grapes.js';

const TINY = ['--preset', 'tiny', '--samples', '6'] as const;

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const until = async (condition: () => boolean): Promise<void> => {
  for (let n = 0; n < 1500 && !condition(); n++) await wait(20);
  expect(condition()).toBe(true);
};

describe.runIf(existsSync('/dev/full'))('standard output on a full disk is one message and exit code 2', () => {
  test.each([['report', 'memory'], ['report', 'memory', '--json'], ['presets'], ['schema'], ['--help']])(
    '%s %s',
    (...parameters) => {
      const out = openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, [main, ...parameters], {
        cwd: folder,
        stdio: ['ignore', out, 'pipe'],
        encoding: 'utf8',
      });
      expect(stderr).toBe('error: standard output: the disk is full; free some space and run again\n');
      expect(status).toBe(2);
    },
  );
});

describe('Ctrl-C is one message and exit code 2', () => {
  test.each([
    [['report', 'cycles', '--samples', '60000']],
    [['experiment', 'control', '--out', 'out', '--threads', '0']],
    [['experiment', 'control', '--out', 'out', '--threads', '2']],
    [['train', '--epochs', '50']],
    [['calibrate', '--samples', '50000']],
  ])('%j', async (parameters) => {
    const running = start(folder, parameters);
    await until(() => running.said() !== '');
    running.kill('SIGINT');
    const asked = performance.now();
    const { code, stderr } = await running.outcome;
    expect(stderr.trim()).toMatch(/(^|\n)error: .*interrupted.*$/);
    expect(code).toBe(2);
    expect(performance.now() - asked).toBeLessThan(5000);
  });
});

describe('kill -9', () => {
  test('of gen leaves nothing that the next one does not take away', async () => {
    const parameters = ['gen', '--preset', 'mnist-small', '--samples', '60000', '--trace', '0'];
    const running = start(folder, parameters);
    const left = (): string[] => (existsSync(join(folder, 'golden')) ? readdirSync(join(folder, 'golden')) : []);
    const owned = (name: string): boolean => {
      const owner = join(folder, 'golden', name, 'owner');
      return existsSync(owner) && readFileSync(owner, 'utf8') !== '';
    };
    await until(() => left().some(owned));
    running.kill('SIGKILL');
    await running.outcome;
    expect(left()).toEqual([expect.stringMatching(/^\.mnist_small-/)]);
    expect((await grapes(folder, 'gen', ...TINY)).code).toBe(0);
    expect(left()).toEqual(['tiny']);
    expect(readdirSync(join(folder, 'rtl-out'))).toEqual(['tiny']);
  });

  test('of verify ends its simulator', async () => {
    await grapes(folder, 'gen', '--preset', 'mnist-small', '--samples', '40');
    const running = start(folder, ['verify', '--sim', 'icarus', '--no-lint']);
    const simulators = (): string[] =>
      readdirSync('/proc').filter((pid) => {
        try {
          return (
            /^\d+$/.test(pid) &&
            readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('/usr/bin/vvp') &&
            readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(folder)
          );
        } catch {
          return false;
        }
      });
    await until(() => simulators().length === 1);
    running.kill('SIGKILL');
    await until(() => simulators().length === 0);
  });
});

describe('a folder that another process works in', () => {
  test('train --checkpoint', async () => {
    const parameters = ['train', '--preset', 'tiny', '--epochs', '2000', '--checkpoint', 'run'];
    const first = start(folder, parameters);
    const file = join(folder, 'run', 'seed-1.checkpoint');
    await until(() => existsSync(file));
    const { code, stderr } = await grapes(folder, ...parameters, '--resume');
    expect(stderr).toMatch(
      /^error: run\/seed-1\.checkpoint: in use by process \d+ on \S+ since .* \(grapes-hw train .*\)/,
    );
    expect(code).toBe(2);
    expect((await grapes(folder, 'train', '--preset', 'tiny', '--seed', '2', '--checkpoint', 'run')).code).toBe(0);
    first.kill('SIGINT');
    expect((await first.outcome).code).toBe(2);
    expect(readdirSync(join(folder, 'run')).sort()).toEqual(['seed-1.checkpoint', 'seed-2.checkpoint']);
  });

  test('verify --epochs, and what an interrupted one leaves', async () => {
    await grapes(folder, 'gen', ...TINY);
    const parameters = ['verify', '--epochs', '400'];
    const first = start(folder, parameters);
    const lock = (): string | undefined =>
      existsSync(join(folder, 'build/cosim'))
        ? readdirSync(join(folder, 'build/cosim')).find((name) => name.endsWith('.lock'))
        : undefined;
    await until(() => lock() !== undefined);
    const { code, stderr } = await grapes(folder, ...parameters);
    expect(stderr).toMatch(/^error: build\/cosim\/epochs-tiny-\w+: in use by process \d+/);
    expect(code).toBe(2);
    first.kill('SIGINT');
    expect((await first.outcome).code).toBe(2);
    expect(lock()).toBeUndefined();
  });
});

test('verify --epochs on a full disk is one message and exit code 2', async (context) => {
  await grapes(folder, 'gen', ...TINY);
  expect((await grapes(folder, 'verify', '--epochs', '1', '--samples', '50')).code).toBe(0);
  const cache = join(folder, 'small');
  mkdirSync(cache);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'grapes-test', cache]).status === 0;
  if (!mounted) context.skip('needs root: a small file system is mounted');
  onTestFinished(() => {
    spawnSync('umount', [cache]);
  });
  spawnSync('cp', ['-r', join(folder, 'build/cosim/.'), cache]);
  spawnSync('dd', ['if=/dev/zero', `of=${join(cache, 'filler')}`, 'bs=64k']);
  const outcome = await grapes(folder, 'verify', '--epochs', '3', '--samples', '50', '--cache', 'small');
  expect(outcome.stderr).toMatch(/^error: .*the disk is full; free some space and run again\n$/);
  expect(outcome.code).toBe(2);
});

describe('files of other kinds stay as they are', () => {
  test.each([
    [['verify', '--wave', 'notes.txt'], /--wave: notes\.txt exists and is no waveform; choose another file/],
    [['verify', '--wave', 'nowhere/a.vcd'], /--wave: nowhere\/a\.vcd lies in .*nowhere, which is not a folder/],
    [['verify', '--wave', '.'], /--wave: \. is a folder/],
    [['train', '--preset', 'tiny', '--log', 'notes.txt'], /notes\.txt: exists and is no log of metrics/],
    [['experiment', 'control', '--quick', '--out', '.'], /README\.md: is no outcome of an experiment/],
    [
      ['calibrate', '--preset', 'tiny', '--out', 'other.json'],
      /other\.json: is the configuration of another network, 3-2/,
    ],
    [['calibrate', '--preset', 'tiny', '--out', 'notes.txt'], /notes\.txt: exists and is no configuration/],
  ])('%j', async (parameters, message) => {
    await grapes(folder, 'gen', ...TINY);
    for (const file of ['notes.txt', 'README.md']) writeFileSync(join(folder, file), 'mine');
    writeFileSync(join(folder, 'other.json'), '{ "name": "other", "layers": [3, 2] }');
    const { code, stdout, stderr } = await grapes(folder, ...parameters);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    for (const file of ['notes.txt', 'README.md']) expect(readFileSync(join(folder, file), 'utf8')).toBe('mine');
    expect(readdirSync(folder).sort()).toEqual(['README.md', 'golden', 'notes.txt', 'other.json', 'rtl-out']);
  });
});
