import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseConfig, type RawConfig } from '../../src/config/index.js';
import { readDesign } from '../../src/cosim/index.js';
import { type Dataset, loadDataset } from '../../src/data/index.js';
import { type Plan, plan } from '../../src/datapath/plan.js';
import { verifyEpochs } from '../../src/epochs/index.js';
import { emit } from '../../src/rtl/index.js';
import { startRun } from '../../src/training/index.js';

const CLASSES = 10;
const LATER = 9;

export interface LaterOptions {
  /** digits 0..8 to train on, and epochs over them */
  readonly samples: number;
  readonly epochs: number;
  /** nines to learn later, and their learning-rate shift */
  readonly nines: number;
  readonly rate: number;
  /** digits 0..8 that come between the nines, as reminders */
  readonly reminders: number;
  /** test digits; all where undefined */
  readonly tests?: number;
  readonly config: Partial<RawConfig>;
  /** for the design and the simulator's files */
  readonly folder: string;
}

/** Shares of test digits that the core is right of. */
export interface Judged {
  readonly earlier: number;
  readonly later: number;
}

export interface LaterOutcome {
  readonly before: Judged;
  readonly after: Judged;
  /** training steps of the core, all equal to the model's */
  readonly steps: number;
}

/** The first `most` digits that `keep` asks for. */
const some = (data: Dataset, most: number, keep: (label: number) => boolean): Dataset => {
  const chosen = [...data.labels.keys()].filter((n) => keep(data.labels[n])).slice(0, most);
  const { inputs } = data;
  const features = new Uint8Array(chosen.length * inputs);
  chosen.forEach((n, at) => {
    features.set(data.features.subarray(n * inputs, (n + 1) * inputs), at * inputs);
  });
  return { ...data, count: chosen.length, features, labels: Uint16Array.from(chosen, (n) => data.labels[n]) };
};

const joined = (a: Dataset, b: Dataset): Dataset => ({
  ...a,
  count: a.count + b.count,
  features: Uint8Array.from([...a.features, ...b.features]),
  labels: Uint16Array.from([...a.labels, ...b.labels]),
});

/** Share of the samples of some classes that is right. */
const rightOf = (confusion: readonly (readonly number[])[], among: (label: number) => boolean): number => {
  const rows = confusion.flatMap((row, label) =>
    among(label) ? [{ right: row[label], all: row.reduce((a, b) => a + b) }] : [],
  );
  return rows.reduce((sum, { right }) => sum + right, 0) / rows.reduce((sum, { all }) => sum + all, 0);
};

/** Weights that the model ends with: those of the core, where its run was equal. */
const trained = (design: Plan, train: Dataset, test: Dataset, epochs: number, weights?: readonly Int16Array[]) => {
  const run = startRun(design, train, test, { epochs, ...(weights && { weights }) });
  while (run.next() !== undefined);
  return run.state().weights;
};

/**
 * Nine digits first, the tenth later: a core of ten outputs is trained on the digits 0..8, then on some nines, starting from
 * the weights that it had. Verilator simulates every step, held against the model, and every test digit.
 */
export const learnLater = async (options: LaterOptions): Promise<LaterOutcome> => {
  const { samples, epochs, nines, rate, reminders, tests, folder } = options;
  const shape = { inputs: 784, classes: CLASSES, seed: 1 };
  const [all, judges] = (['train', 'test'] as const).map((split) => loadDataset('mnist', split, shape));
  const earlier = (label: number): boolean => label !== LATER;
  const first = some(all, samples, earlier);
  const second = joined(
    some(all, nines, (label) => label === LATER),
    some(first, reminders, earlier),
  );
  const test = some(judges, tests ?? judges.count, () => true);

  let steps = 0;
  /** Trains the core; gives the share of either part of the test digits that it is right of at the end. */
  const onCore = async (
    design: Plan,
    train: Dataset,
    times: number,
    weights?: readonly Int16Array[],
  ): Promise<Judged> => {
    const { name } = design.config;
    for (const [file, text] of emit(design)) {
      mkdirSync(dirname(join(folder, name, file)), { recursive: true });
      writeFileSync(join(folder, name, file), text);
    }
    const outcome = await verifyEpochs({
      design: readDesign(join(folder, name), name),
      plan: design,
      samples: { train, test, ...(weights && { weights }) },
      epochs: times,
      jobs: 2,
      seed: 1,
      cache: join(folder, 'cache'),
      onProgress: () => undefined,
    });
    if (!outcome.ok) throw new Error(outcome.problem ?? `the core differs: ${JSON.stringify(outcome.mismatch)}`);
    steps += outcome.steps;
    const { confusion } = outcome.epochs[times - 1];
    return { earlier: rightOf(confusion, earlier), later: rightOf(confusion, (label) => label === LATER) };
  };

  const raw = { layers: [784, 64, CLASSES], lanes: 16, data: 'mnist', ...options.config };
  const design = plan(parseConfig({ ...raw, name: 'first' }));
  const before = await onCore(design, first, epochs);
  const weights = trained(design, first, test, epochs);
  const next = plan(parseConfig({ ...raw, name: 'later', learningRateShift: rate }));
  const after = await onCore(next, second, 1, weights);
  return { before, after, steps };
};
