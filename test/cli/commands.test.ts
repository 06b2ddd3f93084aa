import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { temporaryFolder } from '../helpers/folder.js';
import { grapes, start } from './grapes.js';

const TINY = ['--preset', 'tiny', '--samples', '6'] as const;

describe('help', () => {
  test.each([[], ['gen'], ['verify'], ['report', 'memory'], ['train'], ['init'], ['schema'], ['presets'], ['doctor']])(
    '%s %s shows examples',
    async (...command: string[]) => {
      const { code, stdout } = await grapes('.', ...command, '--help');
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples?:\n {2}grapes-hw /);
    },
  );

  test('--version gives the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await grapes('.', '--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('gen', () => {
  test('writes RTL and vectors, and the same again', async () => {
    const folder = temporaryFolder();
    const first = await grapes(folder, 'gen', ...TINY);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('Next: grapes-hw verify tiny');
    expect(readdirSync(folder).sort()).toEqual(['golden', 'rtl-out']);
    expect(readdirSync(join(folder, 'rtl-out'))).toEqual(['tiny']);
    expect(readdirSync(join(folder, 'golden'))).toEqual(['tiny']);
    expect(existsSync(join(folder, 'rtl-out/tiny/tiny_core.sv'))).toBe(true);
    expect((await grapes(folder, 'gen', ...TINY, '--check')).code).toBe(0);
    expect((await grapes(folder, 'gen', ...TINY)).code).toBe(0);
  });

  test('--check finds one byte', async () => {
    const folder = temporaryFolder();
    await grapes(folder, 'gen', ...TINY);
    const file = join(folder, 'golden/tiny/label.mem');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(/./, (digit) => (digit === '0' ? '1' : '0')),
    );
    const { code, stderr } = await grapes(folder, 'gen', ...TINY, '--check');
    expect(code).toBe(1);
    expect(stderr).toContain('golden/tiny/label.mem differs from line 1 on');
  });

  test('flags override the file, the file overrides the preset', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'mine.json'), JSON.stringify({ bits: 6, lanes: 3, rounding: 'nearest' }));
    const given = ['--config', 'mine.json', '--lanes', '2', '--name', 'mine', '--trace', '2'];
    expect((await grapes(folder, 'gen', ...TINY, ...given)).code).toBe(0);
    const config = parseConfig(JSON.parse(readFileSync(join(folder, 'rtl-out/mine/config.json'), 'utf8')));
    expect(config).toMatchObject({
      name: 'mine',
      bits: { weight: 6 },
      lanes: 2,
      rounding: 'nearest',
      data: 'synthetic',
    });
    const manifest = JSON.parse(readFileSync(join(folder, 'golden/mine/manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ samples: 6, trace: 2 });
  });

  test.each([
    [['--layers', '4,5,3'], 'net_4_5_3'],
    [['--preset', 'tiny', '--layers', '4,5,3'], 'net_4_5_3'],
    [['--config', 'mine.json', '--layers', '4,5,3'], 'net_4_5_3'],
    [['--config', 'mine.json', '--layers', '4,3'], 'mine'],
    [['--layers', '4,5,3', '--name', 'odd'], 'odd'],
    [['--preset', 'tiny', '--layers', '13,21,10,4'], 'tiny'],
  ])('a network without a name is called after its layers: %j', async (parameters, name) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'mine.json'), JSON.stringify({ name: 'mine', layers: [4, 3] }));
    const { code } = await grapes(folder, 'gen', ...parameters, '--samples', '2', '--only', 'rtl');
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'rtl-out'))).toEqual([name]);
  });

  test('takes the commented configuration of the documentation', async () => {
    const folder = temporaryFolder();
    const [, example] = /```jsonc\n(\{[^`]*"layers"[^`]*)```/.exec(readFileSync('docs/file-formats.md', 'utf8')) ?? [];
    writeFileSync(join(folder, 'mine.json'), `\uFEFF${example}`);
    const { code, stderr } = await grapes(folder, 'gen', '--config', 'mine.json', '--samples', '2', '--only', 'rtl');
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('takes all samples of a file that has fewer than usual, and no fewer than are asked for', async () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 'few.csv'),
      Array.from({ length: 30 }, (_, n) => `${n % 2},${n % 3},${n % 7}`).join('\n'),
    );
    const few = ['--layers', '2,3,2', '--name', 'few', '--data', 'csv:few.csv', '--split', '0.1'];
    const { stdout } = await grapes(folder, 'gen', ...few, '--only', 'golden', '--json');
    expect(JSON.parse(stdout).written).toEqual([expect.objectContaining({ part: 'golden', samples: 27 })]);
    expect((await grapes(folder, 'report', 'cycles', ...few)).code).toBe(0);
    for (const command of [['gen'], ['report', 'cycles']]) {
      const { code, stderr } = await grapes(folder, ...command, ...few, '--samples', '28');
      expect([code, stderr]).toEqual([2, expect.stringContaining('samples: is 28, must be at most 27')]);
    }
  });

  test('--only writes one of the two', async () => {
    const folder = temporaryFolder();
    await grapes(folder, 'gen', ...TINY, '--only', 'golden');
    expect(readdirSync(folder)).toEqual(['golden']);
  });
});

describe('smaller commands', () => {
  test('init writes a configuration that gen takes, once', async () => {
    const folder = temporaryFolder();
    expect((await grapes(folder, 'init', 'tiny.json', '--preset', 'tiny')).code).toBe(0);
    expect((await grapes(folder, 'gen', '--config', 'tiny.json', '--samples', '3')).code).toBe(0);
    const again = await grapes(folder, 'init', 'tiny.json');
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('tiny.json: exists already');
  });

  test('schema prints a JSON Schema', async () => {
    const { stdout } = await grapes('.', 'schema');
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', required: expect.arrayContaining(['name', 'layers']) });
  });

  test('presets --json gives each preset complete', async () => {
    const { stdout } = await grapes('.', 'presets', '--json');
    expect(Object.keys(JSON.parse(stdout))).toEqual([
      'mnist',
      'mnist-small',
      'deep',
      'tiny',
      'snu',
      'snu-rate',
      'rnn',
      'snu-rows',
      'up5k',
    ]);
    expect(JSON.parse(stdout).mnist.frac.weight).toHaveLength(3);
  });

  test('report memory --json adds up', async () => {
    const { stdout } = await grapes('.', 'report', 'memory', '--preset', 'tiny', '--json');
    const { perLane, lanes, shared, total } = JSON.parse(stdout);
    expect(perLane.bits * lanes + shared.bits).toBe(total.bits);
  });

  test('doctor --json lists every program', async () => {
    const { stdout } = await grapes('.', 'doctor', '--json');
    expect(JSON.parse(stdout).tools.map(({ name }: { name: string }) => name)).toContain('verilator');
  });

  test('doctor names a version that has not been tried, and a folder for temporary files that is none', async () => {
    const bin = temporaryFolder();
    writeFileSync(join(bin, 'yosys'), '#!/bin/sh\necho Yosys 9.99\n', { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env.PATH}`, TMPDIR: '/nowhere' };
    const { code, stdout } = await start(bin, ['doctor'], env).outcome;
    expect(stdout).toContain('untested: yosys 9.99; tried with 0.23');
    expect(stdout).toMatch(/wrong: the folder for temporary files, \/nowhere, does not exist/);
    expect(code).toBe(2);
  });

  test('train reports each epoch', async () => {
    const { code, stdout } = await grapes('.', 'train', '--preset', 'tiny', '--epochs', '2', '--json');
    expect(code).toBe(0);
    const { epochs } = JSON.parse(stdout);
    expect(epochs.map(({ epoch }: { epoch: number }) => epoch)).toEqual([0, 1]);
    expect(epochs[1].testAccuracy).toBeGreaterThan(0.5);
  });
});
