import { describe, expect, test } from 'vitest';
import { type FloatTimeNetwork, type FloatTimeOptions, floatTimeNetwork } from '../../../src/float/index.js';
import { PURPOSE, stream, xorshift } from '../../../src/fx/random.js';
import { combine, gradientOf, loss, shareOf, type TimeSample, train, type Weights } from './oracle.js';

const RATE = 0.02;

const sizesOf = ({ encoding }: Pick<FloatTimeOptions, 'encoding'>, steps: number): number[] =>
  encoding === 'rows' ? [24 / steps, 9, 7, 4] : [24, 9, 7, 4];

const optionsOf = (given: Partial<FloatTimeOptions>): FloatTimeOptions => {
  const { encoding = 'direct', steps = 4 } = given;
  return { layers: sizesOf({ encoding }, steps), mode: 'off', seed: 3, encoding, steps, cell: 'snu', ...given };
};

interface Picture {
  readonly pixels: Uint8Array;
  readonly label: number;
}

const pictures = (count: number): Picture[] => {
  const next = stream(5, PURPOSE.syntheticData);
  return Array.from({ length: count }, () => ({
    pixels: Uint8Array.from({ length: 24 }, () => (next() % 3 === 0 ? 0 : next() % 256)),
    label: next() % 4,
  }));
};

/** The sequences that a network sees of pictures, drawn again for `rate`. */
const sequences = ({ encoding, steps, layers, seed }: FloatTimeOptions, of: readonly Picture[]): TimeSample[] => {
  let state = stream(seed, PURPOSE.encoder)();
  let fresh = true;
  const draw = (): number => {
    if (!fresh) state = xorshift(state);
    fresh = false;
    return state >>> 24;
  };
  return of.map(({ pixels, label }) => ({
    label,
    x: Array.from({ length: steps }, (_, t) =>
      Array.from({ length: layers[0] }, (_, j) => {
        if (encoding === 'direct') return pixels[j] / 255;
        if (encoding === 'rows') return pixels[t * layers[0] + j] / 255;
        return pixels[j] > 0 && draw() < pixels[j] ? 1 : 0;
      }),
    ),
  }));
};

const rowsOf = (flat: Float32Array, columns: number): number[][] =>
  Array.from({ length: flat.length / columns }, (_, i) => [...flat.slice(i * columns, (i + 1) * columns)]);

const weightsOf = (network: FloatTimeNetwork, layers: readonly number[]): Weights => ({
  W: layers.slice(1).map((_, at) => rowsOf(network.weights(at + 1), layers[at])),
  H: layers.slice(1).map((n, at) => rowsOf(network.recurrent(at + 1), n)),
});

const expectClose = (actual: Weights, expected: Weights, digits: number): void => {
  combine(actual, expected, (a, b) => {
    expect(a).toBeCloseTo(b, digits);
    return 0;
  });
};

describe('the second way', () => {
  test.each([
    { recurrent: true, encoding: 'rows', steps: 6 },
    { recurrent: true, encoding: 'direct', steps: 5 },
    { recurrent: false, encoding: 'rate', steps: 3 },
  ] as const)('has the gradient of the loss, tanh, %j', (given) => {
    const options = optionsOf({ cell: 'tanh', ...given });
    const weights = weightsOf(floatTimeNetwork(options), options.layers);
    const [sample] = sequences(options, pictures(1));
    const gradient = gradientOf(options, weights, sample);
    const h = 1e-5;
    const moved = (kind: 'W' | 'H', l: number, i: number, j: number, by: number): number => {
      const copy = combine(weights, weights, (w) => w);
      copy[kind][l][i][j] += by;
      return loss(options, copy, sample);
    };
    let largest = 0;
    for (const kind of ['W', 'H'] as const)
      for (const [l, rows] of weights[kind].entries())
        for (const [i, row] of rows.entries())
          for (const j of row.keys()) {
            // the errors are those of the undivided sum over time
            const numeric = ((moved(kind, l, i, j, h) - moved(kind, l, i, j, -h)) / (2 * h)) * shareOf(options.steps);
            expect(gradient[kind][l][i][j]).toBeCloseTo(numeric, 4);
            largest = Math.max(largest, Math.abs(numeric));
          }
    expect(largest).toBeGreaterThan(0.1);
  });
});

const CASES: readonly Partial<FloatTimeOptions>[] = [
  { cell: 'snu' },
  { cell: 'snu', mode: 'propagating' },
  { cell: 'snu', mode: 'local', recurrent: true, decayShift: 2 },
  { cell: 'snu', mode: 'propagating', recurrent: true, encoding: 'rows', steps: 6 },
  { cell: 'snu', mode: 'uniform', encoding: 'rate', steps: 8 },
  { cell: 'tanh', recurrent: true, encoding: 'rows', steps: 6 },
  { cell: 'tanh', mode: 'propagating', recurrent: true, encoding: 'rows', steps: 6 },
  { cell: 'tanh', mode: 'propagating', clip: 'full', recurrent: true },
  { cell: 'tanh', mode: 'local', recurrent: true, encoding: 'rows', steps: 12 },
  { cell: 'tanh', mode: 'uniform', recurrent: true, batch: 8 },
  { cell: 'snu', mode: 'propagating', batch: 5, momentum: 0.9 },
  { cell: 'tanh', mode: 'off', momentum: 0.5, recurrent: true, encoding: 'rows', steps: 3 },
];

describe('the float32 network in time', () => {
  test.each(CASES)('learns as the formulas do: %j', (given) => {
    const options = optionsOf(given);
    const network = floatTimeNetwork(options);
    const first = weightsOf(network, options.layers);
    const data = pictures(24);
    const expected = train(options, first, sequences(options, data), RATE);
    for (const { pixels, label } of data) network.step(pixels, label, RATE);
    network.flush(RATE);
    const last = weightsOf(network, options.layers);
    expectClose(last, expected, 4);
    let moved = 0;
    combine(first, last, (a, b) => {
      if (Math.abs(a - b) > 1e-3) moved++;
      return 0;
    });
    expect(moved).toBeGreaterThan(20);
  });

  test('counts active and open neurons of a sample', () => {
    const options = optionsOf({});
    const network = floatTimeNetwork(options);
    for (const { pixels } of pictures(5)) network.predict(pixels);
    const { active, open } = network.activity();
    for (const [l, size] of [9, 7].entries()) {
      expect(active[l]).toBeGreaterThan(0);
      expect(active[l]).toBeLessThan(size * options.steps);
      expect(open[l]).toBeGreaterThan(0);
    }
  });

  test('is judged from the first state of its encoder, which goes on as if it had not been', () => {
    const options = optionsOf({ encoding: 'rate' });
    const [one, two] = [floatTimeNetwork(options), floatTimeNetwork(options)];
    const [a, b] = pictures(2);
    one.predict(a.pixels);
    two.predict(a.pixels);
    const again = one.apart(() => {
      one.predict(a.pixels);
      return one.logits();
    });
    expect(again).toEqual(two.logits());
    one.predict(b.pixels);
    two.predict(b.pixels);
    expect(one.logits()).toEqual(two.logits());
  });

  test('predicts without learning, the same from pixels and from numbers', () => {
    const options = optionsOf({ encoding: 'rate' });
    const [one, two] = [floatTimeNetwork(options), floatTimeNetwork(options)];
    for (const { pixels } of pictures(5))
      expect(one.predict(pixels)).toBe(two.predict(Float64Array.from(pixels, (p) => p / 255)));
    expect(one.logits()).toEqual(two.logits());
    expect(one.weights(1)).toEqual(two.weights(1));
  });

  test.each([{ steps: 0 }, { steps: 1.5 }, { batch: 0 }, { momentum: 1 }])('refuses %j', (wrong) => {
    expect(() => floatTimeNetwork({ ...optionsOf({}), ...wrong })).toThrow(/must be/);
  });
});
