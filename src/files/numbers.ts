/** How numbers of one type lie in a file. */
export interface NumberType {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, little: boolean) => number;
}

const float = (sign: number, exponent: number, fraction: number): number => {
  const size =
    exponent === 31
      ? fraction === 0
        ? Number.POSITIVE_INFINITY
        : Number.NaN
      : exponent === 0
        ? fraction * 2 ** -24
        : (1024 + fraction) * 2 ** (exponent - 25);
  return sign === 0 ? size : -size;
};

/** IEEE 754 binary16. */
const half = (bits: number): number => float(bits >> 15, (bits >> 10) & 31, bits & 1023);

const word = new DataView(new ArrayBuffer(4));

/** bfloat16: the upper half of a binary32. */
const brain = (bits: number): number => {
  word.setUint32(0, bits * 2 ** 16);
  return word.getFloat32(0);
};

/** Types of numbers by the names that safetensors has for them. */
export const NUMBERS = {
  F64: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  F32: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  F16: { bytes: 2, read: (view, at, little) => half(view.getUint16(at, little)) },
  BF16: { bytes: 2, read: (view, at, little) => brain(view.getUint16(at, little)) },
  I64: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  I32: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  I16: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  I8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  U64: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  U32: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  U16: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  U8: { bytes: 1, read: (view, at) => view.getUint8(at) },
} as const satisfies Record<string, NumberType>;

export type NumberName = keyof typeof NUMBERS;

export const isNumberName = (name: string): name is NumberName => Object.hasOwn(NUMBERS, name);

/** All numbers of `bytes`, whose length is a multiple of the type's. */
export const numbersIn = (bytes: Uint8Array, { bytes: width, read }: NumberType, little = true): Float64Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(bytes.length / width);
  for (let i = 0; i < values.length; i++) values[i] = read(view, i * width, little);
  return values;
};
