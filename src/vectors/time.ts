import { maxOf, minOf, rn, sat } from '../fx/format.js';
import { chooser, corners, field, lines, type ModuleBench, range } from './lines.js';

/** The kinds of cell as the core numbers them. */
const KINDS = ['relu', 'tanh', 'snu'] as const;

type CellCase = {
  readonly bits: number;
  readonly decay: number;
};

/** Narrow, usual and wide values, with the shortest and the longest memory. */
const CELL_CASES: readonly CellCase[] = [
  { bits: 8, decay: 3 },
  { bits: 4, decay: 1 },
  { bits: 16, decay: 8 },
];

const ROUNDED_BITS = 18;
const RANDOM_PER_KIND = 60;

const decayed = (v: number, shift: number): number => v - rn(v, shift);

/** What a cell makes of a rounded sum and a membrane. Source: the numeric contract, networks in time, Forward. */
const cellOf = (
  { bits, decay }: CellCase,
  kind: (typeof KINDS)[number],
  first: boolean,
  sum: number,
  before: number,
) => {
  const threshold = 2 ** (bits - 3);
  if (kind === 'relu') {
    const value = Math.max(0, sat(sum, bits));
    return { value, nonzero: value > 0, open: value > 0, saturated: sum > maxOf(bits) };
  }
  if (kind === 'tanh') {
    const value = sat(sum, bits);
    return { value, nonzero: value !== 0, open: value === sum, saturated: value !== sum };
  }
  const kept = first || before >= threshold ? 0 : decayed(before, decay);
  const value = sat(sum + kept, bits);
  const open = Math.abs(value - threshold) < threshold / 2;
  return { value, nonzero: value >= threshold, open, saturated: value !== sum + kept };
};

/** Corners, the threshold, the ends of its window and of the format, and random values. */
export const cellBench = (): ModuleBench => ({
  module: 'grapes_cell',
  view: { cases: CELL_CASES },
  vectors: lines(
    CELL_CASES.flatMap((c, i) => {
      const choose = chooser(2001 + i);
      const threshold = 2 ** (c.bits - 3);
      const marks = [threshold / 2, threshold, (3 * threshold) / 2].flatMap((v) => [v - 1, v, v + 1]);
      const sums = [...corners(ROUNDED_BITS), ...corners(c.bits), minOf(c.bits) - 1, maxOf(c.bits) + 1, ...marks];
      const membranes = [...corners(c.bits), ...marks];
      return KINDS.flatMap((kind, k) => {
        const drawn = range(RANDOM_PER_KIND).map((n) => ({
          sum: n % 2 === 0 ? choose.signed(c.bits + 1) : choose.signed(ROUNDED_BITS),
          before: choose.signed(c.bits),
        }));
        const marked = sums.flatMap((sum) => membranes.map((before) => ({ sum, before })));
        return [...marked, ...drawn].flatMap(({ sum, before }) =>
          [false, true].map((first) => {
            const { value, nonzero, open, saturated } = cellOf(c, kind, first, sum, before);
            const flags = 4 * Number(nonzero) + 2 * Number(open) + Number(saturated);
            return [i, k, first, sum, before, 8 * field(value, c.bits) + flags];
          }),
        );
      });
    }),
  ),
});

const DECAY_CASES = [
  { bits: 8, shift: 3 },
  { bits: 4, shift: 8 },
  { bits: 16, shift: 1 },
] as const;

/** `v - rn(v, m)` of every value, or of some where there are many. */
export const decayBench = (): ModuleBench => ({
  module: 'grapes_decay',
  view: { cases: DECAY_CASES },
  vectors: lines(
    DECAY_CASES.flatMap(({ bits, shift }, i) => {
      const choose = chooser(2101 + i);
      const values =
        bits <= 8
          ? range(2 ** bits).map((v) => v + minOf(bits))
          : [...corners(bits), ...range(200).map(() => choose.signed(bits))];
      return values.map((v) => [i, v, field(decayed(v, shift), bits)]);
    }),
  ),
});
