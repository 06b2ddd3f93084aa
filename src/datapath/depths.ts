import type { Plan } from './plan.js';

/** Inputs that one register stage of a tree over the lanes reduces to one. */
const TREE_RADIX = 4;

/** Register stages that reduce `inputs` to one. */
const treeStages = (inputs: number): number => (inputs > 1 ? 1 + treeStages(Math.ceil(inputs / TREE_RADIX)) : 0);

/** How deep the pipelines are, in cycles. An operation is issued in s0. */
export interface Depths {
  /** from s1 on, in which an update has not written its word: s1 to s3 */
  readonly write: number;
  /** from s1 on, in which a group's last operation has not given the drain its sums: s1 to s4 */
  readonly sums: number;
  /** from s1 on, in which an update has not moved its strengths: s1 to s5 */
  readonly strengths: number;
  /** of a tree over the lanes */
  readonly tree: number;
  /** from a column's last sum to its error */
  readonly scaler: number;
  /** from s1 on, in which a column's last operation has not given its error to the list: s1, s2, the tree, the scaler, the list */
  readonly errors: number;
  /** lanes of which the scan for the largest strength takes one a cycle */
  readonly scanLanes: number;
  /** from a row of some lanes shown to the scan to the largest of their strengths */
  readonly scan: number;
  /** from a logit to its exponential */
  readonly exponential: number;
  /** of the divider */
  readonly divide: number;
}

/** Bits of a quotient that the divider makes in a cycle. */
const STAGE_BITS = 2;

/** Bits of a quotient: a factor, or a probability and a bit to round it by. */
export const quotientBits = ({ factor, output }: Plan): number => Math.max(factor.bits, output.values.error.frac + 2);

/**
 * Lanes of which the scan for the largest strength takes one a cycle: as many as leave the first layer's scan well behind
 * its forward pass, since its activations wait for the largest.
 */
const scanLanesOf = ({ hardware, layers: [first] }: Plan): number => {
  const rows = 2 * first.lanes.groups;
  const few = [8, 4, 2].find((lanes) => lanes <= hardware.lanes && rows * lanes <= first.inputs / 16);
  return few ?? 1;
};

const WRITE = 3;
const SCALER = 2;

export const depthsOf = (plan: Plan): Depths => {
  const { hardware } = plan;
  const tree = treeStages(hardware.lanes);
  const scanLanes = scanLanesOf(plan);
  return {
    write: WRITE,
    sums: WRITE + 1,
    strengths: WRITE + 2,
    tree,
    scaler: SCALER,
    errors: 3 + tree + SCALER,
    scanLanes,
    scan: treeStages(Math.ceil(hardware.lanes / scanLanes)) + 2,
    exponential: 3,
    divide: Math.ceil(quotientBits(plan) / STAGE_BITS),
  };
};
