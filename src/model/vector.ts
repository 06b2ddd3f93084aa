import type { Plan } from '../datapath/plan.js';
import { maxOf, minOf } from '../fx/format.js';
import { createArena } from './arena.js';
import type { DenseEngine, DenseLayer, Saturation, Start } from './engine.js';
import { computeFactors } from './factor.js';
import { strengths } from './matrix.js';
import { type Placed, place, RANDOM } from './place.js';
import { fill, integers, listView } from './views.js';
import { type Kernels, loadKernels } from './wasm.js';

/** Addresses are 32 bits; half of them do. */
const MOST_BYTES = 2 ** 31;

/** Bytes of a weight: 1 where all widths and sums suit the kernels for bytes. */
const bytesOf = ({ config, layers, hidden }: Plan): 1 | 2 => {
  const { weight, activation, error } = config.bits;
  const narrow =
    Math.max(weight, activation, error) <= 8 &&
    layers.every(({ values: { sumBits, cell } }) => sumBits <= 30 && cell.shift >= 0 && cell.shift <= 30) &&
    hidden.every(({ values }) => values.back.bits <= 32);
  return narrow ? 1 : 2;
};

/** The kernels for weights of a number of bytes. */
const choose = (k: Kernels, bytes: 1 | 2) =>
  bytes === 1
    ? { multiply: k.multiply8, activate: k.activate8, back: k.back8, update: k.update8 }
    : { multiply: k.multiply16, activate: k.activate16, back: k.back16, update: k.update16 };

/** Views of a placed layer and its parts that change in TypeScript. */
const viewLayer = (buffer: ArrayBuffer, placed: Placed, start: Start, i: number, bytes: 1 | 2) => {
  const { plan, matrix, feedback, learning, errors, activation } = placed;
  const { inputs: columns, outputs: rows } = plan;
  const values = integers(buffer, matrix, columns, bytes);
  fill(values, matrix.stride, start.weights[i]);
  if (feedback) fill(integers(buffer, feedback, start.feedback[i].columns, bytes), feedback.stride, start.feedback[i]);
  const weights = { rows, columns, stride: matrix.stride, values };
  const tracked = learning.strength === 0 ? null : new Int32Array(buffer, learning.strength, rows);
  tracked?.set(strengths(weights));
  const random = new Uint32Array(buffer, learning.record + 4 * RANDOM, 1);
  const error = new Int16Array(buffer, errors.values, rows);
  const passedError = new Int16Array(buffer, placed.passed.values, rows);
  const activationSaturation: Saturation = { saturated: 0, total: 0 };
  const errorSaturation: Saturation = { saturated: 0, total: 0 };
  const view: DenseLayer = {
    plan,
    weights,
    get strength() {
      return tracked ?? strengths(weights);
    },
    activation: listView(buffer, activation),
    activationSaturation,
    errorSaturation,
    errors: () => error.slice(),
    carried: () => passedError.slice(),
    random: () => random[0],
  };
  return {
    ...placed,
    view,
    activationSaturation,
    errorSaturation,
    error,
    passedError,
    /** least and greatest error that passes to the layer below */
    passedRange: new Int32Array(buffer, placed.passed.record, 2),
    range: new Int32Array(buffer, errors.record, 2),
  };
};

type Layer = ReturnType<typeof viewLayer>;

const outputErrors = ({ error, range, plan, errorSaturation }: Layer, probability: Int32Array, label: number): void => {
  const low = minOf(plan.values.error.bits);
  const high = maxOf(plan.values.error.bits);
  const one = 2 ** plan.values.error.frac;
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
export const vectorEngine = (plan: Plan, start: Start): DenseEngine | null => {
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
  const wide = bytes === 2;
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
      layer.passedError.fill(0);
      layer.range.fill(0);
      layer.passedRange.fill(0);
      return;
    }
    const carrier = layer.feedback ?? layers[i + 1].matrix;
    back(carrier.record, layer.activation.record, above.passed.record, sums);
    const [strength, most, low] = modulation(layer);
    const { backward, errors, passed, matrix } = layer;
    const active = layer.activation.record;
    const saturated = kernels.modulate(active, sums, wide, strength, most, low, backward, errors.record, matrix.stride);
    layer.errorSaturation.saturated += saturated;
    if (passed !== errors)
      kernels.modulate(active, sums, wide, 0, 1, factor.one, backward, passed.record, matrix.stride);
  };

  return {
    layers: layers.map(({ view }) => view),
    input,
    logit,
    takeFeatures: (given) => {
      features.set(given);
      kernels.listFeatures(placed.features, inputs, placed.input.record);
    },
    takePixels: (given) => {
      pixels.set(given);
      kernels.listPixels(placed.pixels, inputs, placed.table, placed.input.record);
    },
    forward: () => {
      for (let i = 0; i < layers.length; i++) {
        const { matrix, plan: layer, forward, activation, activationSaturation } = layers[i];
        multiply(matrix.record, listOf(i), sums, false);
        activationSaturation.saturated +=
          layer.values.kind === 'hidden'
            ? activate(sums, matrix.stride, forward, activation.record)
            : kernels.logits(sums, wide, layer.outputs, forward, placed.logit);
        activationSaturation.total += layer.outputs;
      }
    },
    backward: (probability, label) => {
      outputErrors(last, probability, label);
      for (let i = layers.length - 2; i >= 0; i--) hiddenErrors(i);
    },
    digest: () =>
      layers.reduce((sum, { matrix, errors, plan: layer }, i) => {
        const share = kernels.digest(
          matrix.record,
          listOf(i),
          errors.record,
          layer.outputs,
          layer.inputs,
          layer.matrix.offset,
          layer.matrix.format.bits,
          wide,
        );
        return (sum + share) >>> 0;
      }, 0),
    update: ({ rate, stochastic }) => {
      for (let i = 0; i < layers.length; i++) {
        const { matrix, errors, learning, range, plan: layer } = layers[i];
        if (range[0] === 0 && range[1] === 0) continue;
        update(matrix.record, listOf(i), errors.record, learning.record, layer.matrix.updateShift + rate, stochastic);
      }
    },
  };
};
