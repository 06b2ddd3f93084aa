/**
 * The numeric contract a second time: BigInt, plain arrays and nothing shared with the product, so that a mistake in
 * the model cannot hide here. It follows the page section by section and is as slow as it is plain.
 *
 * Arrays that the page numbers from 1 (layers) keep that number: `w[l][i][j]`, with an empty entry 0.
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
} from './scalars.js';

/** Of the contract: 2 passes over rows and layers without errors. */
export type Version = 1 | 2;

export interface OracleConfig {
  readonly layers: readonly number[];
  readonly bits: { readonly weight: number; readonly activation: number; readonly error: number };
  readonly frac: {
    readonly weight: readonly number[];
    readonly activation: readonly number[];
    readonly error: readonly number[];
  };
  readonly grapes: { readonly mode: string; readonly clip: string };
  readonly feedback: string;
  readonly rounding: string;
  readonly seed: number;
}

/** What inference names: index l of `x`, `z` is the layer (x[0] the input, z[0] empty). */
export interface OracleForward {
  readonly x: readonly Vector[];
  readonly z: readonly Vector[];
  /** q, e, p of the output layer */
  readonly logits: Vector;
  readonly exponentials: Vector;
  readonly probabilities: Vector;
  readonly prediction: number;
  /** activations above their range, and logits beyond theirs, by layer */
  readonly saturatedActivations: readonly number[];
}

/** What a training step names besides. Index l is the layer; hidden-only values leave the entry L empty. */
export interface OracleStep extends OracleForward {
  readonly strengths: readonly Vector[];
  readonly maxima: Vector;
  /** S * 2^(F+1) / M before the clip (2^F where M = 0) */
  readonly ratios: readonly Vector[];
  /** f as used in this step: 2^F throughout in mode `off`, the layer's mean in mode `uniform` */
  readonly factors: readonly Vector[];
  /** b_l,j, hidden layers; 0 for the columns that need none */
  readonly back: readonly Vector[];
  /** the error that updates layer l */
  readonly errors: readonly Vector[];
  /** the error that layer l-1 sees: the unmodulated one in mode `local` */
  readonly carried: readonly Vector[];
  /** errors that update layer l and were clamped */
  readonly saturatedErrors: readonly number[];
  /** r_l,j by column in use, ascending j; none in a layer that is not updated */
  readonly roundings: readonly Vector[];
  /** w', columns in use ascending, the rows that are written ascending within */
  readonly writes: readonly Vector[];
  readonly digest: bigint;
  /** stream of each layer's update after the step */
  readonly streams: Vector;
}

export interface Oracle {
  /** weights now in use, [l][i][j] */
  readonly weights: readonly Matrix[];
  /** B_l: `fa` l = 2..L, `dfa` l = 1..L-1, else empty */
  readonly feedback: readonly Matrix[];
  /** stream of each layer's update, [l] */
  readonly streams: Vector;
  infer(input: readonly bigint[]): OracleForward;
  /** One training step at learning rate 2^-k. */
  step(input: readonly bigint[], label: number, k: number): OracleStep;
}

// Forward

/** The quotient, downward. */
const floorDiv = (a: bigint, b: bigint): bigint => a / b - (a % b < 0n ? 1n : 0n);

/** A double as an exact fraction. */
const fractionOf = (v: number): readonly [bigint, bigint] => {
  let [top, bottom] = [v, 1n];
  for (; !Number.isInteger(top); bottom *= 2n) top *= 2;
  return [BigInt(top), bottom];
};

/** `x_0` of features `v / unit`, of pixels with a unit of 255, of numbers of [-1, 1] with 1: floor(v * 2^fa_0 + 1/2), saturated. */
export const quantise = (config: OracleConfig, features: readonly number[], unit: 1n | 255n): Vector => {
  const fa = config.frac.activation[0];
  const up = 2n ** BigInt(Math.max(fa, 0));
  const down = 2n ** BigInt(Math.max(-fa, 0));
  return features.map((v) => {
    const [a, bottom] = fractionOf(v);
    const b = bottom * unit;
    return sat(floorDiv(2n * a * up + b * down, 2n * b * down), BigInt(config.bits.activation));
  });
};

const forward = (config: OracleConfig, w: readonly Matrix[], input: readonly bigint[]): OracleForward => {
  const L = config.layers.length - 1;
  const { ba, fw, fa, fe } = formats(config);
  const x: Vector[] = [[...input]];
  const z: Vector[] = [[]];
  const saturatedActivations = range(L + 1).map(() => 0);
  for (let l = 1; l <= L; l++) {
    z[l] = w[l].map((row) => sum(row.map((wij, j) => wij * x[l - 1][j])));
    if (l < L) {
      const rounded = z[l].map((zi) => rn(zi, fw(l) + fa(l - 1) - fa(l)));
      x[l] = rounded.map((v) => (v > 0n ? sat(v, ba) : 0n));
      saturatedActivations[l] = rounded.filter((v) => v > 0n && sat(v, ba) !== v).length;
    }
  }
  const rounded = z[L].map((zi) => rn(zi, fw(L) + fa(L - 1) - 8n));
  const logits = rounded.map((v) => sat(v, 16n));
  saturatedActivations[L] = rounded.filter((v) => sat(v, 16n) !== v).length;
  const e = exponentials(logits);
  return {
    x,
    z,
    logits,
    exponentials: e,
    probabilities: probabilities(e, fe(L)),
    prediction: logits.indexOf(maximum(logits)),
    saturatedActivations,
  };
};

/** The page's names for widths and fraction bits. */
const formats = (config: OracleConfig) => ({
  bw: BigInt(config.bits.weight),
  ba: BigInt(config.bits.activation),
  be: BigInt(config.bits.error),
  fw: (l: number): bigint => BigInt(config.frac.weight[l - 1]),
  fa: (l: number): bigint => BigInt(config.frac.activation[l]),
  fe: (l: number): bigint => BigInt(config.frac.error[l - 1]),
});

// The network

/**
 * The network of a resolved configuration. `initial` replaces the drawn weights: `initial[l-1]` is `W_l`, rows of
 * columns.
 */
export const createOracle = (
  config: OracleConfig,
  initial?: readonly (readonly (readonly bigint[])[])[],
  version: Version = 2,
): Oracle => {
  const { layers: n, seed, rounding, feedback } = config;
  const { mode, clip } = config.grapes;
  const L = n.length - 1;
  const { bw, be, fw, fa, fe } = formats(config);
  const all = range(L).map((i) => i + 1);
  const hidden = all.slice(0, -1);
  const format = (l: number) => ({ frac: config.frac.weight[l - 1], bits: config.bits.weight });

  const w: Matrix[] = [[]];
  const streams: Vector = [0n];
  for (const l of all) {
    w[l] = initial ? initial[l - 1].map((row) => [...row]) : draw(n[l], n[l - 1], format(l), firstState(seed, 3, l));
    streams[l] = firstState(seed, 1, l);
  }

  // Feedback paths
  const B: Matrix[] = range(L + 1).map(() => []);
  if (feedback === 'fa') {
    for (const l of all.slice(1)) B[l] = draw(n[l], n[l - 1], format(l), firstState(seed, 5, l));
  }
  if (feedback === 'dfa') {
    for (const l of hidden) B[l] = draw(n[L], n[l], format(L), firstState(seed, 5, l));
  }

  /** The layer whose error feeds layer l's, and the matrix that carries it. */
  const source = (l: number): { from: number; matrix: Matrix } => {
    if (feedback === 'dfa') return { from: L, matrix: B[l] };
    return { from: l + 1, matrix: feedback === 'fa' ? B[l + 1] : w[l + 1] };
  };

  /** Index of row 0, column 0 of W_l when all are laid out row by row one after the other. */
  const base = (l: number): number => all.slice(0, l - 1).reduce((a, m) => a + n[m] * n[m - 1], 0);

  const step = (input: readonly bigint[], label: number, k: number): OracleStep => {
    const seen = forward(config, w, input);
    const { x } = seen;
    const blank = (): Vector[] => range(L + 1).map(() => []);

    const [strengths, ratios, factors] = [blank(), blank(), blank()];
    const maxima: Vector = range(L + 1).map(() => 0n);
    for (const l of hidden) {
      const g = factorsOf(strengthsOf(w[l]), mode, clip);
      strengths[l] = g.strengths;
      maxima[l] = g.maximum;
      ratios[l] = g.ratios;
      factors[l] = g.factors;
    }

    // Error
    const [back, errors, carried] = [blank(), blank(), blank()];
    const saturatedErrors = range(L + 1).map(() => 0);
    const clamped = (l: number, v: readonly bigint[]): Vector => {
      saturatedErrors[l] = v.filter((vi) => sat(vi, be) !== vi).length;
      return v.map((vi) => sat(vi, be));
    };
    errors[L] = clamped(
      L,
      seen.probabilities.map((p, i) => p - (i === label ? 2n ** fe(L) : 0n)),
    );
    carried[L] = errors[L];
    for (const l of [...hidden].reverse()) {
      const { from, matrix } = source(l);
      const shift = fw(from) + fe(from) + F - fe(l);
      // ReLU's derivative: no b, and so no error, where x = 0
      back[l] = x[l].map((xj, j) => (xj > 0n ? sum(carried[from].map((d, i) => matrix[i][j] * d)) : 0n));
      errors[l] = clamped(
        l,
        back[l].map((b, j) => rn(b * factors[l][j], shift)),
      );
      carried[l] = mode === 'local' ? back[l].map((b) => sat(rn(b * ONE, shift), be)) : errors[l];
    }

    // Update
    const [roundings, writes] = [blank(), blank()];
    let digest = 0n;
    for (const l of all) {
      const s = fe(l) + fa(l - 1) + BigInt(k) - fw(l);
      const written = range(n[l]).filter((i) => version === 1 || errors[l][i] !== 0n);
      if (written.length === 0) continue;
      for (const j of range(n[l - 1]).filter((c) => x[l - 1][c] !== 0n)) {
        const r = rounding === 'nearest' ? (s === 0n ? 0n : 2n ** (s - 1n)) : nextTopBits(l, s);
        roundings[l].push(r);
        for (const i of written) {
          const next = sat(w[l][i][j] + ((r - errors[l][i] * x[l - 1][j]) >> s), bw);
          w[l][i][j] = next;
          writes[l].push(next);
          const a = BigInt(base(l) + i * n[l - 1] + j);
          digest = (digest + mix(a ^ mix(((next % 2n ** bw) + 2n ** bw) % 2n ** bw))) % WORD;
        }
      }
    }

    return {
      ...seen,
      strengths,
      maxima,
      ratios,
      factors,
      back,
      errors,
      carried,
      saturatedErrors,
      roundings,
      writes,
      digest,
      streams: [...streams],
    };
  };

  /** Advances the stream of layer l and takes its top `s` bits. */
  const nextTopBits = (l: number, s: bigint): bigint => {
    streams[l] = advance(streams[l]);
    return streams[l] >> (32n - s);
  };

  return { weights: w, feedback: B, streams, infer: (input) => forward(config, w, input), step };
};
