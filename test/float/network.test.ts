import { describe, expect, test } from 'vitest';
import { type FloatNetwork, type FloatOptions, floatNetwork } from '../../src/float/index.js';
import { PURPOSE, stream } from '../../src/fx/random.js';
import { train } from './oracle.js';

const LAYERS = [19, 17, 9, 5] as const;

const samples = (count: number) => {
  const next = stream(3, PURPOSE.syntheticData);
  const pixel = (): number => (next() % 2 === 0 ? 0 : next() % 256);
  return Array.from({ length: count }, () => ({
    pixels: Array.from({ length: LAYERS[0] }, pixel),
    label: next() % LAYERS[3],
  }));
};

const rows = (network: FloatNetwork, l: number): number[][] => {
  const columns = LAYERS[l - 1];
  const values = [...network.weights(l)];
  return Array.from({ length: LAYERS[l] }, (_, i) => values.slice(i * columns, (i + 1) * columns));
};

const drawn = (
  [count, columns]: readonly [number, number],
  seed: number,
  purpose: 3 | 5,
  layer: number,
): number[][] => {
  const next = stream(seed, purpose, layer);
  const limit = Math.sqrt(6 / columns);
  return Array.from({ length: count }, () =>
    Array.from({ length: columns }, () => ((2 * next()) / 2 ** 32 - 1) * limit),
  );
};

const carriersOf = ({ feedback, seed }: FloatOptions): number[][][] | undefined => {
  if (feedback === 'fa') return [1, 2].map((l) => drawn([LAYERS[l + 1], LAYERS[l]], seed, PURPOSE.feedback, l + 1));
  if (feedback === 'dfa') return [1, 2].map((l) => drawn([LAYERS[3], LAYERS[l]], seed, PURPOSE.feedback, l));
  return undefined;
};

const expectClose = (actual: ArrayLike<number>, expected: readonly number[]): void => {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(actual[i]).toBeCloseTo(expected[i], 4);
};

const RATE = 0.05;

const CASES: readonly Partial<FloatOptions>[] = [
  { mode: 'off' },
  { mode: 'propagating' },
  { mode: 'propagating', clip: 'full' },
  { mode: 'local' },
  { mode: 'uniform' },
  { mode: 'propagating', feedback: 'fa' },
  { mode: 'propagating', feedback: 'dfa' },
  { mode: 'propagating', batch: 8 },
  { mode: 'local', batch: 8, momentum: 0.9 },
  { mode: 'off', momentum: 0.5 },
];

describe('the float32 network', () => {
  test.each(CASES)('learns as the published formulas do: %j', (given) => {
    const options: FloatOptions = { layers: LAYERS, mode: 'off', seed: 7, ...given };
    const network = floatNetwork(options);
    const weights = [1, 2, 3].map((l) => rows(network, l));
    const data = samples(36);
    const carriers = carriersOf(options);
    const expected = train({ options, weights, samples: data, rate: RATE, ...(carriers && { carriers }) });
    for (const { pixels, label } of data) network.step(Uint8Array.from(pixels), label, RATE);
    network.flush(RATE);
    for (const l of [1, 2, 3]) {
      expectClose(network.weights(l), expected.weights[l - 1].flat());
      expectClose(network.errors(l), expected.errors[l - 1]);
    }
    for (const l of [1, 2]) expectClose(network.factors(l), expected.factors[l - 1]);
  });

  test('starts from the weights of the integers, before quantisation', () => {
    const network = floatNetwork({ layers: LAYERS, mode: 'off', seed: 11 });
    expectClose(network.weights(2), drawn([LAYERS[2], LAYERS[1]], 11, PURPOSE.initialWeights, 2).flat());
  });

  test('keeps strengths equal to the sums of magnitudes', () => {
    const network = floatNetwork({ layers: LAYERS, mode: 'propagating', seed: 2 });
    for (const { pixels, label } of samples(200)) network.step(Uint8Array.from(pixels), label, RATE);
    const sums = rows(network, 1).map((row) => row.reduce((sum, w) => sum + Math.abs(w), 0));
    expectClose(network.strengths(1), sums);
  });

  test('predicts without learning', () => {
    const network = floatNetwork({ layers: LAYERS, mode: 'off', seed: 2 });
    const before = network.weights(1);
    const [{ pixels }] = samples(1);
    const prediction = network.predict(Uint8Array.from(pixels));
    expect(network.step(Uint8Array.from(pixels), 0, RATE)).toBe(prediction);
    expect(network.weights(1)).not.toEqual(before);
  });

  test.each([{ batch: 0 }, { batch: 1.5 }, { momentum: 1 }, { momentum: -0.1 }])('refuses %j', (wrong) => {
    expect(() => floatNetwork({ layers: LAYERS, mode: 'off', seed: 1, ...wrong })).toThrow(/must be/);
  });
});
