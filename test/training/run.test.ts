import { describe, expect, it } from 'vitest';
import { accuracy, epochOrder, Network, sampleFeatures } from '../../src/model/index.js';
import { evaluate, type RunState, startRun, warningsOf } from '../../src/training/index.js';
import { finish, learner, samples } from './learner.js';

const { train, test } = samples;
const schedule = [
  { epoch: 0, shift: 7 },
  { epoch: 2, shift: 8 },
];
const design = learner({ learningRateShift: schedule });
const start = (options: { epochs: number; shuffle?: boolean }, from?: RunState) =>
  startRun(design, train, test, options, from);

describe('a run', () => {
  const run = start({ epochs: 3 });
  const events = finish(run);
  const { metrics, weights, rngState, epoch, position } = run.state();

  it('learns the synthetic set, by the schedule of rates', () => {
    expect(metrics.map((m) => [m.epoch, m.k])).toEqual([
      [0, 7],
      [1, 7],
      [2, 8],
    ]);
    expect(metrics[2].testAccuracy).toBeGreaterThan(0.95);
    expect(metrics[2].trainLoss).toBeLessThan(metrics[0].trainLoss);
    expect(evaluate(run.network, test)).toEqual({ accuracy: metrics[2].testAccuracy, loss: metrics[2].testLoss });
    expect(accuracy(run.network, test)).toBe(metrics[2].testAccuracy);
  });

  it('makes the steps of the numeric contract in the shuffled order, and no others', () => {
    const network = new Network(design);
    const order = epochOrder(train.count, design.config.seed);
    for (const k of [7, 7, 8]) {
      for (const at of order()) network.step(network.quantise(sampleFeatures(train, at)), train.labels[at], { k });
    }
    expect(weights).toEqual([network.weights(1), network.weights(2)]);
    expect(rngState).toEqual(network.rngState());
  });

  it('tells how far it is, and ends', () => {
    const kinds = events.map((event) => (event.kind === 'progress' ? event.sample : event.kind));
    expect(kinds.slice(0, 5)).toEqual([500, 1000, 1500, 'epoch', 500]);
    expect([epoch, position]).toEqual([3, 0]);
    expect(run.next()).toBeUndefined();
  });

  it('in file order gives other weights', () => {
    const other = start({ epochs: 3, shuffle: false });
    finish(other);
    expect(other.state().weights).not.toEqual(weights);
    expect(other.state().order).toBeNull();
  });

  it('describes every layer', () => {
    const [first, second] = metrics[0].layers;
    expect([first.layer, second.layer]).toEqual([1, 2]);
    expect(first.factor?.min).toBeGreaterThanOrEqual(128);
    expect(first.factor?.max).toBe(256);
    expect(first.strength?.max).toBeGreaterThan(first.strength?.min ?? Number.POSITIVE_INFINITY);
    expect([second.strength, second.factor]).toEqual([null, null]);
    for (const { saturated, swallowed } of metrics.flatMap((m) => m.layers)) {
      for (const share of [...Object.values(saturated), swallowed]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
    }
  });

  it.each([0, -1, 1.5, Number.NaN])('of %d epochs is refused', (epochs) =>
    expect(() => start({ epochs })).toThrow(`epochs: is ${epochs}, must be a whole number from 1 on`),
  );
});

describe('an update is swallowed', () => {
  const swallowed = (fields: Parameters<typeof learner>[0]): number => {
    const run = startRun(learner(fields), train, test, { epochs: 1 });
    finish(run);
    return run.state().metrics[0].layers[0].swallowed;
  };

  it('always where the rate is too low for the nearest weight to move', () =>
    expect(swallowed({ rounding: 'nearest', learningRateShift: 20 })).toBe(1));

  it('mostly at 8 bits, less often at 16 bits with a high rate', () => {
    const narrow = swallowed({});
    expect(narrow).toBeGreaterThan(0.5);
    expect(swallowed({ bits: 16, learningRateShift: 4 })).toBeLessThan(0.9 * narrow);
  });
});

describe('the state of a run', () => {
  it.each([{ shuffle: true }, { shuffle: false }])('is all that the rest depends on: %j', ({ shuffle }) => {
    const whole = start({ epochs: 2, shuffle });
    finish(whole);
    const end = whole.state();
    const leaving = start({ epochs: 2, shuffle });
    for (let step = 0; leaving.next() !== undefined; step++) {
      const resumed = start({ epochs: 2, shuffle }, structuredClone(leaving.state()));
      finish(resumed);
      expect(resumed.state(), `left after event ${step}`).toEqual(end);
    }
  });

  it('is a copy', () => {
    const run = start({ epochs: 1 });
    const before = run.state();
    const kept = structuredClone(before);
    finish(run);
    expect(before).toEqual(kept);
  });

  it('of a finished run goes on where more epochs are asked for', () => {
    const short = start({ epochs: 1 });
    finish(short);
    const longer = start({ epochs: 2 }, short.state());
    finish(longer);
    const whole = start({ epochs: 2 });
    finish(whole);
    expect(longer.state()).toEqual(whole.state());
  });
});

describe('warnings', () => {
  const layer = {
    layer: 1,
    saturated: { weight: 0, activation: 0, error: 0 },
    swallowed: 0,
    strength: { min: 1, max: 2 },
    factor: { min: 128, max: 256 },
  };
  const epoch = (first: Partial<typeof layer>) => ({
    epoch: 0,
    k: 7,
    trainAccuracy: 0,
    trainLoss: 0,
    testAccuracy: 0,
    testLoss: 0,
    layers: [
      { ...layer, ...first },
      { ...layer, layer: 2, saturated: { weight: 0, activation: 1, error: 0 }, strength: null, factor: null },
    ],
  });

  it('are silent where little saturates, and about logits', () => expect(warningsOf(epoch({}))).toEqual([]));

  it.each([
    [{ weight: 0, activation: 0, error: 0.2 }, "20.0 % of layer 1's errors saturate; lower frac.error[0] or raise "],
    [{ weight: 0.03, activation: 0, error: 0 }, "3.0 % of layer 1's weights saturate; lower frac.weight[0] "],
    [{ weight: 0, activation: 0.5, error: 0 }, "50.0 % of layer 1's activations saturate; lower frac.activation[1] "],
  ])('name the field to change: %j', (saturated, text) => {
    const warnings = warningsOf(epoch({ saturated }));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(text);
  });
});
