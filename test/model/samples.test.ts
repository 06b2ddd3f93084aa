import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { synthetic } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { accuracy, epochOrder, Network, sampleFeatures } from '../../src/model/index.js';

describe('epochOrder', () => {
  const sorted = (order: Uint32Array): number[] => [...order].sort((a, b) => a - b);

  it('gives permutations that run on from epoch to epoch', () => {
    const next = epochOrder(9, 7);
    const first = next().slice();
    const second = next().slice();
    for (const order of [first, second]) expect(sorted(order)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(second).not.toEqual(first);
    expect(epochOrder(9, 7)()).toEqual(first);
  });

  it('of one sample is that sample', () => expect([...epochOrder(1, 1)()]).toEqual([0]));
});

it('accuracy is the share of samples predicted rightly', () => {
  const data = synthetic('test', { inputs: 30, classes: 4, seed: 1, count: 200 });
  const network = new Network(plan(parseConfig({ name: 'untrained', layers: [30, 16, 4] })));
  const right = [...data.labels.keys()].filter(
    (n) => network.predict(network.quantise(sampleFeatures(data, n))) === data.labels[n],
  );
  expect(accuracy(network, data)).toBe(right.length / 200);
});
