import { strToU8, unzipSync, zipSync } from 'fflate';
import { MAX_WEIGHTS, refuse } from './tensor.js';

/** The densest that deflate packs: bytes out of one. */
const MAX_RATIO = 1032;

/** Most bytes of all entries: a largest network in 32-bit numbers. */
const MAX_BYTES = 4 * MAX_WEIGHTS;

/** Seconds since 1980 would differ from run to run: the earliest date that zip has. */
const DATE = '1980-01-01';

/**
 * The files in a zip archive, by name.
 * @throws UserError for an archive that is damaged, cut short or larger than any network when unpacked
 */
export const unzip = (bytes: Uint8Array, file: string): ReadonlyMap<string, Uint8Array> => {
  const sizes = new Map<string, number>();
  let total = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        total += originalSize;
        if (originalSize > MAX_RATIO * size + MAX_RATIO || total > MAX_BYTES) throw new RangeError('too large');
        sizes.set(name, originalSize);
        return true;
      },
    });
    if (Object.entries(files).every(([name, { length }]) => length === sizes.get(name))) {
      return new Map(Object.entries(files));
    }
  } catch {
    if (total > MAX_BYTES) return refuse(file, `holds ${total} bytes unpacked, must hold at most ${MAX_BYTES}`);
  }
  return refuse(file, 'is a zip archive that is cut short or damaged; save it again');
};

/** A zip archive, the same bytes for the same files. */
export const zip = (files: ReadonlyMap<string, Uint8Array | string>): Uint8Array =>
  zipSync(
    Object.fromEntries([...files].map(([name, data]) => [name, typeof data === 'string' ? strToU8(data) : data])),
    { mtime: `${DATE}T00:00:00`, level: 6 },
  );
