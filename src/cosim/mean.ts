import { bound } from '../datapath/bound.js';
import type { Plan } from '../datapath/plan.js';
import { listLengths } from './lengths.js';

/**
 * Mean bound on the cycles of the `steps` training steps after the first, from the list lengths in a golden directory;
 * null if it traces fewer samples than that.
 */
export const meanBound = (plan: Plan, golden: { dir: string; trace: number }, steps: number): number | null => {
  if (steps < 1 || golden.trace <= steps) return null;
  const bounds = listLengths(plan, golden.dir, steps + 1)
    .slice(1)
    .map((lengths) => bound(plan, lengths));
  return bounds.reduce((sum, cycles) => sum + cycles, 0) / steps;
};
