import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { buildEpochs, cacheKey, type Design, type PartMismatch, type PartsEnd, runParts } from '../cosim/index.js';
import type { Plan } from '../datapath/plan.js';
import { rateAt } from '../datapath/rate.js';
import { takeLock } from '../files/index.js';
import { requirePrograms, VERILATOR_PROGRAMS } from '../tools/index.js';
import { samplesHash } from '../training/index.js';
import { decodeState, digestsOf, testsOf } from './binary.js';
import { checkedFile, FILES, loadRecord, makeFolder, type Passed, type RunRecord, saveRecord } from './folder.js';
import { type Part, partsOf, type Strand, strandsOf } from './parts.js';
import { type EpochSamples, recordParts } from './record.js';

/** What to train, and how. */
export interface EpochsRequest {
  readonly design: Design;
  readonly plan: Plan;
  readonly samples: EpochSamples;
  /** at least 1 */
  readonly epochs: number;
  /** simulations at a time */
  readonly jobs: number;
  /** start value of the generator behind random initial registers and memories */
  readonly seed: number;
  /** keeps the simulator's binary and the run's folder */
  readonly cache: string;
  /** `done` of `total` samples, those of earlier runs included; `before` of them were done when this one began */
  readonly onProgress: (phase: 'model' | 'core', done: number, before: number, total: number) => void;
}

/** One epoch, as the core trained it. */
export interface EpochOutcome {
  readonly epoch: number;
  /** learning-rate shift */
  readonly k: number;
  /** share of training samples predicted rightly, each before it was learned from */
  readonly trainAccuracy: number;
  /** share of test samples that the core predicted rightly after the epoch */
  readonly testAccuracy: number;
  /** how often test samples of each class (rows) were taken for each class (columns) */
  readonly confusion: readonly (readonly number[])[];
  /** mean clock cycles of a training step */
  readonly cyclesPerStep: number;
  /** sha256 of the digests of the writes of all its training steps, in order, 4 little-endian bytes each */
  readonly digests: string;
}

/** The first difference between the core and the model. */
export interface EpochsMismatch extends PartMismatch {
  readonly epoch: number;
  /** place of the training sample in the epoch; null where the difference is not one sample's */
  readonly step: number | null;
}

export interface EpochsOutcome {
  readonly ok: boolean;
  /** training steps of the core, all of them equal to the model's */
  readonly steps: number;
  readonly epochs: readonly EpochOutcome[];
  /** sha256 of the final weights, layer by layer, row by row, 2 little-endian bytes each: those of model and core */
  readonly weights: string;
  /** simulation time over all parts, those of earlier runs included */
  readonly seconds: number;
  readonly mismatch: EpochsMismatch | null;
  /** a simulation that ended without a verdict */
  readonly problem: string | null;
  /** where the run's files are */
  readonly folder: string;
}

const sum = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((total, value) => total + of(value), 0);

const bytesOf = (folder: string, name: string, { files }: RunRecord): Uint8Array => {
  const bytes = checkedFile(folder, name, files[name]);
  if (bytes === null) throw new Error(`${name} is gone`);
  return bytes;
};

const outcomeOf = (
  plan: Plan,
  epoch: number,
  parts: readonly Part[],
  folder: string,
  record: RunRecord,
): EpochOutcome => {
  const passed = record.passed.filter(({ part }) => parts.some(({ number }) => number === part));
  const digests = createHash('sha256');
  const confusion = Array.from({ length: plan.classes }, () => new Array<number>(plan.classes).fill(0));
  for (const { number } of parts) {
    const bytes = bytesOf(folder, FILES.part(number), record);
    digests.update(digestsOf(bytes));
    for (const { label, prediction } of testsOf(bytes)) confusion[label][prediction]++;
  }
  const samples = sum(passed, (part) => part.samples);
  return {
    epoch,
    k: rateAt(plan.config, epoch),
    trainAccuracy: sum(passed, ({ right }) => right) / samples,
    testAccuracy: sum(passed, ({ testRight }) => testRight) / sum(passed, ({ tests }) => tests),
    confusion,
    cyclesPerStep: sum(passed, ({ cycles }) => cycles) / samples,
    digests: digests.digest('hex'),
  };
};

const weightsHash = (plan: Plan, number: number, folder: string, record: RunRecord): string => {
  const { weights } = decodeState(plan, bytesOf(folder, FILES.state(number), record));
  const hash = createHash('sha256');
  for (const layer of weights) hash.update(Buffer.from(layer.buffer, layer.byteOffset, layer.byteLength));
  return hash.digest('hex');
};

/**
 * Trains the Verilated core on whole epochs and compares it with the model: the digest of every sample's writes, every
 * prediction, all weights and stream states after each tenth of an epoch, and the predictions of the test samples after each
 * epoch. Interrupted, it goes on where it was. Several simulations train different stretches of the run at the same time, each
 * from the state in which the model, and the simulation before it, end theirs.
 * @throws MissingTool, BuildError; UserError if the folder of an interrupted run is corrupt
 */
export const verifyEpochs = async (request: EpochsRequest): Promise<EpochsOutcome> => {
  const { design, plan, samples, cache } = request;
  requirePrograms(VERILATOR_PROGRAMS);
  const { config } = plan;
  const key = cacheKey(
    design.dir,
    [...design.rtl, design.epochs],
    [JSON.stringify(config), samplesHash(samples.train), samplesHash(samples.test), ...startOf(samples)],
  );
  const folder = join(resolve(cache), `epochs-${design.name}-${key}`);
  makeFolder(folder);
  const release = takeLock(folder);
  try {
    return await verifyIn(folder, request);
  } finally {
    release();
  }
};

/** What a run starts from, where not from its seed. */
const startOf = ({ weights }: EpochSamples): string[] =>
  weights === undefined ? [] : [JSON.stringify(weights.map((layer) => Array.from(layer)))];

/** The same in a folder that is this process's alone. */
const verifyIn = async (folder: string, request: EpochsRequest): Promise<EpochsOutcome> => {
  const { design, plan, samples, epochs, jobs, seed, cache, onProgress } = request;
  const parts = partsOf(epochs, samples.train.count);
  const total = epochs * samples.train.count;
  let record = loadRecord(folder);

  const building = buildEpochs(design, { cache, seed });
  building.catch(() => undefined);
  const recorded = sum(
    parts.filter(({ number }) => record.files[FILES.part(number)] !== undefined),
    (part) => part.samples,
  );
  record = await recordParts(plan, samples, parts, folder, record, (done) =>
    onProgress('model', done, recorded, total),
  );
  const executable = await building;

  const isDone = (part: Part): boolean => record.passed.some(({ part: number }) => number === part.number);
  const before = sum(parts.filter(isDone), (part) => part.samples);
  let passedSamples = before;
  const under = new Map<number, number>();
  const tell = (): void => onProgress('core', passedSamples + sum([...under.values()], (n) => n), before, total);
  const strands = strandsOf(
    parts.filter((part) => !isDone(part)).map(({ number }) => number),
    jobs,
  );
  tell();
  const failure = new AbortController();
  const ends: PartsEnd[] = [];
  const simulate = async ({ first, last }: Strand): Promise<void> => {
    let since = performance.now();
    const end = await runParts(executable, folder, first, last, {
      signal: failure.signal,
      onSample: (part, testing, sample) => {
        under.set(part, testing ? parts[part].samples : sample);
        tell();
      },
      onPart: (result) => {
        const now = performance.now();
        const passed: Passed = { ...result, seconds: (now - since) / 1000 };
        since = now;
        under.delete(result.part);
        passedSamples += result.samples;
        record = { ...record, passed: [...record.passed, passed].sort((a, b) => a.part - b.part) };
        saveRecord(folder, record);
        tell();
      },
    });
    ends.push(end);
    if (end.kind !== 'equal') failure.abort();
  };
  const job = async (): Promise<void> => {
    try {
      for (let next = strands.shift(); next && !failure.signal.aborted; next = strands.shift()) await simulate(next);
    } catch (error) {
      failure.abort();
      throw error;
    }
  };
  await Promise.all(Array.from({ length: jobs }, job));

  const mismatches = ends.flatMap((end) => (end.kind === 'different' ? [end.mismatch] : []));
  const [mismatch] = mismatches.sort((a, b) => a.part - b.part);
  const problem = ends.flatMap((end) => (end.kind === 'failed' ? [end.problem] : []))[0] ?? null;
  const done = parts.filter(isDone);
  const whole = Array.from({ length: epochs }, (_, epoch) => parts.filter((part) => part.epoch === epoch)).filter(
    (all) => all.every(isDone),
  );
  return {
    ok: mismatch === undefined && problem === null && done.length === parts.length,
    steps: sum(done, (part) => part.samples),
    epochs: whole.map((all) => outcomeOf(plan, all[0].epoch, all, folder, record)),
    weights: weightsHash(plan, parts.length, folder, record),
    seconds: sum(record.passed, (passed) => passed.seconds),
    mismatch:
      mismatch === undefined
        ? null
        : {
            ...mismatch,
            epoch: parts[mismatch.part].epoch,
            step: ['digest', 'prediction', 'write'].includes(mismatch.kind)
              ? parts[mismatch.part].first + mismatch.sample
              : null,
          },
    problem,
    folder,
  };
};
