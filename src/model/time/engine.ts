import type { Plan } from '../../datapath/plan.js';
import { maxOf, minOf } from '../../fx/format.js';
import { digestOf } from '../digest.js';
import type { Engine, LayerView, MatrixView, Start } from '../engine.js';
import { computeFactors } from '../factor.js';
import { push, type Sparse } from '../sparse.js';
import { backwardOf } from './backward.js';
import { encoderOf } from './encode.js';
import { forwardOf, multiply } from './forward.js';
import { hiddenState, outputState, strengthOf, type Weights, weightsOf } from './layer.js';
import { sequence, sequenceOf, summarise } from './sequence.js';
import { constantGradient, outputGradient, pairGradient, rowsWithErrors, update } from './update.js';

/** The engine of networks in time in TypeScript alone, for every configuration. */
export const timeEngine = (plan: Plan, start: Start): Engine => {
  const { config, classes } = plan;
  const { mode } = config.grapes;
  const { steps } = plan.input;
  const encode = encoderOf(plan);
  const encoder = { state: start.encoder };
  const weights = plan.matrices.map((matrix, i) => weightsOf(matrix, start.weights[i], start.random[i]));
  const forward = weights.filter((w) => w.plan.kind === 'forward');
  const recurrent = (l: number): Weights[] => weights.filter((w) => w.plan.kind === 'recurrent' && w.plan.layer === l);
  const input = sequence(plan.input.size, steps, (config.encoding ?? 'direct') === 'direct');
  const hidden = plan.hidden.map((layer, i) => {
    const state = hiddenState(plan, layer, forward[i], recurrent(layer.index));
    return { state, forward: forwardOf(state), backward: backwardOf(plan, state) };
  });
  const output = outputState(plan, forward[hidden.length]);
  const top = hidden.at(-1)?.state.x ?? input;
  const logit = new Int16Array(classes);
  const sums = new Float64Array(Math.max(...plan.layers.map((layer) => layer.outputs)));
  /** the sequence that enters layer i + 1 */
  const sourceOf = (i: number) => (i === 0 ? input : hidden[i - 1].state.x);
  /** of the update under way, or the last one: the rows of each layer that are written */
  const rows: number[][] = plan.layers.map(() => []);

  const toLogits = (): void => {
    const { shift } = plan.output.values.cell;
    const [half, scale] = [shift > 0 ? 2 ** (shift - 1) : 0, 2 ** -shift];
    const { bits } = plan.output.values.format;
    const { activationSaturation: count } = output;
    count.total += classes;
    for (let i = 0; i < classes; i++) {
      const v = Math.floor((output.sums[i] + half) * scale);
      logit[i] = Math.min(maxOf(bits), Math.max(minOf(bits), v));
      if (logit[i] !== v) count.saturated++;
    }
  };

  const outputErrors = (probability: Int32Array, label: number): void => {
    const { error, errorSaturation: count } = output;
    const { bits, frac } = plan.output.values.error;
    error.count = 0;
    count.total += classes;
    for (let i = 0; i < classes; i++) {
      const v = probability[i] - (i === label ? 2 ** frac : 0);
      const e = Math.min(maxOf(bits), Math.max(minOf(bits), v));
      if (e !== v) count.saturated++;
      if (e !== 0) push(error, i, e);
    }
  };

  /** Errors that the layer below hidden layer i + 1 sees, in a network with more hidden layers above. */
  const seenFrom = (i: number): readonly Sparse[] => {
    const { error, through } = hidden[i].state;
    return (mode === 'local' ? through : error).lists;
  };

  const layers = plan.layers.map((layer, i): LayerView => {
    const state = hidden[i]?.state;
    const at = (l: number, w: Weights): MatrixView => ({
      plan: w.plan,
      weights: w.matrix,
      used: w.plan.kind === 'forward' ? sourceOf(l).total : hidden[l].state.x.earlier,
      random: () => w.random,
    });
    const counted = state ?? output;
    return {
      plan: layer,
      matrices: [forward[i], ...(state?.recurrent ?? [])].map((w) => at(i, w)),
      get strength() {
        return strengthOf(layer, forward[i], state?.recurrent ?? []);
      },
      activationSaturation: counted.activationSaturation,
      errorSaturation: counted.errorSaturation,
      rows: () => rows[i],
      steps: () => state?.counts ?? [],
    };
  });

  return {
    layers,
    logit,
    encoder,
    input: () => sequenceOf(input),
    takeFeatures: (taken) => {
      encoder.state = encode(taken, encoder.state, input);
    },
    takePixels: (pixels) => {
      const taken = Int16Array.from(pixels, (p) => start.features[p]);
      encoder.state = encode(taken, encoder.state, input);
    },
    forward: () => {
      summarise(input, false);
      for (const [i, layer] of hidden.entries()) layer.forward(sourceOf(i));
      multiply(output.forward.matrix, top.total, output.sums);
      toLogits();
    },
    backward: (probability, label, complete) => {
      outputErrors(probability, label);
      for (let i = hidden.length - 1; i >= 0; i--) {
        const { state, backward } = hidden[i];
        const fromOutput = config.feedback === 'dfa' || i === hidden.length - 1;
        const carrier = config.feedback === 'bp' ? forward[i + 1].matrix : start.feedback[i];
        computeFactors(layers[i].strength, plan, state.factor);
        const both = complete || mode === 'local' || state.recurrent.length > 0;
        backward(carrier, fromOutput ? output.error : seenFrom(i + 1), both);
      }
    },
    update: (rule) => {
      for (const [i, { state }] of hidden.entries()) {
        const source = sourceOf(i);
        rows[i] = rowsWithErrors(state.error.values, state.plan.outputs);
        if (rows[i].length === 0) continue;
        const own = source.constant
          ? constantGradient(state.error, source.lists[0])
          : pairGradient(state.error, source, 0);
        update(state.forward, source.total, rows[i], own, rule, sums);
        for (const w of state.recurrent) {
          update(w, state.x.earlier, rows[i], pairGradient(state.error, state.x, 1), rule, sums);
        }
      }
      const { error } = output;
      rows[hidden.length] = Array.from(error.indices.subarray(0, error.count));
      if (error.count === 0) return;
      update(output.forward, top.total, rows[hidden.length], outputGradient(error, top.total), rule, sums);
    },
    digest: () =>
      layers.reduce((sum, { matrices, rows: written }) => {
        const shares = matrices.map(({ plan: { offset, format }, weights: matrix, used }) =>
          digestOf(matrix, used, written(), offset, format.bits),
        );
        return shares.reduce((a, b) => (a + b) >>> 0, sum);
      }, 0),
    values: () => {
      const dense = new Int16Array(classes);
      for (let c = 0; c < output.error.count; c++) dense[output.error.indices[c]] = output.error.values[c];
      const states = hidden.map(({ state }) => state);
      const repeated = new Int16Array(classes * steps);
      for (let t = 0; t < steps; t++) repeated.set(dense, t * classes);
      const uerror = states.map(({ through }) => Int16Array.from(through.values));
      return {
        activation: states.map(({ x }) => Int16Array.from(x.values)),
        membrane: states.map(({ membrane }) => Int16Array.from(membrane)),
        open: states.map(({ open }) => open.slice()),
        error: [...states.map(({ error }) => Int16Array.from(error.values)), repeated],
        uerror,
        carried: [...uerror, repeated],
        strength: states.map((_, i) => layers[i].strength),
        factor: states.map((state) => state.factor.slice()),
      };
    },
  };
};
