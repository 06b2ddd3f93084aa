import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { onInterrupt } from '../tools/index.js';

/** A generated design: text by path, its `filelist.f` among them. */
export type Sources = ReadonlyMap<string, string>;

export const sourceList = (sources: Sources): string[] =>
  (sources.get('filelist.f') ?? '').split('\n').filter((path) => path !== '');

/** Calls `make` in a folder that holds the sources and goes afterwards. */
export const inFolder = async <T>(
  cache: string,
  sources: Sources,
  make: (folder: string) => Promise<T>,
): Promise<T> => {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(resolve(cache, '.work-'));
  const discard = (): void => rmSync(folder, { recursive: true, force: true });
  const release = onInterrupt(discard);
  try {
    for (const path of sourceList(sources)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), sources.get(path) ?? '');
    }
    return await make(folder);
  } finally {
    discard();
    release();
  }
};

/**
 * The result in `<cache>/<key>.json`, `key` being a hash of the sources and of `parts`; made and put there whole if it is
 * not there, or not JSON.
 */
export const remembered = async <T>(
  cache: string,
  sources: Sources,
  parts: readonly string[],
  make: () => Promise<T>,
): Promise<T> => {
  const hash = createHash('sha256').update(JSON.stringify(parts));
  for (const path of sourceList(sources)) hash.update(`\0${path}\0${sources.get(path)}`);
  const file = resolve(cache, `${hash.digest('hex').slice(0, 20)}.json`);
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as T;
    } catch {
      rmSync(file);
    }
  }
  const result = await make();
  writeFileSync(`${file}.new`, JSON.stringify(result));
  renameSync(`${file}.new`, file);
  return result;
};
