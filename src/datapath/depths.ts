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
  /** from a logit to its exponential in a lane */
  readonly exponential: number;
  /** of a division that gives a factor, or a probability: one a quotient bit, and one to store it */
  readonly factor: number;
  readonly probability: number;
}

/** Few enough that a scan of all rows stays behind the forward pass, many enough that a comparator costs a lane little. */
const SCAN_LANES = 8;

const WRITE = 3;
const SCALER = 2;

export const depthsOf = ({ hardware, factor, output }: Plan): Depths => {
  const tree = treeStages(hardware.lanes);
  return {
    write: WRITE,
    sums: WRITE + 1,
    strengths: WRITE + 2,
    tree,
    scaler: SCALER,
    errors: 3 + tree + SCALER,
    scanLanes: Math.min(hardware.lanes, SCAN_LANES),
    scan: treeStages(Math.ceil(hardware.lanes / SCAN_LANES)) + 2,
    exponential: 2,
    factor: factor.frac + 3,
    probability: output.values.error.frac + 3,
  };
};
