import type { HiddenLayer, Plan } from '../../datapath/plan.js';
import { maxOf, minOf } from '../../fx/format.js';
import { createArena } from '../arena.js';
import { nonZero } from '../digest.js';
import type { Engine, LayerView, MatrixView, Saturation, Start } from '../engine.js';
import { computeFactors, factorsOf } from '../factor.js';
import { strengths } from '../matrix.js';
import { RANDOM } from '../place.js';
import { dense as dense16 } from '../sparse.js';
import { fill, integers, listView } from '../views.js';
import { loadKernels } from '../wasm.js';
import { encoderOf } from './encode.js';
import { bytesInTime } from './fits.js';
import { strengthOf, type Weights } from './layer.js';
import { ERRORS_BYTES, type PlacedHidden, type PlacedSequence, type PlacedWeights, placeTime } from './place.js';
import { sequence, sequenceOf } from './sequence.js';

const MOST_BYTES = 2 ** 31;

/** The engine of networks in time on compiled vector kernels; null where they are missing or a number would not fit them. */
export const timeVectorEngine = (plan: Plan, start: Start): Engine | null => {
  const bytes = bytesInTime(plan);
  if (bytes === null) return null;
  const arena = createArena();
  const placed = placeTime(arena, plan, start, bytes);
  if (arena.size() > MOST_BYTES) return null;
  const memory = arena.make();
  const kernels = loadKernels(memory);
  if (kernels === null) return null;

  const { buffer } = memory;
  const { config, classes, factor } = plan;
  const { mode } = config.grapes;
  const { steps } = plan.input;
  const wide = bytes === 2;
  const [multiply, back] = wide ? [kernels.multiply16, kernels.back16] : [kernels.multiply8, kernels.back8];
  const { sums, own, dense, combined, gradient } = placed;
  const encode = encoderOf(plan);
  const encoder = { state: start.encoder };
  const constant = (config.encoding ?? 'direct') === 'direct';
  const taken = sequence(plan.input.size, steps, constant);

  const weights = placed.weights.map((w: PlacedWeights, i) => {
    const { rows, columns } = w.plan;
    const values = integers(buffer, w.matrix, columns, bytes);
    fill(values, w.matrix.stride, start.weights[i]);
    const strength = new Int32Array(buffer, w.learning.strength, rows);
    strength.set(strengths(start.weights[i]));
    const random = new Uint32Array(buffer, w.learning.record + 4 * RANDOM, 1);
    return { ...w, view: { rows, columns, stride: w.matrix.stride, values }, strength, random };
  });
  type Placed = (typeof weights)[number];
  const forward = weights.filter((w) => w.plan.kind === 'forward');
  const recurrentOf = (l: number): Placed[] => weights.filter((w) => w.plan.kind === 'recurrent' && w.plan.layer === l);

  const hidden = placed.hidden.map((layer: PlacedHidden, i) => {
    const { feedback, counts, errors, through } = layer;
    if (feedback)
      fill(integers(buffer, feedback, start.feedback[i].columns, bytes), feedback.stride, start.feedback[i]);
    return {
      ...layer,
      forward: forward[i],
      recurrent: recurrentOf(i + 1),
      counters: counts.map((at) => new Float64Array(buffer, at, 3)),
      /** least and greatest error of each step */
      ranges: counts.map((_, t) => new Int32Array(buffer, errors.record + t * ERRORS_BYTES, 2)),
      throughRanges: counts.map((_, t) => new Int32Array(buffer, through.record + t * ERRORS_BYTES, 2)),
      errorSaturation: { saturated: 0, total: 0 },
      openCount: new Int32Array(buffer, layer.openList.record, 1),
      erringValues: new Int16Array(buffer, layer.erring.values, layer.rows),
      updated: false,
    };
  });
  type Hidden = (typeof hidden)[number];
  const top: PlacedSequence = hidden.at(-1)?.x ?? placed.input;
  const sourceOf = (i: number): PlacedSequence => (i === 0 ? placed.input : hidden[i - 1].x);
  const output = forward[hidden.length];
  const logit = new Int16Array(buffer, placed.logit, classes);
  const outputError = new Int16Array(buffer, placed.errors.values, classes);
  const outputRange = new Int32Array(buffer, placed.errors.record, 2);
  const outputSaturation: { activation: Saturation; error: Saturation } = {
    activation: { saturated: 0, total: 0 },
    error: { saturated: 0, total: 0 },
  };

  // the input: what the encoder gives is put in place
  const inputValues = new Int16Array(buffer, placed.input.values, placed.input.rows * steps);
  const putInput = (given: ArrayLike<number>): void => {
    const { rows, size, values, lists } = placed.input;
    if (constant) {
      inputValues.set(given, 0);
      kernels.listFeatures(values, size, lists[0].record);
      return;
    }
    encoder.state = encode(given, encoder.state, taken);
    for (let t = 0; t < steps; t++) {
      inputValues.set(taken.values.subarray(t * size, (t + 1) * size), t * rows);
      const at = values + 2 * t * rows;
      kernels.listWhere(at, at, rows, lists[t].record);
    }
  };

  const listUsed = ({ values, rows, mask, sums: to }: PlacedSequence, count: number, list: number): void => {
    kernels.overSteps(values, rows, count, mask, to);
    kernels.listWhere(mask, to, rows, list);
  };

  const inputList = listView(buffer, placed.input.lists[0]);
  const pixels = new Uint8Array(buffer, placed.pixels, plan.input.size);
  new Int16Array(buffer, placed.table, start.features.length).set(start.features);

  /** What the input takes of pixels. */
  const table = (given: Uint8Array): Int16Array => {
    const out = new Int16Array(given.length);
    for (let j = 0; j < out.length; j++) out[j] = start.features[given[j]];
    return out;
  };

  /** An input that is the same at every step, once for each. */
  const repeatedInput = (): Int16Array => {
    const out = new Int16Array(plan.input.size * steps);
    for (let t = 0; t < steps; t++) out.set(dense16(inputList, plan.input.size), t * plan.input.size);
    return out;
  };

  const inputTotal = {
    indices: new Int32Array(buffer, placed.input.total.indices, placed.input.size),
    values: new Int16Array(buffer, placed.input.total.values, placed.input.size + 4),
    count: new Int32Array(buffer, placed.input.total.record, 1),
  };

  /** The columns of the input that are used, with their sums over the steps. */
  const totalInput = (): void => {
    if (!constant) listUsed(placed.input, steps, placed.input.total.record);
    else {
      inputTotal.count[0] = inputList.count;
      inputTotal.indices.set(inputList.indices);
      inputTotal.values.fill(0);
      for (let c = 0; c < inputList.count; c++) inputTotal.values[c] = steps * inputList.values[c];
    }
  };

  const fire = (layer: Hidden, t: number): void => {
    const { rows, x, membrane, open, unit, counts, plan: p } = layer;
    const { cell, size, format } = p.values;
    const at = 2 * rows * t;
    const [xs, opened] = [x.values + at, open + at];
    if (cell.kind === 'relu') kernels.fireRelu(combined, rows, maxOf(format.bits), xs, opened, counts[t]);
    else if (cell.kind === 'tanh') {
      kernels.fireTanh(combined, rows, size, minOf(format.bits), maxOf(format.bits), xs, opened, counts[t]);
    } else {
      const before = t === 0 ? 0 : membrane + at - 2 * rows;
      kernels.fireSnu(combined, rows, unit, before, xs - 2 * rows, membrane + at, xs, opened, counts[t]);
    }
    kernels.listWhere(xs, xs, rows, x.lists[t].record);
  };

  const run = (layer: Hidden, i: number): void => {
    const source = sourceOf(i);
    const { cell, sumAlign, sumBits } = layer.plan.values;
    const short = sumBits <= 30 && cell.shift >= 0 && cell.shift <= 29;
    const same = i === 0 && constant;
    for (let t = 0; t < steps; t++) {
      if (t === 0 || !same) multiply(layer.forward.matrix.record, source.lists[t].record, sums);
      let second = 0;
      if (t > 0) {
        for (const { matrix } of layer.recurrent) {
          multiply(matrix.record, layer.x.lists[t - 1].record, own);
          second = own;
        }
      }
      if (t === 0 || !same || second !== 0) {
        kernels.combine(
          sums,
          second,
          wide,
          short,
          layer.rows,
          sumAlign.forward,
          sumAlign.recurrent,
          cell.shift,
          combined,
        );
      }
      fire(layer, t);
    }
  };

  const outputErrors = (probability: Int32Array, label: number): void => {
    const { bits, frac } = plan.output.values.error;
    const [low, high] = [minOf(bits), maxOf(bits)];
    let [least, most] = [0, 0];
    for (let i = 0; i < classes; i++) {
      const v = i === label ? probability[i] - 2 ** frac : probability[i];
      const e = v > high ? high : Math.max(v, low);
      if (e !== v) outputSaturation.error.saturated++;
      if (e < least) least = e;
      if (e > most) most = e;
      outputError[i] = e;
    }
    outputSaturation.error.total += classes;
    outputRange[0] = least;
    outputRange[1] = most;
  };

  const strengthView = (i: number): Float64Array => {
    const as = (w: Placed): Weights => ({ plan: w.plan, matrix: start.weights[0], strength: w.strength, random: 0 });
    return strengthOf(plan.layers[i], as(forward[i]), recurrentOf(i + 1).map(as));
  };

  const unmodulated = [0, 1, factor.one] as const;

  /** Strengths to modulate by, the greatest of them, and the lower clip; no strengths: the clip is every factor. */
  const modulation = (layer: Hidden, i: number): readonly [number, number, number] => {
    if (mode === 'off') return unmodulated;
    if (mode === 'uniform') {
      const all = new Int32Array(layer.plan.outputs);
      computeFactors(strengthView(i), plan, all);
      return [0, 1, all[0]];
    }
    const { strengthAlign } = layer.plan.values;
    let at = layer.forward.learning.strength;
    for (const w of layer.recurrent) {
      const { forward: up, recurrent: across } = strengthAlign;
      kernels.addStrengths(at, up, w.learning.strength, across, layer.rows, layer.strength);
      at = layer.strength;
    }
    const most = kernels.strongest(at, layer.rows);
    return most === 0 ? unmodulated : [at, most, factor.low];
  };

  const isZero = (range: Int32Array): boolean => range[0] === 0 && range[1] === 0;

  const backThrough = (i: number, complete: boolean): void => {
    const layer = hidden[i];
    const { plan: p, rows, open, openList, openAny, x, errors, through, throughRanges } = layer;
    const fromOutput = config.feedback === 'dfa' || i === hidden.length - 1;
    const above = fromOutput ? null : hidden[i + 1];
    const seen = above && (mode === 'local' ? above.through : above.errors);
    const seenRanges = above && (mode === 'local' ? above.throughRanges : above.ranges);
    const carrier = (layer.feedback ?? forward[i + 1].matrix).record;
    const split = through !== errors && (complete || mode === 'local' || layer.recurrent.length > 0);
    const snu = p.values.cell.kind === 'snu';
    const anyFromOutput = fromOutput && !isZero(outputRange);
    if (anyFromOutput) {
      kernels.overSteps(open, rows, steps, combined, own);
      kernels.listWhere(combined, combined, rows, openAny.record);
      back(carrier, openAny.record, placed.errors.record, sums);
      kernels.scatter(openAny.record, sums, dense);
    }
    const [strength, most, low] = modulation(layer, i);
    for (let t = steps - 1; t >= 0; t--) {
      const mask = open + 2 * rows * t;
      kernels.listWhere(mask, mask, rows, openList.record);
      layer.errorSaturation.total += layer.openCount[0];
      let from = 0;
      if (anyFromOutput) from = dense;
      else if (seen && seenRanges && !isZero(seenRanges[t])) {
        back(carrier, openList.record, seen.record + t * ERRORS_BYTES, sums);
        from = sums;
      }
      let itself = 0;
      const last = t === steps - 1;
      const later = last ? 0 : t + 1;
      if (!last && !isZero(throughRanges[later])) {
        for (const { matrix } of layer.recurrent) {
          back(matrix.record, openList.record, through.record + later * ERRORS_BYTES, own);
          itself = own;
        }
      }
      const xs = x.values + 2 * rows * t;
      const carried = (of: typeof errors): number => (snu && !last ? of.values + 2 * rows * later : 0);
      layer.errorSaturation.saturated += kernels.errorsAt(
        openList.record,
        from,
        anyFromOutput,
        itself,
        layer.back,
        strength,
        most,
        low,
        carried(errors),
        xs,
        errors.record + t * ERRORS_BYTES,
        rows,
      );
      if (!split) continue;
      kernels.errorsAt(
        openList.record,
        from,
        anyFromOutput,
        itself,
        layer.back,
        0,
        1,
        factor.one,
        carried(through),
        xs,
        through.record + t * ERRORS_BYTES,
        rows,
      );
    }
  };

  const updateHidden = (layer: Hidden, i: number, rate: number, stochastic: boolean): void => {
    const source = sourceOf(i);
    const { errors, summed, erring, rows, ranges, forward: w, recurrent, x } = layer;
    layer.updated = ranges.some((range) => !isZero(range));
    if (!layer.updated) return;
    kernels.overSteps(errors.values, rows, steps, erring.values, summed.values);
    const update = (to: Placed, list: number, at: number, count: number, values: number, width: number): void =>
      kernels.updateSteps(
        to.matrix.record,
        list,
        at,
        ERRORS_BYTES,
        count,
        values,
        width,
        to.learning.record,
        to.plan.updateShift + rate,
        stochastic,
        wide,
        gradient,
      );
    if (i === 0 && constant) {
      kernels.range(summed.record, rows);
      update(w, source.lists[0].record, summed.record, 1, 0, 0);
    } else {
      if (i > 0) listUsed(source, steps, source.total.record);
      update(w, source.total.record, errors.record, steps, source.values, 2 * source.rows);
    }
    for (const h of recurrent) {
      listUsed(x, steps - 1, x.earlier.record);
      update(h, x.earlier.record, errors.record + ERRORS_BYTES, steps - 1, x.values, 2 * rows);
    }
  };

  const usedOf = (w: Placed) => {
    const l = w.plan.layer - 1;
    if (w.plan.kind === 'recurrent') return hidden[l].x.earlier;
    return l === 0 && constant && hidden.length > 0 ? placed.input.lists[0] : sourceOf(l).total;
  };

  const rowsOf = (i: number): number[] => {
    if (i === hidden.length) return nonZero(outputError);
    return hidden[i].updated ? nonZero(hidden[i].erringValues.subarray(0, hidden[i].plan.outputs)) : [];
  };

  const activationSaturation = (layer: Hidden): Saturation => ({
    saturated: layer.counters.reduce((sum, counter) => sum + counter[2], 0),
    total: samples * layer.plan.outputs * steps,
  });
  let samples = 0;

  const layers = plan.layers.map((layer, i): LayerView => {
    const state = hidden[i];
    const matrices = [forward[i], ...recurrentOf(i + 1)].map(
      (w): MatrixView => ({
        plan: w.plan,
        weights: w.view,
        used: listView(buffer, usedOf(w)),
        random: () => w.random[0],
      }),
    );
    return {
      plan: layer,
      matrices,
      get strength() {
        return strengthView(i);
      },
      get activationSaturation() {
        return state ? activationSaturation(state) : outputSaturation.activation;
      },
      errorSaturation: state?.errorSaturation ?? outputSaturation.error,
      rows: () => rowsOf(i),
      written: () => rowsOf(i),
      steps: () =>
        state?.counters.map(([active, open]) => ({ active, open, total: samples * state.plan.outputs })) ?? [],
    };
  });

  /** Values of 2 bytes, step after step, without padding. */
  const unpadded = (at: number, { outputs }: HiddenLayer, rows: number): Int16Array => {
    const out = new Int16Array(outputs * steps);
    for (let t = 0; t < steps; t++) out.set(new Int16Array(buffer, at + 2 * rows * t, outputs), t * outputs);
    return out;
  };

  return {
    layers,
    logit,
    encoder,
    input: () => (constant ? repeatedInput() : sequenceOf(taken)),
    takeFeatures: putInput,
    takePixels: (given) => {
      if (constant) {
        pixels.set(given);
        kernels.listPixels(placed.pixels, plan.input.size, placed.table, placed.input.lists[0].record);
      } else putInput(table(given));
    },
    forward: () => {
      samples++;
      hidden.forEach(run);
      if (hidden.length === 0 || !constant) totalInput();
      if (hidden.length > 0) listUsed(top, steps, top.total.record);
      multiply(output.matrix.record, top.total.record, sums);
      outputSaturation.activation.saturated += kernels.logits(sums, wide, classes, placed.logits, placed.logit);
      outputSaturation.activation.total += classes;
    },
    backward: (probability, label, complete) => {
      outputErrors(probability, label);
      for (let i = hidden.length - 1; i >= 0; i--) backThrough(i, complete);
    },
    update: ({ rate, stochastic }) => {
      hidden.forEach((layer, i) => {
        updateHidden(layer, i, rate, stochastic);
      });
      if (isZero(outputRange)) return;
      kernels.updateSteps(
        output.matrix.record,
        top.total.record,
        placed.errors.record,
        ERRORS_BYTES,
        1,
        0,
        0,
        output.learning.record,
        output.plan.updateShift + rate,
        stochastic,
        wide,
        gradient,
      );
    },
    digest: () =>
      weights.reduce((sum, w) => {
        const l = w.plan.layer - 1;
        const state = hidden[l];
        if (state ? !state.updated : isZero(outputRange)) return sum;
        const share = kernels.digest(
          w.matrix.record,
          usedOf(w).record,
          state ? state.erring.record : placed.errors.record,
          w.plan.rows,
          w.plan.columns,
          w.plan.offset,
          w.plan.format.bits,
          wide,
        );
        return (sum + share) >>> 0;
      }, 0),
    values: () => {
      const repeated = new Int16Array(classes * steps);
      for (let t = 0; t < steps; t++) repeated.set(outputError, t * classes);
      const uerror = hidden.map((l) => unpadded(l.through.values, l.plan, l.rows));
      return {
        activation: hidden.map((l) => unpadded(l.x.values, l.plan, l.rows)),
        membrane: hidden.map((l) =>
          l.plan.values.cell.kind === 'snu' ? unpadded(l.membrane, l.plan, l.rows) : new Int16Array(),
        ),
        open: hidden.map((l) => Uint8Array.from(unpadded(l.open, l.plan, l.rows), (mask) => (mask === 0 ? 0 : 1))),
        error: [...hidden.map((l) => unpadded(l.errors.values, l.plan, l.rows)), repeated],
        uerror,
        carried: [...uerror, repeated],
        strength: hidden.map((_, i) => strengthView(i)),
        factor: hidden.map((_, i) => factorsOf(strengthView(i), plan)),
      };
    },
  };
};
