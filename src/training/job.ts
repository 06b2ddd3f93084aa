import { setImmediate as pause } from 'node:timers/promises';
import { type Plan, plan } from '../datapath/plan.js';
import { UserError } from '../fx/error.js';
import type { Samples } from '../model/index.js';
import { checkpointFile, type Identity, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
import { requireSameRun, samplesHash, weightsHash } from './identity.js';
import type { EpochMetrics } from './metrics.js';
import { type RunEvent, type RunOptions, type RunState, startRun } from './run.js';
import { changedSchedule, type ScheduleChange } from './schedule.js';

/** Where a run keeps its checkpoints. */
export interface CheckpointOptions {
  readonly folder: string;
  /** samples between two of them, beside one after every epoch */
  readonly every: number;
  /** go on from the checkpoint that is there, if one is */
  readonly resume: boolean;
}

/** A training run as plain data. */
export interface Job extends RunOptions {
  readonly plan: Plan;
  readonly checkpoint?: CheckpointOptions;
}

export interface TrainingSamples {
  readonly train: Samples;
  readonly test: Samples;
}

export interface JobResult {
  /** of every epoch, also those before an interruption */
  readonly metrics: readonly EpochMetrics[];
  /** final weights: layer l at [l-1], row by row */
  readonly weights: readonly Int16Array[];
}

/** What a job tells while it runs; `resumed` comes first, with the epochs that the checkpoint had done. */
export type JobEvent =
  | RunEvent
  | {
      readonly kind: 'resumed';
      readonly epoch: number;
      readonly sample: number;
      readonly metrics: readonly EpochMetrics[];
      /** of the schedule, where another one was asked for */
      readonly change: ScheduleChange | null;
    };

/** The checkpoint to go on from, its schedule changed to what is asked for from the next epoch on; undefined if there is none. */
const toResume = (file: string, identity: Identity, resume: boolean) => {
  const there = loadCheckpoint(file);
  if (there === undefined) return undefined;
  requireSameRun(file, there.identity, identity);
  if (!resume) {
    const { epoch, position } = there.state;
    throw new UserError(
      `${file}: holds a checkpoint (epoch ${epoch + 1}, sample ${position}) that would be lost; add --resume to go on from it, or name another folder`,
      { field: file },
    );
  }
  const before = there.identity.config.learningRateShift;
  const change = changedSchedule(before, identity.config.learningRateShift, there.state);
  return {
    state: there.state,
    change,
    schedule: change?.after ?? before,
    history: change === null ? there.history : [...there.history, change],
  };
};

/** Keeps the checkpoints of a run; gives the plan to train by, whose schedule may be an earlier run's in part. */
const keeper = (job: Job, { train }: TrainingSamples) => {
  const { shuffle = true, checkpoint, weights } = job;
  if (checkpoint === undefined)
    return { plan: job.plan, from: undefined, change: null, save: () => {}, due: () => false };
  const start = { shuffle, samples: samplesHash(train), ...(weights && { weights: weightsHash(weights) }) };
  const file = checkpointFile(checkpoint.folder, job.plan.config.seed);
  const from = toResume(file, { config: job.plan.config, ...start }, checkpoint.resume);
  const resolved = from === undefined ? job.plan : plan({ ...job.plan.config, learningRateShift: from.schedule });
  const identity: Identity = { config: resolved.config, ...start };
  let since = 0;
  return {
    plan: resolved,
    from: from?.state,
    change: from?.change ?? null,
    save: (state: RunState) => saveCheckpoint(file, { identity, state, history: from?.history ?? [] }),
    /** says whether a checkpoint is due after an event of the run */
    due: (event: RunEvent, count: number): boolean => {
      since += count;
      if (event.kind !== 'epoch' && since < checkpoint.every) return false;
      since = 0;
      return true;
    },
  };
};

/** What a job throws that was ended early. */
export const interruption = (): UserError =>
  new UserError('training: interrupted; run it again, with --resume where it keeps checkpoints');

export interface JobHooks {
  readonly onEvent?: (event: JobEvent) => void;
  /** ends the job early, with a checkpoint where it keeps them */
  readonly signal?: AbortSignal;
}

/**
 * Carries a job out. Gives way to other work between chunks of samples.
 * @throws UserError for a checkpoint that is corrupt, of another run or in the way, a folder that can't be written, an interruption
 */
export const runJob = async (
  job: Job,
  samples: TrainingSamples,
  { onEvent, signal }: JobHooks = {},
): Promise<JobResult> => {
  const { plan: resolved, from, change, save, due } = keeper(job, samples);
  const run = startRun(resolved, samples.train, samples.test, job, from);
  if (from) onEvent?.({ kind: 'resumed', epoch: from.epoch, sample: from.position, metrics: from.metrics, change });
  else save(run.state());
  let position = from?.position ?? 0;
  for (let event = run.next(); event !== undefined; event = run.next()) {
    const now = event.kind === 'progress' ? event.sample : 0;
    if (due(event, (now || samples.train.count) - position)) save(run.state());
    position = now;
    onEvent?.(event);
    await pause();
    if (signal?.aborted) {
      save(run.state());
      throw interruption();
    }
  }
  const { metrics, weights } = run.state();
  return { metrics, weights };
};
