import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { filesOf, openStage } from '../files/index.js';
import { makeFolders } from '../fx/folder.js';
import { onInterrupt } from '../tools/index.js';

/** A key for what `parts` (versions, flags) make of `files` of `dir`: equal exactly if all of them are. */
export const cacheKey = (dir: string, files: readonly string[], parts: readonly string[]): string => {
  const hash = createHash('sha256').update(JSON.stringify(parts));
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(dir, file)));
  return hash.digest('hex').slice(0, 20);
};

/** In every folder of the cache: the sha256 of each other file. */
const CONTENTS = 'contents.json';

const contentsOf = (folder: string): string => {
  const files = filesOf(folder).filter((file) => file !== CONTENTS);
  const sums = files.map((file) => [
    file,
    createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex'),
  ]);
  return `${JSON.stringify(Object.fromEntries(sums), null, 2)}\n`;
};

const isWhole = (folder: string): boolean => {
  try {
    return readFileSync(join(folder, CONTENTS), 'utf8') === contentsOf(folder);
  } catch {
    return false;
  }
};

const folderOf = (cache: string, label: string, key: string): string => resolve(cache, `${label}-${key}`);

/** Whether the cache has this folder, whole. */
export const isCached = (cache: string, label: string, key: string): boolean => isWhole(folderOf(cache, label, key));

/**
 * The folder `<cache>/<label>-<key>`, made by `make` if it is not there yet, or not as it was made. It appears whole or not
 * at all: `make` works in a folder beside it that takes the name at the end.
 */
export const cached = async (
  cache: string,
  label: string,
  key: string,
  make: (folder: string) => Promise<void>,
): Promise<string> => {
  const target = folderOf(cache, label, key);
  if (isWhole(target)) return target;
  makeFolders(resolve(cache));
  const stage = openStage(target);
  const release = onInterrupt(stage.discard);
  try {
    mkdirSync(stage.folder);
    await make(stage.folder);
    writeFileSync(join(stage.folder, CONTENTS), contentsOf(stage.folder));
    // another process may have been faster
    if (!isWhole(target)) stage.commit();
  } finally {
    stage.discard();
    release();
  }
  return target;
};
