import { type Format, maxOf } from '../fx/format.js';

/** How often each magnitude occurred among values of one format; zeros do not count. */
export interface Histogram {
  readonly frac: number;
  /** at [m]: values of magnitude m */
  readonly counts: Float64Array;
}

/** A histogram of the integers of a format. */
export const histogram = ({ bits, frac }: Format): Histogram => ({ frac, counts: new Float64Array(maxOf(bits) + 2) });

export const record = ({ counts }: Histogram, values: ArrayLike<number>): void => {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) counts[Math.abs(values[i])]++;
};

/** How well a format holds the values of a histogram. */
export interface Quality {
  /** share of the values that lie beyond the format's largest */
  readonly saturated: number;
  /** share of the values that round to 0 */
  readonly vanished: number;
  /** power of the values over the power of what rounding and saturation add, in dB */
  readonly signalToNoise: number;
}

/** Rounding to a step of 1 adds this much power: the variance of a uniform error. */
const STEP_NOISE = 1 / 12;

/** How well `format` holds the values; with none, perfectly. */
export const qualityOf = ({ frac, counts }: Histogram, format: Format): Quality => {
  const unit = 2 ** -frac;
  const step = 2 ** -format.frac;
  const most = maxOf(format.bits) * step;
  let total = 0;
  let saturated = 0;
  let vanished = 0;
  let signal = 0;
  let noise = 0;
  for (let m = 1; m < counts.length; m++) {
    const count = counts[m];
    if (count === 0) continue;
    const value = m * unit;
    total += count;
    signal += count * value ** 2;
    if (value > most) {
      saturated += count;
      noise += count * (value - most) ** 2;
    } else noise += count * STEP_NOISE * step ** 2;
    if (value < step / 2) vanished += count;
  }
  if (total === 0) return { saturated: 0, vanished: 0, signalToNoise: Number.POSITIVE_INFINITY };
  return {
    saturated: saturated / total,
    vanished: vanished / total,
    signalToNoise: 10 * Math.log10(signal / noise),
  };
};

/** The largest magnitude that occurred, as a real number; 0 for none. */
export const largest = ({ frac, counts }: Histogram): number =>
  Math.max(
    0,
    counts.findLastIndex((count) => count > 0),
  ) *
  2 ** -frac;

/** The fraction at which values of `bits` bits hold the histogram with the least noise; of equals the largest range. */
export const leastNoise = (values: Histogram, bits: number, { min, max }: { min: number; max: number }): number => {
  let best = min;
  for (let frac = min + 1; frac <= max; frac++) {
    if (qualityOf(values, { bits, frac }).signalToNoise > qualityOf(values, { bits, frac: best }).signalToNoise)
      best = frac;
  }
  return best;
};

/** The fraction at which the fewest values of the histogram saturate or round to 0 with `bits` bits; of equals the largest range. */
export const fewestLost = (values: Histogram, bits: number, { min, max }: { min: number; max: number }): number => {
  const lost = (frac: number): number => {
    const { saturated, vanished } = qualityOf(values, { bits, frac });
    return saturated + vanished;
  };
  let best = min;
  for (let frac = min + 1; frac <= max; frac++) if (lost(frac) < lost(best)) best = frac;
  return best;
};

/** The largest fraction at which `bits` bits hold a magnitude. */
export const fractionFor = (magnitude: number, bits: number, { min, max }: { min: number; max: number }): number => {
  for (let frac = max; frac > min; frac--) if (magnitude <= maxOf(bits) * 2 ** -frac) return frac;
  return min;
};
