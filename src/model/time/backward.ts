import type { Plan } from '../../datapath/plan.js';
import { maxOf, minOf } from '../../fx/format.js';
import { back32, backWide } from '../kernels.js';
import type { Matrix } from '../matrix.js';
import { push, type Sparse } from '../sparse.js';
import { combine } from './combine.js';
import { decayed } from './forward.js';
import type { Errors, HiddenState } from './layer.js';

/** The inner product of a column with errors of `errorBits` bits. */
const product = ({ rows }: Matrix, weightBits: number, errorBits: number): typeof back32 =>
  rows * 2 ** (weightBits + errorBits - 2) < 2 ** 31 ? back32 : backWide;

/** Errors that come from above: a list for each step, or one list that is the same at every step. */
export type Above = readonly Sparse[] | Sparse;

/** The way back through a hidden layer: all its steps, the last one first. @param both also errors without factors */
export type Backward = (carrier: Matrix, above: Above, both: boolean) => void;

const record = ({ values, lists }: Errors, t: number, j: number, at: number, e: number): void => {
  values[at] = e;
  if (e !== 0) push(lists[t], j, e);
};

export const backwardOf = (plan: Plan, layer: HiddenState): Backward => {
  const { config, factor: factors } = plan;
  const { values } = layer.plan;
  const { size, steps, cell, back } = values;
  const { x, open, error, through, factor, errorSaturation, recurrent } = layer;
  const { weight: weightBits, error: errorBits } = config.bits;
  const rounded = combine(back.align, back.shift, back.bits + factors.bits);
  const [least, most] = [minOf(errorBits), maxOf(errorBits)];
  const clamp = (v: number): number => (v > most ? most : Math.max(v, least));
  const carries = cell.kind === 'snu';
  const decay = cell.kind === 'snu' ? cell.decayShift : 1;
  const multiplyOwn = size * 2 ** (weightBits + errorBits - 2) < 2 ** 31 ? back32 : backWide;
  /** b of the columns, where the same errors come at every step */
  const cached = new Float64Array(size);
  const known = new Uint8Array(size);

  return (carrier, above, both) => {
    const multiply = product(carrier, weightBits, errorBits);
    const split = both && through !== error;
    known.fill(0);
    for (let t = steps - 1; t >= 0; t--) {
      error.lists[t].count = 0;
      if (split) through.lists[t].count = 0;
      const start = t * size;
      const last = t === steps - 1;
      for (let j = 0, at = start; j < size; j++, at++) {
        const carry = carries && !last && x.values[at] === 0;
        if (open[at] === 0 && !carry) {
          error.values[at] = 0;
          if (split) through.values[at] = 0;
          continue;
        }
        let b = 0;
        let own = 0;
        if (open[at] === 1) {
          if ('count' in above) {
            if (known[j] === 0) {
              cached[j] = multiply(carrier, j, above);
              known[j] = 1;
            }
            b = cached[j];
          } else b = multiply(carrier, j, above[t]);
          if (!last) for (const { matrix } of recurrent) own = multiplyOwn(matrix, j, through.lists[t + 1]);
        }
        const isOpen = open[at] === 1;
        if (isOpen) errorSaturation.total++;
        const v = (isOpen ? rounded(b, own, factor[j]) : 0) + (carry ? decayed(error.values[at + size], decay) : 0);
        const e = clamp(v);
        if (e !== v) errorSaturation.saturated++;
        record(error, t, j, at, e);
        if (!split) continue;
        const plain =
          (isOpen ? rounded(b, own, factors.one) : 0) + (carry ? decayed(through.values[at + size], decay) : 0);
        record(through, t, j, at, clamp(plain));
      }
    }
  };
};
