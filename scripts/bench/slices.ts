/** Samples timed together: short enough that many slices of a run pass undisturbed on a busy machine. */
export const SLICE = 5;

/** The fastest time of every slice over rounds that are alike in all but disturbance. */
export interface Fastest {
  readonly add: (seconds: readonly number[]) => void;
  /** what a round would take, were all its slices undisturbed */
  readonly total: () => number;
}

export const fastest = (): Fastest => {
  let best: readonly number[] = [];
  return {
    add: (seconds) => {
      best = seconds.map((s, i) => Math.min(s, best[i] ?? s));
    },
    total: () => best.reduce((sum, s) => sum + s, 0),
  };
};
