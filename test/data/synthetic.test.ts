import { describe, expect, it } from 'vitest';
import { loadDataset, synthetic } from '../../src/data/index.js';

const shape = { inputs: 40, classes: 5, seed: 3 };

describe('a synthetic set', () => {
  const train = synthetic('train', { ...shape, count: 2000 });

  it('depends on the seed alone', () => {
    expect(synthetic('train', { ...shape, count: 2000 })).toEqual(train);
    expect(synthetic('train', { ...shape, seed: 4, count: 2000 }).features).not.toEqual(train.features);
  });

  it('starts with the samples of a smaller one', () => {
    const few = synthetic('train', { ...shape, count: 10 });
    expect(few.features).toEqual(train.features.subarray(0, 400));
    expect(few.labels).toEqual(train.labels.subarray(0, 10));
  });

  it('has other samples to test than to train', () => {
    const test = synthetic('test', { ...shape, count: 10 });
    expect(test.features).not.toEqual(train.features.subarray(0, 400));
  });

  it('has about half of its inputs dark and some at the top', () => {
    const share = (value: number): number => train.features.filter((p) => p === value).length / train.features.length;
    expect(share(0)).toBeGreaterThan(0.4);
    expect(share(0)).toBeLessThan(0.6);
    expect(share(255)).toBeGreaterThan(0.05);
  });

  it('uses every class about equally', () => {
    for (let label = 0; label < 5; label++) {
      expect(train.labels.filter((l) => l === label).length).toBeGreaterThan(300);
    }
  });

  it('can be told apart: most samples lie nearest to the mean of their own class', () => {
    const means = Array.from({ length: 5 }, (_, label) => {
      const own = [...train.labels.keys()].filter((n) => train.labels[n] === label);
      return Array.from(
        { length: 40 },
        (_, j) => own.reduce((sum, n) => sum + train.features[n * 40 + j], 0) / own.length,
      );
    });
    const test = synthetic('test', shape);
    const nearest = (n: number): number => {
      const distances = means.map((mean) => mean.reduce((sum, m, j) => sum + (m - test.features[n * 40 + j]) ** 2, 0));
      return distances.indexOf(Math.min(...distances));
    };
    const right = [...test.labels.keys()].filter((n) => nearest(n) === test.labels[n]).length;
    expect(right / test.count).toBeGreaterThan(0.9);
  });

  it('exists for the smallest network', () => {
    const { features, labels } = synthetic('train', { inputs: 1, classes: 1, seed: 0, count: 3 });
    expect(features).toHaveLength(3);
    expect([...labels]).toEqual([0, 0, 0]);
  });
});

describe('loadDataset', () => {
  it('takes the first samples of a set', () => {
    const data = loadDataset('mnist', 'train', { inputs: 784, classes: 10, seed: 1, count: 3 });
    expect(data).toMatchObject({ count: 3 });
    expect([...data.labels]).toEqual([5, 0, 4]);
    expect(data.features).toHaveLength(3 * 784);
  });

  it.each([
    { name: 'cifar', ask: shape, text: 'data: is "cifar", must be one of mnist, fashion-mnist, synthetic, ' },
    { name: 'mnist:3', ask: shape, text: 'data: is "mnist:3", must be one of mnist, ' },
    { name: 'permuted-mnist', ask: shape, text: 'data: is "permuted-mnist", must be one of mnist, ' },
    { name: 'permuted-mnist:x', ask: shape, text: 'data: is "permuted-mnist:x", must be one of mnist, ' },
    {
      name: 'mnist',
      ask: shape,
      text: 'data: "mnist" has 784 inputs and 10 classes, but the layers have 40 and 5; change layers or set data to "synthetic"',
    },
    {
      name: 'mnist',
      ask: { inputs: 784, classes: 10, seed: 1, count: 60_001 },
      text: 'samples: is 60001, must be at most 60000 (mnist, train); ask for fewer',
    },
  ])('refuses: $text', ({ name, ask, text }) => expect(() => loadDataset(name, 'train', ask)).toThrow(text));
});
