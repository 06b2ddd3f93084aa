import type { FloatList } from '../memory.js';
import type { TimeLayer } from './layer.js';
import type { FloatCell } from './options.js';

/** Takes a layer's sums to its values of step `t`, from 0. `decay`: what a membrane keeps of itself a step. */
type Fire = (layer: TimeLayer, t: number, decay: number) => void;

const add = (list: FloatList, i: number, v: number): void => {
  list.indices[list.count] = i;
  list.values[list.count++] = v;
};

/** Cells as in the integers: a hard tanh; a membrane that spikes at 1, its derivative 1 within half of that to either side. */
export const FIRE: Readonly<Record<FloatCell, Fire>> = {
  tanh: ({ size, sums, values, open }, t) => {
    for (let i = 0; i < size; i++) {
      const z = sums.values[i];
      const x = Math.min(1, Math.max(-1, z));
      if (x !== 0) add(values[t], i, x);
      if (x === z) add(open[t], i, 1);
    }
  },
  snu: ({ size, sums, values, open, membrane, spiked }, t, decay) => {
    for (let i = 0; i < size; i++) {
      const kept = t > 0 && spiked[t - 1][i] === 0 ? decay * membrane[i] : 0;
      membrane[i] = sums.values[i] + kept;
      spiked[t][i] = membrane[i] >= 1 ? 1 : 0;
      if (spiked[t][i] === 1) add(values[t], i, 1);
      if (Math.abs(membrane[i] - 1) < 0.5) add(open[t], i, 1);
    }
  },
};
