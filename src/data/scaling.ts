import type { Features } from '../fx/features.js';

/** Ways to bring features to what the network takes. */
export const SCALINGS = ['none', 'minmax', 'minmax-signed', 'standard'] as const;
export type ScalingKind = (typeof SCALINGS)[number];

/** A scaling with its numbers: a feature becomes `clip((raw - offset) * scale, low, high)`. */
export interface Scaling {
  readonly kind: Exclude<ScalingKind, 'none'>;
  readonly low: number;
  readonly high: number;
  /** by feature */
  readonly offset: readonly number[];
  /** by feature; 0 for one that never varies */
  readonly scale: readonly number[];
}

/** What is known of each feature of the training samples. */
interface Moments {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

type Values = Uint8Array | Float64Array;

/** Least, greatest, mean and standard deviation of each feature over the samples. */
export const momentsOf = (values: Values, inputs: number, samples: Uint32Array): Moments => {
  const min = new Float64Array(inputs).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(inputs).fill(Number.NEGATIVE_INFINITY);
  const mean = new Float64Array(inputs);
  const square = new Float64Array(inputs);
  let count = 0;
  // Welford's updates: sums of squares would lose what small deviations from a large mean have
  for (const n of samples) {
    count++;
    for (let j = 0; j < inputs; j++) {
      const v = values[n * inputs + j];
      if (v < min[j]) min[j] = v;
      if (v > max[j]) max[j] = v;
      const before = v - mean[j];
      mean[j] += before / count;
      square[j] += before * (v - mean[j]);
    }
  }
  return { min, max, mean, deviation: square.map((s) => Math.sqrt(s / count)) };
};

/** Standard deviations from the mean that `standard` maps to 1: what lies beyond is clipped. */
const DEVIATIONS = 3;

/** What maps a span to `to`; 0 for a span of 0, and for one so small that no number is large enough. */
const scaleOf = (span: number, to = 1): number => {
  const scale = to / span;
  return Number.isFinite(scale) ? scale : 0;
};

const FITS: Readonly<
  Record<Scaling['kind'], (moments: Moments, j: number) => readonly [offset: number, scale: number]>
> = {
  minmax: ({ min, max }, j) => [min[j], scaleOf(max[j] - min[j])],
  'minmax-signed': ({ min, max }, j) => [(min[j] + max[j]) / 2, scaleOf(max[j] - min[j], 2)],
  standard: ({ mean, deviation }, j) => [mean[j], scaleOf(DEVIATIONS * deviation[j])],
};

/** Fits a scaling to the training samples of a table. */
export const fitScaling = (kind: Scaling['kind'], values: Values, inputs: number, samples: Uint32Array): Scaling => {
  const moments = momentsOf(values, inputs, samples);
  const fits = Array.from({ length: inputs }, (_, j) => FITS[kind](moments, j));
  return {
    kind,
    low: kind === 'minmax' ? 0 : -1,
    high: 1,
    offset: fits.map(([offset]) => offset),
    scale: fits.map(([, scale]) => scale),
  };
};

/** The features of samples, row by row. */
export const scaled = (values: Values, { offset, scale, low, high }: Scaling): Features => {
  const inputs = offset.length;
  const out = new Float64Array(values.length);
  for (let at = 0, j = 0; at < values.length; at++, j = j + 1 === inputs ? 0 : j + 1) {
    const v = (values[at] - offset[j]) * scale[j];
    out[at] = v < low ? low : v > high ? high : v;
  }
  return out;
};
