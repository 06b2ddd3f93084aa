import type { HiddenLayer, LayerPlan, Matrix as MatrixPlan, Plan } from '../../datapath/plan.js';
import type { Saturation, StepCount } from '../engine.js';
import type { Sums } from '../kernels.js';
import { type Matrix, strengths } from '../matrix.js';
import { type Sparse, sparse } from '../sparse.js';
import { type Sequence, sequence } from './sequence.js';

/** Weights that learn, with all that belongs to them alone. */
export interface Weights {
  readonly plan: MatrixPlan;
  readonly matrix: Matrix;
  /** sum of magnitudes of each row, in the matrix's own units */
  readonly strength: Int32Array;
  /** state of the update stream */
  random: number;
}

/** Errors of a layer over the steps: dense at [t * size + j], and what is not 0 of each step. */
export interface Errors {
  readonly values: Int32Array;
  readonly lists: readonly Sparse[];
}

/** A hidden layer over the steps of a sample. */
export interface HiddenState {
  readonly plan: HiddenLayer;
  readonly forward: Weights;
  /** H_l: one or none */
  readonly recurrent: readonly Weights[];
  readonly sums: Sums;
  readonly recurrentSums: Sums;
  readonly x: Sequence;
  /** at [t * size + j]; empty without snu */
  readonly membrane: Int32Array;
  /** 1 where the derivative is not 0, at [t * size + j] */
  readonly open: Uint8Array;
  readonly error: Errors;
  /** unmodulated errors; `error` itself where the two are always equal */
  readonly through: Errors;
  readonly factor: Int32Array;
  /** of each step, over all samples so far */
  readonly counts: readonly StepCount[];
  readonly activationSaturation: Saturation;
  readonly errorSaturation: Saturation;
}

/** The output layer: it sees its inputs' sum over the steps, and has one error for all of them. */
export interface OutputState {
  readonly forward: Weights;
  readonly sums: Sums;
  readonly error: Sparse;
  readonly activationSaturation: Saturation;
  readonly errorSaturation: Saturation;
}

export const weightsOf = (plan: MatrixPlan, matrix: Matrix, random: number): Weights => ({
  plan,
  matrix,
  strength: strengths(matrix),
  random,
});

/** Sums of a matrix times values of `bits` bits, `terms` of them at most. */
export const sumsFor = ({ rows, format }: MatrixPlan, bits: number, terms: number): Sums => {
  const most = terms * 2 ** (format.bits - 1) * (bits === 1 ? 1 : 2 ** (bits - 1));
  return most < 2 ** 31 ? new Int32Array(rows) : new Float64Array(rows);
};

const errorsOf = (size: number, steps: number): Errors => ({
  values: new Int32Array(size * steps),
  lists: Array.from({ length: steps }, () => sparse(size)),
});

export const hiddenState = (
  { config }: Plan,
  plan: HiddenLayer,
  forward: Weights,
  recurrent: readonly Weights[],
): HiddenState => {
  const { size, steps, format, cell } = plan.values;
  const error = errorsOf(size, steps);
  return {
    plan,
    forward,
    recurrent,
    sums: sumsFor(forward.plan, plan.source.format.bits, plan.inputs),
    recurrentSums: sumsFor({ ...forward.plan, rows: size }, format.bits, size),
    x: sequence(size, steps, false),
    membrane: new Int32Array(cell.kind === 'snu' ? size * steps : 0),
    open: new Uint8Array(size * steps),
    error,
    through: config.grapes.mode === 'off' ? error : errorsOf(size, steps),
    factor: new Int32Array(size),
    counts: Array.from({ length: steps }, () => ({ active: 0, open: 0, total: 0 })),
    activationSaturation: { saturated: 0, total: 0 },
    errorSaturation: { saturated: 0, total: 0 },
  };
};

/** Strengths of a layer's neurons over all incoming weights, aligned; may exceed 32 bits. @param own of W_l, then H_l if there is one */
export const alignedStrengths = (
  { values }: LayerPlan,
  [own, recurrent]: readonly (Int32Array | undefined)[],
): Float64Array => {
  const align = values.kind === 'hidden' ? values.strengthAlign : { forward: 0, recurrent: 0 };
  const [up, across] = [2 ** align.forward, 2 ** align.recurrent];
  return Float64Array.from(own ?? [], (s, i) => s * up + (recurrent ? recurrent[i] * across : 0));
};

export const strengthOf = (plan: LayerPlan, forward: Weights, recurrent: readonly Weights[]): Float64Array =>
  alignedStrengths(plan, [forward.strength, recurrent[0]?.strength]);

export const outputState = ({ output }: Plan, forward: Weights): OutputState => {
  const { source, outputs, inputs } = output;
  return {
    forward,
    sums: sumsFor(forward.plan, source.format.bits, inputs * source.steps),
    error: sparse(outputs),
    activationSaturation: { saturated: 0, total: 0 },
    errorSaturation: { saturated: 0, total: 0 },
  };
};
