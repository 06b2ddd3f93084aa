/** Parts of an epoch: after each of them all weights are compared, and a run that was interrupted goes on from there. */
export const PARTS_PER_EPOCH = 10;

/** Samples that are trained in one go, between two comparisons of all weights. */
export interface Part {
  /** from 0, all epochs through */
  readonly number: number;
  /** from 0 */
  readonly epoch: number;
  /** place of its first sample in the epoch */
  readonly first: number;
  readonly samples: number;
  /** the epoch ends with it, and the network is judged on the test samples */
  readonly last: boolean;
}

/** Parts of each epoch of `count` samples. */
const perEpoch = (count: number): number => Math.min(PARTS_PER_EPOCH, count);

/** The parts of `epochs` epochs of `count` samples. */
export const partsOf = (epochs: number, count: number): Part[] => {
  const parts = perEpoch(count);
  const start = (i: number): number => Math.floor((count * i) / parts);
  return Array.from({ length: epochs * parts }, (_, number) => {
    const i = number % parts;
    return {
      number,
      epoch: Math.floor(number / parts),
      first: start(i),
      samples: start(i + 1) - start(i),
      last: i === parts - 1,
    };
  });
};

/** A run of parts that follow one another. */
export interface Strand {
  readonly first: number;
  readonly last: number;
}

/**
 * The parts still to do, as strands of about equal length for `jobs` simulators at a time: each trains its parts without a
 * break, from the state that the model had before the first.
 * @param missing numbers of parts, ascending
 */
export const strandsOf = (missing: readonly number[], jobs: number): Strand[] => {
  const most = Math.ceil(missing.length / jobs);
  const strands: { first: number; last: number }[] = [];
  for (const number of missing) {
    const open = strands[strands.length - 1];
    if (open !== undefined && open.last === number - 1 && number - open.first < most) open.last = number;
    else strands.push({ first: number, last: number });
  }
  return strands;
};
