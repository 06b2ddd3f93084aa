import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../datapath/plan.js';
import { createMem, readMem } from '../golden/index.js';
import { toNpy } from './npy.js';

export const WEIGHT_FORMATS = ['mem', 'npy'] as const;
export type WeightFormat = (typeof WEIGHT_FORMATS)[number];

/** Says of a path inside a folder of weights that an export writes such a file. */
export const isWeightFile = (file: string): boolean => /^weight\d+\.(mem|npy)$/.test(file);

/**
 * Writes the weights of each layer (row by row, n_l x n_(l-1)) as `weight<l>.mem`, one hexadecimal value a line, and as
 * `weight<l>.npy` into a folder that exists.
 * @throws the file system's errors, as they are
 */
export const writeWeights = (
  folder: string,
  { layers }: Plan,
  weights: readonly Int16Array[],
  formats: readonly WeightFormat[],
): void => {
  for (const { index, inputs, outputs, matrix } of layers) {
    const values = weights[index - 1];
    if (formats.includes('mem')) {
      const file = createMem(folder, `weight${index}.mem`, matrix.format.bits, [inputs]);
      file.write(values);
      file.close(outputs);
    }
    if (formats.includes('npy')) {
      writeFileSync(join(folder, `weight${index}.npy`), toNpy(values, [outputs, inputs], matrix.format.bits));
    }
  }
};

/**
 * Reads the `weight<l>.mem` files of a folder: layer l at [l-1], row by row.
 * @throws UserError for a missing file, one of another size or width, a line that is no value
 */
export const readWeights = (folder: string, { layers }: Plan): Int16Array[] =>
  layers.map(({ index, inputs, outputs, matrix }) =>
    readMem(join(folder, `weight${index}.mem`), matrix.format.bits, [outputs, inputs]),
  );
