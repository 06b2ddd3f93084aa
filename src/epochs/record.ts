import { setImmediate } from 'node:timers/promises';
import type { Plan } from '../datapath/plan.js';
import { rateAt } from '../datapath/rate.js';
import { epochOrder, type InitialState, Network, type Samples, sampleFeatures } from '../model/index.js';
import { beatsOf, decodeState, type Expected, encodePart, encodeState, stateOf } from './binary.js';
import { checkedFile, FILES, keepFile, type RunRecord, saveRecord } from './folder.js';
import type { Part } from './parts.js';

/** Training and test samples of a run. */
export interface EpochSamples {
  readonly train: Samples;
  readonly test: Samples;
  /** weights to start from instead of the seed's: layer l at [l-1], row by row */
  readonly weights?: readonly ArrayLike<number>[];
}

/** Samples between two looks at the rest of the program. */
const BREATH = 200;

/** The model in the state before part `number`. */
const networkBefore = (
  plan: Plan,
  number: number,
  folder: string,
  { files }: RunRecord,
  from: InitialState,
): Network => {
  const name = FILES.state(number);
  const bytes = files[name] === undefined ? null : checkedFile(folder, name, files[name]);
  return new Network(plan, bytes === null ? from : decodeState(plan, bytes));
};

/**
 * Trains the model on the parts that are not recorded yet and writes down what the core must do in each: the files of an
 * epochs folder. Returns the record with their checksums; it is saved after every part.
 * @param parts all parts of the run, from the first epoch on
 */
export const recordParts = async (
  plan: Plan,
  { train, test, ...initial }: EpochSamples,
  parts: readonly Part[],
  folder: string,
  from: RunRecord,
  onSample: (done: number) => void,
): Promise<RunRecord> => {
  let record = from;
  const keep = (files: Readonly<Record<string, Uint8Array>>): void => {
    const sums = Object.entries(files).map(([name, bytes]) => [name, keepFile(folder, name, bytes)]);
    record = { ...record, files: { ...record.files, ...Object.fromEntries(sums) } };
    saveRecord(folder, record);
  };
  const missing = parts.filter(({ number }) => record.files[FILES.part(number)] === undefined);
  if (missing.length === 0) return record;
  const network = networkBefore(plan, missing[0].number, folder, record, initial);
  if (missing[0].number === 0)
    keep({
      [FILES.train]: beatsOf(plan, network, train),
      [FILES.test]: beatsOf(plan, network, test),
      [FILES.state(0)]: encodeState(stateOf(network)),
    });

  const nextOrder = epochOrder(train.count, plan.config.seed);
  let order: Uint32Array = new Uint32Array(0);
  let shuffled = 0;
  let done = parts.slice(0, missing[0].number).reduce((sum, { samples }) => sum + samples, 0);
  for (const { number, epoch, first, samples, last } of missing) {
    for (; shuffled <= epoch; shuffled++) order = nextOrder();
    const rate = rateAt(plan.config, epoch);
    const expected: Expected[] = [];
    for (const index of order.subarray(first, first + samples)) {
      const label = train.labels[index];
      const { prediction, trace } = network.stepSample(sampleFeatures(train, index), label, {
        k: rate,
        trace: 'digest',
      });
      expected.push({ index, label, prediction, digest: trace?.digest ?? 0 });
      if (++done % BREATH === 0) {
        onSample(done);
        await setImmediate();
      }
    }
    const tests = network.apart(() =>
      Array.from({ length: last ? test.count : 0 }, (_, index) => {
        const prediction = network.predictSample(sampleFeatures(test, index));
        return { index, label: test.labels[index], prediction, digest: 0 };
      }),
    );
    keep({
      [FILES.part(number)]: encodePart(rate, expected, tests),
      [FILES.state(number + 1)]: encodeState(stateOf(network)),
    });
  }
  return record;
};
