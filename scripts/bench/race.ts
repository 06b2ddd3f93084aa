import { type Fastest, fastest } from './slices.js';

export interface Round {
  readonly right: number;
  readonly checksum: number;
  /** by slice */
  readonly seconds: readonly number[];
}

/** Something that trains a network. */
export interface Contender {
  readonly name: string;
  /** contenders alike in this compute the same integers */
  readonly integers: string;
  readonly rounds: number;
  readonly run: () => Round;
  /** seconds by slice of each phase, from a run that times them */
  readonly phases?: () => Readonly<Record<string, readonly number[]>>;
}

export interface Timed {
  readonly name: string;
  readonly integers: string;
  /** of a whole run */
  readonly seconds: number;
  /** of each phase */
  readonly phases: Readonly<Record<string, number>>;
  /** of the samples, predicted rightly before their update */
  readonly right: number;
  readonly checksum: number;
}

const totals = (phases: ReadonlyMap<string, Fastest>): Record<string, number> =>
  Object.fromEntries([...phases].map(([name, best]) => [name, best.total()]));

/** Runs everybody's rounds in turn. @param onRound called after each, with how many are done */
export const race = (contenders: readonly Contender[], onRound: (done: number) => void): Timed[] => {
  const states = contenders.map((contender) => ({
    contender,
    whole: fastest(),
    phases: new Map<string, Fastest>(),
    last: { right: 0, checksum: 0, seconds: [] } as Round,
  }));
  const rounds = Math.max(...contenders.map((contender) => contender.rounds));
  for (let round = 0; round < rounds; round++) {
    for (const state of states) {
      const { contender, whole, phases } = state;
      if (round >= contender.rounds) continue;
      state.last = contender.run();
      whole.add(state.last.seconds);
      for (const [name, seconds] of Object.entries(contender.phases?.() ?? {})) {
        phases.set(name, phases.get(name) ?? fastest());
        phases.get(name)?.add(seconds);
      }
    }
    onRound(round + 1);
  }
  return states.map(({ contender: { name, integers }, whole, phases, last: { right, checksum } }) => ({
    name,
    integers,
    seconds: whole.total(),
    phases: totals(phases),
    right,
    checksum,
  }));
};

/** Those whose integers somebody else computes, and ended with other weights or predictions. */
export const disagreeing = (all: readonly Timed[]): Timed[] =>
  all.filter((one) =>
    all.some(
      (other) => other.integers === one.integers && (other.checksum !== one.checksum || other.right !== one.right),
    ),
  );
