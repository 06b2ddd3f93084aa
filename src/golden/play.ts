import { join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { matrixName } from '../datapath/matrix.js';
import type { Plan } from '../datapath/plan.js';
import { featuresOf, inTime } from '../datapath/rate.js';
import { UserError } from '../fx/error.js';
import type { TraceLevel } from '../model/index.js';
import { plainHost } from './draw.js';
import { HOST, type HostLine, readHost } from './host.js';
import type { Manifest } from './manifest.js';
import { type Answer, type Mirror, mirror } from './mirror.js';
import { memRows, readMem } from './read.js';

/** Samples as a core is given them. */
export interface Presented {
  readonly input: (n: number) => ArrayLike<number>;
  readonly label: (n: number) => number;
}

export interface PlayOptions {
  /** how much of sample n to record */
  readonly level: (n: number) => TraceLevel;
  readonly onSample?: (n: number, answer: Answer) => void;
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

const PAUSE_EVERY = 20;

/** Bits of the probability of a spike. */
const PIXEL_BITS = 8;

/**
 * Does on the model what a host does. Gives its lines with what every read answers.
 * @throws UserError on an interruption
 */
export const play = async (
  model: Mirror,
  lines: readonly HostLine[],
  { input, label }: Presented,
  { level, onSample, onProgress, signal }: PlayOptions,
): Promise<HostLine[]> => {
  const played: HostLine[] = [];
  let n = 0;
  for (const line of lines) {
    const trains = line.operation === 'train';
    if (!trains && line.operation !== 'infer') {
      played.push(model.access(line));
      continue;
    }
    const answer = trains ? model.train(input(n), label(n), line.value, level(n)) : model.infer(input(n), level(n));
    onSample?.(n, answer);
    played.push(line);
    n++;
    if (n % PAUSE_EVERY === 0) {
      onProgress?.(n);
      await pause();
      if (signal?.aborted) throw new UserError('interrupted');
    }
  }
  return played;
};

/** What the input port takes of the samples of a golden directory. */
const takenOf = (plan: Plan, folder: string): Presented['input'] => {
  const { config, input } = plan;
  if (config.encoding === 'rate') {
    const pixels = memRows(join(folder, 'pixel.mem'), PIXEL_BITS, input.size);
    return (n) => pixels(n).map((p) => p & (2 ** PIXEL_BITS - 1));
  }
  const { bits } = input.format;
  const values = memRows(join(folder, 'input.mem'), bits, input.size * (inTime(config) ? input.steps : 1));
  const taken = featuresOf(config);
  return (n) => (bits === 1 ? values(n).map((v) => v & 1) : values(n)).slice(0, taken);
};

/** The samples and the initial weights of a golden directory. */
export const presentedOf = (plan: Plan, folder: string) => {
  const input = takenOf(plan, folder);
  const labels = memRows(join(folder, 'label.mem'), plan.labelBits, 1);
  return {
    presented: { input, label: (n: number) => labels(n)[0] & (2 ** plan.labelBits - 1) },
    weights: plan.matrices.map((matrix) =>
      readMem(join(folder, `${matrixName(matrix)}_init.mem`), matrix.format.bits, [matrix.rows, matrix.columns]),
    ),
  };
};

/**
 * What a host does in a run of the first `samples` samples of a golden directory: as its script says, or, where it has none,
 * load, train and read back. The model says what every read must answer.
 */
export const hostOf = async (
  plan: Plan,
  folder: string,
  { samples: all, rngState, files }: Manifest,
  run: { readonly samples: number; readonly rate: number },
): Promise<HostLine[]> => {
  if (Object.hasOwn(files, HOST)) {
    const lines = readHost(join(folder, HOST));
    if (run.samples === all) return lines;
    let left = run.samples;
    const end = lines.findIndex(({ operation }) => (operation === 'train' || operation === 'infer') && left-- === 0);
    return lines.slice(0, end);
  }
  const { presented, weights } = presentedOf(plan, folder);
  const lines = plainHost(plan, { ...run, rngState, final: run.samples === all });
  return play(mirror(plan, { weights, rngState }), lines, presented, { level: () => 'digest' });
};
