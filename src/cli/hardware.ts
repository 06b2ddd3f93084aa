import type { Plan } from '../datapath/plan.js';
import { UserError } from '../fx/error.js';
import { unsupported } from '../rtl/index.js';

/** The command that generates what there is for a configuration: the core and its vectors, or vectors alone. */
export const genCommand = (design: Plan, config: string, weights: string): string =>
  `grapes-hw gen --config ${config} --weights ${weights}${unsupported(design) === null ? '' : ' --only golden'}`;

/**
 * Refuses what the model can do and the core can't.
 * @throws UserError naming the field and what the core offers
 */
export const requireHardware = (design: Plan): void => {
  const problem = unsupported(design);
  if (problem !== null) throw new UserError(problem, { field: problem.split(':')[0] });
};
