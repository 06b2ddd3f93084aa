import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import type { Dataset } from '../data/dataset.js';
import type { Plan } from '../datapath/plan.js';
import { featuresOf, rateAt } from '../datapath/rate.js';
import { UserError } from '../fx/error.js';
import { Network, type TraceLevel } from '../model/index.js';
import { epochOrder, sampleFeatures } from '../model/samples.js';
import { type KindFiles, openKinds } from './files.js';
import { replaceFolder } from './folder.js';
import { formatOf, MANIFEST, type Manifest } from './manifest.js';
import type { MemFile } from './mem.js';

export interface GoldenOptions {
  /** N, samples in all */
  readonly samples: number;
  /** T, samples that the traces cover; at most N */
  readonly trace: number;
  /** visit the N samples as a shuffled epoch instead of in file order; default false */
  readonly shuffle?: boolean;
  /** weights to start from instead of the seed's: layer l at [l-1], row by row */
  readonly weights?: readonly ArrayLike<number>[];
  /** called now and then with the samples done */
  readonly onProgress?: (done: number, samples: number) => void;
  /** ends the run early and leaves nothing behind */
  readonly signal?: AbortSignal;
}

/** All `w'` of the write files together stay below this. */
const MAX_WRITES = 2 ** 20;
const PAUSE_EVERY = 20;

const check = (plan: Plan, data: Dataset, { samples, trace }: GoldenOptions): void => {
  const fail = (field: string, text: string): never => {
    throw new UserError(`${field}: ${text}`, { field });
  };
  if (!Number.isInteger(samples) || samples < 1 || samples > data.count) {
    fail('samples', `is ${samples}, must be an integer 1..${data.count} (${data.name}, ${data.split}); ask for fewer`);
  }
  if (!Number.isInteger(trace) || trace < 0 || trace > samples) {
    fail('trace', `is ${trace}, must be an integer 0..${samples} (samples); lower trace or raise samples`);
  }
  const features = featuresOf(plan.config);
  if (data.inputs !== features) {
    fail('data', `"${data.name}" has ${data.inputs} inputs, must have ${features}; change layers[0]`);
  }
};

/** Appends a traced sample's writes while all of them stay below the limit; remembers how many samples it took. */
const writeRecorder = (files: readonly MemFile[]) => {
  const counts = files.map(() => 0);
  let samples = 0;
  let full = false;
  return {
    counts,
    samples: () => samples,
    open: () => !full,
    record: (writes: readonly Int16Array[]): void => {
      const total = [...counts, ...writes.map((w) => w.length)].reduce((sum, n) => sum + n, 0);
      full = samples > 0 && total >= MAX_WRITES;
      if (full) return;
      samples++;
      files.forEach((file, i) => {
        file.write(writes[i]);
        counts[i] += writes[i].length;
      });
    },
  };
};

const run = async (plan: Plan, data: Dataset, options: GoldenOptions, folder: string, files: KindFiles) => {
  const { samples, trace, shuffle = false, weights, onProgress, signal } = options;
  const network = new Network(plan, weights && { weights });
  const rngState = network.rngState();
  const weightsTo = (list: readonly MemFile[]): void => {
    const weights = network.matrices();
    list.forEach((file, i) => {
      file.write(weights[i]);
    });
  };
  weightsTo(files.of('initial'));
  files.of('feedback').forEach((file, i) => {
    file.write(network.feedback(i + 1) ?? []);
  });
  const order = shuffle ? epochOrder(samples, plan.config.seed)() : undefined;
  const k = rateAt(plan.config, 0);
  const [inputs, labels, predictions, digests] = (['input', 'label', 'prediction', 'digest'] as const).map(
    (kind) => files.of(kind)[0],
  );
  const probabilities = files.of('pixel');
  const recorder = writeRecorder(files.of('write'));
  const level = (n: number): TraceLevel => (n >= trace ? 'digest' : recorder.open() ? 'writes' : 'values');
  for (let n = 0; n < samples; n++) {
    const at = order?.[n] ?? n;
    const input = network.quantise(sampleFeatures(data, at));
    const { prediction, trace: recorded } = network.step(input, data.labels[at], { k, trace: level(n) });
    inputs.write(network.input());
    for (const file of probabilities) file.write(input);
    labels.write([data.labels[at]]);
    predictions.write([prediction]);
    digests.write([recorded?.digest ?? 0]);
    if (recorded?.values) files.trace(recorded.values);
    if (recorded?.writes) recorder.record(recorded.writes);
    if ((n + 1) % PAUSE_EVERY === 0 || n + 1 === samples) {
      onProgress?.(n + 1, samples);
      await pause();
      if (signal?.aborted) throw new UserError(`${folder}: interrupted, nothing was written; run it again`);
    }
  }
  weightsTo(files.of('weight'));
  return { rngState, writes: recorder };
};

/**
 * Writes a golden directory: one pass over the first `samples` samples of `data`, each predicted before it updates.
 * The directory appears in one piece or not at all; one that holds golden vectors already is replaced.
 * @throws UserError for sizes that do not fit, a target with other files in it, a full disk, an interruption
 */
export const writeGolden = async (
  plan: Plan,
  data: Dataset,
  options: GoldenOptions,
  folder: string,
): Promise<Manifest> => {
  check(plan, data, options);
  return replaceFolder(folder, async (temporary) => {
    const files = openKinds(plan, temporary);
    let done = false;
    try {
      const { rngState, writes } = await run(plan, data, options, folder, files);
      const entries = files.close(options.samples, options.trace, writes.counts);
      done = true;
      const manifest: Manifest = {
        format: formatOf(plan.config),
        config: plan.config,
        factorFrac: plan.factor.frac,
        rngState,
        samples: options.samples,
        trace: options.trace,
        writes: writes.samples(),
        dataset: { name: data.name, split: data.split, first: 0 },
        files: entries,
      };
      writeFileSync(join(temporary, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
      return manifest;
    } finally {
      if (!done) files.abandon();
    }
  });
};
