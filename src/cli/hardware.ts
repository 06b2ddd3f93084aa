import type { Plan } from '../datapath/plan.js';
import { UserError } from '../fx/error.js';
import { unsupported } from '../rtl/index.js';

/**
 * Refuses what the model can do and the core can't.
 * @throws UserError naming the field and what the core offers
 */
export const requireHardware = (design: Plan): void => {
  const problem = unsupported(design);
  if (problem !== null) throw new UserError(problem, { field: problem.split(':')[0] });
};
