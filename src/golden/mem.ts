import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Hex digits of a value of `bits` bits. */
export const digitsOf = (bits: number): number => Math.ceil(bits / 4);

/** What a manifest says of one file. */
export interface FileEntry {
  readonly bits: number;
  readonly shape: readonly number[];
  readonly sha256: string;
}

/** A `.mem` file being written. */
export interface MemFile {
  readonly name: string;
  /** Appends values, any integers; each is written modulo 2^bits. */
  write(values: ArrayLike<number>): void;
  /** Closes the file; `rows` is the first entry of its shape. */
  close(rows: number): FileEntry;
  /** Closes the file, unless it is closed, and gives up on it. */
  abandon(): void;
}

const CHUNK = 1 << 16;
const HEX = Buffer.from('0123456789abcdef');
const NEWLINE = 10;

/**
 * Opens a `.mem` file: one value a line in lower-case hex, as `$readmemh` reads it.
 * @param tail the shape without its first entry
 * @throws the file system's errors, as they are
 */
export const createMem = (folder: string, name: string, bits: number, tail: readonly number[]): MemFile => {
  const digits = digitsOf(bits);
  const modulus = 2 ** bits;
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(CHUNK);
  let used = 0;
  let open = true;

  const fd = openSync(join(folder, name), 'wx');
  const shut = (): void => {
    if (open) closeSync(fd);
    open = false;
  };
  const flush = (): void => {
    const part = buffer.subarray(0, used);
    hash.update(part);
    for (let done = 0; done < used; ) done += writeSync(fd, part, done);
    used = 0;
  };

  return {
    name,
    write(values) {
      for (let n = 0; n < values.length; n++) {
        if (used + digits + 1 > CHUNK) flush();
        let rest = values[n] < 0 ? values[n] + modulus : values[n];
        for (let d = digits - 1; d >= 0; d--) {
          buffer[used + d] = HEX[rest % 16];
          rest = Math.floor(rest / 16);
        }
        buffer[used + digits] = NEWLINE;
        used += digits + 1;
      }
    },
    close(rows) {
      flush();
      shut();
      return { bits, shape: [rows, ...tail], sha256: hash.digest('hex') };
    },
    abandon: shut,
  };
};
