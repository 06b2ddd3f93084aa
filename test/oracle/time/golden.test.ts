/** Golden directories of random networks in time against the oracle: every value of every file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/index.js';
import { synthetic } from '../../../src/data/index.js';
import { plan } from '../../../src/datapath/plan.js';
import { featuresOf } from '../../../src/datapath/rate.js';
import { writeGolden } from '../../../src/golden/index.js';
import { RUN_SEED } from '../../arbitrary/config.js';
import { type RawTimeConfig, rawTimeConfig } from '../../arbitrary/time.js';
import { temporaryFolder } from '../../helpers/folder.js';
import { ratesOf } from '../resolve.js';
import { createTimeOracle } from './network.js';
import { resolveTime } from './resolve.js';

const SAMPLES = 4;
const TRACE = 3;

/** Every file as integers of its width: signed where the name says so. */
const reader = (folder: string, files: Readonly<Record<string, { bits: number; shape: readonly number[] }>>) => ({
  /** values modulo 2^bits */
  of: (name: string): number[] => {
    const text = readFileSync(join(folder, `${name}.mem`), 'utf8');
    const lines = text.split('\n').slice(0, -1);
    const { bits, shape } = files[`${name}.mem`];
    expect(lines, name).toHaveLength(shape.reduce((a, b) => a * b, 1));
    for (const line of lines) expect(line, name).toMatch(new RegExp(`^[0-9a-f]{${Math.ceil(bits / 4)}}$`));
    return lines.map((line) => Number.parseInt(line, 16));
  },
  bits: (name: string): number => files[`${name}.mem`].bits,
  names: Object.keys(files).map((name) => name.replace(/\.mem$/, '')),
});

const check = async (raw: RawTimeConfig): Promise<void> => {
  const config = resolveTime(raw);
  const { layers, encoding, steps, cell, recurrent, feedback, bits } = config;
  const L = layers.length - 1;
  const design = plan(parseConfig(raw));
  const data = synthetic('train', {
    inputs: featuresOf(design.config),
    classes: layers[L],
    seed: 5,
    count: SAMPLES,
  });
  const folder = join(temporaryFolder(), 'random');
  const manifest = await writeGolden(design, data, { samples: SAMPLES, trace: TRACE }, folder);
  const { of, bits: bitsOf, names } = reader(folder, manifest.files);
  const left = new Set(names);
  const expectFile = (name: string, width: number, values: readonly bigint[]): void => {
    expect(bitsOf(name), `bits of ${name}`).toBe(width);
    expect(of(name), name).toEqual(values.map((v) => Number(BigInt.asUintN(width, v))));
    left.delete(name);
  };
  const each = <T>(visit: (l: number) => T, last = L): T[] => Array.from({ length: last }, (_, at) => visit(at + 1));
  const integer = (v: number | bigint): bigint => BigInt(v);

  const oracle = createTimeOracle(config);
  const matrices = (suffix: string): void => {
    each((l) => {
      expectFile(`weight${l}_${suffix}`, bits.weight, oracle.weights[l].flat());
      if (l < L && recurrent[l - 1]) expectFile(`recurrent${l}_${suffix}`, bits.weight, oracle.recurrent[l].flat());
    });
  };
  matrices('init');
  expect(manifest.rngState).toEqual(oracle.streams().map(Number));
  if (feedback !== 'bp')
    each((l) => {
      const own = feedback === 'fa' ? l + 1 : l;
      expectFile(`feedback${own}`, bits.weight, oracle.feedback[own].flat());
    }, L - 1);

  const n0 = layers[0];
  const inputs = of('input').map((v) => BigInt.asIntN(bitsOf('input') === 1 ? 2 : bitsOf('input'), BigInt(v)));
  const taken = (n: number): bigint[] => {
    if (encoding === 'rate')
      return of('pixel')
        .slice(n * n0, (n + 1) * n0)
        .map(integer);
    const sample = inputs.slice(n * n0 * steps, (n + 1) * n0 * steps);
    return encoding === 'direct' ? sample.slice(0, n0) : sample;
  };
  const [rate] = ratesOf(config);
  const made = Array.from({ length: SAMPLES }, (_, n) => oracle.step(taken(n), data.labels[n], rate));
  const traced = made.slice(0, TRACE);
  if (encoding === 'rate') expectFile('pixel', 8, Array.from(data.features, integer));
  expectFile(
    'input',
    bitsOf('input'),
    made.flatMap(({ x }) => x[0].flat()),
  );
  expectFile(
    'prediction',
    bitsOf('label'),
    made.map(({ prediction }) => integer(prediction)),
  );
  expectFile('label', bitsOf('label'), Array.from(data.labels, integer));
  expectFile(
    'digest',
    32,
    made.map(({ digest }) => digest),
  );
  expectFile(
    'logit',
    16,
    traced.flatMap(({ logits }) => logits),
  );
  expectFile(
    'probability',
    bits.error + 1,
    traced.flatMap(({ probabilities }) => probabilities),
  );
  each((l) => {
    const spikes = cell[l - 1] === 'snu';
    expectFile(
      `activation${l}`,
      spikes ? 1 : bits.activation,
      traced.flatMap(({ x }) => x[l].flat()),
    );
    if (spikes)
      expectFile(
        `membrane${l}`,
        bits.activation,
        traced.flatMap(({ membrane }) => membrane[l].flat()),
      );
    expectFile(
      `uerror${l}`,
      bits.error,
      traced.flatMap(({ through }) => through[l].flat()),
    );
    expectFile(
      `strength${l}`,
      bitsOf(`strength${l}`),
      traced.flatMap(({ strengths }) => strengths[l]),
    );
    expectFile(
      `factor${l}`,
      9,
      traced.flatMap(({ factors }) => factors[l]),
    );
  }, L - 1);
  each((l) => {
    expectFile(
      `error${l}`,
      bits.error,
      traced.flatMap(({ errors }) => errors[l].flat()),
    );
    const writes = traced.slice(0, manifest.writes).flatMap((step) => step.writes[l]);
    expectFile(`write${l}`, bits.weight, writes);
  });
  matrices('final');
  expect([...left]).toEqual([]);
};

test('golden directories of random networks in time are the oracle’s, file by file', async () => {
  await fc.assert(fc.asyncProperty(rawTimeConfig({ size: 'small' }), check), { numRuns: 25, seed: RUN_SEED });
});
