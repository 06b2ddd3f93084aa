import type { Cell, HiddenLayer, Matrix as MatrixPlan, Plan, Values } from '../../datapath/plan.js';
import { maxOf, minOf } from '../../fx/format.js';
import type { Arena } from '../arena.js';
import type { Start } from '../engine.js';
import { padded, placeLearning, placeList, placeMatrix, placeRequantise } from '../place.js';
import type { Width } from './fits.js';

/** Bytes from one record of errors, or count, to the next. */
export const RECORD_BYTES = 64;
/** Steps that the kernels group, and the sets of them; bytes of a set's record. */
const GROUP = 4;
const SETS = 16;
const SET_BYTES = 16;
/** Bytes of a record of a column that moves. */
const MOVING_BYTES = 20;
/** Steps on both sides of those that are turned. */
const MARGIN = 16;
const EIGHT = 8;

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

export const placeWeights = (arena: Arena, plan: MatrixPlan, random: number, bytes: number, modulates: boolean) => ({
  plan,
  matrix: placeMatrix(arena, plan.rows, plan.columns, bytes),
  learning: placeLearning(arena, plan, random, bytes, modulates),
});

export type PlacedWeights = ReturnType<typeof placeWeights>;

const groupsOf = (steps: number): number => Math.ceil(steps / GROUP);

/**
 * Values of a sequence: 2 bytes each, padded rows; columns in use; the same without the last step.
 * @param constant the values are the same at every step
 */
export const placeSequence = (arena: Arena, { size, steps, format }: Values, constant: boolean) => {
  const rows = padded(size);
  const spikes = format.bits === 1;
  const values = arena.take(2 * rows * (constant ? 1 : steps));
  const [total, earlier] = [placeList(arena, size), placeList(arena, size)];
  const [any, sum] = [arena.take(2 * rows), arena.take(2 * rows)];
  const record = arena.record(
    rows,
    Number(constant),
    Number(spikes),
    values,
    total.record,
    earlier.record,
    placeList(arena, Math.max(size, steps)).record,
    placeList(arena, Math.max(size, steps)).record,
    any,
    sum,
    arena.take(spikes ? 2 * rows * groupsOf(steps) : 0),
    arena.take(2 * rows * (Math.ceil(steps / EIGHT) * EIGHT + MARGIN)),
  );
  return { record, size, rows, values, total, earlier, any, sum };
};

export type PlacedSequence = ReturnType<typeof placeSequence>;

const CELLS: Readonly<Record<Cell['kind'], number>> = { relu: 0, tanh: 1, snu: 2, logits: 3 };

const placeCell = (arena: Arena, { values }: HiddenLayer, width: Width): number => {
  const { cell, format, sumAlign, sumBits } = values;
  const { bits } = cell.kind === 'snu' ? cell.membrane : format;
  const short = width.sum === 4 && sumBits <= 30 && cell.shift >= 0 && cell.shift <= 29;
  const [threshold, window, decay] =
    cell.kind === 'snu' ? [cell.threshold, cell.window, cell.decayShift] : ([0, 0, 1] as const);
  return arena.record(
    CELLS[cell.kind],
    minOf(bits),
    maxOf(bits),
    threshold,
    window,
    decay,
    sumAlign.forward,
    sumAlign.recurrent,
    cell.shift,
    Number(short),
  );
};

/** A number of a lane is smaller. */
const LANE = 2 ** 31;
const MOST_FACTOR = 2 ** 8;

/** @param rows errors that come from above */
const placeBack = (arena: Arena, { config }: Plan, layer: HiddenLayer, rows: number, width: Width): number => {
  const { back, error, size } = layer.values;
  const { forward, recurrent } = back.align;
  const product = 2 ** (config.bits.weight - 1) * 2 ** (error.bits - 1);
  const own = layer.recurrent.length > 0 ? size * 2 ** recurrent : 0;
  const most = product * (rows * 2 ** forward + own);
  const half = 2 ** Math.max(0, back.shift - 1);
  const plain = width.sum === 4 && most + half < LANE;
  const times = plain && most * MOST_FACTOR + half < LANE;
  return arena.record(
    forward,
    recurrent,
    back.shift,
    minOf(error.bits),
    maxOf(error.bits),
    Number(plain) + Number(times),
  );
};

interface Between {
  readonly source: PlacedSequence;
  readonly forward: PlacedWeights;
  readonly above: PlacedWeights;
  readonly recurrent: PlacedWeights | undefined;
}

/** A vector of room for each widest layer that every layer uses in turn. */
const placeRoom = (arena: Arena, plan: Plan) => {
  const widest = Math.max(...plan.layers.map(({ outputs }) => padded(outputs)), padded(plan.input.size));
  const wide = (): number => arena.take(8 * (widest + EIGHT));
  return { sums: arena.take(16 * (widest + EIGHT)), own: wide(), aligned: wide(), factors: wide(), dense: wide() };
};

type Room = ReturnType<typeof placeRoom>;

const placeHidden = (
  arena: Arena,
  plan: Plan,
  start: Start,
  layer: HiddenLayer,
  { source, forward, above, recurrent }: Between,
  room: Room,
  width: Width,
) => {
  const { size, steps, cell, error } = layer.values;
  const i = layer.index - 1;
  const rows = padded(size);
  const fixed = start.feedback[i];
  const feedback = fixed && placeMatrix(arena, fixed.rows, fixed.columns, width.bytes);
  const errors = placeSteps(arena, size, steps);
  const through = plan.config.grapes.mode === 'off' ? errors : placeSteps(arena, size, steps);
  const summed = placeSteps(arena, size, 1);
  const x = placeSequence(arena, layer.values, false);
  const counts = Array.from({ length: steps }, () => arena.take(RECORD_BYTES));
  const membrane = arena.take(cell.kind === 'snu' ? 2 * rows * steps : 0);
  const open = arena.take(2 * rows * steps);
  const errorCount = arena.take(16);
  const { sums, own, aligned, factors, dense } = room;
  const groups = groupsOf(steps) * SETS;
  const adds = steps * 2 ** (error.bits - 1) < 2 ** 15;
  const record = arena.record(
    size,
    rows,
    steps,
    width.bytes === 1 ? 0 : width.sum === 4 ? 1 : 2,
    source.record,
    x.record,
    forward.matrix.record,
    recurrent?.matrix.record ?? 0,
    placeCell(arena, layer, width),
    counts[0],
    membrane,
    open,
    (feedback ?? above.matrix).record,
    placeBack(arena, plan, layer, (fixed ?? above.plan).rows, width),
    errors.record,
    through.record,
    errorCount,
    sums,
    own,
    aligned,
    factors,
    dense,
    placeList(arena, size).record,
    placeList(arena, size).record,
    forward.learning.record,
    recurrent?.learning.record ?? 0,
    summed.record,
    arena.take(4 * rows * Math.ceil(steps / 2)),
    arena.take(MOVING_BYTES * (Math.max(size, layer.inputs) + 1)),
    Number(adds),
    arena.take(2 * (steps + MARGIN)),
    arena.take(2 * (steps + MARGIN)),
    arena.take(groups * SET_BYTES),
    arena.take(groups * 2 * rows),
    arena.take(groups * rows),
  );
  const recurrents = recurrent ? [recurrent] : [];
  return {
    record,
    plan: layer,
    rows,
    feedback,
    forward,
    recurrent: recurrents,
    x,
    counts,
    membrane,
    open,
    errors,
    through,
    summed,
    errorCount,
  };
};

export type PlacedHidden = ReturnType<typeof placeHidden>;

/** Everything of a network in time in linear memory. */
export const placeTime = (arena: Arena, plan: Plan, start: Start, width: Width) => {
  const { mode } = plan.config.grapes;
  const { size, steps } = plan.input;
  const constant = (plan.config.encoding ?? 'direct') === 'direct';
  const room = placeRoom(arena, plan);
  const weights = plan.matrices.map((matrix, i) =>
    placeWeights(arena, matrix, start.random[i], width.bytes, mode !== 'off' && matrix.layer < plan.layers.length),
  );
  const forward = weights.filter((w) => w.plan.kind === 'forward');
  const input = placeSequence(arena, plan.input, constant);
  const hidden: PlacedHidden[] = [];
  for (const [i, layer] of plan.hidden.entries()) {
    const source = hidden[i - 1]?.x ?? input;
    const recurrent = weights.find((w) => w.plan.kind === 'recurrent' && w.plan.layer === layer.index);
    const between = { source, forward: forward[i], above: forward[i + 1], recurrent };
    hidden.push(placeHidden(arena, plan, start, layer, between, room, width));
  }
  return {
    ...room,
    weights,
    hidden,
    output: forward[plan.hidden.length],
    input,
    /** sums of an input that the output layer sees */
    repeated: placeList(arena, size),
    pixels: arena.take(padded(size * (constant ? 1 : steps))),
    table: arena.take(2 * start.features.length),
    errors: placeSteps(arena, plan.classes, 1),
    logits: placeRequantise(arena, plan.output.values.cell.shift, plan.output.values.format.bits),
    logit: arena.take(2 * plan.classes),
  };
};

export type PlacedTime = ReturnType<typeof placeTime>;
