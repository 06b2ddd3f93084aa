import type { FloatOptions } from '../../src/float/index.js';

/** The published algorithm in doubles, dense, straight from its formulas: weights as lists of rows. */
export interface Oracle {
  readonly weights: number[][][];
  readonly factors: number[][];
  readonly errors: number[][];
}

export interface OracleInput {
  readonly options: FloatOptions;
  /** initial weights, layer l at [l-1] */
  readonly weights: readonly number[][][];
  /** what carries errors back into each hidden layer; the next layer's weights if left out */
  readonly carriers?: readonly number[][][];
  readonly samples: readonly { readonly pixels: readonly number[]; readonly label: number }[];
  readonly rate: number;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i], 0);

const factorsOf = (rows: readonly number[][], { mode, clip = 'unit' }: FloatOptions): number[] => {
  const strengths = rows.map((row) => row.reduce((sum, w) => sum + Math.abs(w), 0));
  const most = Math.max(...strengths);
  const clipped = strengths.map((s) => Math.min(2, Math.max(clip === 'unit' ? 1 : 0, (2 * s) / most)));
  if (mode === 'off') return strengths.map(() => 1);
  const mean = clipped.reduce((sum, f) => sum + f, 0) / clipped.length;
  return mode === 'uniform' ? clipped.map(() => mean) : clipped;
};

/** Trains through all samples, a mini-batch an update. */
export const train = ({ options, weights, carriers, samples, rate }: OracleInput): Oracle => {
  const W = weights.map((rows) => rows.map((row) => [...row]));
  const V = W.map((rows) => rows.map((row) => row.map(() => 0)));
  const L = W.length;
  const { batch = 1, momentum = 0, feedback = 'bp', mode } = options;
  let factors: number[][] = [];
  let errors: number[][] = [];
  for (let first = 0; first < samples.length; first += batch) {
    const part = samples.slice(first, first + batch);
    const G = W.map((rows) => rows.map((row) => row.map(() => 0)));
    factors = W.slice(0, -1).map((rows) => factorsOf(rows, options));
    for (const { pixels, label } of part) {
      const x: number[][] = [pixels.map((p) => p / 255)];
      for (let l = 0; l < L; l++) {
        const z = W[l].map((row) => dot(row, x[l]));
        x.push(l < L - 1 ? z.map((v) => Math.max(0, v)) : z);
      }
      const exponentials = x[L].map((z) => Math.exp(z));
      const total = exponentials.reduce((sum, e) => sum + e, 0);
      errors = W.map(() => []);
      errors[L - 1] = exponentials.map((e, i) => e / total - (i === label ? 1 : 0));
      const passed = [...errors];
      for (let l = L - 2; l >= 0; l--) {
        const carrier = carriers?.[l] ?? W[l + 1];
        const above = feedback === 'dfa' ? passed[L - 1] : passed[l + 1];
        const plain = x[l + 1].map((v, j) =>
          v > 0
            ? dot(
                carrier.map((row) => row[j]),
                above,
              )
            : 0,
        );
        errors[l] = plain.map((b, j) => b * factors[l][j]);
        passed[l] = mode === 'local' ? plain : errors[l];
      }
      for (let l = 0; l < L; l++)
        G[l].forEach((row, i) => {
          for (let j = 0; j < row.length; j++) row[j] += (errors[l][i] * x[l][j]) / part.length;
        });
    }
    for (let l = 0; l < L; l++)
      W[l].forEach((row, i) => {
        for (let j = 0; j < row.length; j++) {
          V[l][i][j] = momentum * V[l][i][j] - rate * G[l][i][j];
          row[j] += V[l][i][j];
        }
      });
  }
  return { weights: W, factors, errors };
};
