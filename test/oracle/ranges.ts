/** Ranges of exact integers, from operands and fan-in: what accumulators must hold. */

export interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

/** Two's complement. */
export const signed = (bits: number): Range => ({ low: -(2n ** BigInt(bits - 1)), high: 2n ** BigInt(bits - 1) - 1n });

export const product = (a: Range, b: Range): Range => {
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  corners.sort((x, y) => Number(x - y));
  return { low: corners[0], high: corners[3] };
};

/** Sums of up to `n` terms, in any order: 0 and every partial sum included. */
export const sumOf = (n: number, term: Range): Range => ({
  low: term.low < 0n ? BigInt(n) * term.low : 0n,
  high: term.high > 0n ? BigInt(n) * term.high : 0n,
});

export const signedBits = (r: Range): number => {
  let bits = 1;
  while (r.low < signed(bits).low || r.high > signed(bits).high) bits++;
  return bits;
};

export const unsignedBits = (high: bigint): number => high.toString(2).length;

/** Values of `r` shifted to the left. */
export const shifted = ({ low, high }: Range, by: number): Range => ({
  low: low << BigInt(by),
  high: high << BigInt(by),
});

/** Sums of a value of each. */
export const plus = (a: Range, b: Range): Range => ({ low: a.low + b.low, high: a.high + b.high });
