import { UserError } from '../fx/error.js';

/** An array of a model file, row by row. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** A matrix row by row; rows are neurons, columns their inputs. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** Most weights of a network: those of the configuration's own limit. */
export const MAX_WEIGHTS = 2 ** 28;

/** @throws UserError of a file, which it names first */
export const refuse = (file: string, text: string): never => {
  throw new UserError(`${file}: ${text}`, { field: file });
};

/** `fc1.weight (12 x 784)` */
export const described = ({ name, shape }: Pick<Tensor, 'name' | 'shape'>): string => `${name} (${shapeText(shape)})`;

export const shapeText = (shape: readonly number[]): string => (shape.length === 0 ? 'scalar' : shape.join(' x '));

const SHOWN = 12;

/** Tensors by name and shape, for messages. */
export const listed = (tensors: readonly Pick<Tensor, 'name' | 'shape'>[]): string =>
  tensors.length === 0
    ? 'it holds no tensors'
    : `it holds ${tensors.slice(0, SHOWN).map(described).join(', ')}${tensors.length > SHOWN ? ` and ${tensors.length - SHOWN} more` : ''}`;

/**
 * Entries of a shape.
 * @throws UserError for a size that is no whole number, or more entries than a network may have
 */
export const entriesOf = (file: string, name: string, shape: readonly number[]): number => {
  const count = shape.reduce((product, size) => product * size, 1);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0) || count > MAX_WEIGHTS) {
    refuse(
      file,
      `${name} has the shape ${shapeText(shape)}, must have at most ${MAX_WEIGHTS} entries; the file is damaged`,
    );
  }
  return count;
};

/** The matrix in one of the two layouts; `transposed`: the tensor has a row for each input. */
export const matrixOf = ({ shape: [rows, columns], values }: Tensor, transposed: boolean): Matrix => {
  if (!transposed) return { rows, columns, values };
  const turned = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j];
  return { rows: columns, columns: rows, values: turned };
};

/** @throws UserError naming the first entry that is no finite number */
export const requireFinite = (file: string, { name, shape, values }: Tensor): void => {
  const at = values.findIndex((v) => !Number.isFinite(v));
  if (at < 0) return;
  const place = shape.map((_, d) => Math.floor(at / shape.slice(d + 1).reduce((a, b) => a * b, 1)) % shape[d]);
  refuse(file, `${name}[${place.join(', ')}] is ${values[at]}, must be finite; train again with a lower learning rate`);
};
