import type { HiddenLayer, Matrix as MatrixPlan, Plan } from '../../datapath/plan.js';
import { nonZero } from '../digest.js';
import type { LayerView } from '../engine.js';
import { factorsOf } from '../factor.js';
import type { PlacedList } from '../place.js';
import type { StepValues } from '../step.js';
import { listView } from '../views.js';
import type { PlacedInput } from './placedInput.js';
import type { Hidden, PlacedLayers } from './placedLayers.js';

/** The columns of a matrix that a step uses. */
export const usedOf = ({ kind, layer: l }: MatrixPlan, { hidden }: PlacedLayers, input: PlacedInput): PlacedList => {
  if (kind === 'recurrent') return hidden[l - 1].x.earlier;
  return l === 1 ? input.total : hidden[l - 2].x.total;
};

/** Everything of the layers that others look at. */
export const layerViews = (buffer: ArrayBuffer, plan: Plan, state: PlacedLayers, input: PlacedInput): LayerView[] =>
  plan.layers.map((layer, i) => {
    const hidden: Hidden | undefined = state.hidden[i];
    const { output, weights } = state;
    const matrices = weights.filter((w) => w.plan.layer === layer.index);
    const rows = hidden ? () => (hidden.updated ? hidden.rowsWithErrors() : []) : () => nonZero(output.error);
    const total = (): number => state.samples * layer.outputs;
    return {
      plan: layer,
      matrices: matrices.map((w) => ({
        plan: w.plan,
        weights: w.view,
        used: listView(buffer, usedOf(w.plan, state, input)),
        random: () => w.random[0],
      })),
      get strength() {
        return hidden ? hidden.strength() : Float64Array.from(matrices[0].strength());
      },
      get activationSaturation() {
        if (!hidden) return output.activationSaturation;
        const saturated = hidden.counters.reduce((sum, counter) => sum + counter[2], 0);
        return { saturated, total: total() * plan.input.steps };
      },
      get errorSaturation() {
        if (!hidden) return output.errorSaturation;
        const [saturated, computed] = hidden.errorCounter;
        return { saturated, total: computed };
      },
      rows,
      steps: () => (hidden ? hidden.counters.map(([active, open]) => ({ active, open, total: total() })) : []),
    };
  });

/** Values of 2 bytes, step after step, without padding. */
const unpadded = (buffer: ArrayBuffer, at: number, { outputs, values }: HiddenLayer, rows: number): Int16Array => {
  const { steps } = values;
  const out = new Int16Array(outputs * steps);
  for (let t = 0; t < steps; t++) out.set(new Int16Array(buffer, at + 2 * rows * t, outputs), t * outputs);
  return out;
};

/** All named values of a step before its update but the output's; copies. */
export const valuesOf = (
  buffer: ArrayBuffer,
  plan: Plan,
  { hidden, output }: PlacedLayers,
): Omit<StepValues, 'logit' | 'probability'> => {
  const { steps } = plan.input;
  const repeated = new Int16Array(plan.classes * steps);
  for (let t = 0; t < steps; t++) repeated.set(output.error, t * plan.classes);
  const all = (at: (layer: Hidden) => number): Int16Array[] =>
    hidden.map((layer) => unpadded(buffer, at(layer), layer.plan, layer.rows));
  const uerror = all((layer) => layer.through.values);
  return {
    activation: all((layer) => layer.x.values),
    membrane: hidden.map((layer) =>
      layer.plan.values.cell.kind === 'snu'
        ? unpadded(buffer, layer.membrane, layer.plan, layer.rows)
        : new Int16Array(),
    ),
    open: all((layer) => layer.open).map((masks) => Uint8Array.from(masks, (mask) => (mask === 0 ? 0 : 1))),
    error: [...all((layer) => layer.errors.values), repeated],
    uerror,
    carried: [...uerror, repeated],
    strength: hidden.map((layer) => layer.strength()),
    factor: hidden.map((layer) => factorsOf(layer.strength(), plan)),
  };
};
