import { NUMBERS, type NumberType, numbersIn } from './numbers.js';
import { entriesOf, refuse, type Tensor } from './tensor.js';

const MAGIC = '\x93NUMPY';
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

const HEADER =
  /^\{\s*'descr':\s*'([<>|=]?)(\w+)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}\s*$/;

interface Header {
  readonly type: NumberType;
  readonly little: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** where the numbers start */
  readonly start: number;
}

const headerOf = (bytes: Uint8Array, file: string, name: string): Header => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== MAGIC) {
    return refuse(file, `${name} is no .npy array`);
  }
  const [at, length] = view.getUint8(6) === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const text = Buffer.from(bytes.subarray(at, at + length)).toString('latin1');
  const [, order, code, fortran, shape] = HEADER.exec(text) ?? [];
  const type = Object.hasOwn(TYPES, code ?? '') ? TYPES[code] : undefined;
  if (type === undefined) {
    const descr = /'descr':\s*(.*?),\s*'fortran_order'/s.exec(text)?.[1] ?? 'unknown';
    return refuse(
      file,
      `${name} is of type ${descr}, must be ${Object.keys(TYPES).join(', ')}; convert it with astype`,
    );
  }
  return {
    type,
    little: order !== '>',
    fortran: fortran === 'True',
    shape: shape.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)])),
    start: at + length,
  };
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
  const start = MAGIC.length + 4;
  const length = Math.ceil((start + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = Buffer.alloc(length + numbers.length);
  bytes.write(`${MAGIC}\x01\x00`, 'latin1');
  bytes.writeUInt16LE(length - start, start - 2);
  bytes.write(`${text.padEnd(length - start - 1)}\n`, start, 'latin1');
  bytes.set(numbers, length);
  return bytes;
};
