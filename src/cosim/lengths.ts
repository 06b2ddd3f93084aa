import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../datapath/plan.js';

/** Non-zero values of each of the first `count` rows of a `.mem` file with `width` values a row. */
const nonZero = (file: string, width: number, count: number): number[] => {
  const text = readFileSync(file, 'latin1');
  const lengths: number[] = new Array(count).fill(0);
  let at = 0;
  for (let value = 0; value < count * width; value++) {
    const end = text.indexOf('\n', at);
    if (end < 0) throw new RangeError(`${file}: ${value} values, must have at least ${count * width}`);
    if (/[1-9a-f]/.test(text.slice(at, end))) lengths[Math.floor(value / width)]++;
    at = end + 1;
  }
  return lengths;
};

/**
 * How many inputs of each layer are not zero, from a golden directory: entry `[s][l-1]` counts `x_(l-1)` of sample `s`.
 * `count` must not exceed the directory's traced samples.
 */
export const listLengths = (plan: Plan, golden: string, count: number): number[][] => {
  const layers = plan.layers.map((layer) => {
    const file = layer.index === 1 ? 'input.mem' : `activation${layer.index - 1}.mem`;
    return nonZero(join(golden, file), layer.inputs, count);
  });
  return Array.from({ length: count }, (_, sample) => layers.map((lengths) => lengths[sample]));
};

/** Weight writes of one training step: every row of every column in use. */
export const writesOf = (plan: Plan, lengths: readonly number[]): number =>
  plan.layers.reduce((sum, layer, at) => sum + lengths[at] * layer.outputs, 0);
