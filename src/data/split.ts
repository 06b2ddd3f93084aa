import { identity, PURPOSE, shuffle, stream } from '../fx/random.js';

/** What part of the samples is kept for testing where no file says so, and the seed that decides which. */
export interface TestShare {
  /** share of the samples, above 0 and below 1 */
  readonly test: number;
  readonly seed: number;
}

export const DEFAULT_SPLIT: TestShare = { test: 0.1, seed: 1 };

/** The split's stream takes the place that a second layer would have among the synthetic-data streams. */
const LAYER = 2;

/**
 * How many samples of each class are kept: the share of each, rounded so that they add up to the share of all, at least one;
 * every class keeps a sample to train on.
 */
const quotas = (labels: Uint16Array, share: number): Map<number, number> => {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const classes = [...sizes].map(([label, size]) => ({ label, size, exact: Math.min(size - 1, share * size) }));
  const quota = new Map(classes.map(({ label, exact }) => [label, Math.floor(exact)]));
  let left = Math.max(1, Math.round(share * labels.length)) - [...quota.values()].reduce((sum, n) => sum + n, 0);
  const byRest = classes.sort((a, b) => (b.exact % 1) - (a.exact % 1) || a.label - b.label);
  for (const { label, size } of byRest) {
    const now = quota.get(label) ?? 0;
    if (left <= 0 || now >= size - 1) continue;
    quota.set(label, now + 1);
    left--;
  }
  return quota;
};

/** Divides samples by seed and class: of each class the same share is kept for testing. Both parts are in file order. */
export const stratified = (
  labels: Uint16Array,
  { test, seed }: TestShare,
): { train: Uint32Array; test: Uint32Array } => {
  const order = identity(labels.length);
  shuffle(order, stream(seed, PURPOSE.syntheticData, LAYER));
  const quota = quotas(labels, test);
  const kept = new Uint8Array(labels.length);
  for (const n of order) {
    const more = quota.get(labels[n]) ?? 0;
    if (more === 0) continue;
    kept[n] = 1;
    quota.set(labels[n], more - 1);
  }
  const all = identity(labels.length);
  return { train: all.filter((n) => kept[n] === 0), test: all.filter((n) => kept[n] === 1) };
};
