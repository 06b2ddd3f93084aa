const PAGE = 65536;
const ALIGN = 64;
/** What the kernels keep for themselves at the front. */
const RESERVED = 8192;

/** Linear memory to be laid out: everything gets its place first, then the memory is made, at its final size. */
export interface Arena {
  /** Places `bytes` zero bytes. Returns their address. */
  readonly take: (bytes: number) => number;
  /** Places a record of fields of 4 bytes. Returns its address. */
  readonly record: (...fields: number[]) => number;
  /** bytes placed so far */
  readonly size: () => number;
  /** The memory, with its records. */
  readonly make: () => WebAssembly.Memory;
}

export const createArena = (): Arena => {
  let size = RESERVED;
  const records: { readonly at: number; readonly fields: readonly number[] }[] = [];
  const take = (bytes: number): number => {
    const at = size;
    size += Math.ceil(bytes / ALIGN) * ALIGN;
    return at;
  };
  return {
    take,
    record: (...fields) => {
      const at = take(4 * fields.length);
      records.push({ at, fields });
      return at;
    },
    size: () => size,
    make: () => {
      const pages = Math.ceil(size / PAGE);
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
      const words = new Int32Array(memory.buffer);
      for (const { at, fields } of records) words.set(fields, at / 4);
      return memory;
    },
  };
};
