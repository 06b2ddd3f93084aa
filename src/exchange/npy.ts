import { NPY_MAGIC, type NpyHeader, npyHeader } from '../fx/npy.js';
import { NUMBERS, type NumberType, numbersIn } from './numbers.js';
import { entriesOf, refuse, type Tensor } from './tensor.js';

const ALIGNMENT = 64;

/** numpy's names of types, without the order of bytes. */
const TYPES: Readonly<Record<string, NumberType>> = {
  f8: NUMBERS.F64,
  f4: NUMBERS.F32,
  f2: NUMBERS.F16,
  i8: NUMBERS.I64,
  i4: NUMBERS.I32,
  i2: NUMBERS.I16,
  i1: NUMBERS.I8,
  u1: NUMBERS.U8,
};

/** @throws UserError for no array, or one of another type */
const headerOf = (bytes: Uint8Array, file: string, name: string): NpyHeader & { readonly type: NumberType } => {
  const header = npyHeader(bytes);
  if (header === null) return refuse(file, `${name} is no .npy array`);
  const { code = '', descr } = header;
  if (!Object.hasOwn(TYPES, code)) {
    return refuse(
      file,
      `${name} is of type ${descr}, must be ${Object.keys(TYPES).join(', ')}; convert it with astype`,
    );
  }
  return { ...header, type: TYPES[code] };
};

/** Row by row what lies column by column. */
const rowByRow = (values: Float64Array, shape: readonly number[]): Float64Array => {
  const steps = shape.map((_, d) => shape.slice(0, d).reduce((a, b) => a * b, 1));
  const out = new Float64Array(values.length);
  for (let at = 0; at < out.length; at++) {
    let rest = at;
    let from = 0;
    for (let d = shape.length - 1; d >= 0; d--) {
      from += (rest % shape[d]) * steps[d];
      rest = Math.floor(rest / shape[d]);
    }
    out[at] = values[from];
  }
  return out;
};

/**
 * Reads an array of numpy's .npy format 1 to 3, either order of bytes and of axes.
 * @param file where it lies, for messages
 * @throws UserError for an array that is cut short or not of real numbers
 */
export const readNpy = (bytes: Uint8Array, file: string, name: string): Tensor => {
  const { type, little, fortran, shape, start } = headerOf(bytes, file, name);
  const size = entriesOf(file, name, shape) * type.bytes;
  if (bytes.length - start !== size) {
    refuse(file, `${name} has ${bytes.length - start} bytes of numbers, must have ${size}; it is cut short or damaged`);
  }
  const values = numbersIn(bytes.subarray(start), type, little);
  return { name, shape, values: fortran ? rowByRow(values, shape) : values };
};

/** numpy's names of the types that are written. */
const WRITTEN = { I8: '|i1', I16: '<i2', I32: '<i4', F32: '<f4' } as const;

/** An array as a .npy file (numpy's format 1.0, C order), from little-endian numbers. Source: NEP 1, numpy.lib.format. */
export const toNpy = (type: keyof typeof WRITTEN, shape: readonly number[], numbers: Uint8Array): Uint8Array => {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${WRITTEN[type]}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const start = NPY_MAGIC.length + 4;
  const length = Math.ceil((start + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = Buffer.alloc(length + numbers.length);
  bytes.write(`${NPY_MAGIC}\x01\x00`, 'latin1');
  bytes.writeUInt16LE(length - start, start - 2);
  bytes.write(`${text.padEnd(length - start - 1)}\n`, start, 'latin1');
  bytes.set(numbers, length);
  return bytes;
};
