import type { Lab } from './lab.js';
import type { Row } from './report.js';
import { round } from './report.js';
import type { Shape } from './shapes.js';
import { finalAccuracy, type RunResult } from './spec.js';
import { mean, pairedDifference, spread } from './statistics.js';
import { type Arm, final, type Tuned, tune } from './tune.js';

/** A way to learn, and what tells it from the others in tables and files. */
export interface Entry<Labels extends Row> {
  readonly labels: Labels;
  readonly arm: Arm;
}

/** What came out of an entry at its best rate. */
export interface Measured<Labels extends Row> {
  readonly labels: Labels;
  readonly tuned: Tuned;
  readonly results: readonly RunResult[];
  /** on the test digits, a seed each */
  readonly accuracies: readonly number[];
  readonly mean: number;
  readonly deviation: number;
  /** seeds */
  readonly count: number;
  /** share of the last epoch's samples predicted rightly before their update, mean over seeds */
  readonly training: number;
}

const measure = <L extends Row>({ labels }: Entry<L>, tuned: Tuned, results: readonly RunResult[]): Measured<L> => {
  const accuracies = results.map(finalAccuracy);
  return {
    labels,
    tuned,
    results,
    accuracies,
    ...spread(accuracies),
    training: mean(results.map(({ training }) => training[training.length - 1])),
  };
};

/** Tunes the rate of every entry on validation digits, then judges it with that rate on the test digits. */
export const compare = async <L extends Row>(
  lab: Lab,
  entries: readonly Entry<L>[],
  shape: Shape,
  options: { readonly judgements?: number; readonly score?: (result: RunResult) => number } = {},
): Promise<readonly Measured<L>[]> => {
  const { judgements, score } = options;
  const arms = entries.map(({ arm }) => arm);
  const tuned = await tune(lab, arms, { ...shape.tuning, ...(score && { score }) });
  const results = await final(lab, tuned, { ...shape.final, ...(judgements !== undefined && { judgements }) });
  return entries.map((entry, i) => measure(entry, tuned[i], results[i]));
};

/** The one entry with these labels. */
export const find = <L extends Row>(measured: readonly Measured<L>[], labels: Partial<L>): Measured<L> => {
  const there = measured.find((m) => Object.entries(labels).every(([name, value]) => m.labels[name] === value));
  if (there === undefined) throw new Error(`no entry has ${JSON.stringify(labels)}`);
  return there;
};

/** How much better one entry is than another, seed by seed, with half of the 95 % interval. */
export const gain = <L extends Row>(
  measured: readonly Measured<L>[],
  of: Partial<L>,
  over: Partial<L>,
): { readonly difference: number; readonly half: number } =>
  pairedDifference(find(measured, of).accuracies, find(measured, over).accuracies);

/** The fractions of an integer run: of weights, activations and errors, layer by layer; nothing for a float one. */
const fracText = ({ frac }: RunResult): string =>
  frac === undefined ? '' : [frac.weight, frac.activation, frac.error].map((list) => list.join(' ')).join(' / ');

/** The line of an entry in CSV and JSON. */
export const rowOf = <L extends Row>(m: Measured<L>): L & Row => ({
  ...m.labels,
  rate_shift: m.tuned.k,
  accuracy: round(m.mean),
  deviation: round(m.deviation),
  seeds: m.count,
  training: round(m.training),
  frac: fracText(m.results[0]),
});

/** The rate of an entry as tables show it. */
export const rateText = ({ tuned }: Measured<Row>): string => `2^-${tuned.k}${tuned.edge ? ' *' : ''}`;

/** What the star of {@link rateText} says, where there is one. */
export const edgeNote = (measured: readonly Measured<Row>[]): string[] =>
  measured.some(({ tuned }) => tuned.edge) ? ['* the best rate is the first or last one tried.'] : [];
