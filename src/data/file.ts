import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { asUserError, UserError } from '../fx/error.js';

/** The same bytes without a Buffer's own methods, whose `slice` copies nothing. */
const plain = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * The bytes of a file, unpacked where its name ends in `.gz`.
 * @throws UserError for a file that is missing, unreadable or not what its name says
 */
export const readBytes = (file: string): Uint8Array => {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw asUserError(error, file);
  }
  if (!file.endsWith('.gz')) return plain(bytes);
  try {
    return plain(gunzipSync(bytes));
  } catch (cause) {
    throw new UserError(`${file}: is not gzip, or cut short; fetch it again`, { field: file, cause });
  }
};
