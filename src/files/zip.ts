import { strToU8, unzipSync, zipSync } from 'fflate';
import { UserError } from '../fx/error.js';
import { MOST_UNPACKED } from './bytes.js';

/** The densest that deflate packs: bytes out of one. */
const MAX_RATIO = 1032;

/** The earliest date that zip has: today's would differ from run to run. */
const DATE = '1980-01-01';

/** What an archive's directory says of the sizes of its files. @throws RangeError for one that can not be */
const sizesIn = (bytes: Uint8Array): ReadonlyMap<string, number> => {
  const sizes = new Map<string, number>();
  unzipSync(bytes, {
    filter: ({ name, size, originalSize }) => {
      if (originalSize > MAX_RATIO * (size + 1)) throw new RangeError(name);
      sizes.set(name, originalSize);
      return false;
    },
  });
  return sizes;
};

/**
 * The files in a zip archive, by name.
 * @throws UserError for an archive that is damaged, cut short or would unpack to too much
 */
export const unzip = (bytes: Uint8Array, file: string): ReadonlyMap<string, Uint8Array> => {
  const fail = (text: string): never => {
    throw new UserError(`${file}: ${text}`, { field: file });
  };
  try {
    const sizes = sizesIn(bytes);
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    if (total > MOST_UNPACKED)
      return fail(`holds ${total} bytes unpacked, must hold at most ${MOST_UNPACKED}; take a part of it`);
    const files = Object.entries(unzipSync(bytes));
    if (files.every(([name, { length }]) => length === sizes.get(name))) return new Map(files);
  } catch (error) {
    if (error instanceof UserError) throw error;
  }
  return fail('is no zip archive, cut short or damaged; save it again');
};

/** A zip archive, the same bytes for the same files. */
export const zip = (files: ReadonlyMap<string, Uint8Array | string>): Uint8Array =>
  zipSync(
    Object.fromEntries([...files].map(([name, data]) => [name, typeof data === 'string' ? strToU8(data) : data])),
    { mtime: `${DATE}T00:00:00`, level: 6 },
  );
