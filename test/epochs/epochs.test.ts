import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { readDesign } from '../../src/cosim/index.js';
import { loadDataset } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { type EpochsOutcome, verifyEpochs } from '../../src/epochs/index.js';
import { partsOf, strandsOf } from '../../src/epochs/parts.js';
import { emit } from '../../src/rtl/index.js';
import { startRun } from '../../src/training/index.js';
import { temporaryFolder } from '../helpers/folder.js';
import { signed } from '../helpers/signed.js';

describe('parts', () => {
  test.each([
    [1, 60_000],
    [3, 25],
    [2, 4],
    [1, 1],
  ])('%i epochs of %i samples: every sample once, in order, the test after each epoch', (epochs, count) => {
    const parts = partsOf(epochs, count);
    expect(parts.map(({ number }) => number)).toEqual(parts.map((_, i) => i));
    const samples = parts.flatMap(({ epoch, first, samples }) =>
      Array.from({ length: samples }, (_, i) => epoch * count + first + i),
    );
    expect(samples).toEqual(Array.from({ length: epochs * count }, (_, i) => i));
    expect(parts.filter(({ last }) => last).map(({ epoch, first, samples }) => [epoch, first + samples])).toEqual(
      Array.from({ length: epochs }, (_, epoch) => [epoch, count]),
    );
  });

  test.each([
    [[], 2, []],
    [[0, 1, 2, 3], 1, [[0, 3]]],
    [
      [0, 1, 2, 3, 4],
      2,
      [
        [0, 2],
        [3, 4],
      ],
    ],
    [
      [0, 3, 4, 9],
      2,
      [
        [0, 0],
        [3, 4],
        [9, 9],
      ],
    ],
    [[5], 4, [[5, 5]]],
  ])('the parts %j for %i jobs are the strands %j', (missing, jobs, strands) => {
    expect(strandsOf(missing, jobs)).toEqual(strands.map(([first, last]) => ({ first, last })));
  });
});

describe('the Verilated core over whole epochs', () => {
  const config = parseConfig({
    name: 'small',
    layers: [9, 7, 5, 3],
    bits: { weight: 7, activation: 6, error: 8 },
    lanes: 2,
    data: 'synthetic',
    learningRateShift: [
      { epoch: 0, shift: 5 },
      { epoch: 1, shift: 7 },
    ],
  });
  const design = plan(config);
  const shape = { inputs: 9, classes: 3, seed: 1 };
  const samples = {
    train: signed(loadDataset('synthetic', 'train', { ...shape, count: 40 })),
    test: signed(loadDataset('synthetic', 'test', { ...shape, count: 15 })),
  };

  const write = (change: (file: string, text: string) => string = (_, text) => text): string => {
    const folder = temporaryFolder();
    for (const [file, text] of emit(design)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), change(file, text));
    }
    return folder;
  };
  const requestOf = (folder: string, cache: string, epochs: number) => ({
    design: readDesign(folder, 'small'),
    plan: design,
    samples,
    epochs,
    jobs: 2,
    seed: 1,
    cache,
    onProgress: () => undefined,
  });
  const run = (folder: string, cache: string, epochs: number): Promise<EpochsOutcome> =>
    verifyEpochs(requestOf(folder, cache, epochs));

  test('is the model: weights, accuracies, rates; goes on where it was, and refuses what is corrupt', async () => {
    const folder = write();
    const cache = temporaryFolder();
    expect(await run(folder, cache, 1)).toMatchObject({ ok: true, steps: 40 });
    const outcome = await run(folder, cache, 2);
    expect(outcome).toMatchObject({ ok: true, steps: 80, mismatch: null, problem: null });
    expect(outcome.epochs.map(({ k }) => k)).toEqual([5, 7]);

    const trained = startRun(design, samples.train, samples.test, { epochs: 2 });
    while (trained.next() !== undefined);
    const { weights, metrics } = trained.state();
    const hash = createHash('sha256');
    for (const layer of weights) hash.update(Buffer.from(layer.buffer));
    expect(outcome.weights).toBe(hash.digest('hex'));
    expect(outcome.epochs.map(({ trainAccuracy, testAccuracy }) => [trainAccuracy, testAccuracy])).toEqual(
      metrics.map(({ trainAccuracy, testAccuracy }) => [trainAccuracy, testAccuracy]),
    );

    for (const { confusion, testAccuracy } of outcome.epochs) {
      const right = confusion.reduce((sum, row, label) => sum + row[label], 0);
      expect([confusion.flat().reduce((a, b) => a + b), right]).toEqual([15, Math.round(15 * testAccuracy)]);
    }
    const given = await verifyEpochs({ ...requestOf(folder, cache, 1), samples: { ...samples, weights } });
    expect(given).toMatchObject({ ok: true, steps: 40 });
    expect(given.folder).not.toBe(outcome.folder);
    expect(given.epochs[0].digests).not.toBe(outcome.epochs[0].digests);

    const files = readdirSync(outcome.folder);
    expect(files.filter((file) => file.startsWith('part-'))).toHaveLength(20);
    for (const file of ['run.json', 'state-3.bin', 'part-7.bin', 'train.bin']) {
      const path = join(outcome.folder, file);
      const bytes = readFileSync(path);
      const broken = Uint8Array.from(bytes);
      broken[broken.length - 3] ^= 1;
      writeFileSync(path, broken);
      await expect(run(folder, cache, 2), file).rejects.toThrow(`${path}: is corrupt`);
      writeFileSync(path, bytes);
    }
    expect(await run(folder, cache, 2)).toEqual(outcome);
  });

  test('a fault in the RTL ends the run, and the difference is named', async () => {
    const folder = write((file, text) => {
      if (file !== 'grapes_update.sv') return text;
      const broken = text.replace("- REDUCED_BITS'(product_i)", "+ REDUCED_BITS'(product_i)");
      expect(broken).not.toBe(text);
      return broken;
    });
    const outcome = await run(folder, temporaryFolder(), 1);
    expect(outcome.ok).toBe(false);
    expect(outcome.mismatch).toMatchObject({ kind: 'digest', epoch: 0, part: 0, step: 0 });
  });
});
