import { UserError } from '../fx/error.js';
import type { Cache } from './cache.js';
import type { Pool } from './pool.js';
import { keyOf, type RunResult, type RunSpec } from './spec.js';

/** How large an experiment is. */
export interface Size {
  /** small samples and few rates, for a check in minutes */
  readonly quick: boolean;
  /** seeds of every mean; the experiment's own number if left out */
  readonly seeds?: number;
}

/** What experiments carry runs out with. */
export interface Lab extends Size {
  /** the results of runs, in their order; equal runs are carried out once */
  readonly all: (specs: readonly RunSpec[]) => Promise<readonly RunResult[]>;
}

export interface LabProgress {
  readonly done: number;
  /** runs known so far; more follow once rates are chosen */
  readonly planned: number;
  /** how many of those done came from the cache */
  readonly cached: number;
}

export interface LabOptions extends Size {
  readonly cache: Cache;
  readonly pool: Pool;
  readonly onProgress?: (progress: LabProgress) => void;
  /** stops before the next run; finished runs stay in the cache */
  readonly signal?: AbortSignal;
}

/** Opens a lab on a cache and a pool of threads. */
export const openLab = ({ cache, pool, onProgress, signal, ...size }: LabOptions): Lab => {
  const progress = { done: 0, planned: 0, cached: 0 };
  const one = async (spec: RunSpec): Promise<RunResult> => {
    if (signal?.aborted) throw new UserError('experiment: interrupted; the same command goes on where it stopped');
    const result = await pool.run(spec);
    cache.put(spec, result);
    return result;
  };
  const known = async (spec: RunSpec): Promise<RunResult> => {
    const there = cache.get(spec);
    const result = there ?? (await one(spec));
    progress.done++;
    if (there !== undefined) progress.cached++;
    onProgress?.({ ...progress });
    return result;
  };
  const all = async (specs: readonly RunSpec[]): Promise<readonly RunResult[]> => {
    const different = new Map(specs.map((spec) => [keyOf(spec), spec]));
    progress.planned += different.size;
    onProgress?.({ ...progress });
    const entries = [...different].map(async ([key, spec]) => [key, await known(spec)] as const);
    const results = new Map(await Promise.all(entries));
    return specs.map((spec) => {
      const result = results.get(keyOf(spec));
      if (result === undefined) throw new Error('a run has no result');
      return result;
    });
  };
  return { ...size, all };
};
