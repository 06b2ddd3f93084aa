import { maxOf, minOf, rn, sat } from '../fx/format.js';
import { chooser, corners, field, lines, type ModuleBench, range } from './lines.js';

type ShiftCase = {
  readonly in: number;
  readonly out: number;
  readonly min: number;
  readonly max: number;
  readonly shiftBits: number;
};

/** Shifts of one value and of several, to the left and the right, further than the value is wide, and none. */
const SHIFT_CASES: readonly ShiftCase[] = [
  { in: 20, out: 8, min: 4, max: 11, shiftBits: 3 },
  { in: 12, out: 8, min: 0, max: 0, shiftBits: 1 },
  { in: 10, out: 16, min: -4, max: 3, shiftBits: 3 },
  { in: 34, out: 4, min: 8, max: 40, shiftBits: 6 },
  { in: 18, out: 5, min: 9, max: 9, shiftBits: 1 },
  { in: 4, out: 16, min: -8, max: -7, shiftBits: 1 },
];

const RANDOM_PER_SHIFT = 6;

const fits = (v: number, bits: number): boolean => v >= minOf(bits) && v <= maxOf(bits);

/** Corners, ties and their neighbours, both ends of the output's range and what lies beside them, and random values. */
const shiftVectors = (c: ShiftCase, seed: number): { value: number; shift: number }[] => {
  const choose = chooser(seed);
  return range(c.max - c.min + 1).flatMap((k) => {
    const shift = c.min + k;
    const unit = 2 ** shift;
    const tie = unit / 2;
    const around = [-3, -1, 1, 3].map((n) => n * tie);
    const ends = [minOf(c.out) * unit - tie, maxOf(c.out) * unit + tie];
    const near = [...around, ...ends].flatMap((v) => [Math.floor(v) - 1, Math.floor(v), Math.floor(v) + 1]);
    const values = [...corners(c.in), ...near, ...range(RANDOM_PER_SHIFT).map(() => choose.signed(c.in))];
    return [...new Set(values)].filter((v) => fits(v, c.in)).map((value) => ({ value, shift }));
  });
};

/** `sat(rn(v, s), bits)` against `src/fx`. */
export const requantiseBench = (): ModuleBench => ({
  module: 'grapes_requantise',
  view: { cases: SHIFT_CASES },
  vectors: lines(
    SHIFT_CASES.flatMap((c, i) =>
      shiftVectors(c, 101 + i).map(({ value, shift }) => {
        const exact = rn(value, shift);
        return [i, value, shift - c.min, field(sat(exact, c.out), c.out), !fits(exact, c.out)];
      }),
    ),
  ),
});

/** Whether `rn(v, s) > 0`. */
export const positiveBench = (): ModuleBench => ({
  module: 'grapes_positive',
  view: { cases: SHIFT_CASES },
  vectors: lines(
    SHIFT_CASES.flatMap((c, i) =>
      shiftVectors(c, 201 + i).map(({ value, shift }) => [i, value, shift - c.min, rn(value, shift) > 0]),
    ),
  ),
});

type UpdateCase = {
  readonly weight: number;
  readonly product: number;
  readonly random: number;
  readonly min: number;
  readonly max: number;
  readonly shiftBits: number;
};

const UPDATE_CASES: readonly UpdateCase[] = [
  { weight: 8, product: 16, random: 14, min: 13, max: 14, shiftBits: 1 },
  { weight: 4, product: 8, random: 3, min: 0, max: 3, shiftBits: 2 },
  { weight: 16, product: 32, random: 32, min: 20, max: 32, shiftBits: 4 },
  { weight: 16, product: 10, random: 5, min: 5, max: 5, shiftBits: 1 },
];

const RANDOM_UPDATES = 30;

/** `sat(w + ((r - product) >> s), bw)`, with every end of every operand and the random number's own. */
export const updateBench = (): ModuleBench => ({
  module: 'grapes_update',
  view: { cases: UPDATE_CASES },
  vectors: lines(
    UPDATE_CASES.flatMap((c, i) => {
      const choose = chooser(301 + i);
      const top = (shift: number): number => 2 ** shift - 1;
      const ends = [c.min, c.max].flatMap((shift) =>
        [minOf(c.weight), -1, 0, maxOf(c.weight)].flatMap((weight) =>
          [minOf(c.product), 0, 1, maxOf(c.product)].flatMap((product) =>
            [0, top(shift)].map((random) => ({ weight, product, random, shift })),
          ),
        ),
      );
      const others = range(RANDOM_UPDATES).map(() => {
        const shift = choose.integer(c.min, c.max);
        return {
          weight: choose.signed(c.weight),
          product: choose.signed(c.product),
          random: choose.integer(0, top(shift)),
          shift,
        };
      });
      return [...ends, ...others].map(({ weight, product, random, shift }) => {
        const updated = sat(weight + Math.floor((random - product) / 2 ** shift), c.weight);
        return [i, weight, product, random, shift - c.min, field(updated, c.weight)];
      });
    }),
  ),
});

const SCALER = { tree: 14, back: 16, frac: 7, error: 8, min: 9, max: 10, shiftBits: 1, latency: 2 } as const;
const COLUMNS = 60;

/** `sat(rn(b * f, s), be)` for sums that come in one to four parts, with and without a pause, and ends of the ranges. */
export const scalerBench = (): ModuleBench => {
  const { tree, frac, error, min, max } = SCALER;
  const choose = chooser(351);
  const vectors: number[][] = [];
  let sum = 0;
  range(COLUMNS).forEach((n) => {
    const shift = choose.integer(min, max);
    const parts = 1 + (n % 4);
    range(parts).forEach((k) => {
      const part = n % 7 === 0 ? minOf(tree) : n % 7 === 1 ? maxOf(tree) : choose.signed(tree);
      const factor = n % 5 === 0 ? 2 ** (frac + 1) : choose.integer(0, 2 ** (frac + 1));
      const valid = !(n % 3 === 2 && k === 1);
      if (valid) sum = (k === 0 ? 0 : sum) + part;
      const exact = rn(sum * factor, shift);
      const plain = sat(rn(sum * 2 ** frac, shift), error);
      vectors.push([
        ...[Number(valid), Number(k === 0), part, factor, shift - min],
        ...[field(sat(exact, error), error), Number(!fits(exact, error)), field(plain, error)],
      ]);
    });
  });
  return {
    module: 'grapes_scaler',
    view: SCALER,
    vectors: lines(vectors),
  };
};
