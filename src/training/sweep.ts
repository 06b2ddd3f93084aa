import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { takeLock } from '../files/index.js';
import { asUserError, UserError } from '../fx/error.js';
import type { Features } from '../fx/features.js';
import { makeFolders } from '../fx/folder.js';
import type { Samples } from '../model/index.js';
import { checkpointFile } from './checkpoint.js';
import { interruption, type Job, type JobEvent, type JobResult, runJob, type TrainingSamples } from './job.js';

/** A job and the samples that it learns from. */
export interface Assignment {
  readonly job: Job;
  readonly samples: TrainingSamples;
}

/** What a worker thread answers. */
export type Answer =
  | { readonly kind: 'event'; readonly event: JobEvent }
  | { readonly kind: 'done'; readonly result: JobResult }
  | { readonly kind: 'refused'; readonly message: string; readonly exit: number; readonly field: string | undefined };

export interface SweepOptions {
  /** jobs at the same time; default: one a core */
  readonly threads?: number;
  /** called with a job's index and what it tells */
  readonly onEvent?: (index: number, event: JobEvent) => void;
  /** ends all jobs early */
  readonly signal?: AbortSignal;
}

/** Threads need the compiled worker: where the sources themselves are run, jobs follow one another. */
const COMPILED = import.meta.url.endsWith('.js');
const WORKER = new URL('./worker.js', import.meta.url);

/** Room for `length` features of the same kind, in memory that threads share. */
const sharedLike = (features: Features, length: number): Features =>
  features instanceof Uint8Array
    ? new Uint8Array(new SharedArrayBuffer(length))
    : new Float64Array(new SharedArrayBuffer(8 * length));

/** Copies samples to memory that threads share; equal objects only once. */
const sharing = (): ((samples: TrainingSamples) => TrainingSamples) => {
  const copies = new Map<Samples, Samples>();
  const shared = (samples: Samples): Samples => {
    const { inputs, count, features, labels } = samples;
    const copy = copies.get(samples) ?? {
      inputs,
      count,
      features: sharedLike(features, count * inputs),
      labels: new Uint16Array(new SharedArrayBuffer(2 * count)),
    };
    if (!copies.has(samples)) {
      copies.set(samples, copy);
      copy.features.set(features.subarray(0, count * inputs));
      if (copy.labels instanceof Uint16Array) copy.labels.set(Uint16Array.from({ length: count }, (_, n) => labels[n]));
    }
    return copy;
  };
  return ({ train, test }) => ({ train: shared(train), test: shared(test) });
};

const inThread = (assignment: Assignment, workers: Set<Worker>, onEvent: (event: JobEvent) => void) =>
  new Promise<JobResult>((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: assignment });
    workers.add(worker);
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'event') onEvent(answer.event);
      else if (answer.kind === 'done') resolve(answer.result);
      else reject(new UserError(answer.message, { exit: answer.exit, ...(answer.field && { field: answer.field }) }));
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      workers.delete(worker);
      reject(new Error(`a training thread ended with code ${code} before its result`));
    });
  });

/** Locks the checkpoints of all jobs, so that no other process writes them. @throws UserError naming who does */
const lockCheckpoints = (assignments: readonly Assignment[]): (() => void) => {
  const releases: (() => void)[] = [];
  const release = (): void => {
    for (const each of releases) each();
  };
  try {
    for (const { job } of assignments) {
      if (job.checkpoint === undefined) continue;
      makeFolders(job.checkpoint.folder);
      releases.push(takeLock(checkpointFile(job.checkpoint.folder, job.plan.config.seed)));
    }
  } catch (error) {
    release();
    throw asUserError(error, assignments[0].job.checkpoint?.folder ?? '');
  }
  return release;
};

/**
 * Carries jobs out in parallel, a worker thread each; a job alone or a single thread does without. Results in the order of
 * the jobs; they do not depend on the number of threads.
 * @throws what the first job to fail throws; the others are ended
 */
export const sweep = async (
  assignments: readonly Assignment[],
  { threads = availableParallelism(), onEvent, signal }: SweepOptions = {},
): Promise<JobResult[]> => {
  const release = lockCheckpoints(assignments);
  try {
    return await carryOut(assignments, threads, onEvent, signal);
  } finally {
    release();
  }
};

const carryOut = async (
  assignments: readonly Assignment[],
  threads: number,
  onEvent: SweepOptions['onEvent'],
  signal: AbortSignal | undefined,
): Promise<JobResult[]> => {
  const results: JobResult[] = new Array(assignments.length);
  const tell = (index: number) => (event: JobEvent) => onEvent?.(index, event);
  if (!COMPILED || threads === 1 || assignments.length === 1) {
    for (const [index, { job, samples }] of assignments.entries()) {
      results[index] = await runJob(job, samples, { onEvent: tell(index), ...(signal && { signal }) });
    }
    return results;
  }
  const shared = sharing();
  const workers = new Set<Worker>();
  const waiting = [...assignments.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, { job, samples }] = next;
      results[index] = await inThread({ job, samples: shared(samples) }, workers, tell(index));
    }
  };
  const interrupted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(interruption()));
  });
  try {
    await Promise.race([interrupted, Promise.all(Array.from({ length: Math.min(threads, assignments.length) }, work))]);
  } finally {
    waiting.length = 0;
    await Promise.all([...workers].map((worker) => worker.terminate()));
  }
  return results;
};
