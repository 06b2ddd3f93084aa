import type { HiddenLayer, Matrix as MatrixPlan, Plan } from '../../datapath/plan.js';
import { maxOf, minOf } from '../../fx/format.js';
import type { Arena } from '../arena.js';
import type { Start } from '../engine.js';
import { padded, placeLearning, placeList, placeMatrix, placeRequantise } from '../place.js';

/** Bytes of a record of errors, and of a count. */
export const ERRORS_BYTES = 64;
const COUNT_BYTES = 24;

/** Records of errors for each step, one behind the other, and the first of their values. */
export interface PlacedSteps {
  readonly record: number;
  readonly values: number;
}

const placeSteps = (arena: Arena, rows: number, steps: number): PlacedSteps => {
  const bytes = 2 * padded(rows);
  const values = arena.take(bytes * steps);
  const records = Array.from({ length: steps }, (_, t) => arena.record(0, 0, values + t * bytes));
  return { record: records[0], values };
};

export const placeWeights = (arena: Arena, plan: MatrixPlan, random: number, bytes: number) => ({
  plan,
  matrix: placeMatrix(arena, plan.rows, plan.columns, bytes),
  learning: placeLearning(arena, plan, random, bytes),
});

export type PlacedWeights = ReturnType<typeof placeWeights>;

/** Values of a sequence: 2 bytes each, padded rows; columns in use with their sums; the same without the last step. */
export const placeSequence = (arena: Arena, size: number, steps: number) => ({
  size,
  rows: padded(size),
  values: arena.take(2 * padded(size) * steps),
  lists: Array.from({ length: steps }, () => placeList(arena, size)),
  total: placeList(arena, size),
  earlier: placeList(arena, size),
  mask: arena.take(2 * padded(size)),
  sums: arena.take(2 * padded(size)),
});

export type PlacedSequence = ReturnType<typeof placeSequence>;

const placeHidden = (arena: Arena, { config }: Plan, start: Start, layer: HiddenLayer, i: number, bytes: number) => {
  const { size, steps, cell, back, error } = layer.values;
  const rows = padded(size);
  const fixed = start.feedback[i];
  const errors = placeSteps(arena, size, steps);
  const [low, high] = [minOf(error.bits), maxOf(error.bits)];
  const membrane = cell.kind === 'snu' ? cell.membrane.bits : layer.values.format.bits;
  return {
    plan: layer,
    rows,
    feedback: fixed && placeMatrix(arena, fixed.rows, fixed.columns, bytes),
    x: placeSequence(arena, size, steps),
    membrane: arena.take(cell.kind === 'snu' ? 2 * rows * steps : 0),
    open: arena.take(2 * rows * steps),
    openList: placeList(arena, size),
    openAny: placeList(arena, size),
    unit:
      cell.kind === 'snu'
        ? arena.record(minOf(membrane), maxOf(membrane), cell.threshold, cell.window, cell.decayShift)
        : 0,
    counts: Array.from({ length: steps }, () => arena.take(COUNT_BYTES)),
    back: arena.record(
      back.align.forward,
      back.align.recurrent,
      back.shift,
      low,
      high,
      cell.kind === 'snu' ? cell.decayShift : 1,
    ),
    errors,
    through: config.grapes.mode === 'off' ? errors : placeSteps(arena, size, steps),
    /** sums of the errors over the steps; or a mark of the rows that have one */
    summed: placeSteps(arena, size, 1),
    erring: placeSteps(arena, size, 1),
    strength: arena.take(4 * rows),
  };
};

export type PlacedHidden = ReturnType<typeof placeHidden>;

/** Everything of a network in time in linear memory. */
export const placeTime = (arena: Arena, plan: Plan, start: Start, bytes: number) => {
  const widest = Math.max(...plan.layers.map(({ outputs }) => padded(outputs)), padded(plan.input.size));
  return {
    weights: plan.matrices.map((matrix, i) => placeWeights(arena, matrix, start.random[i], bytes)),
    hidden: plan.hidden.map((layer, i) => placeHidden(arena, plan, start, layer, i, bytes)),
    input: placeSequence(arena, plan.input.size, plan.input.steps),
    pixels: arena.take(padded(plan.input.size)),
    table: arena.take(2 * start.features.length),
    errors: placeSteps(arena, plan.classes, 1),
    logits: placeRequantise(arena, plan.output.values.cell.shift, plan.output.values.format.bits),
    logit: arena.take(2 * plan.classes),
    sums: arena.take(8 * (widest + 8)),
    own: arena.take(8 * (widest + 8)),
    dense: arena.take(8 * (widest + 8)),
    combined: arena.take(4 * (widest + 8)),
    gradient: arena.take(4 * widest),
  };
};
