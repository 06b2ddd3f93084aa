import { describe, expect, it } from 'vitest';
import { parseConfig, presets } from '../../src/config/index.js';
import { loadDataset, type Split, synthetic } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { accuracy, type EpochResult, epochOrder, Network, trainEpochs } from '../../src/model/index.js';

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

describe('trainEpochs', () => {
  const config = parseConfig({
    name: 'learner',
    layers: [30, 16, 4],
    learningRateShift: [
      { epoch: 0, shift: 7 },
      { epoch: 2, shift: 8 },
    ],
  });
  const shape = { inputs: 30, classes: 4, seed: 1 };
  const train = synthetic('train', { ...shape, count: 2000 });
  const test = synthetic('test', shape);

  it('learns the synthetic set, by the schedule of rates', async () => {
    const network = new Network(plan(config));
    const before = accuracy(network, test);
    const results: EpochResult[] = [];
    for await (const result of trainEpochs(network, train, test, { epochs: 3 })) results.push(result);
    expect(before).toBeLessThan(0.6);
    expect(results.map((r) => r.k)).toEqual([7, 7, 8]);
    expect(results[2].testAccuracy).toBeGreaterThan(0.95);
    expect(results[2].testAccuracy).toBe(accuracy(network, test));
    expect(results[2].saturatedErrors).toHaveLength(2);
  }, 60_000);

  it('shows progress and heeds a signal', async () => {
    const abort = new AbortController();
    const seen: number[] = [];
    const epochs = trainEpochs(new Network(plan(config)), train, test, {
      epochs: 1,
      signal: abort.signal,
      onProgress: ({ sample }) => {
        seen.push(sample);
        if (sample === 1000) abort.abort();
      },
    });
    await expect(epochs.next()).rejects.toThrow('training: interrupted in epoch 0; run it again');
    expect(seen).toEqual([500, 1000]);
  });
});

describe('the presets on real digits', () => {
  it.each(['mnist', 'mnist-small', 'deep'] as const)(
    '%s learns from 3,000 of them',
    async (name) => {
      const config = parseConfig(presets[name]);
      const digits = (split: Split, count: number) =>
        loadDataset('mnist', split, { inputs: 784, classes: 10, seed: config.seed, count });
      const network = new Network(plan(config));
      for await (const result of trainEpochs(network, digits('train', 3000), digits('test', 1000), { epochs: 1 })) {
        expect(result.testAccuracy).toBeGreaterThan(0.8);
        expect(Math.max(...result.saturatedErrors)).toBeLessThan(0.1);
      }
    },
    60_000,
  );
});
