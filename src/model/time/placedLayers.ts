import type { Matrix as MatrixPlan, Plan } from '../../datapath/plan.js';
import type { Saturation, Start } from '../engine.js';
import type { Strengths } from '../factor.js';
import { type Integers, type Matrix, strengths } from '../matrix.js';
import { RANDOM } from '../place.js';
import { fill, integers } from '../views.js';
import type { Kernels } from '../wasm.js';
import type { Width } from './fits.js';
import { alignedStrengths } from './layer.js';
import { type PlacedHidden, type PlacedTime, type PlacedWeights, RECORD_BYTES } from './place.js';

/** A placed matrix that learns, live. */
export interface PlacedState {
  readonly plan: MatrixPlan;
  readonly view: Matrix<Integers>;
  readonly strength: () => Int32Array;
  readonly random: Uint32Array;
}

const weightsState = (buffer: ArrayBuffer, placed: PlacedWeights, start: Matrix, random: number, bytes: 1 | 2) => {
  const { plan, matrix, learning } = placed;
  const { rows, columns } = plan;
  const values = integers(buffer, matrix, columns, bytes);
  fill(values, matrix.stride, start);
  const view = { rows, columns, stride: matrix.stride, values };
  const tracked = learning.strength === 0 ? null : new Int32Array(buffer, learning.strength, rows);
  tracked?.set(strengths(view));
  const state = new Uint32Array(buffer, learning.record + 4 * RANDOM, 1);
  state[0] = random;
  return { plan, view, strength: () => tracked ?? strengths(view), random: state };
};

const hiddenState = (buffer: ArrayBuffer, plan: Plan, layer: PlacedHidden, matrices: readonly PlacedState[]) => {
  const { size, steps } = layer.plan.values;
  const { errors, summed, rows, x } = layer;
  /** A record of errors that are not 0 where a row has one at some step. */
  const erring = (kernels: Kernels): number => {
    kernels.overSteps(errors.values, rows, steps, summed.values, x.sum);
    return summed.record;
  };
  const range = (t: number): Int32Array => new Int32Array(buffer, errors.record + t * RECORD_BYTES, 2);
  const values = new Int16Array(buffer, errors.values, rows * steps);
  return {
    ...layer,
    matrices,
    counters: layer.counts.map((at) => new Float64Array(buffer, at, 3)),
    errorCounter: new Float64Array(buffer, layer.errorCount, 2),
    ranges: Array.from({ length: steps }, (_, t) => range(t)),
    strength: (): Strengths =>
      alignedStrengths(
        plan.layers[layer.plan.index - 1],
        matrices.map((m) => m.strength()),
      ),
    erring,
    /** the rows with an error at some step, ascending */
    rowsWithErrors: (): number[] => {
      const found: number[] = [];
      for (let i = 0; i < size; i++)
        for (let t = 0; t < steps; t++)
          if (values[t * rows + i] !== 0) {
            found.push(i);
            break;
          }
      return found;
    },
    updated: false,
  };
};

export type Hidden = ReturnType<typeof hiddenState>;

/** A layer's state in linear memory and what changes in TypeScript. */
export const placedLayers = (buffer: ArrayBuffer, plan: Plan, placed: PlacedTime, start: Start, width: Width) => {
  const { bytes } = width;
  const weights = placed.weights.map((w, i) => weightsState(buffer, w, start.weights[i], start.random[i], bytes));
  const of = (layer: number): PlacedState[] => weights.filter((w) => w.plan.layer === layer);
  const hidden = placed.hidden.map((layer, i) => {
    const { feedback } = layer;
    if (feedback)
      fill(integers(buffer, feedback, start.feedback[i].columns, bytes), feedback.stride, start.feedback[i]);
    return hiddenState(buffer, plan, layer, of(i + 1));
  });
  const none = (): Saturation => ({ saturated: 0, total: 0 });
  const output = {
    matrices: of(plan.layers.length),
    logit: new Int16Array(buffer, placed.logit, plan.classes),
    error: new Int16Array(buffer, placed.errors.values, plan.classes),
    range: new Int32Array(buffer, placed.errors.record, 2),
    activationSaturation: none(),
    errorSaturation: none(),
  };
  return { weights, hidden, output, samples: 0 };
};

export type PlacedLayers = ReturnType<typeof placedLayers>;

/** No error differs from 0. @param range the least and the greatest */
export const isZero = (range: Int32Array): boolean => range[0] === 0 && range[1] === 0;
