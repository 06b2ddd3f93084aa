/** A two's-complement fixed-point format: the integer `v` of `bits` bits stands for `v / 2^frac`. */
export interface Format {
  readonly bits: number;
  readonly frac: number;
}

/** Largest integer of a signed format of `bits` bits. */
export const maxOf = (bits: number): number => 2 ** (bits - 1) - 1;

/** Smallest integer of a signed format of `bits` bits. */
export const minOf = (bits: number): number => -(2 ** (bits - 1));

/** Clamps `v` to the signed range of `bits` bits. */
export const sat = (v: number, bits: number): number => Math.min(maxOf(bits), Math.max(minOf(bits), v));

/**
 * Rounds `v / 2^s` to nearest, ties upward; `s <= 0` shifts left. Exact for `|v| * 2^max(0,-s) < 2^52`.
 * Source: the numeric contract, Notation.
 */
export const rn = (v: number, s: number): number => (s > 0 ? Math.floor((v + 2 ** (s - 1)) / 2 ** s) : v * 2 ** -s);

/** Number of bits of the unsigned integer `v`; 0 for 0. */
export const bitLength = (v: number): number => {
  let bits = 0;
  for (let rest = v; rest >= 1; rest = Math.floor(rest / 2)) bits++;
  return bits;
};

/** Bits of an index into `count` things; at least 1. */
export const indexBits = (count: number): number => Math.max(1, bitLength(count - 1));

/** A real number in a format: `sat(floor(v * 2^frac + 1/2), bits)`, exact: the sum is never rounded. */
export const quantised = (v: number, { bits, frac }: Format): number => {
  const scaled = v * 2 ** frac;
  const below = Math.floor(scaled);
  return sat(scaled - below >= 0.5 ? below + 1 : below, bits);
};
