import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { asUserError, UserError } from '../fx/error.js';
import { makeFolders } from '../fx/folder.js';
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
  if (!existsSync(folder)) return;
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
  const full = resolve(target);
  const temporary = join(dirname(full), `.${basename(full)}.${process.pid}.tmp`);
  const old = `${temporary}.old`;
  try {
    checkTarget(full);
    for (const stale of [temporary, old]) rmSync(stale, { recursive: true, force: true });
    makeFolders(temporary);
    const result = await fill(temporary);
    if (existsSync(full)) renameSync(full, old);
    renameSync(temporary, full);
    rmSync(old, { recursive: true, force: true });
    return result;
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw asUserError(error, target);
  }
};
