import { UserError } from '../fx/error.js';
import { NUMBERS, type NumberType, numbersIn } from './numbers.js';

/** What every .npy file begins with. */
const MAGIC = '\x93NUMPY';

/** Values start at a multiple of this. */
const ALIGNMENT = 64;

/** An array of numpy's, row by row. */
export interface Npy {
  readonly shape: readonly number[];
  /** bytes for uint8; texts for arrays of strings */
  readonly values: Uint8Array | Float64Array | readonly string[];
}

interface Header {
  /** the type as numpy writes it, for messages */
  readonly descr: string;
  /** the type without the order of bytes, such as `f8`; empty where the header is not that of a plain array */
  readonly code: string;
  readonly little: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** where the values start */
  readonly start: number;
}

/** numpy's names of types, without the order of bytes. */
const TYPES: Readonly<Record<string, NumberType>> = {
  f8: NUMBERS.F64,
  f4: NUMBERS.F32,
  f2: NUMBERS.F16,
  i8: NUMBERS.I64,
  i4: NUMBERS.I32,
  i2: NUMBERS.I16,
  i1: NUMBERS.I8,
  u8: NUMBERS.U64,
  u4: NUMBERS.U32,
  u2: NUMBERS.U16,
  u1: NUMBERS.U8,
  b1: NUMBERS.U8,
};

const HEADER =
  /^\{\s*'descr':\s*'([<>|=]?)(\w+)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}\s*$/;

/** The header of an array in format 1 to 3; null where `bytes` do not begin as one. Source: NEP 1, numpy.lib.format. */
const headerOf = (bytes: Uint8Array): Header | null => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const latin = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  if (bytes.length < 12 || latin(0, MAGIC.length) !== MAGIC) return null;
  const [at, length] = bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const text = latin(at, at + length);
  const [, order, code = '', fortran, sizes = ''] = HEADER.exec(text) ?? [];
  return {
    descr: /'descr':\s*(.*?),\s*'fortran_order'/s.exec(text)?.[1] ?? 'unknown',
    code,
    little: order !== '>',
    fortran: fortran === 'True',
    shape: sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)])),
    start: at + length,
  };
};

/** Texts of `width` bytes each, 4 (U) or 1 (S) a character, zeros at the end left out. */
const textsIn = (bytes: Uint8Array, count: number, width: number, wide: boolean, little: boolean): string[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, n) => {
    const codes = Array.from({ length: wide ? width / 4 : width }, (_, i) =>
      wide ? view.getUint32(n * width + 4 * i, little) : view.getUint8(n * width + i),
    );
    return String.fromCodePoint(...codes).replace(/\0+$/, '');
  });
};

/** For each value row by row, where it lies column by column. */
const columnOrder = (shape: readonly number[], count: number): Uint32Array => {
  const steps = shape.map((_, d) => shape.slice(0, d).reduce((a, b) => a * b, 1));
  return Uint32Array.from({ length: count }, (_, at) => {
    let rest = at;
    let from = 0;
    for (let d = shape.length - 1; d >= 0; d--) {
      from += (rest % shape[d]) * steps[d];
      rest = Math.floor(rest / shape[d]);
    }
    return from;
  });
};

const reordered = (values: Npy['values'], order: Uint32Array): Npy['values'] => {
  if (values instanceof Uint8Array) return Uint8Array.from(order, (at) => values[at]);
  if (values instanceof Float64Array) return Float64Array.from(order, (at) => values[at]);
  return Array.from(order, (at) => values[at]);
};

/**
 * Reads an array of numpy's .npy format 1 to 3: numbers, truth values and strings, either order of bytes and of axes.
 * @param what the file, or the array in it, for messages
 * @throws UserError for an array that is cut short or of another type
 */
export const readNpy = (bytes: Uint8Array, what: string): Npy => {
  const fail = (text: string): never => {
    throw new UserError(`${what}: ${text}`, { field: what });
  };
  const header = headerOf(bytes);
  if (header === null) return fail('is no .npy array; numpy.save writes one');
  const { code, descr, little, fortran, shape, start } = header;
  const [, kind, digits] = /^([US])(\d+)$/.exec(code) ?? [];
  const type = Object.hasOwn(TYPES, code) ? TYPES[code] : undefined;
  const width = type?.bytes ?? Number(digits) * (kind === 'U' ? 4 : 1);
  if (!(width > 0)) {
    const known = Object.keys(TYPES).join(', ');
    return fail(`is of type ${descr}, must be numbers or strings (${known}, U, S); convert it with astype`);
  }
  const count = shape.reduce((product, size) => product * size, 1);
  const rest = bytes.subarray(start);
  if (rest.length !== count * width) {
    return fail(`has ${rest.length} bytes of values, must have ${count * width}; it is cut short or damaged`);
  }
  const values =
    type === undefined
      ? textsIn(rest, count, width, kind === 'U', little)
      : type === NUMBERS.U8
        ? rest
        : numbersIn(rest, type, little);
  return { shape, values: fortran && shape.length > 1 ? reordered(values, columnOrder(shape, count)) : values };
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
