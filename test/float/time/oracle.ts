import type { FloatTimeOptions } from '../../../src/float/index.js';

/** Networks in time in doubles, dense, straight from the formulas: weights as lists of rows. */
export interface Weights {
  /** layer l at [l-1] */
  readonly W: readonly number[][][];
  /** empty where there is none */
  readonly H: readonly number[][][];
}

export interface TimeSample {
  /** [t-1][j] */
  readonly x: readonly number[][];
  readonly label: number;
}

interface Unrolled {
  /** values, sums or membranes, and whether open: [l][t][i], l = 0 the input */
  readonly x: number[][][];
  readonly open: boolean[][][];
  readonly logits: number[];
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i], 0);
const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((v, i) => v + b[i]);
const column = (rows: readonly number[][], j: number): number[] => rows.map((row) => row[j]);

/** What the sum over time is divided by before softmax. */
export const shareOf = (steps: number): number => 2 ** Math.ceil(Math.log2(steps));

const decayOf = ({ decayShift = 3 }: FloatTimeOptions): number => 1 - 2 ** -decayShift;

const unroll = (options: FloatTimeOptions, { W, H }: Weights, sample: TimeSample): Unrolled => {
  const T = options.steps;
  const x: number[][][] = [sample.x.map((at) => [...at])];
  const open: boolean[][][] = [[]];
  for (let l = 1; l < W.length; l++) {
    x[l] = [];
    open[l] = [];
    let membrane = W[l - 1].map(() => 0);
    for (let t = 0; t < T; t++) {
      const below = W[l - 1].map((row) => dot(row, x[l - 1][t]));
      const own = t > 0 && H[l - 1].length > 0 ? H[l - 1].map((row) => dot(row, x[l][t - 1])) : below.map(() => 0);
      const z = plus(below, own);
      if (options.cell === 'tanh') {
        x[l][t] = z.map((v) => Math.min(1, Math.max(-1, v)));
        open[l][t] = z.map((v) => Math.abs(v) <= 1);
      } else {
        const before = membrane;
        membrane = z.map((v, i) => v + (t > 0 && x[l][t - 1][i] === 0 ? decayOf(options) * before[i] : 0));
        x[l][t] = membrane.map((s) => (s >= 1 ? 1 : 0));
        open[l][t] = membrane.map((s) => Math.abs(s - 1) < 0.5);
      }
    }
  }
  const top = x[W.length - 1].reduce(plus);
  return { x, open, logits: W[W.length - 1].map((row) => dot(row, top) / shareOf(T)) };
};

const softmax = (logits: readonly number[]): number[] => {
  const most = Math.max(...logits);
  const e = logits.map((q) => Math.exp(q - most));
  const total = e.reduce((a, b) => a + b);
  return e.map((v) => v / total);
};

/** Cross-entropy of a sample. */
export const loss = (options: FloatTimeOptions, weights: Weights, sample: TimeSample): number =>
  -Math.log(softmax(unroll(options, weights, sample).logits)[sample.label]);

const factorsOf = (strengths: readonly number[], { mode, clip = 'unit' }: FloatTimeOptions): number[] => {
  const most = Math.max(...strengths);
  const clipped = strengths.map((s) => Math.min(2, Math.max(clip === 'unit' ? 1 : 0, (2 * s) / most)));
  const mean = clipped.reduce((a, b) => a + b) / clipped.length;
  return clipped.map((f) => (mode === 'off' ? 1 : mode === 'uniform' ? mean : f));
};

/** What a sample adds to the gradient: of every matrix, with the output's error as it is at every step. */
export const gradientOf = (options: FloatTimeOptions, weights: Weights, sample: TimeSample): Weights => {
  const { W, H } = weights;
  const [L, T] = [W.length, options.steps];
  const { x, open, logits } = unroll(options, weights, sample);
  const output = softmax(logits).map((p, i) => p - (i === sample.label ? 1 : 0));
  const delta: number[][][] = [];
  const through: number[][][] = [];
  delta[L] = Array.from({ length: T }, () => output);
  through[L] = delta[L];
  for (let l = L - 1; l >= 1; l--) {
    const strengths = W[l - 1].map((row, i) => [...row, ...(H[l - 1][i] ?? [])].reduce((s, w) => s + Math.abs(w), 0));
    const factor = factorsOf(strengths, options);
    delta[l] = [];
    through[l] = [];
    for (let t = T - 1; t >= 0; t--) {
      const above = (options.mode === 'local' ? through : delta)[l + 1][t];
      const b = x[l][t].map((_, j) => {
        const own = t < T - 1 && H[l - 1].length > 0 ? dot(column(H[l - 1], j), through[l][t + 1]) : 0;
        return dot(column(W[l], j), above) + own;
      });
      const kept = (later: readonly number[] | undefined, j: number): number =>
        options.cell === 'snu' && later !== undefined && x[l][t][j] === 0 ? decayOf(options) * later[j] : 0;
      const next = { delta: delta[l][t + 1], through: through[l][t + 1] };
      delta[l][t] = b.map((v, j) => (open[l][t][j] ? v * factor[j] : 0) + kept(next.delta, j));
      through[l][t] = b.map((v, j) => (open[l][t][j] ? v : 0) + kept(next.through, j));
    }
  }
  const product = (l: number, value: (t: number, j: number) => number, columns: number): number[][] =>
    W[l - 1].map((_, i) =>
      Array.from({ length: columns }, (_, j) => delta[l].reduce((sum, at, t) => sum + at[i] * value(t, j), 0)),
    );
  return {
    W: W.map((rows, at) => product(at + 1, (t, j) => x[at][t][j], rows[0].length)),
    H: H.map((rows, at) =>
      rows.length === 0 ? [] : product(at + 1, (t, j) => (t > 0 ? x[at + 1][t - 1][j] : 0), rows.length),
    ),
  };
};

/** Each number of `a` with its counterpart in `b`. */
export const combine = (a: Weights, b: Weights, by: (v: number, w: number) => number): Weights => {
  const both = (p: readonly number[][][], q: readonly number[][][]): number[][][] =>
    p.map((rows, l) => rows.map((row, i) => row.map((v, j) => by(v, q[l][i][j]))));
  return { W: both(a.W, b.W), H: both(a.H, b.H) };
};

/** Trains through all samples, a mini-batch an update. */
export const train = (
  options: FloatTimeOptions,
  first: Weights,
  samples: readonly TimeSample[],
  rate: number,
): Weights => {
  const { batch = 1, momentum = 0 } = options;
  let weights = first;
  let velocity = combine(first, first, () => 0);
  for (let at = 0; at < samples.length; at += batch) {
    const part = samples.slice(at, at + batch).map((sample) => gradientOf(options, weights, sample));
    const gradient = part.reduce((a, b) => combine(a, b, (v, w) => v + w));
    velocity = combine(velocity, gradient, (v, g) => momentum * v - (rate * g) / part.length);
    weights = combine(weights, velocity, (w, v) => w + v);
  }
  return weights;
};
