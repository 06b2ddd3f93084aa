import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../data/dataset.js';
import type { Plan } from '../datapath/plan.js';
import { featuresOf, rateAt } from '../datapath/rate.js';
import { UserError } from '../fx/error.js';
import { epochOrder, sampleFeatures } from '../model/samples.js';
import { drawHost, plainHost } from './draw.js';
import { type KindFiles, openKinds } from './files.js';
import { replaceFolder } from './folder.js';
import { HOST, HOST_BITS, HOST_WORDS, type HostLine, wordsOf } from './host.js';
import { formatOf, MANIFEST, type Manifest } from './manifest.js';
import { createMem, type FileEntry, type MemFile } from './mem.js';
import { type Mirror, mirror } from './mirror.js';
import { type Presented, play, presentedOf } from './play.js';

export interface GoldenOptions {
  /** N, samples in all */
  readonly samples: number;
  /** T, samples that the traces cover; at most N */
  readonly trace: number;
  /** visit the N samples as a shuffled epoch instead of in file order; default false */
  readonly shuffle?: boolean;
  /** the run of a host that does this, or that varies all that it may, drawn from a seed; default: the plain one */
  readonly host?: number | readonly HostLine[];
  /** weights to start from instead of the seed's: layer l at [l-1], row by row */
  readonly weights?: readonly ArrayLike<number>[];
  /** called now and then with the samples done */
  readonly onProgress?: (done: number, samples: number) => void;
  /** ends the run early and leaves nothing behind */
  readonly signal?: AbortSignal;
}

/** All `w'` of the write files together stay below this. */
const MAX_WRITES = 2 ** 20;

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

/** One pass over samples, as a golden directory records it. */
interface Pass {
  readonly samples: number;
  readonly trace: number;
  readonly model: Mirror;
  readonly presented: Presented;
  readonly lines: readonly HostLine[];
  readonly onProgress?: (done: number, samples: number) => void;
  readonly signal?: AbortSignal;
}

const run = async (pass: Pass, folder: string, files: KindFiles) => {
  const { samples, trace, model, presented, lines, onProgress, signal } = pass;
  const weightsTo = (list: readonly MemFile[]): void => {
    const weights = model.matrices();
    list.forEach((file, i) => {
      file.write(weights[i]);
    });
  };
  weightsTo(files.of('initial'));
  files.of('feedback').forEach((file, i) => {
    file.write(model.feedback(i + 1) ?? []);
  });
  const [inputs, labels, predictions, digests] = (['input', 'label', 'prediction', 'digest'] as const).map(
    (kind) => files.of(kind)[0],
  );
  const probabilities = files.of('pixel');
  const recorder = writeRecorder(files.of('write'));
  const played = await play(model, lines, presented, {
    level: (n) => (n >= trace ? 'digest' : recorder.open() ? 'writes' : 'values'),
    onSample: (n, { prediction, trace: recorded }) => {
      inputs.write(model.input());
      for (const file of probabilities) file.write(presented.input(n));
      labels.write([presented.label(n)]);
      predictions.write([prediction]);
      digests.write([recorded.digest]);
      if (recorded.values) files.trace(recorded.values);
      if (recorded.writes) recorder.record(recorded.writes);
    },
    onProgress: (done) => {
      onProgress?.(done, samples);
      if (signal?.aborted) throw new UserError(`${folder}: interrupted, nothing was written; run it again`);
    },
  });
  onProgress?.(samples, samples);
  if (signal?.aborted) throw new UserError(`${folder}: interrupted, nothing was written; run it again`);
  weightsTo(files.of('weight'));
  return { writes: recorder, played };
};

const scriptEntry = (folder: string, lines: readonly HostLine[]): FileEntry => {
  const file = createMem(folder, HOST, HOST_BITS, [HOST_WORDS]);
  for (const line of lines) file.write(wordsOf(line).map((word) => word >>> 0));
  return file.close(lines.length);
};

/** Fills a golden directory with a pass. `scripted`: with what the host did, too. */
const writePass = async (
  plan: Plan,
  pass: Pass,
  about: Pick<Manifest, 'dataset'> & { readonly scripted: boolean },
  folder: string,
): Promise<Manifest> =>
  replaceFolder(folder, async (temporary) => {
    const files = openKinds(plan, temporary);
    let done = false;
    try {
      const { writes, played } = await run(pass, folder, files);
      const entries = files.close(pass.samples, pass.trace, writes.counts);
      done = true;
      const manifest: Manifest = {
        format: formatOf(plan.config),
        config: plan.config,
        factorFrac: plan.factor.frac,
        rngState: pass.model.rngState,
        samples: pass.samples,
        trace: pass.trace,
        writes: writes.samples(),
        dataset: about.dataset,
        files: about.scripted ? { ...entries, [HOST]: scriptEntry(temporary, played) } : entries,
      };
      writeFileSync(join(temporary, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
      return manifest;
    } finally {
      if (!done) files.abandon();
    }
  });

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
  const { samples, shuffle = false, weights, host } = options;
  const model = mirror(plan, weights ? { weights } : {});
  const order = shuffle ? epochOrder(samples, plan.config.seed)() : undefined;
  const at = (n: number): number => order?.[n] ?? n;
  const presented = {
    input: (n: number) => model.quantise(sampleFeatures(data, at(n))),
    label: (n: number) => data.labels[at(n)],
  };
  const plain = { samples, rate: rateAt(plan.config, 0), rngState: model.rngState, final: true };
  const drawn = typeof host === 'number' ? drawHost(plan, samples, host) : host;
  const lines = drawn ?? plainHost(plan, plain);
  const dataset = { name: data.name, split: data.split, first: 0 };
  return writePass(plan, { ...options, model, presented, lines }, { dataset, scripted: host !== undefined }, folder);
};

/**
 * Writes a golden directory of the first `samples` samples of another one, with the same initial state, as a host drawn from
 * `host` treats them.
 */
export const writeVaried = async (
  plan: Plan,
  from: string,
  { rngState, trace, dataset }: Manifest,
  { samples, host }: { readonly samples: number; readonly host: number },
  folder: string,
): Promise<Manifest> => {
  const { presented, weights } = presentedOf(plan, from);
  const model = mirror(plan, { weights, rngState });
  const lines = drawHost(plan, samples, host);
  return writePass(
    plan,
    { samples, trace: Math.min(trace, samples), model, presented, lines },
    { dataset, scripted: true },
    folder,
  );
};
