import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { matrixName } from '../datapath/matrix.js';
import type { Plan, Matrix as PlannedMatrix } from '../datapath/plan.js';
import { toNpy, zip } from '../files/index.js';
import type { Layer, Model } from './layer.js';
import { type PackedTensor, toSafetensors } from './safetensors.js';
import { type Matrix, refuse, type Tensor } from './tensor.js';

/** What is written for other programs; beside the core's own `.mem`. */
export const EXCHANGE_FORMATS = ['npy', 'npz', 'safetensors'] as const;
export type ExchangeFormat = (typeof EXCHANGE_FORMATS)[number];

/** Says of a path inside a folder of weights that {@link writeExchange} writes such a file. */
export const isExchangeFile = (file: string): boolean =>
  /^(weight|recurrent)\d+\.npy$|^weights\.(npz|safetensors)$/.test(file);

const packed = (values: ArrayLike<number>, type: PackedTensor['type']): Uint8Array => {
  const width = { I8: 1, I16: 2, I32: 4, F32: 4 }[type];
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    if (type === 'I8') view.setInt8(i, values[i]);
    else if (type === 'I16') view.setInt16(i * width, values[i], true);
    else if (type === 'I32') view.setInt32(i * width, values[i], true);
    else view.setFloat32(i * width, values[i], true);
  }
  return bytes;
};

/** The integers of a matrix: a byte each up to 8 bits. */
const integersOf = (matrix: PlannedMatrix, values: Int16Array, name: string): PackedTensor => {
  const type = matrix.format.bits <= 8 ? 'I8' : 'I16';
  return { name, type, shape: [matrix.rows, matrix.columns], bytes: packed(values, type) };
};

/** Integers, what one stands for, and the product: exact, since no weight has more than 16 bits. */
const tensorsOf = (matrix: PlannedMatrix, values: Int16Array): PackedTensor[] => {
  const name = matrixName(matrix);
  const scale = 2 ** -matrix.format.frac;
  const shape = [matrix.rows, matrix.columns];
  return [
    integersOf(matrix, values, `${name}.integer`),
    { name: `${name}.scale`, type: 'F32', shape: [1], bytes: packed([scale], 'F32') },
    {
      name: `${name}.float`,
      type: 'F32',
      shape,
      bytes: packed(
        Float32Array.from(values, (v) => v * scale),
        'F32',
      ),
    },
  ];
};

const npyOf = ({ type, shape, bytes }: PackedTensor): Uint8Array => toNpy(type, shape, bytes);

/**
 * Writes weights for other programs into a folder that exists: integers as `weight<l>.npy`, or all of them in `weights.npz` or
 * `weights.safetensors`, each with `weight<l>.integer`, its `.scale` and the `.float` that they make, and the configuration.
 * @param weights as the plan lists its matrices, row by row
 * @param config the resolved configuration as JSON
 * @throws the file system's errors, as they are
 */
export const writeExchange = (
  folder: string,
  { matrices }: Plan,
  weights: readonly Int16Array[],
  config: string,
  formats: readonly ExchangeFormat[],
): void => {
  const write = (name: string, bytes: Uint8Array): void => writeFileSync(join(folder, name), bytes);
  if (formats.includes('npy')) {
    for (const [m, matrix] of matrices.entries())
      write(`${matrixName(matrix)}.npy`, npyOf(integersOf(matrix, weights[m], matrixName(matrix))));
  }
  const tensors = matrices.flatMap((matrix, m) => tensorsOf(matrix, weights[m]));
  if (formats.includes('npz')) {
    const files = new Map<string, Uint8Array | string>(tensors.map((tensor) => [`${tensor.name}.npy`, npyOf(tensor)]));
    write('weights.npz', zip(files.set('config.json', config)));
  }
  if (formats.includes('safetensors')) {
    write('weights.safetensors', toSafetensors(tensors, { format: 'grapes-weights/1', config }));
  }
};

const configIn = (file: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(file, 'holds a configuration that is no JSON; export it again');
  }
};

const matrixAt = (tensors: ReadonlyMap<string, Tensor>, file: string, name: string): Matrix | null => {
  const integers = tensors.get(`${name}.integer`);
  if (integers === undefined) return null;
  const scale = tensors.get(`${name}.scale`)?.values[0];
  const [rows, columns, ...more] = integers.shape;
  if (scale === undefined || columns === undefined || more.length > 0)
    return refuse(file, `${name} is damaged; export it again`);
  return { rows, columns, values: integers.values.map((v) => v * scale) };
};

/** The model in a file that {@link writeExchange} wrote; undefined for any other. */
export const ownModel = (
  format: string,
  tensors: readonly Tensor[],
  config: string | undefined,
  file: string,
): Model | undefined => {
  if (config === undefined || !tensors.some(({ name }) => name === 'weight1.integer')) return undefined;
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const layers: Layer[] = [];
  for (let l = 1; ; l++) {
    const weight = matrixAt(byName, file, `weight${l}`);
    if (weight === null) break;
    const recurrent = matrixAt(byName, file, `recurrent${l}`);
    layers.push({ name: `weight${l}`, weight, recurrent, bias: null, activation: null });
  }
  return {
    format: `${format}, exported by grapes-hw`,
    layout: 'out-in',
    layers,
    notes: [],
    config: configIn(file, config),
  };
};
