import type { LayerView, MatrixView } from './engine.js';
import type { Integers } from './matrix.js';

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
  /** Keeps the weights that the coming update may change. */
  readonly before: () => void;
  /** Counts, after the update. */
  readonly after: () => void;
}

/** Calls `visit` with the start of each column that the step updates. */
const eachColumn = ({ used, weights }: MatrixView, visit: (start: number) => void): void => {
  for (let c = 0; c < used.count; c++) visit(used.indices[c] * weights.stride);
};

/** An observer of a layer's updates. It keeps a copy of the layer's weights. */
export const observer = ({ matrices, rows }: LayerView): Observer => {
  const kept: readonly Integers[] = matrices.map(({ weights }) => weights.values.slice());
  const count: UpdateCount = { updates: 0, swallowed: 0 };
  return {
    count,
    before: () => {
      for (const [i, matrix] of matrices.entries()) {
        const { rows: size, values } = matrix.weights;
        eachColumn(matrix, (start) => kept[i].set(values.subarray(start, start + size), start));
      }
    },
    after: () => {
      const written = rows();
      for (const [i, matrix] of matrices.entries()) {
        const { values } = matrix.weights;
        eachColumn(matrix, (start) => {
          count.updates += written.length;
          for (const row of written) if (values[start + row] === kept[i][start + row]) count.swallowed++;
        });
      }
    },
  };
};
