import { UserError } from '../fx/error.js';
import { readBytes } from './file.js';
import type { Labelled } from './images.js';

const CODE = { tab: 9, newline: 10, return: 13, space: 32, comma: 44, zero: 48, nine: 57 } as const;
const MAX_PIXEL = 255;

const isDigit = (byte: number): boolean => byte >= CODE.zero && byte <= CODE.nine;
const isBlank = (byte: number): boolean => byte === CODE.space || byte === CODE.tab || byte === CODE.return;

/** Where the first line with values starts: a first line that starts with no digit holds the columns' names. */
const firstLine = (bytes: Uint8Array): { at: number; line: number } =>
  bytes.length === 0 || isDigit(bytes[0])
    ? { at: 0, line: 1 }
    : { at: bytes.indexOf(CODE.newline) + 1 || bytes.length, line: 2 };

/**
 * Reads samples from CSV: the label, then `inputs` features 0..255, all whole numbers, a sample a line; a first line of
 * names and empty lines are skipped.
 * @throws UserError naming the line: a wrong number of values, a value or a label out of range, no samples
 */
export const readCsv = (file: string, { inputs, classes }: { inputs: number; classes: number }): Labelled => {
  const bytes = readBytes(file);
  const most = 1 + Math.floor(bytes.length / (2 * inputs + 1));
  const features = new Uint8Array(most * inputs);
  const labels = new Uint16Array(most);
  let { at, line } = firstLine(bytes);
  let count = 0;
  const fail = (text: string): never => {
    throw new UserError(`${file}: line ${line} ${text}`, { field: file });
  };
  const textAt = (from: number): string => {
    const rest = Buffer.from(bytes.subarray(from, from + 20)).toString('latin1');
    return rest.split(/[,\r\n]/)[0].trim();
  };

  /** Reads one value; `at` ends at what follows it. */
  const readValue = (max: number, what: string): number => {
    while (isBlank(bytes[at])) at++;
    const start = at;
    let value = 0;
    while (isDigit(bytes[at]) && value <= max) value = value * 10 + bytes[at++] - CODE.zero;
    const end = at;
    while (isBlank(bytes[at])) at++;
    const closed = at >= bytes.length || bytes[at] === CODE.comma || bytes[at] === CODE.newline;
    if (end === start || !closed || value > max) {
      fail(`has "${textAt(start)}" as ${what}, must be a whole number 0..${max}`);
    }
    return value;
  };

  for (; at < bytes.length; line++) {
    while (isBlank(bytes[at])) at++;
    if (at >= bytes.length) break;
    if (bytes[at] !== CODE.newline) {
      labels[count] = readValue(classes - 1, 'its label');
      let columns = 0;
      for (; bytes[at] === CODE.comma; columns++) {
        at++;
        const value = readValue(MAX_PIXEL, `feature ${columns + 1}`);
        if (columns < inputs) features[count * inputs + columns] = value;
      }
      if (columns !== inputs) {
        fail(`has ${columns} features, must have ${inputs} after the label; change layers[0] or the file`);
      }
      count++;
    }
    at++;
  }
  if (count === 0) throw new UserError(`${file}: holds no samples, must hold at least one`, { field: file });
  return { count, inputs, features: features.subarray(0, count * inputs), labels: labels.subarray(0, count) };
};
