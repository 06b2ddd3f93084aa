import { join } from 'node:path';
import { parseConfig } from '../config/index.js';
import type { Plan } from '../datapath/plan.js';
import { UserError } from '../fx/error.js';
import { isThere } from '../fx/folder.js';
import { readWeights } from '../training/index.js';
import { CONFIG_FILE } from './generated.js';
import { readJson } from './resolve.js';

/** What weights mean depends on these fields. */
const FIELDS = {
  layers: ({ config }: Pick<Plan, 'config'>) => config.layers,
  'bits.weight': ({ config }: Pick<Plan, 'config'>) => config.bits.weight,
  'frac.weight': ({ config }: Pick<Plan, 'config'>) => config.frac.weight,
  'frac.recurrent': ({ config }: Pick<Plan, 'config'>) => config.frac.recurrent ?? null,
} as const;

/**
 * The weights in a folder, for a design. Where the folder holds the configuration that they were trained with, what they
 * mean must be the same in both.
 * @throws UserError naming the field that differs, or the file that does not fit
 */
export const weightsFor = (design: Plan, folder: string): Int16Array[] => {
  const file = join(folder, CONFIG_FILE);
  if (isThere(file)) {
    const trained = { config: parseConfig(readJson(file)) };
    for (const [field, value] of Object.entries(FIELDS)) {
      const [there, here] = [value(trained), value(design)].map((v) => JSON.stringify(v));
      if (there !== here) {
        throw new UserError(
          `${folder}: its weights are of another configuration: ${field} is ${there} there, ${here} here; use --config ${file} and no flag that changes layers, bits or mode`,
          { field },
        );
      }
    }
  }
  return readWeights(folder, design);
};
