import type { Plan } from '../../datapath/plan.js';
import { maxOf, minOf } from '../../fx/format.js';
import { createArena } from '../arena.js';
import type { Engine, Saturation, Start } from '../engine.js';
import { computeFactors } from '../factor.js';
import { loadKernels } from '../wasm.js';
import { widthInTime } from './fits.js';
import { placeTime } from './place.js';
import { placedInput } from './placedInput.js';
import { type Hidden, isZero, placedLayers } from './placedLayers.js';
import { layerViews, usedOf, valuesOf } from './placedViews.js';

const MOST_BYTES = 2 ** 31;

/** The engine of networks in time on compiled vector kernels; null where they are missing or a number would not fit them. */
export const timeVectorEngine = (plan: Plan, start: Start): Engine | null => {
  const width = widthInTime(plan);
  if (width === null) return null;
  const arena = createArena();
  const placed = placeTime(arena, plan, start, width);
  if (arena.size() > MOST_BYTES) return null;
  const memory = arena.make();
  const kernels = loadKernels(memory);
  if (kernels === null) return null;

  const { buffer } = memory;
  const { config, classes, factor } = plan;
  const { mode } = config.grapes;
  const { steps } = plan.input;
  const wide = width.bytes === 2;
  const state = placedLayers(buffer, plan, placed, start, width);
  const { hidden, output } = state;
  const input = placedInput(buffer, kernels, plan, placed, start);
  const top = hidden.at(-1);
  const seenByOutput = (top ? top.x.total : input.total).record;
  const kind = wide ? (width.sum === 4 ? 1 : 2) : 0;

  const outputErrors = (probability: Int32Array, label: number): void => {
    const { bits, frac } = plan.output.values.error;
    const [low, high] = [minOf(bits), maxOf(bits)];
    const { error, range, errorSaturation: count } = output;
    let [least, most] = [0, 0];
    for (let i = 0; i < classes; i++) {
      const v = i === label ? probability[i] - 2 ** frac : probability[i];
      const e = v > high ? high : Math.max(v, low);
      if (e !== v) count.saturated++;
      if (e < least) least = e;
      if (e > most) most = e;
      error[i] = e;
    }
    count.total += classes;
    range[0] = least;
    range[1] = most;
  };

  const unmodulated = [0, 1, factor.one] as const;

  /** Strengths to modulate by, the greatest of them, and the lower clip; no strengths: the clip is every factor. */
  const modulation = (layer: Hidden): readonly [number, number, number] => {
    if (mode === 'off') return unmodulated;
    if (mode === 'uniform') {
      const all = new Int32Array(layer.plan.outputs);
      computeFactors(layer.strength(), plan, all);
      return [0, 1, all[0]];
    }
    const { strengthAlign } = layer.plan.values;
    let at = layer.forward.learning.strength;
    for (const { learning } of layer.recurrent) {
      const { forward: up, recurrent: across } = strengthAlign;
      kernels.addStrengths(at, up, learning.strength, across, layer.rows, placed.aligned);
      at = placed.aligned;
    }
    const most = kernels.strongest(at, layer.rows);
    return most === 0 ? unmodulated : [at, most, factor.low];
  };

  const backThrough = (i: number, complete: boolean): void => {
    const layer = hidden[i];
    const fromOutput = config.feedback === 'dfa' || i === hidden.length - 1;
    const above = fromOutput ? null : hidden[i + 1];
    const seen = above && (mode === 'local' ? above.through : above.errors).record;
    const split = layer.through !== layer.errors && (complete || mode === 'local' || layer.recurrent.length > 0);
    const [strength, most, low] = modulation(layer);
    const from = fromOutput ? placed.errors.record : 0;
    kernels.backwardHidden(layer.record, from, seen ?? 0, strength, most, low, split);
  };

  return {
    layers: layerViews(buffer, plan, state, input),
    logit: output.logit,
    encoder: input.encoder,
    input: input.sequence,
    takeFeatures: input.takeFeatures,
    takePixels: input.takePixels,
    forward: () => {
      state.samples++;
      for (const { record } of hidden) kernels.forwardHidden(record);
      if (top) kernels.listUsed(top.x.record, steps, seenByOutput);
      else input.sum();
      kernels.multiply(kind, placed.output.matrix.record, seenByOutput, placed.sums, false);
      const count: Saturation = output.activationSaturation;
      count.saturated += kernels.logits(placed.sums, width.sum === 8, classes, placed.logits, placed.logit);
      count.total += classes;
    },
    backward: (probability, label, complete) => {
      outputErrors(probability, label);
      for (let i = hidden.length - 1; i >= 0; i--) backThrough(i, complete);
    },
    update: ({ rate, stochastic }) => {
      for (const layer of hidden) {
        const { updateShift } = layer.forward.plan;
        const own = layer.recurrent.length > 0 ? layer.recurrent[0].plan.updateShift : 0;
        layer.updated = kernels.updateHidden(layer.record, updateShift + rate, own + rate, stochastic) !== 0;
      }
      if (isZero(output.range)) return;
      const { matrix, learning, plan: of } = placed.output;
      const update = wide ? kernels.update16 : kernels.update8;
      const shift = of.updateShift + rate;
      update(matrix.record, seenByOutput, placed.errors.record, learning.record, shift, stochastic);
    },
    digest: () =>
      placed.weights.reduce((sum, w) => {
        const layer = hidden[w.plan.layer - 1];
        if (layer ? !layer.updated : isZero(output.range)) return sum;
        const errors = layer ? layer.erring(kernels) : placed.errors.record;
        const share = kernels.digest(
          w.matrix.record,
          usedOf(w.plan, state, input).record,
          errors,
          w.plan.rows,
          w.plan.columns,
          w.plan.offset,
          w.plan.format.bits,
          wide,
        );
        return (sum + share) >>> 0;
      }, 0),
    values: () => valuesOf(buffer, plan, state),
  };
};
