import type { Network, StepValues } from '../model/index.js';
import type { Range } from './metrics.js';
import { addProbe, type StepTallies } from './steps.js';

/** What the probed steps of an epoch showed of a layer so far. */
export interface LayerProbe {
  /** updates whose exact step is not 0 */
  updates: number;
  /** those of them that left the stored weight as it was */
  swallowed: number;
  strength: Range | null;
  factor: Range | null;
}

/** Steps of an epoch that are probed, evenly spread. */
const PROBES = 16;

/** Says whether step `position` of an epoch of `count` samples is probed. */
export const isProbed = (position: number, count: number): boolean =>
  position % Math.max(1, Math.floor(count / PROBES)) === 0;

export const emptyProbes = (layers: number): LayerProbe[] =>
  Array.from({ length: layers }, () => ({ updates: 0, swallowed: 0, strength: null, factor: null }));

const widened = (range: Range | null, values: ArrayLike<number>): Range | null => {
  let { min, max } = range ?? { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
  for (let i = 0; i < values.length; i++) {
    if (values[i] < min) min = values[i];
    if (values[i] > max) max = values[i];
  }
  return values.length === 0 ? range : { min, max };
};

/** Which of `size` entries are not 0 at some step of so many first ones. */
const used = (values: ArrayLike<number>, size: number, steps = values.length / size): number[] => {
  const found = new Set<number>();
  for (let at = 0; at < size * steps; at++) if (values[at] !== 0) found.add(at % size);
  return [...found];
};

/** Makes one training step, adding what it shows to what the epoch showed so far; gives the class predicted. */
export const probedStep = (
  network: Network,
  input: Int16Array,
  label: number,
  k: number,
  { probes, steps }: { readonly probes: readonly LayerProbe[]; readonly steps: StepTallies },
): number => {
  const before = network.matrices();
  const { prediction, trace } = network.step(input, label, { k, trace: 'values' });
  const values = trace?.values;
  if (values === undefined) return prediction;
  const after = network.matrices();
  const { matrices, input: first } = network.plan;
  const sequences = [network.input(), ...values.activation];
  for (const [m, { kind, layer, rows: height, columns: width }] of matrices.entries()) {
    const probe = probes[layer - 1];
    // a recurrent matrix sees all steps but the last one
    const columns =
      kind === 'forward' ? used(sequences[layer - 1], width) : used(sequences[layer], width, first.steps - 1);
    const rows = used(values.error[layer - 1], height);
    probe.updates += columns.length * rows.length;
    for (const row of rows) {
      for (const column of columns) {
        const at = row * width + column;
        if (before[m][at] === after[m][at]) probe.swallowed++;
      }
    }
  }
  probes.forEach((probe, i) => {
    widen(probe, values, i);
  });
  addProbe(steps, network.plan, values);
  return prediction;
};

const widen = (probe: LayerProbe, { strength, factor }: StepValues, i: number): void => {
  if (i >= strength.length) return;
  probe.strength = widened(probe.strength, strength[i]);
  probe.factor = widened(probe.factor, factor[i]);
};
