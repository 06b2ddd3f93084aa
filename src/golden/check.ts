import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asUserError, UserError } from '../fx/error.js';
import { MANIFEST, type Manifest, readManifest } from './manifest.js';
import { digitsOf, type FileEntry } from './mem.js';

const NEWLINE = 10;

const isHex = (byte: number): boolean => (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102);

/** The first line of a `.mem` file that is not a value of `bits` bits, from 1; 0 if there is none. */
const badLine = (bytes: Uint8Array, bits: number): number => {
  const width = digitsOf(bits) + 1;
  const spare = 4 * digitsOf(bits) - bits;
  for (let n = 0; n < bytes.length; n++) {
    const place = n % width;
    const byte = bytes[n];
    const good = place === width - 1 ? byte === NEWLINE : isHex(byte);
    const top = byte <= 57 ? byte - 48 : byte - 87;
    if (!good || (place === 0 && spare > 0 && top >= 2 ** (4 - spare))) return Math.floor(n / width) + 1;
  }
  return 0;
};

const countLines = (bytes: Uint8Array): number => bytes.reduce((lines, byte) => lines + (byte === NEWLINE ? 1 : 0), 0);

const problemOf = (bytes: Uint8Array, { bits, shape, sha256 }: FileEntry): string | undefined => {
  const values = shape.reduce((product, size) => product * size, 1);
  const digits = digitsOf(bits);
  const line = badLine(bytes, bits);
  if (line > 0) return `line ${line} is not ${digits} lower-case hex digits of a ${bits}-bit value`;
  if (bytes.length !== values * (digits + 1)) {
    return `has ${countLines(bytes)} values, must have ${values} (${shape.join(' x ')})`;
  }
  const actual = createHash('sha256').update(bytes).digest('hex');
  return actual === sha256 ? undefined : `its sha256 is ${actual}, must be ${sha256}`;
};

/**
 * Checks every file of a golden directory against its manifest: present, whole, well-formed, and with the right hash.
 * @throws UserError that names each file at fault
 */
export const checkGolden = (folder: string): Manifest => {
  const manifest = readManifest(folder);
  const problems = Object.entries(manifest.files).flatMap(([name, entry]): string[] => {
    const file = join(folder, name);
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(file);
    } catch (error) {
      const known = asUserError(error, file);
      if (known instanceof UserError) return [known.message];
      throw error;
    }
    const problem = problemOf(bytes, entry);
    return problem === undefined ? [] : [`${file}: ${problem}; generate the golden vectors again`];
  });
  const extra = readdirSync(folder).filter((name) => name !== MANIFEST && !Object.hasOwn(manifest.files, name));
  problems.push(...extra.map((name) => `${join(folder, name)}: is not in ${MANIFEST}; remove it`));
  if (problems.length > 0) throw new UserError(problems.join('\n'), { field: folder });
  return manifest;
};
