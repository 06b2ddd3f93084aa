import { isRecurrent, recurrentFrac, recurrentUpdateShift, updateShift } from '../config/shifts.js';
import type { Config } from '../config/types.js';
import type { Format } from '../fx/format.js';

/** A matrix of weights. Rows are neurons of its layer, columns the values that it multiplies. */
interface Weights {
  /** l of the layer whose neurons it adds to, from 1 */
  readonly layer: number;
  readonly rows: number;
  readonly columns: number;
  readonly format: Format;
  /** `s = updateShift + k` */
  readonly updateShift: number;
  /** index of its first weight when all weights are laid out row by row, matrix after matrix */
  readonly offset: number;
  /** first word address in every lane's weight RAM */
  readonly base: number;
}

/** `W_l`: takes the values of the layer below, in the same step. */
export interface ForwardMatrix extends Weights {
  readonly kind: 'forward';
}

/** `H_l`: takes the layer's own values, of the step before. */
export interface RecurrentMatrix extends Weights {
  readonly kind: 'recurrent';
}

export type Matrix = ForwardMatrix | RecurrentMatrix;

const NAME = { forward: 'weight', recurrent: 'recurrent' } as const;

/** `weight1`, `recurrent1`: a matrix in the names of files. */
export const matrixName = ({ kind, layer }: Pick<Matrix, 'kind' | 'layer'>): string => `${NAME[kind]}${layer}`;

/** `W_1, H_1, W_2, ..`, those that there are, one behind the other. @param lanes P, of two rows a group each */
export const matricesOf = (config: Config): readonly Matrix[] => {
  const { layers: sizes, bits, frac, lanes } = config;
  const matrices: Matrix[] = [];
  const at = { offset: 0, base: 0 };
  const add = (matrix: Omit<ForwardMatrix, keyof typeof at> | Omit<RecurrentMatrix, keyof typeof at>): void => {
    matrices.push({ ...matrix, ...at });
    at.offset += matrix.rows * matrix.columns;
    at.base += Math.ceil(matrix.rows / (2 * lanes)) * matrix.columns;
  };
  for (let l = 1; l < sizes.length; l++) {
    const rows = sizes[l];
    const columns = sizes[l - 1];
    const format = { bits: bits.weight, frac: frac.weight[l - 1] };
    add({ kind: 'forward', layer: l, rows, columns, format, updateShift: updateShift(config, l, 0) });
    if (!isRecurrent(config, l)) continue;
    const own = { bits: bits.weight, frac: recurrentFrac(config, l) };
    const shift = recurrentUpdateShift(config, l, 0);
    add({ kind: 'recurrent', layer: l, rows, columns: rows, format: own, updateShift: shift });
  }
  return matrices;
};
