import type { Plan } from '../../datapath/plan.js';
import { xorshift } from '../../fx/random.js';
import { push, refill, type Sparse } from '../sparse.js';
import type { Sequence } from './sequence.js';

/** Spreads what the input port takes of a sample over the steps. Gives the encoder's state after it. */
export type Encode = (taken: ArrayLike<number>, state: number, into: Sequence) => number;

const direct: Encode = (taken, state, { lists }) => {
  refill(lists[0], taken);
  return state;
};

const fill = (list: Sparse, taken: ArrayLike<number>, from: number, values: Int32Array, size: number): void => {
  list.count = 0;
  for (let j = 0; j < size; j++) {
    const v = taken[from + j];
    values[from + j] = v;
    if (v !== 0) push(list, j, v);
  }
};

const rows: Encode = (taken, state, { lists, values, size }) => {
  lists.forEach((list, t) => {
    fill(list, taken, t * size, values, size);
  });
  return state;
};

/** A spike where the top 8 bits of the state, advanced once for each feature that may fire, are below the feature. */
const rate: Encode = (taken, state, { lists, values, size }) => {
  let y = state;
  values.fill(0);
  lists.forEach((list, t) => {
    list.count = 0;
    for (let j = 0; j < size; j++) {
      const p = taken[j];
      if (p === 0) continue;
      y = xorshift(y);
      if (y >>> 24 >= p) continue;
      values[t * size + j] = 1;
      push(list, j, 1);
    }
  });
  return y;
};

/** How a network's samples become sequences. Source: the numeric contract, networks in time. */
export const encoderOf = ({ config }: Plan): Encode => {
  const encoding = config.encoding ?? 'direct';
  return { direct, rate, rows, events: rows }[encoding];
};
