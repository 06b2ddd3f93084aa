/** The oracle against numbers worked out by hand from the numeric contract, and published ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createOracle, type OracleConfig, quantise } from './oracle.js';
import {
  advance,
  exponentials,
  exponentialTable,
  factorsOf,
  firstState,
  integerRoot,
  mix,
  probabilities,
  rn,
  sat,
  shuffledEpochs,
  strengthsOf,
} from './scalars.js';

const small: OracleConfig = {
  layers: [2, 2, 2],
  bits: { weight: 8, activation: 8, error: 8 },
  frac: { weight: [6, 6], activation: [7, 5], error: [7, 7] },
  grapes: { mode: 'propagating', clip: 'unit' },
  feedback: 'bp',
  rounding: 'nearest',
  seed: 1,
};

/** W_1 and W_2 of the worked example. */
const weights = [
  [
    [64n, 0n],
    [32n, -16n],
  ],
  [
    [64n, -64n],
    [0n, 32n],
  ],
];

describe('independence', () => {
  const files = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );

  it.each(files)('%s imports from its own folder alone and uses no typed array', (file) => {
    const source = readFileSync(new URL(file, import.meta.url), 'utf8');
    const imported = [...source.matchAll(/(?:from|import|require)\s*\(?\s*'([^']+)'/g)].map(([, from]) => from);
    const there = imported.map((from) => new URL(from, new URL(file, import.meta.url)).href);
    expect(there.filter((url) => !url.startsWith(new URL('.', import.meta.url).href))).toEqual([]);
    expect(source).not.toMatch(/\b(Int|Uint|Float|Big)\w*Array\b/);
  });
});

describe('rounding and saturation', () => {
  it.each([
    // v, s, rn: ties go upward
    [5n, 1n, 3n],
    [-5n, 1n, -2n],
    [6n, 2n, 2n],
    [-6n, 2n, -1n],
    [-7n, 2n, -2n],
    [3n, 0n, 3n],
    [-3n, -2n, -12n],
    [1n, 40n, 0n],
  ])('rn(%s, %s) = %s', (v, s, expected) => expect(rn(v, s)).toBe(expected));

  it.each([
    [8n, 4n, 7n],
    [7n, 4n, 7n],
    [-8n, 4n, -8n],
    [-9n, 4n, -8n],
  ])('sat(%s, %s) = %s', (v, bits, expected) => expect(sat(v, bits)).toBe(expected));

  it('takes integer square roots', () => {
    expect([0n, 1n, 3n, 4n, 15n, 16n, 6n * 2n ** 64n].map(integerRoot)).toEqual([0n, 1n, 1n, 2n, 3n, 4n, 10520478337n]);
  });
});

describe('streams', () => {
  it('advances as the published 13-17-5 xorshift', () => {
    const states = [1n];
    for (let i = 0; i < 4; i++) states.push(advance(states[i]));
    expect(states.slice(1)).toEqual([270369n, 67634689n, 2647435461n, 307599695n]);
  });

  it('mixes as MurmurHash3 finalises', () => {
    expect([0n, 1n, 2n, 0xffffffffn].map(mix)).toEqual([0n, 0x514e28b7n, 0x30f4c306n, 0x81f16f39n]);
  });

  it('replaces a first state of 0', () => {
    const seed = Number(mix(256n * 3n + 2n));
    expect(firstState(seed, 3, 2)).toBe(0x9e3779b9n);
    expect(firstState(seed, 3, 1)).not.toBe(0x9e3779b9n);
  });

  it('shuffles permutations that run on from epoch to epoch', () => {
    const epochs = shuffledEpochs(7, 9);
    const [first, second] = [epochs.next().value, epochs.next().value];
    for (const order of [first, second]) expect([...order].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(second).not.toEqual(first);
  });
});

describe('softmax', () => {
  it('has a table of powers of 2^(-1/64)', () => {
    expect([0, 1, 31, 32, 63].map((k) => exponentialTable[k])).toEqual([65535n, 64829n, 46845n, 46340n, 33124n]);
  });

  it('halves for every 256 / log2 e of distance, and ends after 16 halvings', () => {
    // u = d * 369 >> 8: 256 for d = 178, 4352 = 17 * 256 for d = 3020
    expect(exponentials([3020n, 2842n, 1n, 0n])).toEqual([65535n, 32767n, 0n, 0n]);
    expect(exponentials([3019n, 0n])).toEqual([65535n, exponentialTable[63] >> 16n]);
  });

  it('rounds probabilities', () => {
    expect(probabilities([65535n, 65535n], 7n)).toEqual([64n, 64n]);
    expect(probabilities([65535n], 8n)).toEqual([256n]);
    expect(probabilities([2n, 1n], 0n)).toEqual([1n, 0n]);
    expect(probabilities([1n, 1n], 0n)).toEqual([1n, 1n]);
  });
});

describe('inputs', () => {
  it.each([
    [7, [0, 51, 128, 255], [0n, 26n, 64n, 127n]],
    [0, [0, 127, 128, 255], [0n, 0n, 1n, 1n]],
    [-1, [0, 254, 255], [0n, 0n, 1n]],
    [-2, [0, 255], [0n, 0n]],
  ])('quantise bytes with fa_0 = %s', (fa, bytes, expected) => {
    const config = { ...small, frac: { ...small.frac, activation: [fa, 5] } };
    expect(quantise(config, bytes, 255n)).toEqual(expected);
  });

  it.each([
    [7, [-1, -0.5, -3 / 256, -1 / 256, 1 / 256, 1], [-128n, -64n, -1n, 0n, 1n, 127n]],
    [8, [-1, -0.51, 0.49], [-128n, -128n, 125n]],
    [0, [-1, -0.5, -0.51, 0.5, 0.49], [-1n, 0n, -1n, 1n, 0n]],
    [-1, [-1, -0.99, 1, 0.99], [0n, 0n, 1n, 0n]],
  ])('quantise numbers with fa_0 = %s', (fa, numbers, expected) => {
    const config = { ...small, frac: { ...small.frac, activation: [fa, 5] } };
    expect(quantise(config, numbers, 1n)).toEqual(expected);
  });
});

describe('factors', () => {
  it('compares each strength with the largest', () => {
    const w = [
      [3n, -4n],
      [1n, -1n],
      [0n, 0n],
    ];
    const S = [7n, 2n, 0n];
    expect(strengthsOf(w)).toEqual(S);
    expect(factorsOf(S, 'propagating', 'unit')).toMatchObject({
      strengths: S,
      maximum: 7n,
      factors: [256n, 128n, 128n],
    });
    expect(factorsOf(S, 'propagating', 'full').factors).toEqual([256n, 73n, 0n]);
    expect(factorsOf(S, 'off', 'full').factors).toEqual([128n, 128n, 128n]);
    expect(factorsOf(S, 'uniform', 'full').factors).toEqual([109n, 109n, 109n]);
  });

  it('is 1.0 where all weights are 0', () => {
    for (const mode of ['propagating', 'uniform', 'off'])
      expect(factorsOf([0n, 0n], mode, 'full').factors).toEqual([128n, 128n]);
  });
});

describe('a step worked out by hand', () => {
  const oracle = createOracle(small, weights);
  const input = quantise(small, [255, 51], 255n);
  const step = oracle.step(input, 0, 2);

  it('forward', () => {
    expect(step.x).toEqual([
      [127n, 26n],
      [32n, 14n],
    ]);
    expect(step.z).toEqual([[], [8128n, 3648n], [1152n, 448n]]);
    expect(step.logits).toEqual([144n, 56n]);
    expect(step.exponentials).toEqual([65535n, 46845n]);
    expect(step.probabilities).toEqual([75n, 53n]);
    expect(step.prediction).toBe(0);
  });

  it('errors', () => {
    expect(step.strengths[1]).toEqual([64n, 48n]);
    expect(step.factors[1]).toEqual([256n, 192n]);
    expect(step.back[1]).toEqual([-3392n, 5088n]);
    expect(step.errors).toEqual([[], [-106n, 119n], [-53n, 53n]]);
  });

  it('update', () => {
    expect(step.roundings).toEqual([[], [512n, 512n], [128n, 128n]]);
    expect(step.writes).toEqual([[], [77n, 17n, 3n, -19n], [71n, -7n, -61n, 29n]]);
    expect(oracle.weights).toEqual([
      [],
      [
        [77n, 3n],
        [17n, -19n],
      ],
      [
        [71n, -61n],
        [-7n, 29n],
      ],
    ]);
    const written = [77n, 3n, 17n, 256n - 19n, 71n, 256n - 61n, 256n - 7n, 29n];
    expect(step.digest).toBe(written.reduce((sum, w, a) => sum + mix(BigInt(a) ^ mix(w)), 0n) % 2n ** 32n);
  });

  it('mode local hands on the unmodulated error', () => {
    const local = createOracle({ ...small, grapes: { mode: 'local', clip: 'unit' } }, weights).step(input, 0, 2);
    expect(local.errors[1]).toEqual([-106n, 119n]);
    expect(local.carried[1]).toEqual([-53n, 80n]);
  });

  it('draws top bits of the stream for stochastic rounding, once per column in use', () => {
    const drawn = createOracle({ ...small, rounding: 'stochastic' }, weights);
    const first = firstState(1, 1, 1);
    const { roundings, streams } = drawn.step([127n, 0n], 0, 2);
    expect(streams[1]).toBe(advance(first));
    expect(roundings[1]).toEqual([advance(first) >> 22n]);
  });
});

describe('zero errors', () => {
  const stochastic: OracleConfig = { ...small, rounding: 'stochastic' };
  const row = (...w: number[]): bigint[] => w.map(BigInt);
  // the second hidden neuron is off: its row has no error
  const half = [
    [row(64, 0), row(-32, -16)],
    [row(8, 0), row(-24, 0)],
  ];
  // logits so far apart that p = 1, 0
  const sure = [
    [row(127, 0), row(0, 127)],
    [row(127, 0), row(-128, 0)],
  ];
  const wide = { ...stochastic, frac: { ...small.frac, weight: [6, 2] } };

  it.each([
    [1, 4],
    [2, 2],
  ] as const)('version %s: a row without error, of a layer with one, makes %s writes', (version, writes) => {
    const step = createOracle(stochastic, half, version).step(row(127, 26), 1, 2);
    expect(step.errors[1].map((d) => d !== 0n)).toEqual([true, false]);
    expect(step.writes.map((w) => w.length)).toEqual([0, writes, 2]);
    expect(step.streams[1]).toBe(advance(advance(firstState(1, 1, 1))));
  });

  it('version 1: a sample without errors draws and counts as writes', () => {
    const step = createOracle(wide, sure, 1).step(row(127, 26), 0, 4);
    expect(step.errors[2]).toEqual([0n, 0n]);
    expect(step.writes.map((w) => w.length)).toEqual([0, 4, 4]);
    expect(step.streams[1]).not.toBe(firstState(1, 1, 1));
  });

  it('version 2: it does nothing', () => {
    const oracle = createOracle(wide, sure, 2);
    const before = [...oracle.streams];
    const step = oracle.step(row(127, 26), 0, 4);
    expect(step.errors[2]).toEqual([0n, 0n]);
    expect(step).toMatchObject({ writes: [[], [], []], roundings: [[], [], []], digest: 0n, streams: before });
  });

  it('both versions end with the same weights where rounding draws nothing', () => {
    const ends = ([1, 2] as const).map((version) => {
      const oracle = createOracle(small, half, version);
      for (let n = 0; n < 4; n++) oracle.step(row(127, 26), n % 2, 3);
      return oracle.weights;
    });
    expect(ends[0]).toEqual(ends[1]);
  });
});

describe('initial weights', () => {
  it('span -b..b and take their own stream', () => {
    // b = floor(sqrt(6 * 2^12 / 2)) = 110
    const y = advance(firstState(1, 3, 1));
    expect(createOracle(small).weights[1][0][0]).toBe((y * 221n) / 2n ** 32n - 110n);
  });

  it('saturate to their format', () => {
    const wide = createOracle({ ...small, frac: { ...small.frac, weight: [32, 32] } });
    expect(new Set(wide.weights[1].flat())).toEqual(new Set([-128n, 127n]));
  });

  it('feedback matrices have the shapes of their paths', () => {
    const shapes = (feedback: string): number[][] =>
      createOracle({ ...small, layers: [5, 4, 3, 2], feedback, frac: deep }).feedback.map((B) => [
        B.length,
        B[0]?.length ?? 0,
      ]);
    const deep = { weight: [6, 6, 6], activation: [7, 5, 5], error: [7, 7, 7] };
    const none = [0, 0];
    expect(shapes('bp')).toEqual([none, none, none, none]);
    expect(shapes('fa')).toEqual([none, none, [3, 4], [2, 3]]);
    expect(shapes('dfa')).toEqual([none, [2, 4], [2, 3], none]);
  });
});
