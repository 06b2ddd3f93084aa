import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { openStage } from '../files/index.js';
import { asUserError, UserError } from '../fx/error.js';
import { isThere } from '../fx/folder.js';
import { MANIFEST, readManifest } from './manifest.js';

/** The first file in `folder` that is no part of golden vectors; all are where the manifest is missing or malformed. */
const foreignFile = (folder: string, names: readonly string[]): string | undefined => {
  try {
    const { files } = readManifest(folder);
    return names.find((name) => name !== MANIFEST && !Object.hasOwn(files, name));
  } catch (error) {
    if (error instanceof UserError) return names[0];
    throw error;
  }
};

/**
 * Refuses a target that a run must not replace: a file, or a folder with anything but golden vectors in it.
 * @throws UserError
 */
export const checkTarget = (folder: string): void => {
  if (!isThere(folder)) return;
  if (!statSync(folder).isDirectory()) {
    throw new UserError(`${folder}: is a file, must be a folder; choose another path`, { field: folder });
  }
  const foreign = foreignFile(folder, readdirSync(folder));
  if (foreign !== undefined) {
    throw new UserError(
      `${folder}: holds ${foreign}, which is no golden vector, must be empty or golden vectors; ` +
        'choose another folder or empty it',
      { field: folder },
    );
  }
};

/**
 * Fills a temporary folder beside `target` and, once `fill` is done, puts it in `target`'s place. On any error nothing
 * is left behind and `target` stays as it was.
 */
export const replaceFolder = async <T>(target: string, fill: (temporary: string) => Promise<T>): Promise<T> => {
  try {
    checkTarget(resolve(target));
    const stage = openStage(target);
    try {
      mkdirSync(stage.folder);
      const result = await fill(stage.folder);
      stage.commit();
      return result;
    } finally {
      stage.discard();
    }
  } catch (error) {
    throw asUserError(error, target);
  }
};
