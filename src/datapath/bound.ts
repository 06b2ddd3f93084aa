import type { LayerPlan, Plan } from './plan.js';

/**
 * Cycles that one column in use of layer `l` costs in a training step: two rows a lane and cycle going forward, one in
 * the fused backward and update pass; the first layer has no backward sum and updates two rows a cycle.
 * A spread last group has one row a lane, so its fused pass takes one cycle.
 */
export const columnCycles = (layer: LayerPlan, lanes: number): number => {
  const forward = layer.lanes.groups;
  return layer.index === 1 ? 2 * forward : forward + Math.ceil(layer.outputs / lanes);
};

/**
 * Lower bound `B` on the cycles of one training step, set by the two multipliers of each lane alone.
 * @param listLengths number of non-zero inputs of each layer in that step: entry `l-1` counts `x_(l-1)`, `l` = 1..L
 * @throws RangeError if the number of lengths is not L, or a length is not in 0..n_(l-1)
 */
export const bound = (plan: Plan, listLengths: readonly number[]): number => {
  if (listLengths.length !== plan.layers.length)
    throw new RangeError(`listLengths has ${listLengths.length} entries, must have ${plan.layers.length}: one a layer`);
  return plan.layers.reduce((cycles, layer, at) => {
    const length = listLengths[at];
    if (!Number.isInteger(length) || length < 0 || length > layer.inputs)
      throw new RangeError(`listLengths[${at}] is ${length}, must be 0..${layer.inputs}`);
    return cycles + length * columnCycles(layer, plan.hardware.lanes);
  }, 0);
};

/** The bound with no zero among the inputs and activations: the most that the multipliers can need. */
export const denseBound = (plan: Plan): number =>
  bound(
    plan,
    plan.layers.map((layer) => layer.inputs),
  );
