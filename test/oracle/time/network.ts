/**
 * The numeric contract of networks in time a second time: BigInt, plain arrays, nothing shared with the product.
 *
 * Layers keep the page's number, with an empty entry 0; steps count from 0: `x[l][t-1][i]`.
 */
import {
  advance,
  draw,
  exponentials,
  F,
  factorsOf,
  firstState,
  type Matrix,
  maximum,
  mix,
  ONE,
  probabilities,
  range,
  rn,
  sat,
  strengthsOf,
  sum,
  type Vector,
  WORD,
} from '../scalars.js';
import { CELL, type CellFormats, carry, type Fired } from './cells.js';
import { encode } from './encode.js';
import { alignedOf, fractionsOf, membraneFraction, stepBits, type TimeConfig } from './resolve.js';

export interface TimeForward {
  /** [l][t][i], l from 0 (the input as the first layer sees it) to L-1 */
  readonly x: readonly Matrix[];
  /** sums of hidden layers, aligned */
  readonly z: readonly Matrix[];
  readonly membrane: readonly Matrix[];
  readonly open: readonly boolean[][][];
  /** the sums of the output layer */
  readonly Z: Vector;
  readonly logits: Vector;
  readonly exponentials: Vector;
  readonly probabilities: Vector;
  readonly prediction: number;
  /** values (membranes) clamped, over all steps, by layer; at L logits */
  readonly saturatedActivations: readonly number[];
}

export interface TimeStep extends TimeForward {
  readonly strengths: readonly Vector[];
  readonly factors: readonly Vector[];
  /** b of hidden layers, aligned, [l][t][j]; what is not open has none: 0 */
  readonly back: readonly Matrix[];
  /** delta and u, [l][t][j]; l = L repeats */
  readonly errors: readonly Matrix[];
  readonly through: readonly Matrix[];
  /** errors that update layer l and were clamped, over all steps */
  readonly saturatedErrors: readonly number[];
  /** A of the columns in use by matrix (order of `streams`), columns ascending, rows that are written within */
  readonly gradients: readonly Vector[];
  /** w' by layer: W's, then H's */
  readonly writes: readonly Vector[];
  readonly digest: bigint;
  /** after the step: W_1, H_1, W_2, .., and the encoder's with `rate` */
  readonly streams: Vector;
}

export interface TimeOracle {
  readonly weights: readonly Matrix[];
  /** H_l; empty where there is none */
  readonly recurrent: readonly Matrix[];
  readonly feedback: readonly Matrix[];
  readonly streams: () => Vector;
  /** `taken`: what the input port takes of a sample, as `port` gives it; with `rate` the encoder runs on. */
  readonly infer: (taken: readonly bigint[]) => TimeForward;
  /** One training step at rate 2^-k. */
  readonly step: (taken: readonly bigint[], label: number, k: number) => TimeStep;
}

/** Weights to start from in place of the drawn ones, layer l at [l-1]; H empty where there is none. */
export interface TimeStart {
  readonly weights: readonly Matrix[];
  readonly recurrent: readonly Matrix[];
}

const dot = (row: readonly bigint[], x: readonly bigint[]): bigint => sum(row.map((w, j) => w * x[j]));
const column = (w: Matrix, j: number, e: readonly bigint[]): bigint => sum(w.map((row, i) => row[j] * e[i]));
const copy = (w: Matrix): Matrix => w.map((row) => [...row]);

/** A matrix, and what its update needs. */
interface Updated {
  readonly w: Matrix;
  readonly stream: number;
  readonly s: bigint;
  /** index of its first weight among all */
  readonly base: number;
  /** pairs of an error's step and a value's: W pairs a step with itself, H with the one before */
  readonly pairs: readonly (readonly [error: number, value: number])[];
  readonly x: Matrix;
}

export const createTimeOracle = (config: TimeConfig, start?: TimeStart): TimeOracle => {
  const { layers: n, seed, steps: T, feedback, rounding, cell } = config;
  const { mode, clip } = config.grapes;
  const L = n.length - 1;
  const all = range(L).map((i) => i + 1);
  const hidden = all.slice(0, -1);
  const times = range(T);
  const [bw, ba, be] = [config.bits.weight, config.bits.activation, config.bits.error].map(BigInt);
  const numbers = fractionsOf(config);
  const aligned = alignedOf(config);
  const [fw, fa, fe] = [numbers.fw, numbers.fa, numbers.fe].map((f) => (l: number) => BigInt(f(l)));
  const [fz, fb, fS] = [aligned.fz, aligned.fb, aligned.fS].map((f) => (l: number) => BigInt(f(l)));
  const fh = (l: number): bigint => BigInt(numbers.fh(l) ?? 0);
  const isRecurrent = (l: number): boolean => l < L && config.recurrent[l - 1];

  // matrices and streams
  const W: Matrix[] = [[]];
  const H: Matrix[] = range(L + 1).map(() => []);
  const streams: Vector = [];
  const streamOf = { W: [] as number[], H: [] as number[] };
  const baseOf = { W: [] as number[], H: [] as number[] };
  let size = 0;
  for (const l of all) {
    const bits = config.bits.weight;
    W[l] = start
      ? copy(start.weights[l - 1])
      : draw(n[l], n[l - 1], { frac: numbers.fw(l), bits }, firstState(seed, 3, l));
    streamOf.W[l] = streams.push(firstState(seed, 1, l)) - 1;
    baseOf.W[l] = size;
    size += n[l] * n[l - 1];
    if (!isRecurrent(l)) continue;
    H[l] = start
      ? copy(start.recurrent[l - 1])
      : draw(n[l], n[l], { frac: Number(fh(l)), bits, of: 3n }, firstState(seed, 4, l));
    streamOf.H[l] = streams.push(firstState(seed, 2, l)) - 1;
    baseOf.H[l] = size;
    size += n[l] * n[l];
  }
  let encoder = firstState(seed, 6, 0);
  const allStreams = (): Vector => (config.encoding === 'rate' ? [...streams, encoder] : [...streams]);

  const B: Matrix[] = range(L + 1).map(() => []);
  const likeW = (l: number) => ({ frac: numbers.fw(l), bits: config.bits.weight });
  if (feedback === 'fa') for (const l of all.slice(1)) B[l] = draw(n[l], n[l - 1], likeW(l), firstState(seed, 5, l));
  if (feedback === 'dfa') for (const l of hidden) B[l] = draw(n[L], n[l], likeW(L), firstState(seed, 5, l));

  const formatsOf = (l: number): CellFormats => ({
    ba,
    be,
    fz: fz(l),
    fa: fa(l),
    fm: BigInt(membraneFraction(config)),
    m: BigInt(config.decayShift),
  });

  const forward = (taken: readonly bigint[]): TimeForward => {
    const encoded = encode(config, taken, encoder);
    encoder = encoded.state;
    const x: Matrix[] = [encoded.x];
    const z: Matrix[] = [[]];
    const membrane: Matrix[] = [[]];
    const open: boolean[][][] = [[]];
    const saturatedActivations = range(L + 1).map(() => 0);
    for (const l of hidden) {
      const formats = formatsOf(l);
      const fired: Fired[][] = [];
      z[l] = [];
      for (const t of times) {
        z[l][t] = range(n[l]).map((i) => {
          const below = dot(W[l][i], x[l - 1][t]) << (fz(l) - fw(l) - fa(l - 1));
          if (!isRecurrent(l) || t === 0) return below;
          const before = fired[t - 1].map((f) => f.x);
          return below + (dot(H[l][i], before) << (fz(l) - fh(l) - fa(l)));
        });
        fired[t] = z[l][t].map((zi, i) => CELL[cell[l - 1]](zi, t === 0 ? null : fired[t - 1][i], formats));
      }
      x[l] = fired.map((at) => at.map((f) => f.x));
      membrane[l] = fired.map((at) => at.map((f) => f.s));
      open[l] = fired.map((at) => at.map((f) => f.open));
      saturatedActivations[l] = fired.flat().filter((f) => f.saturated).length;
    }
    const Z = range(n[L]).map((i) => sum(times.map((t) => dot(W[L][i], x[L - 1][t]))));
    const rounded = Z.map((Zi) => rn(Zi, fz(L) - 8n + BigInt(stepBits(T))));
    const logits = rounded.map((v) => sat(v, 16n));
    saturatedActivations[L] = rounded.filter((v) => sat(v, 16n) !== v).length;
    const e = exponentials(logits);
    return {
      x,
      z,
      membrane,
      open,
      Z,
      logits,
      exponentials: e,
      probabilities: probabilities(e, fe(L)),
      prediction: logits.indexOf(maximum(logits)),
      saturatedActivations,
    };
  };

  /** S of a hidden layer: all its incoming weights, aligned. */
  const strengthOf = (l: number): Vector => {
    const below = strengthsOf(W[l]).map((S) => S << (fS(l) - fw(l)));
    if (!isRecurrent(l)) return below;
    return strengthsOf(H[l]).map((S, i) => below[i] + (S << (fS(l) - fh(l))));
  };

  const carrier = (l: number): { from: number; matrix: Matrix } => {
    if (feedback === 'dfa') return { from: L, matrix: B[l] };
    return { from: l + 1, matrix: feedback === 'fa' ? B[l + 1] : W[l + 1] };
  };

  const update = ({ w, stream, s, base, pairs, x }: Updated, errors: Matrix, rows: readonly number[]) => {
    const gradients: Vector = [];
    const writes: Vector = [];
    let digest = 0n;
    const columns = range(w[0].length).filter((j) => pairs.some(([, at]) => x[at][j] !== 0n));
    for (const j of columns) {
      let r = s === 0n ? 0n : 2n ** (s - 1n);
      if (rounding === 'stochastic') {
        streams[stream] = advance(streams[stream]);
        r = streams[stream] >> (32n - s);
      }
      for (const i of rows) {
        const A = sum(pairs.map(([t, at]) => errors[t][i] * x[at][j]));
        w[i][j] = sat(w[i][j] + ((r - A) >> s), bw);
        gradients.push(A);
        writes.push(w[i][j]);
        digest += mix(BigInt(base + i * w[0].length + j) ^ mix(BigInt.asUintN(config.bits.weight, w[i][j])));
      }
    }
    return { gradients, writes, digest };
  };

  const step = (taken: readonly bigint[], label: number, k: number): TimeStep => {
    const seen = forward(taken);
    const { x, open } = seen;
    const blank = (): Vector[] => range(L + 1).map(() => []);
    const [strengths, factors] = [blank(), blank()];
    for (const l of hidden) {
      strengths[l] = strengthOf(l);
      factors[l] = factorsOf(strengths[l], mode, clip).factors;
    }

    // backward
    const back: Matrix[] = range(L + 1).map(() => []);
    const errors: Matrix[] = range(L + 1).map(() => []);
    const through: Matrix[] = range(L + 1).map(() => []);
    const saturatedErrors = range(L + 1).map(() => 0);
    const output = seen.probabilities.map((p, i) => p - (i === label ? 2n ** fe(L) : 0n));
    saturatedErrors[L] = output.filter((v) => sat(v, be) !== v).length;
    errors[L] = times.map(() => output.map((v) => sat(v, be)));
    through[L] = errors[L];
    for (const l of [...hidden].reverse()) {
      const { from, matrix } = carrier(l);
      const v = mode === 'local' ? through[from] : errors[from];
      const formats = formatsOf(l);
      const g = (b: bigint, f: bigint): bigint => rn(b * f, fb(l) + F - fe(l));
      for (const t of [...times].reverse()) {
        const last = t === T - 1;
        back[l][t] = range(n[l]).map((j) => {
          if (!open[l][t][j]) return 0n;
          const above = column(matrix, j, v[t]) << (fb(l) - fw(from) - fe(from));
          if (!isRecurrent(l) || last) return above;
          return above + (column(H[l], j, through[l][t + 1]) << (fb(l) - fh(l) - fe(l)));
        });
        const errorsWith = (f: (j: number) => bigint, of: Matrix): Vector =>
          back[l][t].map(
            (b, j) =>
              (open[l][t][j] ? g(b, f(j)) : 0n) + carry(cell[l - 1], x[l][t][j], last ? null : of[t + 1][j], formats),
          );
        const modulated = errorsWith((j) => factors[l][j], errors[l]);
        const unmodulated = errorsWith(() => ONE, through[l]);
        saturatedErrors[l] += modulated.filter((e) => sat(e, be) !== e).length;
        errors[l][t] = modulated.map((e) => sat(e, be));
        through[l][t] = unmodulated.map((e) => sat(e, be));
      }
    }

    // update
    const gradients: Vector[] = streams.map(() => []);
    const writes = blank();
    let digest = 0n;
    const own = times.map((t): [number, number] => [t, t]);
    const later = times.slice(1).map((t): [number, number] => [t, t - 1]);
    for (const l of all) {
      const rows = range(n[l]).filter((i) => errors[l].some((at) => at[i] !== 0n));
      if (rows.length === 0) continue;
      const matrices: Updated[] = [
        {
          w: W[l],
          stream: streamOf.W[l],
          s: fe(l) + fa(l - 1) + BigInt(k) - fw(l),
          base: baseOf.W[l],
          pairs: own,
          x: x[l - 1],
        },
      ];
      if (isRecurrent(l))
        matrices.push({
          w: H[l],
          stream: streamOf.H[l],
          s: fe(l) + fa(l) + BigInt(k) - fh(l),
          base: baseOf.H[l],
          pairs: later,
          x: x[l],
        });
      for (const matrix of matrices) {
        const done = update(matrix, errors[l], rows);
        gradients[matrix.stream] = done.gradients;
        writes[l].push(...done.writes);
        digest = (digest + done.digest) % WORD;
      }
    }
    return {
      ...seen,
      strengths,
      factors,
      back,
      errors,
      through,
      saturatedErrors,
      gradients,
      writes,
      digest,
      streams: allStreams(),
    };
  };

  return { weights: W, recurrent: H, feedback: B, streams: allStreams, infer: forward, step };
};
