import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Outcome, start } from '../cli/grapes.js';
import { temporaryFolder } from '../helpers/folder.js';
import { inside } from './inside.js';

const TINY = ['train', '--preset', 'tiny', '--samples', '600'] as const;

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
const run = (...parameters: string[]): Promise<Outcome> => inside(folder, parameters);
const text = (file: string): string => readFileSync(join(folder, file), 'utf8');

const expectRefusal = ({ code, stderr }: Outcome, message: string | RegExp): void => {
  expect(stderr).toMatch(/^error: /);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
  expect(code).toBe(2);
};

describe('train', () => {
  test('tells of every epoch and every layer', async () => {
    const { code, stdout } = await run(...TINY, '--epochs', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^epoch 2: rate 2\^-7, train \d+\.\d\d % \(loss \d\.\d{4}\), test \d+\.\d\d % \(loss \d\.\d{4}\)$/m,
    );
    expect(stdout).toMatch(/layer {2}saturated: weights {2}activations {2}errors {2}swallowed +strength +factor/);
    expect(stdout).toMatch(/^ +3( +\d+\.\d\d %){4} +- +-$/m);
  });

  test('several seeds in parallel give what each gives alone', async () => {
    const parameters = [...TINY, '--seeds', '3', '--threads', '2', '--log', 'together.jsonl'];
    const together = await start(folder, parameters).outcome;
    expect(together.stdout).toMatch(/3 seeds, epoch 1, mean ± standard deviation: train .* % ± .* %, test .* %$/m);
    for (const seed of ['1', '2', '3']) await run(...TINY, '--seed', seed, '--log', `${seed}.jsonl`);
    expect(text('together.jsonl')).toBe(['1', '2', '3'].map((seed) => text(`${seed}.jsonl`)).join(''));
  });

  test('--json has the runs and their spread', async () => {
    const { stdout } = await run(...TINY, '--seeds', '2', '--json');
    const { runs, summary } = JSON.parse(stdout);
    const [a, b] = runs.map(({ epochs }: { epochs: { testAccuracy: number }[] }) => epochs[0].testAccuracy);
    expect(summary.testAccuracy.mean).toBeCloseTo((a + b) / 2, 12);
    expect(summary.testAccuracy.deviation).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12);
  });

  test('follows a schedule of rates', async () => {
    const { stdout } = await run(...TINY, '--epochs', '3', '--rate', '0:6,2:8', '--json');
    expect(JSON.parse(stdout).epochs.map(({ k }: { k: number }) => k)).toEqual([6, 6, 8]);
  });

  test('learns from a CSV file', async () => {
    const lines = Array.from({ length: 200 }, (_, n) => [n % 2, n % 2 === 0 ? 200 : 10, n % 2 === 0 ? 10 : 200].join());
    writeFileSync(join(folder, 'two.csv'), lines.join('\n'));
    const given = ['--layers', '2,4,2', '--name', 'two', '--data', 'csv:two.csv', '--epochs', '5', '--json'];
    const { stdout } = await run('train', '--preset', 'tiny', ...given);
    expect(JSON.parse(stdout).epochs[4].testAccuracy).toBe(1);
  });

  test('Ctrl-C leaves a checkpoint to go on from', async () => {
    const long = ['train', '--preset', 'tiny', '--epochs', '500', '--checkpoint', 'run', '--checkpoint-every', '500'];
    const running = start(folder, long);
    const begun = (): boolean => existsSync(join(folder, 'run', 'seed-1.checkpoint'));
    for (let n = 0; n < 1000 && !begun(); n++) await new Promise((resume) => setTimeout(resume, 10));
    expect(begun()).toBe(true);
    running.kill('SIGINT');
    const { code, stderr } = await running.outcome;
    expect(code).toBe(2);
    expect(stderr).toMatch(/error: training: interrupted; run it again, with --resume/);
    expect(readdirSync(join(folder, 'run'))).toEqual(['seed-1.checkpoint']);
  });

  test.each([
    [['--epochs', '0'], /--epochs.*whole number, 1 to/],
    [['--seeds', '0'], /--seeds.*whole number, 1 to/],
    [['--seeds', '2', '--seed', '4294967295'], /--seeds: is 2, must be at most 1 from seed 4294967295 on/],
    [['--resume'], /--resume needs a folder to go on from; add --checkpoint <folder>/],
    [['--rate', '7;8'], /--rate.*epoch:shift pairs/],
    [['--rate', '1:7'], /learningRateShift\[0\]\.epoch: is 1, must be 0/],
    [['--data', 'csv:none.csv'], /none\.csv: does not exist; check the path/],
    [['--data', 'cifar'], /data: is "cifar", must be mnist, fashion-mnist, /],
    [
      ['--samples', '1000000000'],
      /samples: is 1000000000, must be at most \d+ \(synthetic, 13 inputs\); ask for fewer/,
    ],
    [['--log', 'none/log.jsonl'], /none\/log\.jsonl: does not exist; check the path/],
    [['--checkpoint', 'file/below'], /file\/below: a part of the path is not a folder/],
    [['--mode', 'half'], /--mode.*propagating, local, off, uniform/],
  ])('refuses %j', async (parameters, message) => {
    writeFileSync(join(folder, 'file'), '');
    expectRefusal(await run(...TINY, ...parameters), message);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('refuses a data file of the wrong shape', async () => {
    writeFileSync(join(folder, 'narrow.csv'), '0,1,2\n');
    expectRefusal(
      await run(...TINY, '--data', 'csv:narrow.csv'),
      '"csv:narrow.csv" has 2 features, but the first layer has 13; set it to 2',
    );
  });

  test('refuses a checkpoint of another configuration, and a corrupt one', async () => {
    await run(...TINY, '--checkpoint', 'run');
    const other = await run(...TINY, '--checkpoint', 'run', '--resume', '--bits', '9');
    expectRefusal(
      other,
      /run\/seed-1\.checkpoint: belongs to another run: bits\.weight is 8 in it, 9 here; set bits\.weight/,
    );
    expectRefusal(await run(...TINY, '--checkpoint', 'run'), /holds a checkpoint .*; add --resume to go on from it/);
    const file = join(folder, 'run', 'seed-1.checkpoint');
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] ^= 4;
    writeFileSync(file, bytes);
    expectRefusal(await run(...TINY, '--checkpoint', 'run', '--resume'), /seed-1\.checkpoint: is corrupt: its sha256/);
    expectRefusal(await run('export', 'run'), /seed-1\.checkpoint: is corrupt/);
  });
});

describe('export', () => {
  beforeEach(async () => {
    expect(await run(...TINY, '--checkpoint', 'run')).toMatchObject({ code: 0 });
  });

  test('writes weights that gen starts from', async () => {
    const exported = await run('export', 'run');
    expect(exported).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(folder, 'weights'))).toEqual([
      'config.json',
      'tiny_input.h',
      'tiny_input.json',
      ...[1, 2, 3].flatMap((l) => [`weight${l}.mem`, `weight${l}.npy`]),
      'weights.npz',
      'weights.safetensors',
    ]);
    expect(exported.stdout).toContain('Next: grapes-hw gen --config weights/config.json --weights weights');
    const gen = ['gen', '--config', 'weights/config.json', '--weights', 'weights', '--samples', '3'];
    expect(await run(...gen)).toMatchObject({ code: 0, stderr: '' });
    for (const l of [1, 2, 3]) {
      expect(text(`golden/tiny/weight${l}_init.mem`)).toBe(text(`weights/weight${l}.mem`));
    }
    expect((await run(...gen, '--check')).code).toBe(0);
    expect(text('golden/tiny/manifest.json')).not.toContain('weights/');
  });

  test('replaces its own files, and only them', async () => {
    expect((await run('export', 'run', '--format', 'npy')).code).toBe(0);
    expect((await run('export', 'run', '--format', 'mem')).code).toBe(0);
    expect(readdirSync(join(folder, 'weights'))).not.toContain('weight1.npy');
    writeFileSync(join(folder, 'weights', 'thesis.tex'), 'mine');
    expectRefusal(await run('export', 'run'), /thesis\.tex.*--out/);
  });

  test('asks which of several seeds', async () => {
    await run(...TINY, '--seed', '2', '--checkpoint', 'run');
    expectRefusal(await run('export', 'run'), 'run: choose one with --seed; there are checkpoints of seeds 1, 2');
    expectRefusal(
      await run('export', 'run', '--seed', '3'),
      'run: has none of seed 3; there are checkpoints of seeds 1, 2',
    );
    expect((await run('export', 'run', '--seed', '2', '--json')).code).toBe(0);
    const other = await run('export', 'run/seed-1.checkpoint');
    expect(other).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('weights holds another configuration: seed is 2 there'),
    });
    expect((await run('export', 'run/seed-1.checkpoint', '--force')).code).toBe(0);
  });

  test('refuses what is no checkpoint', async () => {
    expectRefusal(
      await run('export', 'none'),
      'none: does not exist; `grapes-hw train --checkpoint <folder>` makes one',
    );
    mkdirSync(join(folder, 'empty'));
    expectRefusal(await run('export', 'empty'), 'empty: holds no checkpoint; ');
    writeFileSync(join(folder, 'diary'), 'Dear diary\n');
    expectRefusal(await run('export', 'diary'), 'diary: is no checkpoint');
  });

  test('gen refuses weights of another network', async () => {
    await run('export', 'run');
    const gen = (...given: string[]): Promise<Outcome> =>
      run('gen', '--weights', 'weights', '--samples', '3', ...given);
    expectRefusal(
      await gen('--preset', 'tiny', '--bits', '9'),
      'weights: its weights are of another configuration: bits.weight is 8 there, 9 here; use --config weights/config.json and no flag that changes layers, bits or mode',
    );
    expectRefusal(await gen('--preset', 'mnist-small'), /layers is \[13,21,10,4\] there, \[784,64,10\] here/);
    expectRefusal(await gen('--preset', 'tiny', '--weights', 'none'), /none\/weight1\.mem: does not exist/);
    expect(readdirSync(folder).sort()).toEqual(['run', 'weights']);
  });
});
