/** Random legal configurations, samples and initial weights for property tests. */
import fc from 'fast-check';
import type { Features } from '../../src/fx/features.js';
import { defaultFractions, isLegal, type RateEntry, type RawConfig, ratesOf, resolve } from '../oracle/resolve.js';

export type { RawConfig } from '../oracle/resolve.js';

/** Seed of the random tests: the same on every run unless GRAPES_SEED names another. */
export const RUN_SEED = Number(process.env.GRAPES_SEED ?? 1);

export interface ConfigOptions {
  /** `small`: layers of 1 to 24 neurons (default); `middling`: some of them 40 to 100 */
  readonly size?: 'small' | 'middling';
  /** only what the core offers: feedback `bp`, no mode `uniform` */
  readonly hardware?: boolean;
  /** most lanes (default 16) */
  readonly lanes?: number;
  /** deepest network (default 4) */
  readonly depth?: number;
}

/** Integers evenly: fast-check's own liking for the ends would make most networks degenerate. */
const even = (min: number, max: number): fc.Arbitrary<number> => fc.noBias(fc.integer({ min, max }));

/** A random legal configuration: plain JSON, with some fields left to their defaults. */
export const rawConfig = (options: ConfigOptions = {}): fc.Arbitrary<RawConfig> =>
  fc
    .record(
      {
        layers: layerSizes(options),
        bits: bitWidths,
        grapes: fc.record(
          {
            mode: fc.constantFrom('propagating', 'local', 'off', ...(options.hardware ? [] : ['uniform'])),
            clip: fc.constantFrom('unit', 'full'),
          },
          { requiredKeys: ['mode'] },
        ),
        feedback: options.hardware ? fc.constant('bp') : fc.constantFrom('bp', 'bp', 'fa', 'dfa'),
        learningRateShift: rateShift,
        rounding: fc.constantFrom('stochastic', 'nearest'),
        seed: seeds,
        lanes: even(1, options.lanes ?? 16),
      },
      { requiredKeys: ['layers', 'grapes', 'lanes'] },
    )
    .chain((fields) =>
      fc
        .record({
          style: fractionStyle(options),
          picks: fc.array(pick, { minLength: 3 * depthOf(fields), maxLength: 3 * depthOf(fields) }),
          pace,
        })
        .map(({ style, picks, pace }): RawConfig => {
          const raw: RawConfig = { name: 'random', ...fields };
          return withPace(style === 'default' ? raw : withFractions(raw, style, picks), pace);
        }),
    )
    .filter((raw) => isLegal(resolve(raw)) && (!options.hardware || drawsWeights(raw)));

/** Whether no layer's initial weights are all 0 for want of fraction bits: such a run shows a simulator nothing. */
const drawsWeights = (raw: RawConfig): boolean =>
  resolve(raw).frac.weight.every((fw, at) => 6 * 4 ** fw >= raw.layers[at]);

const depthOf = (fields: { layers: readonly number[] }): number => fields.layers.length - 1;

const layerSizes = ({ size = 'small', depth = 4 }: ConfigOptions): fc.Arbitrary<number[]> => {
  const small = fc.oneof({ weight: 4, arbitrary: even(1, 24) }, { weight: 1, arbitrary: even(1, 4) });
  const any = size === 'small' ? small : fc.oneof(small, even(40, 100));
  // a single class never errs: seldom
  const classes = fc.oneof(
    { weight: 15, arbitrary: any.filter((n) => n > 1) },
    { weight: 1, arbitrary: fc.constant(1) },
  );
  const sizes = even(1, depth)
    .chain((L) => fc.tuple(fc.array(any, { minLength: L, maxLength: L }), classes))
    .map(([inner, last]) => [...inner, last]);
  return size === 'small' ? sizes : sizes.filter((n) => n.some((v) => v >= 40));
};

const width = fc.oneof({ weight: 3, arbitrary: even(4, 16) }, { weight: 1, arbitrary: fc.constantFrom(4, 16) });

export const bitWidths: fc.Arbitrary<NonNullable<RawConfig['bits']>> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(4, 8, 16) },
  { weight: 4, arbitrary: fc.record({ weight: width, activation: width, error: width }, { requiredKeys: [] }) },
);

export const seeds = fc.oneof(even(0, 2 ** 32 - 1), fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1));

const shift = fc.oneof({ weight: 3, arbitrary: even(3, 12) }, { weight: 1, arbitrary: even(0, 31) });

const rateShift: fc.Arbitrary<number | RateEntry[]> = fc.oneof(
  { weight: 2, arbitrary: shift },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        shift,
        fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: -1, max: 3 })), { maxLength: 2 }),
      )
      .map(([first, changes]) => {
        const entries: RateEntry[] = [{ epoch: 0, shift: first }];
        for (const [epochs, by] of changes) {
          const last = entries[entries.length - 1];
          entries.push({ epoch: last.epoch + epochs, shift: Math.min(31, Math.max(0, last.shift + by)) });
        }
        return entries;
      }),
  },
);

// Fractions. They are built so that every shift is legal, from the output layer down, each picked from its interval.

/** Where in its legal interval a fraction lies: `near` the default, or anywhere with a liking for the `ends`. */
type Style = 'default' | 'near' | 'ends';

const fractionStyle = ({ hardware }: ConfigOptions): fc.Arbitrary<Style> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Style>('default') },
    { weight: 4, arbitrary: fc.constant<Style>('near') },
    { weight: hardware ? 1 : 2, arbitrary: fc.constant<Style>('ends') },
  );

interface Pick {
  /** distance from the default, style `near` */
  readonly offset: number;
  /** position in the interval, style `ends`; null: near the default here too */
  readonly place: number | null;
}

const pick: fc.Arbitrary<Pick> = fc.record({
  offset: fc.oneof({ weight: 3, arbitrary: even(-1, 2) }, { weight: 1, arbitrary: even(-3, 3) }),
  place: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1) },
    { weight: 1, arbitrary: fc.noBias(fc.double({ min: 0, max: 1, noNaN: true })) },
  ),
});

type Interval = readonly [low: number, high: number];

const meet = (...intervals: readonly Interval[]): Interval => [
  Math.max(...intervals.map((i) => i[0])),
  Math.min(...intervals.map((i) => i[1])),
];

const FRAC: Interval = [-16, 32];
const REQUANTISE: Interval = [-8, 40];
const UPDATE: Interval = [0, 32];

const withFractions = (raw: RawConfig, style: 'near' | 'ends', picks: readonly Pick[]): RawConfig => {
  const config = resolve(raw);
  const L = config.layers.length - 1;
  const usual = defaultFractions(config.layers, config.bits, config.grapes.mode);
  const rates = ratesOf(config);
  const [slowest, fastest] = [Math.max(...rates), Math.min(...rates)];
  let next = 0;
  const choose = ([low, high]: Interval, wish: number): number => {
    const { offset, place } = picks[next++];
    const aim = style === 'near' || place === null ? wish + offset : low + Math.round(place * (high - low));
    return Math.min(high, Math.max(low, aim));
  };

  const weight: number[] = [];
  const activation: number[] = [];
  const error: number[] = [];
  for (let l = L; l >= 1; l--) {
    const at = l - 1;
    const from = config.feedback === 'dfa' ? L - 1 : l;
    // fw + fe + 7 - fe_l in -8..40
    const errorRange: Interval =
      l === L
        ? [0, config.bits.error]
        : [weight[from] + error[from] + 7 - REQUANTISE[1], weight[from] + error[from] + 7 - REQUANTISE[0]];
    error[at] = choose(meet(errorRange, FRAC), usual.error[at]);
    // fw_l for a given fa_(l-1): the shift of z in -8..40, that of the update in 0..32 for every k
    const out = l === L ? 8 : activation[l];
    const weightRange = (fa: number): Interval =>
      meet(
        FRAC,
        [out - fa + REQUANTISE[0], out - fa + REQUANTISE[1]],
        [error[at] + fa + slowest - UPDATE[1], error[at] + fa + fastest - UPDATE[0]],
      );
    const open = Array.from({ length: FRAC[1] - FRAC[0] + 1 }, (_, i) => FRAC[0] + i).filter((fa) => {
      const [low, high] = weightRange(fa);
      return low <= high;
    });
    if (open.length === 0) return raw;
    activation[at] = choose([open[0], open[open.length - 1]], usual.activation[at]);
    weight[at] = choose(weightRange(activation[at]), usual.weight[at]);
  }
  return { ...raw, frac: { weight, activation, error } };
};

/** Bits by which an update of 2^-k (error and input 1.0) exceeds the last weight bit, or null: k stays as drawn. */
const pace = fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 3, arbitrary: even(1, 8) });

/** Moves the learning rate to where steps change weights: random fractions leave most rates too slow to see. */
const withPace = (raw: RawConfig, above: number | null): RawConfig => {
  if (above === null) return raw;
  const { frac, ...config } = resolve(raw);
  const gains = frac.error.map((fe, at) => fe + frac.activation[at] - frac.weight[at]);
  const [low, high] = meet([UPDATE[0] - Math.min(...gains), UPDATE[1] - Math.max(...gains)], [0, 31]);
  if (low > high) return raw;
  const by = Math.min(...frac.weight) - above - ratesOf(config)[0];
  const moved = (k: number): number => Math.min(high, Math.max(low, k + by));
  const k = config.learningRateShift;
  return {
    ...raw,
    learningRateShift: typeof k === 'number' ? moved(k) : k.map((e) => ({ ...e, shift: moved(e.shift) })),
  };
};

// Samples

/** The bytes of one input: black, white, sparse, dense or at the extremes. */
const bytes = (count: number): fc.Arbitrary<number[]> => {
  const of = (pixel: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
    fc.array(pixel, { minLength: count, maxLength: count });
  const any = fc.integer({ min: 0, max: 255 });
  return fc.oneof(
    { weight: 1, arbitrary: of(fc.constant(0)) },
    { weight: 1, arbitrary: of(fc.constant(255)) },
    { weight: 4, arbitrary: of(fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: any })) },
    { weight: 4, arbitrary: of(fc.integer({ min: 1, max: 255 })) },
    { weight: 2, arbitrary: of(fc.constantFrom(0, 1, 127, 128, 254, 255)) },
  );
};

/** The numbers of one input: of both signs, sparse, dense, at the extremes, or where rounding turns. */
const numbers = (count: number): fc.Arbitrary<number[]> => {
  const of = (value: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
    fc.array(value, { minLength: count, maxLength: count });
  const any = fc.double({ min: -1, max: 1, noNaN: true });
  return fc.oneof(
    { weight: 1, arbitrary: of(fc.constant(-1)) },
    { weight: 4, arbitrary: of(fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: any })) },
    { weight: 4, arbitrary: of(any) },
    { weight: 3, arbitrary: of(fc.constantFrom(-1, 1, 0, -0, -0.5, 0.5, 2 ** -8, -(2 ** -8), -3 * 2 ** -8, 1 / 3)) },
  );
};

/** The features of one input: bytes or numbers. */
export const features = (count: number): fc.Arbitrary<Features> =>
  fc.oneof(
    bytes(count).map((values) => Uint8Array.from(values)),
    numbers(count).map((values) => Float64Array.from(values)),
  );

/** What features are divided by. */
export const unitOf = (values: Features): 1n | 255n => (values instanceof Uint8Array ? 255n : 1n);

export const label = (classes: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: classes - 1 });

export interface Sample {
  readonly features: Features;
  readonly label: number;
}

/** `min` to `max` samples for a network. */
export const samples = (layers: readonly number[], min: number, max: number): fc.Arbitrary<Sample[]> =>
  fc.array(fc.record({ features: features(layers[0]), label: label(layers[layers.length - 1]) }), {
    minLength: min,
    maxLength: max,
    size: 'max',
  });

/** How a network's weights start: as the contract draws them, or set to something extreme. */
export type Start = 'drawn' | 'random' | 'lowest' | 'highest' | 'zero' | 'extremes';

export const start: fc.Arbitrary<Start> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Start>('drawn') },
  { weight: 3, arbitrary: fc.constant<Start>('random') },
  ...(['lowest', 'highest', 'zero', 'extremes'] as const).map((s) => ({ weight: 1, arbitrary: fc.constant<Start>(s) })),
);

/** Row-major weights of every layer for a start other than `drawn`. */
export const startingWeights = (s: Exclude<Start, 'drawn'>, layers: readonly number[], bits: number): number[][] => {
  const low = -(2 ** (bits - 1));
  const high = -low - 1;
  const value: Record<typeof s, (at: number) => number> = {
    random: (at) => low + ((Math.imul(at + 1, 0x9e3779b1) >>> 12) % 2 ** bits),
    lowest: () => low,
    highest: () => high,
    zero: () => 0,
    extremes: (at) => [low, high, 0, -1, 1, low][(at * 7 + (at >> 3)) % 6],
  };
  return layers.slice(1).map((n, at) => Array.from({ length: n * layers[at] }, (_, i) => value[s](i)));
};
