import { readFileSync } from 'node:fs';
import { asUserError, UserError } from '../fx/error.js';

/** The file of a golden directory that says what the host did. */
export const HOST = 'host.mem';

/** What a host does, by its number in the file. Samples come in the order of `input.mem`. */
export const OPERATIONS = [
  /** a sample, without learning; `row` 1: beside the access before it */
  'infer',
  /** a sample at rate 2^-value */
  'train',
  /** value cycles of reset, once everything is over */
  'reset',
  /** reset; reset again in the midst of the operations after it, value cycles after the first beat and for row cycles; then do them */
  'abort',
  /** all weights as in `weight<l>_init.mem` */
  'load',
  /** all weights are read, and are those of `weight<l>_final.mem` */
  'final',
  'writeWeight',
  'writeStream',
  'readWeight',
  'readStrength',
  'readStream',
  /** counter number column */
  'readCounter',
  /**
   * an address that holds nothing, and reads as 0. Row 0 and 1: of space layer - 1, beyond its lanes, or with a word beyond
   * its last, by as much as value says, {lanes[29:20], words[19:0]}; row 2: of a column of the layer's last group, in the lane
   * value, which has no row there
   */
  'readStray',
  /** a write to such an address, which changes nothing */
  'writeStray',
] as const;

export type Operation = (typeof OPERATIONS)[number];

/** A line of the host's script: six words. */
export interface HostLine {
  readonly operation: Operation;
  /** from 1, of a matrix or its stream (in a dense network its layer); 0 where it has no meaning, as with the others */
  readonly layer: number;
  readonly row: number;
  readonly column: number;
  /** rate, value to write, value that a read must give */
  readonly value: number;
  /** cycles that the host waits before */
  readonly wait: number;
}

export const HOST_BITS = 32;
export const HOST_WORDS = 6;

export const line = (operation: Operation, fields: Partial<Omit<HostLine, 'operation'>> = {}): HostLine => ({
  operation,
  layer: 0,
  row: 0,
  column: 0,
  value: 0,
  wait: 0,
  ...fields,
});

/** The words of a line as the file has them. */
export const wordsOf = ({ operation, layer, row, column, value, wait }: HostLine): number[] => [
  OPERATIONS.indexOf(operation),
  layer,
  row,
  column,
  value,
  wait,
];

/** A script as text, the content of the file. */
export const scriptText = (lines: readonly HostLine[]): string =>
  lines
    .flatMap(wordsOf)
    .map((word) => `${(word >>> 0).toString(16).padStart(HOST_BITS / 4, '0')}\n`)
    .join('');

/**
 * Reads the script of a host.
 * @throws UserError for a missing file, or one that is no script
 */
export const readHost = (file: string): HostLine[] => {
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch (error) {
    throw asUserError(error, file);
  }
  const words = text
    .split('\n')
    .slice(0, -1)
    .map((word) => Number.parseInt(word, 16));
  const lines: HostLine[] = [];
  for (let at = 0; at < words.length; at += HOST_WORDS) {
    const [code, layer, row, column, value, wait] = words.slice(at, at + HOST_WORDS);
    const operation = OPERATIONS[code];
    if (operation === undefined || wait === undefined || Number.isNaN(layer + row + column + value + wait))
      throw new UserError(`${file}: line ${at + 1} begins no operation of a host; generate the golden vectors again`, {
        field: file,
      });
    lines.push({ operation, layer, row, column, value, wait });
  }
  return lines;
};

/** What of a script decides how many values are compared. */
export interface HostCounts {
  /** whether each sample trains, in order */
  readonly trains: readonly boolean[];
  readonly final: boolean;
  readonly reads: Readonly<Record<'read' | 'stream' | 'counter', number>>;
}

const READS: Partial<Record<Operation, keyof HostCounts['reads']>> = {
  readWeight: 'read',
  readStrength: 'read',
  readStray: 'read',
  readStream: 'stream',
  readCounter: 'counter',
};

export const countHost = (lines: readonly HostLine[]): HostCounts => {
  const reads = { read: 0, stream: 0, counter: 0 };
  for (const { operation } of lines) {
    const kind = READS[operation];
    if (kind !== undefined) reads[kind]++;
  }
  return {
    trains: lines.flatMap(({ operation }) => (operation === 'train' ? [true] : operation === 'infer' ? [false] : [])),
    final: lines.some(({ operation }) => operation === 'final'),
    reads,
  };
};
