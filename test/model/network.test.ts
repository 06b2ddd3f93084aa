import { describe, expect, it } from 'vitest';
import { parseConfig, type RawConfig } from '../../src/config/index.js';
import { synthetic } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { UserError } from '../../src/fx/error.js';
import { Network, type StepTrace, sampleFeatures } from '../../src/model/index.js';

const base: RawConfig = { name: 'net', layers: [9, 7, 6, 3], seed: 5 };

/** The first `count` steps of a network, with everything recorded. */
const run = (change: Partial<RawConfig>, count = 30) => {
  const p = plan(parseConfig({ ...base, ...change }));
  const network = new Network(p);
  const data = synthetic('train', { inputs: p.layers[0].inputs, classes: p.classes, seed: 5, count });
  const steps: StepTrace[] = [];
  for (let n = 0; n < count; n++) {
    const { trace } = network.step(network.quantise(sampleFeatures(data, n)), data.labels[n], { trace: 'writes' });
    if (trace) steps.push(trace);
  }
  return { network, data, steps };
};

const weightsOf = (network: Network): number[][] => network.plan.layers.map((l) => [...network.weights(l.index)]);

describe('a network', () => {
  it('repeats its run', () => expect(run({}).steps).toEqual(run({}).steps));

  it('does not depend on the lanes', () => expect(run({ lanes: 3 }).steps).toEqual(run({ lanes: 64 }).steps));

  it('learns as much untraced as traced', () => {
    const { network, data } = run({});
    const untraced = new Network(network.plan);
    for (let n = 0; n < data.count; n++) untraced.step(untraced.quantise(sampleFeatures(data, n)), data.labels[n]);
    expect(weightsOf(untraced)).toEqual(weightsOf(network));
    expect(untraced.rngState()).toEqual(network.rngState());
  });

  it('learns nothing from inference', () => {
    const { network, data } = run({});
    const state = () => ({ weights: weightsOf(network), rng: network.rngState(), errors: network.saturations().error });
    const before = state();
    const input = network.quantise(sampleFeatures(data, 0));
    const { prediction, logits } = network.infer(input);
    expect(logits.indexOf(Math.max(...logits))).toBe(prediction);
    expect(network.predict(input)).toBe(prediction);
    expect(state()).toEqual(before);
  });

  it('goes on from weights that another one had', () => {
    const { network } = run({});
    const weights = network.plan.layers.map((l) => network.weights(l.index));
    const copy = new Network(network.plan, { weights });
    expect(weightsOf(copy)).toEqual(weightsOf(network));
    expect(copy.strengths(1)).toEqual(network.strengths(1));
  });

  it('keeps the strengths of its weights', () => {
    const { network } = run({});
    for (const { index, inputs, outputs } of network.plan.layers) {
      const w = network.weights(index);
      const sums = Array.from({ length: outputs }, (_, i) =>
        w.subarray(i * inputs, (i + 1) * inputs).reduce((sum, v) => sum + Math.abs(v), 0),
      );
      expect([...network.strengths(index)]).toEqual(sums);
    }
  });

  it('predicts the smallest of equal classes', () => {
    const { network } = run({ layers: [2, 3] }, 1);
    expect(network.infer([0, 0])).toEqual({ prediction: 0, logits: Int16Array.of(0, 0, 0) });
  });

  it('maps pixels to features: floor(p / 255 * 2^fa_0 + 1/2), saturated', () => {
    const quantised = (bits: number): number[] => [
      ...run({ bits }, 1).network.quantise(Uint8Array.of(0, 1, 127, 128, 254, 255)),
    ];
    expect(quantised(8)).toEqual([0, 1, 64, 64, 127, 127]);
    expect(quantised(4)).toEqual([0, 0, 4, 4, 7, 7]);
  });

  it('maps numbers to features: floor(v * 2^fa_0 + 1/2), saturated', () => {
    const numbers = Float64Array.of(-1, -0.5, -3 / 256, -1 / 256, -0, 1 / 256, 3 / 256, 0.5, 1);
    expect([...run({ bits: 8 }, 1).network.quantise(numbers)]).toEqual([-128, -64, -1, 0, 0, 1, 2, 64, 127]);
    const justBelow = Float64Array.of(0.49999999999999994 / 128, -0.49999999999999994 / 128, -5e-324);
    expect([...run({ bits: 8 }, 1).network.quantise(justBelow)]).toEqual([0, 0, 0]);
  });

  it('counts what saturates', () => {
    const { network, steps } = run({ frac: { error: [8, 8, 8] } });
    const { activation, error } = network.saturations();
    expect(activation.map((a) => a.total)).toEqual([7 * 30, 6 * 30, 3 * 30]);
    const active = (l: number): number =>
      steps.reduce((sum, s) => sum + (s.values?.activation[l].filter((x) => x > 0).length ?? 0), 0);
    expect(error.map((e) => e.total)).toEqual([active(0), active(1), 3 * 30]);
    expect(error[2].saturated).toBeGreaterThan(0);
  });
});

describe('statistics', () => {
  const observed = (engine: 'wasm' | 'typescript', observe: number) => {
    const { network: like, data } = run({}, 40);
    const network = new Network(like.plan, {}, { engine, observe });
    const before = like.plan.layers.map(() => ({ updates: 0, swallowed: 0 }));
    for (let n = 0; n < data.count; n++) {
      const weights = weightsOf(network);
      const { trace } = network.step(network.quantise(sampleFeatures(data, n)), data.labels[n], { trace: 'values' });
      if (n % observe !== 0) continue;
      const now = weightsOf(network);
      const inputs = [[...network.quantise(sampleFeatures(data, n))], ...(trace?.values?.activation ?? [])];
      before.forEach((count, l) => {
        trace?.values?.error[l].forEach((delta, i) => {
          inputs[l].forEach((x, j) => {
            if (delta * x === 0) return;
            count.updates++;
            if (weights[l][i * inputs[l].length + j] === now[l][i * inputs[l].length + j]) count.swallowed++;
          });
        });
      });
    }
    return { network, counted: before };
  };

  it.each(['wasm', 'typescript'] as const)('%s: counts the updates that leave their weight as it was', (engine) => {
    const { network, counted } = observed(engine, 3);
    expect(network.statistics().map(({ updates }) => updates)).toEqual(counted);
    expect(counted[0].swallowed).toBeGreaterThan(0);
    expect(counted[0].swallowed).toBeLessThan(counted[0].updates);
  });

  it('has saturations, and ranges of strengths and factors', () => {
    const { network } = run({});
    const layers = network.statistics();
    expect(layers.map(({ activation }) => activation)).toEqual(network.saturations().activation);
    expect(layers.map(({ error }) => error)).toEqual(network.saturations().error);
    expect(layers.map(({ updates }) => updates)).toEqual([null, null, null]);
    const strengths = Array.from(network.strengths(1));
    expect(layers[0].strength).toEqual({
      min: Math.min(...strengths),
      mean: strengths.reduce((sum, s) => sum + s, 0) / strengths.length,
      max: Math.max(...strengths),
    });
    expect(layers[1].factor?.max).toBe(256);
    expect(layers[2].factor).toBeNull();
  });
});

describe('modes', () => {
  it('off: every factor is 1.0', () => {
    for (const { values } of run({ grapes: { mode: 'off' } }).steps) {
      expect(new Set(values?.factor.flatMap((f) => [...f]))).toEqual(new Set([128]));
    }
  });

  it.each(['propagating', 'local'] as const)('%s: the strongest neuron has 2.0, none less than 1.0', (mode) => {
    for (const { values } of run({ grapes: { mode } }).steps) {
      for (const f of values?.factor ?? []) {
        expect(Math.max(...f)).toBe(256);
        expect(Math.min(...f)).toBeGreaterThanOrEqual(128);
      }
    }
  });

  it('uniform: one factor a layer, the mean of the clipped ones', () => {
    const [ours] = run({ grapes: { mode: 'propagating', clip: 'full' } }, 1).steps;
    const [control] = run({ grapes: { mode: 'uniform', clip: 'full' } }, 1).steps;
    ours.values?.factor.forEach((f, l) => {
      const mean = Math.floor(f.reduce((sum, v) => sum + v, 0) / f.length);
      expect(new Set(control.values?.factor[l])).toEqual(new Set([mean]));
    });
  });

  it('with dfa, propagating and local are the same', () => {
    const steps = (mode: 'propagating' | 'local') => run({ feedback: 'dfa', grapes: { mode } }).steps;
    expect(steps('propagating')).toEqual(steps('local'));
  });
});

describe('feedback matrices', () => {
  it('stay fixed and have the shape of their path', () => {
    const shapes = (feedback: 'bp' | 'fa' | 'dfa') =>
      [1, 2].map((l) => run({ feedback }, 1).network.feedback(l)?.length);
    expect(shapes('bp')).toEqual([undefined, undefined]);
    expect(shapes('fa')).toEqual([6 * 7, 3 * 6]);
    expect(shapes('dfa')).toEqual([3 * 7, 3 * 6]);
    expect(run({ feedback: 'fa' }, 30).network.feedback(1)).toEqual(run({ feedback: 'fa' }, 1).network.feedback(1));
  });
});

describe('a network refuses', () => {
  const { network } = run({}, 1);
  const input = new Int16Array(9);
  it.each([
    { what: 'a label out of range', act: () => network.step(input, 3), text: 'label: is 3, must be 0..2' },
    { what: 'a label that is no integer', act: () => network.step(input, 0.5), text: 'label: is 0.5, must be 0..2' },
    {
      what: 'too few features',
      act: () => network.step(new Int16Array(8), 0),
      text: 'input: has 8 features, must have 9',
    },
    {
      what: 'weights of another size',
      act: () => new Network(network.plan, { weights: [[1, 2]] }),
      text: 'weights of layer 1: has 2 entries, must have 63 (7 x 9)',
    },
    {
      what: 'weights out of range',
      act: () => new Network(network.plan, { weights: [new Array(63).fill(128)] }),
      text: 'weights of layer 1: entry 0 is 128, must be an integer -128..127',
    },
    {
      what: 'a feature out of range',
      act: () => network.step(new Int16Array(9).fill(-129, 4, 5), 0),
      text: 'input: feature 4 is -129, must be -128..127',
    },
    {
      what: 'a feature beyond 16 bits',
      act: () => network.predict(new Array(9).fill(65536 + 7)),
      text: 'feature 0 is 65543',
    },
    { what: 'a feature too large', act: () => network.predict(new Int16Array(9).fill(128)), text: 'feature 0 is 128' },
    { what: 'an illegal rate', act: () => network.step(input, 0, { k: 30 }), text: 'k: is 30, must be 0..' },
  ])('$what', ({ act, text }) => {
    expect(act).toThrow(UserError);
    expect(act).toThrow(text);
  });
});
