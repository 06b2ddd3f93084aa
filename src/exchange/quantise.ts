import type { Plan } from '../datapath/plan.js';
import { type Format, maxOf, minOf, quantised } from '../fx/format.js';
import type { Layer } from './layer.js';
import type { Matrix } from './tensor.js';

/** What a format costs a matrix. */
export interface QuantisationCost {
  /** `W_1`, `H_1`, .. */
  readonly matrix: string;
  /** the layer's name in the file */
  readonly layer: string;
  readonly format: Format;
  /** largest magnitude, as a real number */
  readonly largest: number;
  /** largest difference between a weight and what its integer stands for */
  readonly maxError: number;
  /** power of the weights over that of the differences, in dB; infinite where there are none */
  readonly signalToNoise: number;
  /** weights beyond the format's range */
  readonly saturated: number;
  /** weights that are not 0 and become 0 */
  readonly vanished: number;
}

export interface Quantised {
  /** W_1, H_1, W_2, .. as the plan lists its matrices, row by row */
  readonly weights: readonly Int16Array[];
  readonly costs: readonly QuantisationCost[];
}

const quantise = ({ values }: Matrix, format: Format, matrix: string, layer: string) => {
  const integers = new Int16Array(values.length);
  const unit = 2 ** -format.frac;
  const [least, most] = [minOf(format.bits) * unit, maxOf(format.bits) * unit];
  let [largest, maxError, signal, noise, saturated, vanished] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    integers[i] = quantised(v, format);
    const error = Math.abs(v - integers[i] * unit);
    signal += v * v;
    noise += error * error;
    if (error > maxError) maxError = error;
    if (Math.abs(v) > largest) largest = Math.abs(v);
    if (v < least - unit / 2 || v >= most + unit / 2) saturated++;
    if (v !== 0 && integers[i] === 0) vanished++;
  }
  const signalToNoise = noise === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
  return { integers, cost: { matrix, layer, format, largest, maxError, signalToNoise, saturated, vanished } };
};

const LETTER = { forward: 'W', recurrent: 'H' } as const;

/** The matrices of layers in the plan's order. */
export const matricesIn = (design: Plan, layers: readonly Layer[]): (Matrix | null)[] =>
  design.matrices.map(({ kind, layer }) =>
    kind === 'forward' ? layers[layer - 1].weight : layers[layer - 1].recurrent,
  );

/** Layers as integers of the plan's formats, `sat(floor(w * 2^frac + 1/2))`, and what that costs. */
export const quantiseLayers = (design: Plan, layers: readonly Layer[]): Quantised => {
  const given = matricesIn(design, layers);
  const parts = design.matrices.flatMap(({ kind, layer, format }, m) => {
    const matrix = given[m];
    return matrix ? [quantise(matrix, format, `${LETTER[kind]}_${layer}`, layers[layer - 1].name)] : [];
  });
  return { weights: parts.map(({ integers }) => integers), costs: parts.map(({ cost }) => cost) };
};
