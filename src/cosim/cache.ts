import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onInterrupt } from '../tools/index.js';

/** A key for what `parts` (versions, flags) make of `files` of `dir`: equal exactly if all of them are. */
export const cacheKey = (dir: string, files: readonly string[], parts: readonly string[]): string => {
  const hash = createHash('sha256').update(JSON.stringify(parts));
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(dir, file)));
  return hash.digest('hex').slice(0, 20);
};

/**
 * The folder `<cache>/<label>-<key>`, made by `make` if it is not there yet. It appears whole or not at all: `make` works
 * in a folder beside it that takes the name at the end.
 */
export const cached = async (
  cache: string,
  label: string,
  key: string,
  make: (folder: string) => Promise<void>,
): Promise<string> => {
  const target = resolve(cache, `${label}-${key}`);
  if (existsSync(target)) return target;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(resolve(cache, `.${label}-`));
  const discard = (): void => rmSync(folder, { recursive: true, force: true });
  const release = onInterrupt(discard);
  try {
    await make(folder);
    if (!existsSync(target)) renameSync(folder, target);
  } finally {
    discard();
    release();
  }
  return target;
};
