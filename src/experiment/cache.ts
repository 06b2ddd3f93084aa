import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { CONTRACT } from '../datapath/version.js';
import { asUserError } from '../fx/error.js';
import { isThere, makeFolders } from '../fx/folder.js';
import { keyOf, type RunResult, type RunSpec } from './spec.js';

/**
 * Results of finished runs in a file, a line each: an interrupted experiment goes on where it stopped. Runs of integers of an
 * earlier numeric contract do not count.
 */
export interface Cache {
  readonly get: (spec: RunSpec) => RunResult | undefined;
  readonly put: (spec: RunSpec, result: RunResult) => void;
}

const read = (file: string): Map<string, RunResult> => {
  const results = new Map<string, RunResult>();
  if (!isThere(file)) return results;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    try {
      const { spec, result, contract } = JSON.parse(line);
      if (contract === CONTRACT || spec.engine === 'float') results.set(keyOf(spec), result);
    } catch {
      // the line that an interruption cut short: its run is done again
    }
  }
  return results;
};

/** Opens the cache in `file`, emptied first if it is to be `fresh`. @throws UserError where the file can't be read or written */
export const openCache = (file: string, { fresh = false }: { readonly fresh?: boolean } = {}): Cache => {
  try {
    makeFolders(dirname(file));
    if (fresh) rmSync(file, { force: true });
    const results = read(file);
    return {
      get: (spec) => results.get(keyOf(spec)),
      put: (spec, result) => {
        results.set(keyOf(spec), result);
        appendFileSync(file, `\n${JSON.stringify({ contract: CONTRACT, spec, result })}`);
      },
    };
  } catch (error) {
    throw asUserError(error, file);
  }
};

/** A cache that lives as long as the process. */
export const memoryCache = (): Cache => {
  const results = new Map<string, RunResult>();
  return { get: (spec) => results.get(keyOf(spec)), put: (spec, result) => results.set(keyOf(spec), result) };
};
