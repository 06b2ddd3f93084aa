import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { asUserError, UserError } from '../fx/error.js';
import { MANIFEST, readManifest } from './manifest.js';

/** Whether `folder` holds golden vectors, and nothing that its manifest does not name. */
const isGolden = (folder: string, names: readonly string[]): boolean => {
  if (!names.includes(MANIFEST)) return false;
  try {
    const { files } = readManifest(folder);
    return names.every((name) => name === MANIFEST || Object.hasOwn(files, name));
  } catch (error) {
    if (error instanceof UserError) return false;
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
  const names = readdirSync(folder);
  if (names.length > 0 && !isGolden(folder, names)) {
    throw new UserError(
      `${folder}: holds files that are not golden vectors (${names[0]}), must be empty or golden vectors; ` +
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
  try {
    checkTarget(full);
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary, { recursive: true });
    const result = await fill(temporary);
    rmSync(full, { recursive: true, force: true });
    renameSync(temporary, full);
    return result;
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw asUserError(error, target);
  }
};
