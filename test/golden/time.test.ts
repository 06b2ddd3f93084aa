/** Golden directories of networks in time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig, type RawConfig } from '../../src/config/index.js';
import { synthetic } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { featuresOf } from '../../src/datapath/rate.js';
import { checkGolden, writeGolden } from '../../src/golden/index.js';
import { Network, type StepResult, sampleFeatures } from '../../src/model/index.js';
import { temporaryFolder } from '../helpers/folder.js';

const net: RawConfig = {
  name: 'net',
  layers: [6, 5, 4, 3],
  steps: 3,
  encoding: 'rate',
  cell: ['snu', 'tanh'],
  recurrent: [true, false],
  bits: { error: 7 },
  learningRateShift: 3,
};

const written = async (fields: Partial<RawConfig> = {}) => {
  const design = plan(parseConfig({ ...net, ...fields }));
  const data = synthetic('train', { inputs: featuresOf(design.config), classes: 3, seed: 5, count: 12 });
  const folder = join(temporaryFolder(), 'net');
  const manifest = await writeGolden(design, data, { samples: 8, trace: 4 }, folder);
  const read = (name: string): number[] =>
    readFileSync(join(folder, `${name}.mem`), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => Number.parseInt(line, 16));
  return { design, data, folder, manifest, read };
};

describe('golden vectors in time', () => {
  it('have the files, shapes and widths of the format', async () => {
    const { manifest, folder } = await written();
    expect(checkGolden(folder)).toEqual(manifest);
    expect(manifest).toMatchObject({
      format: 'grapes-golden/2',
      config: { steps: 3, encoding: 'rate', cell: ['snu', 'tanh'], recurrent: [true, false], decayShift: 3 },
    });
    // W_1, H_1, W_2, W_3 and the encoder
    expect(manifest.rngState).toHaveLength(5);
    const shapes = Object.entries(manifest.files).map(
      ([name, { bits, shape }]) => `${name} ${bits} ${shape.join('x')}`,
    );
    expect(shapes.filter((line) => !line.startsWith('write'))).toEqual([
      'input.mem 1 8x3x6',
      'pixel.mem 8 8x6',
      'label.mem 2 8',
      'prediction.mem 2 8',
      'weight1_init.mem 8 5x6',
      'recurrent1_init.mem 8 5x5',
      'weight2_init.mem 8 4x5',
      'weight3_init.mem 8 3x4',
      'weight1_final.mem 8 5x6',
      'recurrent1_final.mem 8 5x5',
      'weight2_final.mem 8 4x5',
      'weight3_final.mem 8 3x4',
      'activation1.mem 1 4x3x5',
      'activation2.mem 8 4x3x4',
      'membrane1.mem 8 4x3x5',
      'logit.mem 16 4x3',
      'probability.mem 8 4x3',
      'error1.mem 7 4x3x5',
      'error2.mem 7 4x3x4',
      'error3.mem 7 4x3x3',
      'uerror1.mem 7 4x3x5',
      'uerror2.mem 7 4x3x4',
      'strength1.mem 11 4x5',
      'strength2.mem 10 4x4',
      'factor1.mem 9 4x5',
      'factor2.mem 9 4x4',
      'digest.mem 32 8',
    ]);
  });

  it('hold what the model computes, sample by sample', async () => {
    const { design, data, read } = await written();
    const network = new Network(design);
    const steps = Array.from({ length: 8 }, (_, n) => {
      const result: StepResult = network.step(network.quantise(sampleFeatures(data, n)), data.labels[n], {
        trace: 'writes',
      });
      return { ...result, input: network.input() };
    });
    const unsigned = (values: readonly ArrayLike<number>[], bits: number): number[] =>
      values.flatMap((v) => Array.from(v, (x) => (x < 0 ? x + 2 ** bits : x)));
    const traced = steps.slice(0, 4).flatMap(({ trace }) => (trace ? [trace] : []));
    const values = traced.flatMap(({ values }) => (values ? [values] : []));
    expect(values).toHaveLength(4);
    expect(read('input')).toEqual(
      unsigned(
        steps.map(({ input }) => input),
        1,
      ),
    );
    expect(read('membrane1')).toEqual(
      unsigned(
        values.map(({ membrane }) => membrane[0]),
        8,
      ),
    );
    expect(read('activation2')).toEqual(
      unsigned(
        values.map(({ activation }) => activation[1]),
        8,
      ),
    );
    expect(read('error1')).toEqual(
      unsigned(
        values.map(({ error }) => error[0]),
        7,
      ),
    );
    expect(read('uerror2')).toEqual(
      unsigned(
        values.map(({ uerror }) => uerror[1]),
        7,
      ),
    );
    expect(read('write1')).toEqual(
      unsigned(
        traced.map(({ writes }) => writes?.[0] ?? []),
        8,
      ),
    );
    expect(read('digest')).toEqual(steps.map(({ trace }) => trace?.digest));
    expect(read('recurrent1_final')).toEqual(unsigned([network.matrices()[1]], 8));
    expect(read('pixel')).toEqual(Array.from(data.features.subarray(0, 8 * 6)));
  });

  it.each([
    ['direct', '8 8x3x6'],
    ['rows', '8 8x3x6'],
    ['events', '1 8x3x6'],
  ] as const)('with encoding %s have every step of the input, and no probabilities', async (encoding, shape) => {
    const { manifest, read, data } = await written({ encoding });
    const { bits, shape: dimensions } = manifest.files['input.mem'];
    expect(`${bits} ${dimensions.join('x')}`).toBe(shape);
    expect(manifest.files).not.toHaveProperty('pixel.mem');
    const input = read('input');
    expect(input).toHaveLength(8 * 3 * 6);
    if (encoding === 'direct') expect(input.slice(6, 12)).toEqual(input.slice(0, 6));
    else
      expect(input.map((v) => v > 0)).toEqual(
        Array.from(data.features.subarray(0, 144), (p) => p >= (encoding === 'events' ? 128 : 1)),
      );
  });
});
