/** Cells: what turns a sum into a value and back, one neuron at one step. */
import { rn, sat } from '../scalars.js';
import type { CellName } from './resolve.js';

/** A neuron at a step. */
export interface Fired {
  readonly x: bigint;
  /** membrane; 0 for cells without one */
  readonly s: bigint;
  readonly open: boolean;
  /** the value, or the membrane, was clamped */
  readonly saturated: boolean;
}

export interface CellFormats {
  readonly ba: bigint;
  readonly be: bigint;
  /** fraction bits of z, x and the membrane */
  readonly fz: bigint;
  readonly fa: bigint;
  readonly fm: bigint;
  /** decayShift */
  readonly m: bigint;
}

/** A neuron's next value from its sum and what it was at the step before (null: the first). */
type Cell = (z: bigint, before: Fired | null, formats: CellFormats) => Fired;

const decayed = (v: bigint, m: bigint): bigint => v - rn(v, m);

export const CELL: Readonly<Record<CellName, Cell>> = {
  relu: (z, _, { ba, fz, fa }) => {
    const v = rn(z, fz - fa);
    const x = v > 0n ? sat(v, ba) : 0n;
    return { x, s: 0n, open: x > 0n, saturated: v > x && x > 0n };
  },
  tanh: (z, _, { ba, fz, fa }) => {
    const v = rn(z, fz - fa);
    const x = sat(v, ba);
    return { x, s: 0n, open: x === v, saturated: x !== v };
  },
  snu: (z, before, { ba, fz, fm, m }) => {
    const k = before === null || before.x === 1n ? 0n : decayed(before.s, m);
    const v = rn(z, fz - fm) + k;
    const s = sat(v, ba);
    const threshold = 2n ** fm;
    const distance = s > threshold ? s - threshold : threshold - s;
    return { x: s >= threshold ? 1n : 0n, s, open: distance < 2n ** (fm - 1n), saturated: s !== v };
  },
};

/** c(e): what reaches a neuron's error from the step after. `later`: its error there, null at the last step. */
export const carry = (cell: CellName, x: bigint, later: bigint | null, { m }: CellFormats): bigint =>
  cell === 'snu' && later !== null && x === 0n ? decayed(later, m) : 0n;
