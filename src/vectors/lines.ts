import { maxOf, minOf } from '../fx/format.js';
import { xorshift } from '../fx/random.js';

/** What a testbench's template names. */
export interface BenchView {
  readonly [name: string]: BenchValue;
}
type BenchValue = string | number | boolean | BenchView | readonly BenchValue[];

/** What a small module's testbench needs: the view of its template and its file of vectors. */
export interface ModuleBench {
  /** name of the module; `<module>_tb` is its testbench */
  readonly module: string;
  readonly view: BenchView;
  /** one vector a line: inputs, then expected outputs, in hexadecimal */
  readonly vectors: string;
}

const hex = (v: number | boolean): string => BigInt.asUintN(64, BigInt(v)).toString(16);

/** Lines of a vector file. Negative values as 64-bit two's complement. */
export const lines = (vectors: readonly (readonly (number | boolean)[])[]): string =>
  vectors.map((fields) => `${fields.map(hex).join(' ')}\n`).join('');

/** `v` modulo `2^bits`: a signed result as the bits of a port. */
export const field = (v: number, bits: number): number => (v < 0 ? v + 2 ** bits : v);

/** Seeded choices; the same on every machine. */
export const chooser = (seed: number) => {
  let state = seed;
  const next = (): number => {
    state = xorshift(state);
    return state;
  };
  /** an integer of low..high */
  const integer = (low: number, high: number): number => {
    const span = high - low + 1;
    return low + Math.floor(((next() * 2 ** 20 + (next() >>> 12)) / 2 ** 52) * span);
  };
  return {
    word: next,
    integer,
    signed: (bits: number): number => integer(minOf(bits), maxOf(bits)),
    unsigned: (bits: number): number => integer(0, 2 ** bits - 1),
  };
};

/** The values of a signed format where things go wrong first. */
export const corners = (bits: number): number[] => [
  minOf(bits),
  minOf(bits) + 1,
  -1,
  0,
  1,
  maxOf(bits) - 1,
  maxOf(bits),
];

export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
