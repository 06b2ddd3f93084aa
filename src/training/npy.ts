const MAGIC = '\x93NUMPY\x01\x00';
const ALIGNMENT = 64;

/**
 * A matrix of signed integers as a `.npy` file (numpy's format 1.0, C order): int8 up to 8 bits, int16 above.
 * Source: NEP 1, numpy.lib.format.
 */
export const toNpy = (values: Int16Array, [rows, columns]: readonly [number, number], bits: number): Uint8Array => {
  const width = bits <= 8 ? 1 : 2;
  const type = width === 1 ? '|i1' : '<i2';
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const start = MAGIC.length + 2;
  const length = Math.ceil((start + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = Buffer.alloc(length + values.length * width);
  bytes.write(MAGIC, 'latin1');
  bytes.writeUInt16LE(length - start, MAGIC.length);
  bytes.write(`${text.padEnd(length - start - 1)}\n`, start, 'latin1');
  for (let i = 0; i < values.length; i++) {
    if (width === 1) bytes.writeInt8(values[i], length + i);
    else bytes.writeInt16LE(values[i], length + 2 * i);
  }
  return bytes;
};
