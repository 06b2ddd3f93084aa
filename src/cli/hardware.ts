import type { Config } from '../config/index.js';
import { UserError } from '../fx/error.js';

/**
 * Refuses what the model can do and the core can't.
 * @throws UserError naming the field and what the core offers
 */
export const requireHardware = (config: Config): void => {
  const limits = [
    ['grapes.mode', config.grapes.mode, config.grapes.mode !== 'uniform', 'propagating, local or off'],
    ['feedback', config.feedback, config.feedback === 'bp', 'bp'],
  ] as const;
  const problems = limits
    .filter(([, , possible]) => !possible)
    .map(
      ([field, value, , legal]) =>
        `${field}: is "${value}", which only the model has (\`grapes-hw train\`); for a core choose ${legal}`,
    );
  if (problems.length > 0) throw new UserError(problems.join('\n'), { field: 'config' });
};
