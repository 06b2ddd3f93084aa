import { bound } from '../datapath/bound.js';
import type { Plan } from '../datapath/plan.js';
import { inTime } from '../datapath/rate.js';
import { stepWork } from './lengths.js';

/**
 * Mean bound on the cycles of the `steps` training steps after the first, from the list lengths in a golden directory;
 * null if it traces fewer samples than that, in mode `local`, whose errors it does not hold all, and in time.
 */
export const meanBound = (plan: Plan, golden: { dir: string; trace: number }, steps: number): number | null => {
  if (steps < 1 || golden.trace <= steps || plan.config.grapes.mode === 'local' || inTime(plan.config)) return null;
  const bounds = stepWork(plan, golden.dir, steps + 1)
    .slice(1)
    .map(({ lengths, errors }) => bound(plan, lengths, errors));
  return bounds.reduce((sum, cycles) => sum + cycles, 0) / steps;
};
