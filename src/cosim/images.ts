import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { matrixName } from '../datapath/matrix.js';
import type { Plan } from '../datapath/plan.js';
import { readMem } from '../golden/read.js';

/** What a half without a row holds: anything. */
const FILLER = 0x5a5a;

/**
 * Writes the contents of the lanes' weight RAMs, `lane<p>.mem`, as `$readmemh` reads them, from the initial weights of a
 * golden directory. Returns the folder.
 */
export const writeImages = (plan: Plan, golden: string, folder: string): string => {
  const { lanes, depth } = plan.hardware;
  const modulus = 2 ** plan.config.bits.weight;
  const digits = Math.ceil((2 * plan.config.bits.weight) / 4);
  const images = Array.from({ length: lanes }, () =>
    new Array<[number, number]>(depth).fill([FILLER % modulus, FILLER % modulus]),
  );
  for (const matrix of plan.matrices) {
    const { rows, columns, format } = matrix;
    const { lanes: place } = plan.layers[matrix.layer - 1];
    const weights = readMem(join(golden, `${matrixName(matrix)}_init.mem`), format.bits, [rows, columns]);
    for (let row = 0; row < rows; row++) {
      const group = Math.floor(row / (2 * lanes));
      const within = row % (2 * lanes);
      const spread = place.spread && group === place.groups - 1;
      const [lane, half] = spread ? [within, 0] : [Math.floor(within / 2), within % 2];
      for (let column = 0; column < columns; column++) {
        const value = weights[row * columns + column];
        const at = matrix.base + group * columns + column;
        const word: [number, number] = [...images[lane][at]];
        word[half] = value < 0 ? value + modulus : value;
        images[lane][at] = word;
      }
    }
  }
  mkdirSync(folder, { recursive: true });
  images.forEach((words, lane) => {
    const text = words.map(([low, high]) => `${(high * modulus + low).toString(16).padStart(digits, '0')}\n`).join('');
    writeFileSync(join(folder, `lane${lane}.mem`), text);
  });
  return folder;
};
