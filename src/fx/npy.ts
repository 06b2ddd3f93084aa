/** What every .npy file begins with. */
export const NPY_MAGIC = '\x93NUMPY';

/** The header of an array in numpy's .npy format 1 to 3. Source: NEP 1, numpy.lib.format. */
export interface NpyHeader {
  /** the type as numpy writes it, for messages */
  readonly descr: string;
  /** the type without the order of bytes, such as `f8`; none where the header is not that of a plain array */
  readonly code?: string;
  readonly little: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** where the values start */
  readonly start: number;
}

const HEADER =
  /^\{\s*'descr':\s*'([<>|=]?)(\w+)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}\s*$/;

/** Reads the header of an array; null where `bytes` do not begin as one. */
export const npyHeader = (bytes: Uint8Array): NpyHeader | null => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const latin = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  if (bytes.length < 12 || latin(0, NPY_MAGIC.length) !== NPY_MAGIC) return null;
  const [at, length] = bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const text = latin(at, at + length);
  const [, order, code, fortran, sizes = ''] = HEADER.exec(text) ?? [];
  return {
    descr: /'descr':\s*(.*?),\s*'fortran_order'/s.exec(text)?.[1] ?? 'unknown',
    ...(code !== undefined && { code }),
    little: order !== '>',
    fortran: fortran === 'True',
    shape: sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)])),
    start: at + length,
  };
};
