import type { Align } from '../../datapath/plan.js';

/**
 * `rn((a * 2^up + b * 2^across) * factor, shift)`, not saturated: two sums of products, aligned exactly. What exceeds the
 * integers of a double comes out rounded, far beyond any format.
 */
export type Combine = (a: number, b: number, factor: number) => number;

/** Bits in which doubles add up integers exactly. */
const EXACT_BITS = 52;

/** @param bits signed bits of the aligned sum, times the factor */
export const combine = ({ forward, recurrent }: Align, shift: number, bits: number): Combine => {
  if (bits > EXACT_BITS) return combineWide(BigInt(forward), BigInt(recurrent), shift);
  const [first, second] = [2 ** forward, 2 ** recurrent];
  const half = shift > 0 ? 2 ** (shift - 1) : 0;
  const scale = 2 ** -shift;
  return (a, b, factor) => Math.floor(((a * first + b * second) * factor + half) * scale);
};

const combineWide = (up: bigint, across: bigint, shift: number): Combine => {
  const s = BigInt(Math.abs(shift));
  return (a, b, factor) => {
    const sum = ((BigInt(a) << up) + (BigInt(b) << across)) * BigInt(factor);
    return Number(shift > 0 ? (sum + (1n << (s - 1n))) >> s : sum << s);
  };
};
