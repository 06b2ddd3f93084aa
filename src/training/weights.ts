import { join } from 'node:path';
import { matrixName } from '../datapath/matrix.js';
import type { Plan } from '../datapath/plan.js';
import { createMem, readMem } from '../golden/index.js';

/** Says of a path inside a folder of weights that {@link writeWeights} writes such a file. */
export const isWeightFile = (file: string): boolean => /^(weight|recurrent)\d+\.mem$/.test(file);

/**
 * Writes the weights of each matrix, row by row, as `weight<l>.mem` (W_l) and `recurrent<l>.mem` (H_l), one hexadecimal value
 * a line, into a folder that exists.
 * @param weights as the plan lists its matrices
 * @throws the file system's errors, as they are
 */
export const writeWeights = (folder: string, { matrices }: Plan, weights: readonly Int16Array[]): void => {
  for (const [m, matrix] of matrices.entries()) {
    const file = createMem(folder, `${matrixName(matrix)}.mem`, matrix.format.bits, [matrix.columns]);
    file.write(weights[m]);
    file.close(matrix.rows);
  }
};

/**
 * Reads the `.mem` files of a folder of weights: as the plan lists its matrices, each row by row.
 * @throws UserError for a missing file, one of another size or width, a line that is no value
 */
export const readWeights = (folder: string, { matrices }: Plan): Int16Array[] =>
  matrices.map((matrix) =>
    readMem(join(folder, `${matrixName(matrix)}.mem`), matrix.format.bits, [matrix.rows, matrix.columns]),
  );
