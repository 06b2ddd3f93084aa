import { readFileSync } from 'node:fs';
import { asUserError, UserError } from '../fx/error.js';
import { digitsOf } from './mem.js';

/**
 * Reads a `.mem` file of signed values.
 * @param shape how many values there must be, as a shape for the message
 * @throws UserError for a missing file, a line that is no value of `bits` bits, a wrong number of values
 */
export const readMem = (file: string, bits: number, shape: readonly number[]): Int16Array => {
  const fail = (text: string): never => {
    throw new UserError(`${file}: ${text}`, { field: file });
  };
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch (error) {
    throw asUserError(error, file);
  }
  const digits = digitsOf(bits);
  const lines = text.trimEnd().split(/\r?\n/);
  const count = shape.reduce((product, size) => product * size, 1);
  if (lines.length !== count) {
    fail(
      `has ${lines.length} values, must have ${count} (${shape.join(' x ')}); give the weights of a network of this size`,
    );
  }
  const pattern = new RegExp(`^[0-9a-f]{${digits}}$`);
  return Int16Array.from(lines, (line, n) => {
    const value = Number.parseInt(line, 16);
    if (!pattern.test(line) || value >= 2 ** bits) {
      fail(`line ${n + 1} is "${line.slice(0, 20)}", must be ${digits} lower-case hex digits of a ${bits}-bit value`);
    }
    return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
  });
};

/**
 * Rows of a `.mem` file of signed values, `width` values a row.
 * @throws UserError for a missing file, or a row beyond its end
 */
export const memRows = (file: string, bits: number, width: number): ((row: number) => Int16Array) => {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw asUserError(error, file);
  }
  const digits = digitsOf(bits);
  return (row) =>
    Int16Array.from({ length: width }, (_, n) => {
      const at = (row * width + n) * (digits + 1);
      const value = Number.parseInt(bytes.toString('latin1', at, at + digits), 16);
      if (Number.isNaN(value)) throw new UserError(`${file}: has no row ${row}`, { field: file });
      return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
    });
};
