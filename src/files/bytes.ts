import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { asUserError, UserError } from '../fx/error.js';

/** Most bytes of a file that is read whole: what Node reads. */
const MOST_BYTES = 2 ** 31 - 1;

/** Most bytes that a packed file may unpack to: a file of a few kilobytes can claim any number. */
export const MOST_UNPACKED = 2 ** 30;

/** The same bytes without a Buffer's own methods, whose `slice` copies nothing. */
const plain = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Whether text is UTF-16, by how it begins: with a byte-order mark, which UTF-8 never has, or with half of a plain letter. */
export const isUtf16 = ([first, second]: Uint8Array): boolean => first >= 0xfe || first === 0 || second === 0;

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

const gunzip = (bytes: Uint8Array, file: string, most: number): Uint8Array => {
  try {
    return plain(gunzipSync(bytes, { maxOutputLength: most }));
  } catch (cause) {
    const text = isTooLarge(cause)
      ? `holds more than ${most} bytes unpacked; unpack it, or take a part of it`
      : 'is not gzip, or cut short; fetch it again';
    throw new UserError(`${file}: ${text}`, { field: file, cause });
  }
};

/**
 * The bytes of a file, unpacked where its name ends in `.gz`.
 * @throws UserError for a file that is missing, unreadable, too large or not what its name says
 */
export const readBytes = (file: string, mostUnpacked = MOST_UNPACKED): Uint8Array => {
  try {
    const { size } = statSync(file);
    if (size > MOST_BYTES)
      throw new UserError(`${file}: has ${size} bytes, must have at most ${MOST_BYTES}; take a part of it`, {
        field: file,
      });
    const bytes = plain(readFileSync(file));
    return file.endsWith('.gz') ? gunzip(bytes, file, mostUnpacked) : bytes;
  } catch (error) {
    throw asUserError(error, file);
  }
};
