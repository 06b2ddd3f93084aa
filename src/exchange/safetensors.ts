import { isNumberName, NUMBERS, numbersIn } from '../files/index.js';
import { entriesOf, refuse, type Tensor } from './tensor.js';

const LENGTH_BYTES = 8;

/** Longest header that the format allows. */
const MAX_HEADER = 100_000_000;

const METADATA = '__metadata__';

/** Tensors and the free text beside them. */
export interface Safetensors {
  readonly tensors: readonly Tensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

const headerOf = (bytes: Uint8Array, file: string) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < LENGTH_BYTES ? 0 : Number(view.getBigUint64(0, true));
  const start = LENGTH_BYTES + length;
  if (length < 2 || length > MAX_HEADER || start > bytes.length) {
    return refuse(
      file,
      `is cut short or no safetensors file: its header has ${length} bytes, the file ${bytes.length}`,
    );
  }
  try {
    const header: unknown = JSON.parse(Buffer.from(bytes.subarray(LENGTH_BYTES, start)).toString('utf8'));
    if (isObject(header)) return { header, data: bytes.subarray(start) };
  } catch {}
  return refuse(file, 'is no safetensors file: its header is no JSON object');
};

const tensorOf = (file: string, name: string, entry: unknown, data: Uint8Array): Tensor => {
  if (!isObject(entry) || typeof entry.dtype !== 'string' || !isList(entry.shape) || !isList(entry.data_offsets)) {
    return refuse(file, `${name} has no dtype, shape and data_offsets; the file is damaged`);
  }
  const { dtype, shape } = entry;
  if (!isNumberName(dtype)) {
    return refuse(file, `${name} is of type ${dtype}, must be ${Object.keys(NUMBERS).join(', ')}; convert it`);
  }
  const [from, to] = entry.data_offsets;
  const size = entriesOf(file, name, shape) * NUMBERS[dtype].bytes;
  if (!(to <= data.length && to - from === size)) {
    refuse(
      file,
      `${name} lies at bytes ${from}..${to}, must take ${size} of the file's ${data.length}; it is cut short or damaged`,
    );
  }
  return { name, shape, values: numbersIn(data.subarray(from, to), NUMBERS[dtype]) };
};

/**
 * Reads a safetensors file.
 * @throws UserError for a file that is cut short or damaged, or a type that is not numbers
 */
export const readSafetensors = (bytes: Uint8Array, file: string): Safetensors => {
  const { header, data } = headerOf(bytes, file);
  const metadata = header[METADATA];
  return {
    tensors: Object.entries(header)
      .filter(([name]) => name !== METADATA)
      .map(([name, entry]) => tensorOf(file, name, entry, data)),
    metadata: isObject(metadata)
      ? Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value)]))
      : {},
  };
};

/** A tensor to be written: its numbers as little-endian bytes. */
export interface PackedTensor {
  readonly name: string;
  readonly type: 'I8' | 'I16' | 'F32' | 'I32';
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** The header is padded with spaces so that numbers start at a multiple of this. */
const ALIGNMENT = 8;

/** Larger numbers first, so that every tensor is aligned, then by name: the order of the reference implementation. */
const inOrder = (tensors: readonly PackedTensor[]): PackedTensor[] =>
  [...tensors].sort(
    (a, b) => NUMBERS[b.type].bytes - NUMBERS[a.type].bytes || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );

/** A safetensors file. Source: the format's description in the safetensors repository. */
export const toSafetensors = (
  tensors: readonly PackedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array => {
  const parts = inOrder(tensors);
  let at = 0;
  const entries = parts.map(({ name, type, shape, bytes }) => {
    const entry = { dtype: type, shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
    return [name, entry] as const;
  });
  const text = Buffer.from(JSON.stringify({ [METADATA]: metadata, ...Object.fromEntries(entries) }));
  const length = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const start = Buffer.alloc(LENGTH_BYTES + length, ' ');
  start.writeBigUInt64LE(BigInt(length));
  text.copy(start, LENGTH_BYTES);
  return Buffer.concat([start, ...parts.map(({ bytes }) => bytes)]);
};
