import { bitLength, indexBits } from '../fx/format.js';
import { quotientBits } from './depths.js';
import type { Plan } from './plan.js';
import { passesOf, programOf } from './program.js';

/** Bits of an unsigned number up to `most`, at least 1. */
const countBits = (most: number): number => Math.max(1, bitLength(most));

/** Shifts that differ by layer or rate: the least, the greatest, and the bits of what lies between; 0 where there are none. */
export interface ShiftSpan {
  readonly min: number;
  readonly max: number;
  readonly bits: number;
}

const spanOf = (shifts: readonly number[]): ShiftSpan => {
  const min = shifts.length === 0 ? 0 : Math.min(...shifts);
  const max = shifts.length === 0 ? 0 : Math.max(...shifts);
  return { min, max, bits: countBits(max - min) };
};

/** The shifts of a core. */
export const shiftsOf = ({ layers, hidden, rate }: Plan) => ({
  forward: spanOf(hidden.map((l) => l.values.cell.shift)),
  back: spanOf(hidden.map((l) => l.values.back.shift)),
  update: spanOf(layers.flatMap(({ matrix }) => [matrix.updateShift + rate.min, matrix.updateShift + rate.max])),
});

/** Bits of everything that a core carries or counts. */
export const widthsOf = (plan: Plan) => {
  const { hardware, layers, config } = plan;
  const { forward, back, update } = shiftsOf(plan);
  const most = (of: (layer: (typeof layers)[number]) => number): number => Math.max(...layers.map(of));
  return {
    weight: config.bits.weight,
    activation: config.bits.activation,
    error: config.bits.error,
    label: plan.labelBits,
    layer: indexBits(layers.length),
    pass: indexBits(passesOf(programOf(plan)).length),
    row: indexBits(most((l) => l.outputs)),
    column: indexBits(most((l) => l.inputs)),
    /** the number of entries of a list */
    count: countBits(most((l) => l.inputs)),
    group: indexBits(most((l) => l.lanes.groups)),
    lane: indexBits(hardware.lanes),
    /** the number of rows of a group */
    rows: countBits(2 * hardware.lanes),
    /** of a lane's weight RAM */
    address: indexBits(hardware.depth),
    slot: indexBits(hardware.slots),
    hiddenSlot: indexBits(hardware.hiddenSlots),
    inputList: indexBits(2 * plan.input.size),
    hiddenList: indexBits(hardware.hiddenList),
    sum: hardware.sumBits,
    back: hardware.backBits,
    strength: hardware.strengthBits,
    expSum: plan.expSumBits,
    factor: plan.factor.bits,
    divide: quotientBits(plan),
    forwardShift: forward.bits,
    backShift: back.bits,
    updateShift: update.bits,
    /** random bits that round an update */
    random: Math.max(1, update.max),
    bit: 1,
  };
};

export type Width = keyof ReturnType<typeof widthsOf>;
