/** What a random stream is for; part of its first state. Source: the numeric contract, Random streams. */
export const PURPOSE = {
  updateWeights: 1,
  updateRecurrent: 2,
  initialWeights: 3,
  initialRecurrent: 4,
  feedback: 5,
  encoder: 6,
  syntheticData: 7,
  shuffle: 8,
} as const;

export type StreamPurpose = (typeof PURPOSE)[keyof typeof PURPOSE];

/** The 32-bit finaliser of MurmurHash3. Result unsigned. */
export const mix = (v: number): number => {
  let h = v;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** The state that follows `y` in Marsaglia's 32-bit xorshift (13, 17, 5). Result unsigned; `y` must not be 0. */
export const xorshift = (y: number): number => {
  let v = y;
  v ^= v << 13;
  v ^= v >>> 17;
  v ^= v << 5;
  return v >>> 0;
};

/** State of a stream before its first advance. `layer` is 0 where the stream belongs to no layer. */
export const firstState = (seed: number, purpose: StreamPurpose, layer = 0): number =>
  mix(seed ^ mix(256 * purpose + layer)) || 0x9e3779b9;

/** `floor(y * m / 2^32)`: maps a stream's 32-bit value to 0..m-1. Exact for `m` up to 2^36. */
export const scale = (y: number, m: number): number => {
  const high = Math.floor(y / 0x10000);
  const low = y % 0x10000;
  return Math.floor((high * m + Math.floor((low * m) / 0x10000)) / 0x10000);
};

/** A stream as a function: each call advances it and returns the new state. */
export const stream = (seed: number, purpose: StreamPurpose, layer = 0): (() => number) => {
  let y = firstState(seed, purpose, layer);
  return () => {
    y = xorshift(y);
    return y;
  };
};

/** One Fisher-Yates shuffle of `order` in place, by the stream `next`. Source: the numeric contract, Update. */
export const shuffle = (order: Uint32Array, next: () => number): void => {
  for (let i = order.length - 1; i >= 1; i--) {
    const j = scale(next(), i + 1);
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
};

/** 0 .. count-1 in order. */
export const identity = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);
