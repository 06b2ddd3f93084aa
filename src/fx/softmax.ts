/** log2(e) with 8 fraction bits: round(256 * log2 e). */
export const LOG2E = 369;

/** `T[k] = round(65535 * 2^(-k/64))`, k = 0..63: one octave of the base-2 exponential. */
export const EXP_TABLE: readonly number[] = Array.from({ length: 64 }, (_, k) => Math.round(65535 * 2 ** (-k / 64)));

/** Octaves after which an exponential counts as 0. */
export const EXP_OCTAVES = 16;

/** `e` of a logit that lies `d >= 0` (8 fraction bits) below the largest one: 0..65535. */
export const exponential = (d: number): number => {
  const u = (d * LOG2E) >> 8;
  const octave = u >> 8;
  return octave > EXP_OCTAVES ? 0 : EXP_TABLE[(u >> 2) & 63] >> octave;
};

/** `p` of an exponential `e` among exponentials that add up to `sum`, with `frac` fraction bits, rounded to nearest. */
export const probability = (e: number, sum: number, frac: number): number =>
  Math.floor((Math.floor((e * 2 ** (frac + 1)) / sum) + 1) / 2);
