import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { loadDataset, loadParts } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { Network, sampleFeatures } from '../../src/model/index.js';

const shape = { classes: 3, seed: 1, count: 4 };

describe('a constant feature', () => {
  const plain = loadDataset('synthetic', 'train', { ...shape, inputs: 6 });

  it('ends every sample, and is the largest that the format has', () => {
    const data = loadDataset('synthetic', 'train', { ...shape, inputs: 7, constant: true });
    expect(data).toMatchObject({ inputs: 7, count: 4, labels: plain.labels });
    const network = new Network(plan(parseConfig({ name: 'some', layers: [7, 3], constant: true })));
    for (let n = 0; n < 4; n++) {
      const sample = sampleFeatures(data, n);
      expect([...sample]).toEqual([...sampleFeatures(plain, n), 255]);
      expect(network.quantise(sample).at(-1)).toBe(127);
    }
  });

  it('ends every step of a sequence', () => {
    const data = loadDataset('synthetic', 'train', { ...shape, inputs: 8, stepInputs: 4, constant: true });
    expect([...sampleFeatures(data, 1)]).toEqual([
      ...[...sampleFeatures(plain, 1).subarray(0, 3), 255],
      ...[...sampleFeatures(plain, 1).subarray(3), 255],
    ]);
  });

  it('is 1 beside real numbers', () => {
    const path = 'test/data/files/real.csv';
    const ask = { inputs: 4, classes: 3, seed: 1, constant: true };
    const { train, test } = loadParts(`csv:${path},${path}`, ask);
    expect([...train.features.subarray(0, 4)]).toEqual([0.5, -0.25, 0.1, 1]);
    expect(test.features).toEqual(train.features);
  });

  it.each([
    [{ layers: [785, 10], constant: true }, 'mnist'],
    [{ layers: [784, 10], constant: true }, 'synthetic'],
    [{ layers: [784, 10] }, 'mnist'],
  ])('is not counted where a set is chosen: %j', (given, data) => {
    expect(parseConfig({ name: 'some', ...given }).data).toBe(data);
  });

  it('is in a resolved configuration only where there is one', () => {
    expect(parseConfig({ name: 'some', layers: [7, 3], constant: false })).not.toHaveProperty('constant');
    expect(parseConfig({ name: 'some', layers: [7, 3], constant: true })).toMatchObject({ constant: true });
  });
});

describe('a refused configuration says why', () => {
  it.each([
    [{ layers: [1, 3], constant: true }, 'layers[0]: is 1, must be at least 2: the constant is one of them; raise it'],
    [{ classes: ['a', 'b', 'c', 'd'] }, 'classes: has 4 names, must have at most 3, one a neuron of the last layer'],
    [{ classes: ['a', 'a'] }, 'classes: has "a" twice, must have each name once'],
    [{ scaling: 'some' }, 'scaling: is "some", must be none, minmax, minmax-signed, standard'],
    [
      { scaling: { kind: 'minmax', low: 0, high: 1, offset: [0], scale: [1, 1] } },
      'scaling.offset: has 1 entries, must have 2, one a feature; set scaling to "minmax" to fit it again',
    ],
    [{ split: { test: 0 } }, 'split.test: is 0, must be a number above 0 and below 1'],
    [
      { split: { test: 0.5, seeds: 3 } },
      'split.seeds: is 3, but there is no such field; remove it or use one of test, seed',
    ],
    [{ label: 0 }, 'label: is 0, must be an integer 1..65536'],
    [{ data: 'mnist', layers: [784, 10], constant: true }, 'layers[0] is 783, the constant not counted, must be 784'],
    [
      { steps: 4, cell: 'snu', layers: [2, 4, 3], encoding: 'rate', scaling: 'standard' },
      'scaling: is "standard", must be minmax with encoding rate: spikes take features of [0, 1]',
    ],
  ])('%j', (given, text) => {
    expect(() => parseConfig({ name: 'some', layers: [2, 3], ...given })).toThrow(text);
  });
});
