import { UserError } from '../fx/error.js';
import type { Lab } from './lab.js';
import { isLegal } from './learner.js';
import { finalAccuracy, type RunResult, type RunSpec, type Samples } from './spec.js';
import { mean } from './statistics.js';

/** A way to learn whose rate, and formats if several are given, are to be chosen. */
export interface Arm {
  /** unique in an experiment */
  readonly name: string;
  /** rate, seed, epochs and samples are set by the experiment */
  readonly spec: Omit<RunSpec, 'rate' | 'seed' | 'epochs' | 'samples'>;
  /** shifts to choose from, largest rate first */
  readonly rates: readonly number[];
}

/** One rate on trial. */
export interface Trial {
  /** the rate is 2^-k */
  readonly k: number;
  /** on the validation digits, mean over seeds */
  readonly accuracy: number;
}

/** An arm with the rate that did best on the validation digits. */
export interface Tuned {
  readonly arm: Arm;
  readonly k: number;
  readonly trials: readonly Trial[];
  /** the best rate is the first or last of the legal ones: a wider grid might hold a better one */
  readonly edge: boolean;
}

export interface Tuning {
  readonly samples: Samples;
  readonly epochs: number;
  readonly seeds: readonly number[];
  /** what counts, higher is better; the final accuracy if left out */
  readonly score?: (result: RunResult) => number;
}

const choose = (arm: Arm, trials: readonly Trial[]): Tuned => {
  if (trials.length === 0)
    throw new UserError(`${arm.name}: no rate of 2^-${arm.rates.join(', 2^-')} is legal with these formats`);
  const best = trials.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
  const edge = trials.length > 1 && (best === trials[0] || best === trials[trials.length - 1]);
  return { arm, k: best.k, trials, edge };
};

/**
 * Chooses each arm's rate: every one that has legal formats is tried on the validation digits, which lie in the training set,
 * and the best mean accuracy at the end of the last epoch wins; of equals the largest rate.
 */
export const tune = async (lab: Lab, arms: readonly Arm[], tuning: Tuning): Promise<readonly Tuned[]> => {
  const { seeds, epochs, samples, score = finalAccuracy } = tuning;
  const tries = arms.flatMap((arm) =>
    arm.rates
      .map((k) => ({ arm, k, specs: seeds.map((seed): RunSpec => ({ ...arm.spec, rate: k, seed, epochs, samples })) }))
      .filter(({ specs }) => isLegal(specs[0])),
  );
  const results = await lab.all(tries.flatMap(({ specs }) => specs));
  const trials = tries.flatMap(({ arm, k }, i) => {
    const ours = results.slice(i * seeds.length, (i + 1) * seeds.length);
    return ours.some(({ refused }) => refused !== undefined) ? [] : [{ arm, k, accuracy: mean(ours.map(score)) }];
  });
  return arms.map((arm) =>
    choose(
      arm,
      trials.filter((trial) => trial.arm === arm).map(({ k, accuracy }) => ({ k, accuracy })),
    ),
  );
};

/** The runs of tuned arms at their rates on `samples`, `seeds` results each. */
export const final = async (
  lab: Lab,
  tuned: readonly Tuned[],
  { samples, epochs, seeds, judgements }: Omit<Tuning, 'score'> & { readonly judgements?: number },
): Promise<readonly (readonly RunResult[])[]> => {
  const specs = tuned.flatMap(({ arm, k }) =>
    seeds.map(
      (seed): RunSpec => ({
        ...arm.spec,
        rate: k,
        seed,
        epochs,
        samples,
        ...(judgements !== undefined && { judgements }),
      }),
    ),
  );
  const results = await lab.all(specs);
  return tuned.map((_, i) => results.slice(i * seeds.length, (i + 1) * seeds.length));
};

/** Seeds 1, 2, .. */
export const seedsTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
