import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
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

/** A hash of the sources and of `parts`. */
const keyOf = (sources: Sources, parts: readonly string[]): string => {
  const hash = createHash('sha256').update(JSON.stringify(parts));
  for (const path of sourceList(sources)) hash.update(`\0${path}\0${sources.get(path)}`);
  return hash.digest('hex').slice(0, 20);
};

const keep = (file: string, content: string | Buffer): void => {
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
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
  const file = resolve(cache, `${keyOf(sources, parts)}.json`);
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as T;
    } catch {
      rmSync(file);
    }
  }
  const result = await make();
  keep(file, JSON.stringify(result));
  return result;
};

/** The text in `<cache>/<key>.gz`, made and put there whole if it is not there. */
export const rememberedText = async (
  cache: string,
  sources: Sources,
  parts: readonly string[],
  make: () => Promise<string>,
): Promise<string> => {
  const file = resolve(cache, `${keyOf(sources, parts)}.gz`);
  if (existsSync(file)) return gunzipSync(readFileSync(file)).toString();
  const text = await make();
  keep(file, gzipSync(text));
  return text;
};
