import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toSafetensors } from '../../src/exchange/safetensors.js';
import { temporaryFolder } from '../helpers/folder.js';

/** A tensor's shape, and its numbers; without them they are 1, 2, 3, .. over a power of two. */
export type Given = readonly number[] | { readonly shape: readonly number[]; readonly values: readonly number[] };

const isShape = (given: Given): given is readonly number[] => Array.isArray(given);

const numbersOf = (given: Given): { shape: readonly number[]; values: readonly number[] } => {
  if (!isShape(given)) return given;
  const count = given.reduce((a, b) => a * b, 1);
  return { shape: given, values: Array.from({ length: count }, (_, i) => (i + 1) / 64) };
};

/** The bytes of a safetensors file of 32-bit floats. */
export const safetensorsOf = (tensors: Readonly<Record<string, Given>>): Uint8Array =>
  toSafetensors(
    Object.entries(tensors).map(([name, given]) => {
      const { shape, values } = numbersOf(given);
      return { name, type: 'F32', shape, bytes: new Uint8Array(Float32Array.from(values).buffer) };
    }),
    {},
  );

/** A file with these bytes in a folder of its own. */
export const fileWith = (name: string, bytes: Uint8Array | string): string => {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, bytes);
  return file;
};

export const safetensorsFile = (tensors: Readonly<Record<string, Given>>): string =>
  fileWith('model.safetensors', safetensorsOf(tensors));
