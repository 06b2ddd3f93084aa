import type { SnuCell } from '../../datapath/plan.js';
import { maxOf, minOf } from '../../fx/format.js';
import { multiply32, multiplyWide, type Sums } from '../kernels.js';
import type { Matrix } from '../matrix.js';
import { push, type Sparse } from '../sparse.js';
import { type Combine, combine } from './combine.js';
import type { HiddenState } from './layer.js';
import { type Sequence, summarise } from './sequence.js';

/** `sums = matrix * list` */
export const multiply = (matrix: Matrix, list: Sparse, sums: Sums): void => {
  if (sums instanceof Int32Array) multiply32(matrix, list, sums);
  else multiplyWide(matrix, list, sums);
};

/** What a layer's sums of one step become: the cell's part of a forward step. */
type Fire = (layer: HiddenState, t: number, rounded: Combine) => void;

const relu: Fire = ({ plan, x, open, sums, recurrentSums, activationSaturation: count }, t, rounded) => {
  const { size, format } = plan.values;
  const most = maxOf(format.bits);
  const list = x.lists[t];
  for (let i = 0, at = t * size; i < size; i++, at++) {
    const v = rounded(sums[i], recurrentSums[i], 1);
    open[at] = v > 0 ? 1 : 0;
    x.values[at] = v > 0 ? Math.min(v, most) : 0;
    if (v <= 0) continue;
    if (v > most) count.saturated++;
    push(list, i, x.values[at]);
  }
};

const tanh: Fire = ({ plan, x, open, sums, recurrentSums, activationSaturation: count }, t, rounded) => {
  const { size, format } = plan.values;
  const [least, most] = [minOf(format.bits), maxOf(format.bits)];
  const list = x.lists[t];
  for (let i = 0, at = t * size; i < size; i++, at++) {
    const v = rounded(sums[i], recurrentSums[i], 1);
    const value = v > most ? most : Math.max(v, least);
    open[at] = value === v ? 1 : 0;
    x.values[at] = value;
    if (value !== v) count.saturated++;
    if (value !== 0) push(list, i, value);
  }
};

/** `v - rn(v, shift)` of a number of at most 16 bits. */
export const decayed = (v: number, shift: number): number => v - ((v + (1 << (shift - 1))) >> shift);

const snu =
  ({ membrane: format, decayShift, threshold, window }: SnuCell): Fire =>
  ({ plan, x, open, membrane, sums, recurrentSums, activationSaturation: count }, t, rounded) => {
    const { size } = plan.values;
    const [least, most] = [minOf(format.bits), maxOf(format.bits)];
    const list = x.lists[t];
    for (let i = 0, at = t * size; i < size; i++, at++) {
      const before = at - size;
      const kept = t === 0 || x.values[before] === 1 ? 0 : decayed(membrane[before], decayShift);
      const v = rounded(sums[i], recurrentSums[i], 1) + kept;
      const s = v > most ? most : Math.max(v, least);
      if (s !== v) count.saturated++;
      membrane[at] = s;
      open[at] = Math.abs(s - threshold) < window ? 1 : 0;
      x.values[at] = s >= threshold ? 1 : 0;
      if (s >= threshold) push(list, i, 1);
    }
  };

const count = ({ counts, open, x, plan }: HiddenState, t: number): void => {
  const { size } = plan.values;
  const step = counts[t];
  step.total += size;
  step.active += x.lists[t].count;
  for (let at = t * size, end = at + size; at < end; at++) step.open += open[at];
};

/** The forward pass of a hidden layer: all its steps, from the sequence that enters it. */
export const forwardOf = (layer: HiddenState): ((source: Sequence) => void) => {
  const { values } = layer.plan;
  const { cell } = values;
  const rounded = combine(values.sumAlign, cell.shift, values.sumBits);
  const fire = cell.kind === 'relu' ? relu : cell.kind === 'tanh' ? tanh : snu(cell);
  return (source) => {
    layer.activationSaturation.total += values.size * values.steps;
    layer.recurrentSums.fill(0);
    for (let t = 0; t < values.steps; t++) {
      if (t === 0 || !source.constant) multiply(layer.forward.matrix, source.lists[t], layer.sums);
      if (t > 0) for (const { matrix } of layer.recurrent) multiply(matrix, layer.x.lists[t - 1], layer.recurrentSums);
      layer.x.lists[t].count = 0;
      fire(layer, t, rounded);
      count(layer, t);
    }
    summarise(layer.x, layer.recurrent.length > 0);
  };
};
