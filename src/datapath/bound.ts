import type { LayerPlan, Plan } from './plan.js';

/** Which halves of each group of a layer hold an error that the way back carries: bit 0 and bit 1. */
export type ErrorHalves = readonly number[];

/** @param errors of a layer's rows, 0 or false where a row has none */
export const errorHalves = (
  { lanes: { groups, spread } }: LayerPlan,
  lanes: number,
  errors: ArrayLike<number | boolean>,
): ErrorHalves => {
  const halves: number[] = new Array(groups).fill(0);
  for (let row = 0; row < errors.length; row++) {
    if (Number(errors[row]) === 0) continue;
    const group = Math.floor(row / (2 * lanes));
    halves[group] |= spread && group === groups - 1 ? 1 : 1 << (row % 2);
  }
  return halves;
};

/**
 * Operations of the way back that one column in use of a layer costs: one for each half of a group with errors, in the
 * fused backward and update pass; one for each such group in the first layer, which has no backward sum.
 */
const visits = ({ index }: LayerPlan, errors: ErrorHalves): number =>
  errors.reduce((sum, halves) => sum + (index === 1 ? Number(halves !== 0) : (halves & 1) + (halves >> 1)), 0);

/** The most: every row has an error. A spread last group has one row a lane. */
const allErrors = ({ lanes: { groups, spread } }: LayerPlan): ErrorHalves =>
  Array.from({ length: groups }, (_, group) => (spread && group === groups - 1 ? 1 : 3));

/**
 * Cycles that one column in use of layer `l` costs in a training step: two rows a lane and cycle going forward, and what
 * the errors ask for going back.
 */
export const columnCycles = (layer: LayerPlan, errors = allErrors(layer)): number =>
  layer.lanes.groups + visits(layer, errors);

/**
 * Lower bound `B` on the cycles of one training step, set by the two multipliers of each lane alone.
 * @param listLengths number of non-zero inputs of each layer in that step: entry `l-1` counts `x_(l-1)`, `l` = 1..L
 * @param errors of each layer in that step; default: every row has one
 * @throws RangeError if the number of lengths is not L, or a length is not in 0..n_(l-1)
 */
export const bound = (plan: Plan, listLengths: readonly number[], errors?: readonly ErrorHalves[]): number => {
  if (listLengths.length !== plan.layers.length)
    throw new RangeError(`listLengths has ${listLengths.length} entries, must have ${plan.layers.length}: one a layer`);
  return plan.layers.reduce((cycles, layer, at) => {
    const length = listLengths[at];
    if (!Number.isInteger(length) || length < 0 || length > layer.inputs)
      throw new RangeError(`listLengths[${at}] is ${length}, must be 0..${layer.inputs}`);
    return cycles + length * columnCycles(layer, errors?.[at]);
  }, 0);
};

/** The bound with no zero among the inputs, activations and errors: the most that the multipliers can need. */
export const denseBound = (plan: Plan): number =>
  bound(
    plan,
    plan.layers.map((layer) => layer.inputs),
  );
