import type { Matrix, Plan } from '../datapath/plan.js';
import { maxOf, minOf } from '../fx/format.js';
import type { Arena } from './arena.js';
import type { Start } from './engine.js';

/** Rows that the kernels work on together. */
const BLOCK = 32;
/** Entries behind a list's last one. */
const TAIL = 4;

export const padded = (count: number): number => Math.ceil(count / BLOCK) * BLOCK;

/** Where the parts of a list of activations are. */
export interface PlacedList {
  readonly record: number;
  readonly indices: number;
  readonly values: number;
  readonly size: number;
}

export const placeList = (arena: Arena, size: number): PlacedList => {
  const indices = arena.take(4 * (size + TAIL + BLOCK));
  const values = arena.take(2 * (size + TAIL + BLOCK));
  return { record: arena.record(0, indices, values), indices, values, size };
};

export interface PlacedMatrix {
  readonly record: number;
  readonly values: number;
  readonly stride: number;
}

export const placeMatrix = (arena: Arena, rows: number, columns: number, bytes: number): PlacedMatrix => {
  const stride = padded(rows);
  const values = arena.take(stride * columns * bytes);
  return { record: arena.record(stride * bytes, values), values, stride };
};

export interface PlacedErrors {
  readonly record: number;
  readonly values: number;
}

export const placeErrors = (arena: Arena, rows: number): PlacedErrors => {
  const values = arena.take(2 * padded(rows));
  return { record: arena.record(0, 0, values), values };
};

/** A record of `sat(rn(v, shift), bits)`. */
export const placeRequantise = (arena: Arena, shift: number, bits: number): number =>
  arena.record(Math.max(0, -shift), Math.max(0, shift), minOf(bits), maxOf(bits));

/** Position of the update stream's state in a record of learning. */
export const RANDOM = 2;

/** @param modulates something needs the strengths at every step */
export const placeLearning = (arena: Arena, matrix: Matrix, random: number, bytes: number, modulates: boolean) => {
  const rows = padded(matrix.rows);
  const strength = modulates ? arena.take(4 * rows) : 0;
  const record = arena.record(
    minOf(matrix.format.bits),
    maxOf(matrix.format.bits),
    random | 0,
    strength,
    arena.take(bytes === 1 ? 2 * rows : 4 * rows),
    arena.take(rows * bytes),
    0,
  );
  return { record, strength };
};

const placeLayer = (arena: Arena, plan: Plan, start: Start, i: number, bytes: number) => {
  const layer = plan.layers[i];
  const { inputs, outputs, values } = layer;
  const hidden = values.kind === 'hidden';
  const { feedback, grapes } = plan.config;
  // With `dfa` no error goes on to the layer below.
  const carries = hidden && grapes.mode === 'local' && feedback !== 'dfa';
  const fixed = start.feedback[i];
  const errors = placeErrors(arena, outputs);
  return {
    plan: layer,
    matrix: placeMatrix(arena, outputs, inputs, bytes),
    feedback: fixed && placeMatrix(arena, fixed.rows, fixed.columns, bytes),
    learning: placeLearning(arena, layer.matrix, start.random[i], bytes, hidden && grapes.mode !== 'off'),
    errors,
    passed: carries ? placeErrors(arena, outputs) : errors,
    activation: placeList(arena, hidden ? outputs : 0),
    forward: placeRequantise(arena, layer.values.cell.shift, layer.values.format.bits),
    backward: placeRequantise(arena, hidden ? values.back.shift : 0, layer.values.error.bits),
  };
};

export type Placed = ReturnType<typeof placeLayer>;

/** Everything of a network in linear memory. */
export const place = (arena: Arena, plan: Plan, start: Start, bytes: number) => {
  const { inputs } = plan.layers[0];
  const widest = Math.max(...plan.layers.map(({ outputs }) => padded(outputs)));
  return {
    layers: plan.layers.map((_, i) => placeLayer(arena, plan, start, i, bytes)),
    input: placeList(arena, inputs),
    features: arena.take(2 * padded(inputs)),
    pixels: arena.take(padded(inputs)),
    table: arena.take(2 * start.features.length),
    sums: arena.take(8 * (widest + TAIL)),
    logit: arena.take(2 * plan.classes),
  };
};
