import type { LayerPlan, Plan } from '../datapath/plan.js';
import { maxOf, minOf } from '../fx/format.js';
import { type Arena, createArena } from './arena.js';
import type { Engine, LayerView, Saturation, Start } from './engine.js';
import { computeFactors } from './factor.js';
import type { Integers, Matrix } from './matrix.js';
import { strengths } from './matrix.js';
import type { List } from './sparse.js';
import { type Kernels, loadKernels } from './wasm.js';

/** Rows that the kernels work on together. */
const BLOCK = 32;
/** Entries behind a list's last one. */
const TAIL = 4;
const MOVE_BYTES = 12;
const MOST_BYTES = 2 ** 31;

const padded = (count: number): number => Math.ceil(count / BLOCK) * BLOCK;

/** Bytes of a weight: 1 where all widths and sums suit the kernels for bytes. */
const bytesOf = ({ config, layers }: Plan): 1 | 2 => {
  const { weight, activation, error } = config.bits;
  const narrow =
    Math.max(weight, activation, error) <= 8 &&
    layers.every(
      ({ sumBits, backBits, forwardShift: shift }) =>
        sumBits <= 30 && (backBits ?? 0) <= 32 && shift >= 0 && shift <= 30,
    );
  return narrow ? 1 : 2;
};

/** The kernels for weights of a number of bytes. */
const choose = (k: Kernels, bytes: 1 | 2) =>
  bytes === 1
    ? { multiply: k.multiply8, activate: k.activate8, back: k.back8, update: k.update8 }
    : { multiply: k.multiply16, activate: k.activate16, back: k.back16, update: k.update16 };

/** Where the parts of a list of activations are. */
interface PlacedList {
  readonly record: number;
  readonly indices: number;
  readonly values: number;
  readonly size: number;
}

const placeList = (arena: Arena, size: number): PlacedList => {
  const indices = arena.take(4 * (size + TAIL + BLOCK));
  const values = arena.take(2 * (size + TAIL + BLOCK));
  return { record: arena.record(0, indices, values), indices, values, size };
};

interface PlacedMatrix {
  readonly record: number;
  readonly values: number;
  readonly stride: number;
}

const placeMatrix = (arena: Arena, rows: number, columns: number, bytes: number): PlacedMatrix => {
  const stride = padded(rows);
  const values = arena.take(stride * (columns + 1) * bytes);
  return { record: arena.record(columns, stride * bytes, values), values, stride };
};

interface PlacedErrors {
  readonly record: number;
  readonly values: number;
}

const placeErrors = (arena: Arena, rows: number): PlacedErrors => {
  const values = arena.take(2 * padded(rows));
  return { record: arena.record(0, 0, values), values };
};

/** A record of `sat(rn(v, shift), bits)`. */
const placeRequantise = (arena: Arena, shift: number, bits: number): number =>
  arena.record(Math.max(0, -shift), Math.max(0, shift), minOf(bits), maxOf(bits));

/** Fields of a record of learning, by their position. */
const RANDOM = 2;

const placeLearning = (arena: Arena, { outputs, inputs, weight }: LayerPlan, random: number, bytes: number) => {
  const rows = padded(outputs);
  const strength = arena.take(4 * rows);
  const record = arena.record(
    minOf(weight.bits),
    maxOf(weight.bits),
    random | 0,
    strength,
    arena.take(2 * rows * bytes),
    arena.take(rows * bytes),
    arena.take(MOVE_BYTES * (inputs + 1)),
  );
  return { record, strength };
};

const placeLayer = (arena: Arena, plan: Plan, start: Start, i: number, bytes: number) => {
  const layer = plan.layers[i];
  const { inputs, outputs, hidden } = layer;
  const { mode } = plan.config.grapes;
  const fixed = start.feedback[i];
  const errors = placeErrors(arena, outputs);
  return {
    plan: layer,
    matrix: placeMatrix(arena, outputs, inputs, bytes),
    feedback: fixed && placeMatrix(arena, fixed.rows, fixed.columns, bytes),
    learning: placeLearning(arena, layer, start.random[i], bytes),
    errors,
    passed: hidden && mode === 'local' ? placeErrors(arena, outputs) : errors,
    activation: placeList(arena, hidden ? outputs : 0),
    forward: placeRequantise(arena, layer.forwardShift, layer.output.bits),
    backward: placeRequantise(arena, layer.backwardShift ?? 0, layer.error.bits),
  };
};

type Placed = ReturnType<typeof placeLayer>;

/** Everything of a network in linear memory. */
const place = (arena: Arena, plan: Plan, start: Start, bytes: number) => {
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

const fill = (to: Integers, stride: number, { rows, columns, values }: Matrix): void => {
  for (let j = 0; j < columns; j++) to.set(values.subarray(j * rows, (j + 1) * rows), j * stride);
};

const integers = (buffer: ArrayBuffer, { values, stride }: PlacedMatrix, columns: number, bytes: 1 | 2): Integers =>
  bytes === 1 ? new Int8Array(buffer, values, stride * columns) : new Int16Array(buffer, values, stride * columns);

const listView = (buffer: ArrayBuffer, { record, indices, values, size }: PlacedList): List => {
  const count = new Int32Array(buffer, record, 1);
  return {
    get count() {
      return count[0];
    },
    indices: new Int32Array(buffer, indices, size),
    values: new Int16Array(buffer, values, size),
  };
};

/** Views of a placed layer and its parts that change in TypeScript. */
const viewLayer = (buffer: ArrayBuffer, placed: Placed, start: Start, i: number, bytes: 1 | 2) => {
  const { plan, matrix, feedback, learning, errors, activation } = placed;
  const { inputs: columns, outputs: rows } = plan;
  const values = integers(buffer, matrix, columns, bytes);
  fill(values, matrix.stride, start.weights[i]);
  if (feedback) fill(integers(buffer, feedback, start.feedback[i].columns, bytes), feedback.stride, start.feedback[i]);
  const strength = new Int32Array(buffer, learning.strength, rows);
  strength.set(strengths(start.weights[i]));
  const random = new Uint32Array(buffer, learning.record + 4 * RANDOM, 1);
  const error = new Int16Array(buffer, errors.values, rows);
  const activationSaturation: Saturation = { saturated: 0, total: 0 };
  const errorSaturation: Saturation = { saturated: 0, total: 0 };
  const view: LayerView = {
    plan,
    weights: { rows, columns, stride: matrix.stride, values },
    strength,
    activation: listView(buffer, activation),
    activationSaturation,
    errorSaturation,
    errors: () => error.slice(),
    random: () => random[0],
  };
  return {
    ...placed,
    view,
    activationSaturation,
    errorSaturation,
    error,
    /** least and greatest error that passes to the layer below */
    passedRange: new Int32Array(buffer, placed.passed.record, 2),
    range: new Int32Array(buffer, errors.record, 2),
  };
};

type Layer = ReturnType<typeof viewLayer>;

const outputErrors = ({ error, range, plan, errorSaturation }: Layer, probability: Int32Array, label: number): void => {
  const low = minOf(plan.error.bits);
  const high = maxOf(plan.error.bits);
  const one = 2 ** plan.error.frac;
  let least = 0;
  let most = 0;
  for (let i = 0; i < error.length; i++) {
    const v = i === label ? probability[i] - one : probability[i];
    const e = Math.min(high, Math.max(low, v));
    if (e !== v) errorSaturation.saturated++;
    if (e < least) least = e;
    if (e > most) most = e;
    error[i] = e;
  }
  errorSaturation.total += error.length;
  range[0] = least;
  range[1] = most;
};

/** The engine on compiled vector kernels; null where they are missing, or for more memory than they address. */
export const vectorEngine = (plan: Plan, start: Start): Engine | null => {
  const bytes = bytesOf(plan);
  const arena = createArena();
  const placed = place(arena, plan, start, bytes);
  if (arena.size() > MOST_BYTES) return null;
  const memory = arena.make();
  const kernels = loadKernels(memory);
  if (kernels === null) return null;

  const { buffer } = memory;
  const { config, factor } = plan;
  const { mode } = config.grapes;
  const layers = placed.layers.map((layer, i) => viewLayer(buffer, layer, start, i, bytes));
  const last = layers[layers.length - 1];
  const { inputs } = plan.layers[0];
  const { sums } = placed;
  const input = listView(buffer, placed.input);
  const features = new Int16Array(buffer, placed.features, inputs);
  const pixels = new Uint8Array(buffer, placed.pixels, inputs);
  const logit = new Int16Array(buffer, placed.logit, plan.classes);
  new Int16Array(buffer, placed.table, start.features.length).set(start.features);
  const unmodulated = [0, 1, factor.one] as const;
  const uniform = new Int32Array(mode === 'uniform' ? Math.max(...plan.layers.map((l) => l.outputs)) : 0);
  const { multiply, activate, back, update } = choose(kernels, bytes);
  const listOf = (i: number): number => (i === 0 ? placed.input : layers[i - 1].activation).record;

  /** Strengths to modulate by, the greatest of them, and the lower clip; no strengths: the clip is every factor. */
  const modulation = ({ learning, matrix, view }: Layer): readonly [number, number, number] => {
    if (mode === 'off') return unmodulated;
    if (mode === 'uniform') {
      const all = uniform.subarray(0, view.strength.length);
      computeFactors(view.strength, plan, all);
      return [0, 1, all[0]];
    }
    const most = kernels.strongest(learning.strength, matrix.stride);
    return most === 0 ? unmodulated : [learning.strength, most, factor.low];
  };

  const hiddenErrors = (i: number): void => {
    const layer = layers[i];
    const above = config.feedback === 'dfa' ? last : layers[i + 1];
    layer.errorSaturation.total += layer.view.activation.count;
    if (above.passedRange[0] === 0 && above.passedRange[1] === 0) {
      layer.error.fill(0);
      layer.range.fill(0);
      layer.passedRange.fill(0);
      return;
    }
    const carrier = layer.feedback ?? layers[i + 1].matrix;
    back(carrier.record, layer.activation.record, above.passed.record, sums);
    const [strength, most, low] = modulation(layer);
    const { backward, errors, passed, matrix } = layer;
    const active = layer.activation.record;
    const saturated = kernels.modulate(active, sums, strength, most, low, backward, errors.record, matrix.stride);
    layer.errorSaturation.saturated += saturated;
    if (passed !== errors) kernels.modulate(active, sums, 0, 1, factor.one, backward, passed.record, matrix.stride);
  };

  return {
    layers: layers.map(({ view }) => view),
    input,
    logit,
    takeFeatures: (given) => {
      features.set(given);
      return kernels.listFeatures(placed.features, inputs, placed.input.record);
    },
    takePixels: (given) => {
      pixels.set(given);
      kernels.listPixels(placed.pixels, inputs, placed.table, placed.input.record);
    },
    forward: () => {
      for (let i = 0; i < layers.length; i++) {
        const { matrix, plan: layer, forward, activation, activationSaturation } = layers[i];
        multiply(matrix.record, listOf(i), sums);
        activationSaturation.saturated += layer.hidden
          ? activate(sums, matrix.stride, forward, activation.record)
          : kernels.logits(sums, bytes === 2, layer.outputs, forward, placed.logit);
        activationSaturation.total += layer.outputs;
      }
    },
    backward: (probability, label) => {
      outputErrors(last, probability, label);
      for (let i = layers.length - 2; i >= 0; i--) hiddenErrors(i);
    },
    update: ({ rate, stochastic }) => {
      for (let i = 0; i < layers.length; i++) {
        const { matrix, errors, learning, plan: layer } = layers[i];
        update(matrix.record, listOf(i), errors.record, learning.record, layer.updateShift + rate, stochastic);
      }
    },
  };
};
