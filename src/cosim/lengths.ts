import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorHalves, errorHalves } from '../datapath/bound.js';
import type { Plan } from '../datapath/plan.js';

/** Which values are not zero in each of the first `count` rows of a `.mem` file with `width` values a row. */
const nonZero = (file: string, width: number, count: number): boolean[][] => {
  const text = readFileSync(file, 'latin1');
  const rows = Array.from({ length: count }, (): boolean[] => new Array(width).fill(false));
  let at = 0;
  for (let value = 0; value < count * width; value++) {
    const end = text.indexOf('\n', at);
    if (end < 0) throw new RangeError(`${file}: ${value} values, must have at least ${count * width}`);
    rows[Math.floor(value / width)][value % width] = /[1-9a-f]/.test(text.slice(at, end));
    at = end + 1;
  }
  return rows;
};

const countTrue = (values: readonly boolean[]): number => values.filter(Boolean).length;

/** Which columns of a row's steps are not zero in any of the steps `from`..`to` - 1. */
const used = (row: readonly boolean[], size: number, from: number, to: number): boolean[] =>
  Array.from({ length: size }, (_, j) => {
    for (let t = from; t < to; t++) if (row[t * size + j]) return true;
    return false;
  });

/** What a layer's `.mem` files say of the first `count` samples: its non-zero inputs, and its rows with an error. */
const traced = (plan: Plan, golden: string, count: number) =>
  plan.layers.map((layer) => {
    const { index, inputs, outputs } = layer;
    const file = index === 1 ? 'input.mem' : `activation${index - 1}.mem`;
    return {
      layer,
      used: nonZero(join(golden, file), inputs, count).map(countTrue),
      erring: nonZero(join(golden, `error${index}.mem`), outputs, count),
    };
  });

/** How much work a training step is. */
export interface StepWork {
  /** non-zero inputs of each layer: `x_(l-1)` at `l-1` */
  readonly lengths: readonly number[];
  readonly errors: readonly ErrorHalves[];
}

/**
 * The work of each of the first `count` steps, from a golden directory, which must trace that many. In mode `local` the
 * errors that are only carried further back are not in it.
 */
export const stepWork = (plan: Plan, golden: string, count: number): StepWork[] => {
  const layers = traced(plan, golden, count);
  return Array.from({ length: count }, (_, sample) => ({
    lengths: layers.map(({ used }) => used[sample]),
    errors: layers.map(({ layer, erring }) => errorHalves(layer, plan.hardware.lanes, erring[sample])),
  }));
};

/** Weight writes of the first `count` steps, from a golden directory: the rows with an error of every column in use. */
export const writesOf = (plan: Plan, golden: string, count: number): number => {
  const { steps } = plan.input;
  const rowsOf = (file: string, size: number) => nonZero(join(golden, file), steps * size, count);
  return plan.matrices.reduce((total, { kind, layer, rows, columns }) => {
    const below = layer - (kind === 'forward' ? 1 : 0);
    const values = rowsOf(below === 0 ? 'input.mem' : `activation${below}.mem`, columns);
    const errors = rowsOf(`error${layer}.mem`, rows);
    const last = kind === 'forward' ? steps : steps - 1;
    return values.reduce((sum, row, at) => {
      const written = countTrue(used(errors[at], rows, 0, steps));
      return sum + countTrue(used(row, columns, 0, last)) * written;
    }, total);
  }, 0);
};

/** Hidden neurons that are active in the first samples, those that train, from a golden directory, which must trace them. */
export const activeOf = (plan: Plan, golden: string, trains: readonly boolean[]): number =>
  traced(plan, golden, trains.length).reduce(
    (total, { layer, used }) =>
      layer.index === 1 ? total : used.reduce((sum, columns, sample) => sum + (trains[sample] ? columns : 0), total),
    0,
  );
