/** Random legal networks in time, samples and initial weights for property tests. */
import fc from 'fast-check';
import type { Matrix } from '../oracle/scalars.js';
import {
  CELLS,
  type CellName,
  ENCODINGS,
  fixedFraction,
  fixedInputFraction,
  isInTime,
  isTimeLegal,
  type RawTimeConfig,
  resolveTime,
  type TimeConfig,
} from '../oracle/time/resolve.js';
import { bitWidths, type Start, seeds, startingWeights } from './config.js';

export type { RawTimeConfig } from '../oracle/time/resolve.js';

export interface TimeOptions {
  /** `tiny`: layers of 1 to 6 neurons, up to 64 steps (default); `small`: 1 to 16, up to 12; `middling`: 20 to 60, up to 6 */
  readonly size?: keyof typeof SIZES;
  /** deepest network (default 4) */
  readonly depth?: number;
}

const even = (min: number, max: number): fc.Arbitrary<number> => fc.noBias(fc.integer({ min, max }));

const SIZES = {
  tiny: { neurons: even(1, 6), steps: fc.oneof(even(1, 8), even(1, 64), fc.constantFrom(1, 2, 63, 64)) },
  small: { neurons: even(1, 16), steps: even(1, 12) },
  middling: { neurons: even(20, 60), steps: even(1, 6) },
} as const;

/** One for all hidden layers, or a list. */
const perLayer = <T>(one: fc.Arbitrary<T>, hidden: number): fc.Arbitrary<T | T[]> =>
  fc.oneof(one, fc.array(one, { minLength: hidden, maxLength: hidden }));

type Kind = 'weight' | 'activation' | 'error' | 'recurrent' | 'rate';

/** A change of one fraction or of the rate. */
interface Move {
  readonly kind: Kind;
  readonly where: number;
  readonly by: number;
}

const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom<Kind>('weight', 'activation', 'error', 'recurrent'),
  where: fc.nat(),
  by: fc.oneof({ weight: 5, arbitrary: even(-2, 2) }, { weight: 1, arbitrary: even(-12, 12) }),
});

const moved = (config: TimeConfig, { kind, where, by }: Move): TimeConfig => {
  if (kind === 'rate') return { ...config, learningRateShift: Number(config.learningRateShift) + by };
  const list: readonly (number | null)[] = config.frac[kind];
  const at = where % Math.max(1, list.length);
  const old = list[at] ?? null;
  return old === null ? config : { ...config, frac: { ...config.frac, [kind]: list.with(at, old + by) } };
};

/** The configuration at the rate nearest to the one wished for at which it is legal; as it is if there is none. */
const withRate = (config: TimeConfig, wish: number): TimeConfig => {
  const all = Array.from({ length: 32 }, (_, k) => k).sort((a, b) => Math.abs(a - wish) - Math.abs(b - wish));
  const k = all.find((learningRateShift) => isTimeLegal({ ...config, learningRateShift }));
  return k === undefined ? config : { ...config, learningRateShift: k };
};

/** What a user writes to have `config` in place of what `raw` resolves to. */
const written = (raw: RawTimeConfig, { frac, learningRateShift }: TimeConfig, formed: boolean): RawTimeConfig => ({
  ...raw,
  learningRateShift,
  ...(formed && { frac }),
});

/** A random legal configuration in time: plain JSON, with some fields left to their defaults. */
export const rawTimeConfig = ({ size = 'tiny', depth = 4 }: TimeOptions = {}): fc.Arbitrary<RawTimeConfig> => {
  const { neurons, steps } = SIZES[size];
  const layers = even(1, depth).chain((L) =>
    fc.tuple(fc.array(neurons, { minLength: L, maxLength: L }), neurons).map(([inner, last]) => [...inner, last]),
  );
  return layers.chain((n) =>
    fc
      .record({
        fields: fc.record(
          {
            bits: bitWidths,
            grapes: fc.record(
              {
                mode: fc.constantFrom('propagating', 'local', 'off', 'uniform'),
                clip: fc.constantFrom('unit', 'full'),
              },
              { requiredKeys: ['mode'] },
            ),
            feedback: fc.constantFrom('bp', 'bp', 'fa', 'dfa'),
            rounding: fc.constantFrom('stochastic', 'nearest'),
            seed: seeds,
            steps,
            encoding: fc.constantFrom(...ENCODINGS),
            cell: perLayer(fc.constantFrom<CellName>(...CELLS), n.length - 2),
            recurrent: perLayer(fc.boolean(), n.length - 2),
            decayShift: fc.oneof(fc.constant(3), even(1, 8)),
          },
          { requiredKeys: ['grapes', 'steps', 'cell'] },
        ),
        moves: fc.array(move, { maxLength: 12, size: 'max' }),
        /** bits by which a step at full error exceeds the last weight bit; null: the default rate if it is legal */
        pace: fc.option(even(0, 9), { freq: 4 }),
      })
      .map(({ fields, moves, pace }): RawTimeConfig => {
        const raw: RawTimeConfig = { name: 'random', layers: n, ...fields };
        const bare = resolveTime(raw);
        const first = isTimeLegal(bare) ? bare : withRate(bare, 7);
        const formed = moves.reduce((config, by) => {
          const next = moved(config, by);
          return isTimeLegal(next) ? next : config;
        }, first);
        if (pace === null && formed === bare) return raw;
        const paced = pace === null ? formed : withRate(formed, Math.min(...formed.frac.weight) - pace);
        return written(raw, paced, formed !== first);
      })
      .filter((raw) => {
        const config = resolveTime(raw);
        return isTimeLegal(config) && isInTime(config);
      }),
  );
};

/** A configuration in time with one number moved, often just out of its range. */
export const nearlyLegal: fc.Arbitrary<RawTimeConfig> = fc
  .tuple(
    rawTimeConfig(),
    fc.record({
      kind: fc.constantFrom<Kind>('weight', 'activation', 'error', 'recurrent', 'rate'),
      where: fc.nat(),
      by: even(-14, 14),
    }),
  )
  .map(([raw, by]) => written(raw, moved(resolveTime(raw), by), true));

/** Fractions that the contract fixes, by index of `frac.activation`: null where they are free. */
export const fixedFractions = (config: TimeConfig): (number | null)[] => [
  fixedInputFraction(config.encoding),
  ...config.cell.map((cell) => fixedFraction(cell, config.bits.activation)),
];

// Samples

export interface TimeSample {
  /** what the input port takes: x_0, p_j or spikes, T times n_0 of them with `rows` and `events` */
  readonly taken: number[];
  readonly label: number;
}

/** `min` to `max` samples; `direct` and `rows` also of negative values. */
export const timeSamples = (config: TimeConfig, min: number, max: number): fc.Arbitrary<TimeSample[]> => {
  const { layers, encoding, steps, bits } = config;
  const count = layers[0] * (encoding === 'rows' || encoding === 'events' ? steps : 1);
  const top = encoding === 'rate' ? 255 : encoding === 'events' ? 1 : 2 ** (bits.activation - 1) - 1;
  const bottom = encoding === 'rate' || encoding === 'events' ? 0 : -top - 1;
  const of = (value: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
    fc.array(value, { minLength: count, maxLength: count, size: 'max' });
  const any = even(bottom, top);
  const zero = fc.constant(0);
  const taken = fc.oneof(
    { weight: 1, arbitrary: of(zero) },
    { weight: 1, arbitrary: of(fc.constant(top)) },
    { weight: 1, arbitrary: of(fc.constant(bottom)) },
    { weight: 4, arbitrary: of(fc.oneof({ weight: 4, arbitrary: zero }, { weight: 1, arbitrary: any })) },
    { weight: 4, arbitrary: of(any) },
    { weight: 2, arbitrary: of(fc.constantFrom(bottom, 0, 1, top)) },
    { weight: 3, arbitrary: of(even(0, top)) },
  );
  return fc.array(fc.record({ taken, label: fc.integer({ min: 0, max: layers[layers.length - 1] - 1 }) }), {
    minLength: min,
    maxLength: max,
    size: 'max',
  });
};

/** Weights to start from, rows of columns; H empty where there is none. */
export interface TimeWeights {
  readonly weights: Matrix[];
  readonly recurrent: Matrix[];
}

const rows = (flat: readonly number[], columns: number): Matrix =>
  Array.from({ length: flat.length / columns }, (_, i) => flat.slice(i * columns, (i + 1) * columns).map(BigInt));

/** The weights of a start other than `drawn`. */
export const startingTimeWeights = (start: Exclude<Start, 'drawn'>, config: TimeConfig): TimeWeights => {
  const { layers, bits, recurrent } = config;
  const square = layers.map((n) => startingWeights(start, [n, n], bits.weight)[0]);
  return {
    weights: startingWeights(start, layers, bits.weight).map((flat, at) => rows(flat, layers[at])),
    recurrent: layers.slice(1).map((n, at) => (recurrent[at] ? rows(square[at + 1], n) : [])),
  };
};
