/**
 * Scalars, streams, softmax and factors of the numeric contract, a second time: BigInt, plain arrays and nothing shared
 * with the product. What the oracles of dense networks and of networks in time have in common.
 */

export type Vector = bigint[];
export type Matrix = bigint[][];

// Notation

export const F = 7n;
export const ONE = 2n ** F;
export const TWO = 2n ** (F + 1n);

export const sat = (v: bigint, bits: bigint): bigint => {
  const top = 2n ** (bits - 1n) - 1n;
  const bottom = -(2n ** (bits - 1n));
  return v > top ? top : v < bottom ? bottom : v;
};

/** Round to nearest, ties upward. */
export const rn = (v: bigint, s: bigint): bigint => (s > 0n ? (v + (1n << (s - 1n))) >> s : v << -s);

/** The largest integer whose square is at most `v`. */
export const integerRoot = (v: bigint): bigint => {
  let low = 0n;
  let high = v + 1n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle * middle <= v) low = middle;
    else high = middle;
  }
  return low;
};

export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
export const maximum = (v: readonly bigint[]): bigint => {
  let top = v[0];
  for (const next of v) if (next > top) top = next;
  return top;
};
export const sum = (v: readonly bigint[]): bigint => v.reduce((a, b) => a + b, 0n);
export const magnitude = (v: bigint): bigint => (v < 0n ? -v : v);

// Random streams and initial weights

export const WORD = 2n ** 32n;

/** The 32-bit finaliser of MurmurHash3. */
export const mix = (h: bigint): bigint => {
  let y = h % WORD;
  y ^= y >> 16n;
  y = (y * 0x85ebca6bn) % WORD;
  y ^= y >> 13n;
  y = (y * 0xc2b2ae35n) % WORD;
  return y ^ (y >> 16n);
};

/** The state that follows `y`. */
export const advance = (state: bigint): bigint => {
  let y = state;
  y = (y ^ (y << 13n)) % WORD;
  y ^= y >> 17n;
  return (y ^ (y << 5n)) % WORD;
};

/** The first state of the stream of a purpose and a layer. */
export const firstState = (seed: number, purpose: number, l: number): bigint => {
  const y = mix(BigInt(seed) ^ mix(256n * BigInt(purpose) + BigInt(l)));
  return y === 0n ? 0x9e3779b9n : y;
};

/**
 * A matrix drawn like initial weights: uniform in -b..b with `b` from the number of columns, then saturated.
 * `of`: 6 for weights and feedback, 3 for recurrent weights.
 */
export const draw = (
  rows: number,
  columns: number,
  { frac, bits, of = 6n }: { frac: number; bits: number; of?: bigint },
  first: bigint,
): Matrix => {
  // of * 2^(2 frac) / n, its floor: the root's floor is the same
  const power = 2 * frac;
  const square =
    power >= 0 ? (of * 2n ** BigInt(power)) / BigInt(columns) : of / (BigInt(columns) * 2n ** BigInt(-power));
  const b = integerRoot(square);
  let y = first;
  return range(rows).map(() =>
    range(columns).map(() => {
      y = advance(y);
      return sat((y * (2n * b + 1n)) / WORD - b, BigInt(bits));
    }),
  );
};

/** The visiting orders of successive shuffled epochs over `n` samples. */
export function* shuffledEpochs(seed: number, n: number): Generator<number[], never> {
  const order = range(n);
  let y = firstState(seed, 8, 0);
  for (;;) {
    for (let i = n - 1; i >= 1; i--) {
      y = advance(y);
      const j = Number((y * BigInt(i + 1)) / WORD);
      [order[i], order[j]] = [order[j], order[i]];
    }
    yield [...order];
  }
}

// Softmax in base 2

/** T[k] = round(65535 * 2^(-k/64)): the largest t with t - 1/2 <= that, compared as 64th powers. */
export const exponentialTable: readonly bigint[] = range(64).map((k) => {
  let t = 65535n;
  while ((2n * t - 1n) ** 64n * 2n ** BigInt(k) > (2n * 65535n) ** 64n) t--;
  return t;
});

/** e_i of the logits. */
export const exponentials = (q: readonly bigint[]): Vector => {
  const m = maximum(q);
  return q.map((qi) => {
    const d = m - qi;
    const u = (d * 369n) >> 8n;
    return u >> 8n > 16n ? 0n : exponentialTable[Number((u >> 2n) & 63n)] >> (u >> 8n);
  });
};

/** p_i of the exponentials, `fe` the output error's fraction bits. */
export const probabilities = (e: readonly bigint[], fe: bigint): Vector => {
  const total = sum(e);
  return e.map((ei) => ((ei << (fe + 1n)) / total + 1n) >> 1n);
};

// GRAPES: the per-neuron factor

export interface Factors {
  readonly strengths: Vector;
  readonly maximum: bigint;
  readonly ratios: Vector;
  readonly factors: Vector;
}

/** S of one layer from its weights. */
export const strengthsOf = (w: Matrix): Vector => w.map((row) => sum(row.map(magnitude)));

/** M and f of one hidden layer from its strengths. */
export const factorsOf = (S: Vector, mode: string, clip: string): Factors => {
  const M = maximum(S);
  const lo = clip === 'unit' ? ONE : 0n;
  const ratios = S.map((Si) => (M === 0n ? ONE : (Si * 2n ** (F + 1n)) / M));
  const clipped = ratios.map((r) => (r < lo ? lo : r > TWO ? TWO : r));
  const mean = sum(clipped) / BigInt(S.length);
  const factors = clipped.map((f) => (mode === 'off' ? ONE : mode === 'uniform' ? mean : f));
  return { strengths: S, maximum: M, ratios, factors };
};
