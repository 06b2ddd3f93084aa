import type { LayerView } from './engine.js';
import type { Integers } from './matrix.js';
import type { List } from './sparse.js';

/** Weight updates of the observed steps. */
export interface UpdateCount {
  /** updates whose exact step, `delta * x / 2^s`, is not 0 */
  updates: number;
  /** those of them that left the stored weight as it was */
  swallowed: number;
}

/** Counts what becomes of the updates of one layer. */
export interface Observer {
  readonly count: Readonly<UpdateCount>;
  /** Keeps the weights that the coming update may change: the columns in `used`. */
  readonly before: (used: List) => void;
  /** Counts, after the update. */
  readonly after: (used: List) => void;
}

const nonZero = (values: Int16Array): number => values.reduce((count, v) => count + (v === 0 ? 0 : 1), 0);

/** An observer of a layer's updates. It keeps a copy of the layer's weights. */
export const observer = ({ weights, errors }: LayerView): Observer => {
  const { rows, stride, values } = weights;
  const kept: Integers = values.slice();
  const count: UpdateCount = { updates: 0, swallowed: 0 };
  return {
    count,
    before: (used) => {
      for (let c = 0; c < used.count; c++) {
        const start = used.indices[c] * stride;
        kept.set(values.subarray(start, start + rows), start);
      }
    },
    after: (used) => {
      let moved = 0;
      for (let c = 0; c < used.count; c++) {
        const start = used.indices[c] * stride;
        for (let at = start; at < start + rows; at++) if (values[at] !== kept[at]) moved++;
      }
      const updates = used.count * nonZero(errors());
      count.updates += updates;
      count.swallowed += updates - moved;
    },
  };
};
