import { bitLength, indexBits } from '../fx/format.js';
import { depthsOf, quotientBits } from './depths.js';
import type { Plan } from './plan.js';
import { constantInput, timePasses } from './timeProgram.js';

/** Bits of an unsigned number up to `most`, at least 1. */
const countBits = (most: number): number => Math.max(1, bitLength(most));

const ceilLog2 = (n: number): number => bitLength(n - 1);

/** Shifts between the least and the greatest, and the bits of what lies between. */
const spanOf = (shifts: readonly number[]) => {
  const [min, max] = [Math.min(...shifts), Math.max(...shifts)];
  return { min, max, bits: countBits(max - min) };
};

/** The shifts of a core in time. */
export const timeShifts = ({ layers, hidden, matrices, rate }: Plan) => ({
  forward: spanOf(layers.map(({ values }) => values.cell.shift)),
  back: spanOf(hidden.map(({ values }) => values.back.shift)),
  update: spanOf(matrices.flatMap(({ updateShift }) => [updateShift + rate.min, updateShift + rate.max])),
});

/** How deep the pipelines of a core in time are, in cycles from an operation's issue on. */
export const timeDepths = (plan: Plan) => {
  const { tree, exponential, divide } = depthsOf(plan);
  /** from a column's last operation to its sum, when its factor is there too */
  const sum = Math.max(5 + tree, plan.config.grapes.mode === 'off' ? 0 : 2 + divide);
  return { tree, exponential, divide, sum, gain: sum + 2 };
};

/** Sizes of what a core in time keeps. */
export const timeSizes = (plan: Plan) => {
  const { config, hardware, layers, hidden, input } = plan;
  const { activation, error } = config.bits;
  const { steps } = input;
  const constant = constantInput(plan);
  const spikes = hidden.some(({ values }) => values.cell.kind === 'snu');
  const values = hidden.some(({ values: { cell } }) => cell.kind !== 'snu');
  const inputValues = input.format.bits > 1;
  const top = hidden[hidden.length - 1];
  /** a power of two */
  const word = Math.max(16, 2 ** ceilLog2(2 * hardware.lanes));
  const words = Math.ceil(input.size / word);
  const groups = Math.max(...layers.map(({ lanes }) => lanes.groups));
  const x = Math.max(
    ...hidden.map(({ values: { format } }) => (format.bits === 1 ? 2 : format.bits)),
    inputValues ? activation : 2,
    top.values.format.bits === 1 ? bitLength(steps) + 1 : top.values.format.bits + ceilLog2(steps),
  );
  const gradient = error + (constant ? ceilLog2(steps) : 0);
  /** the largest magnitudes of what an update multiplies, over all steps */
  const most = Math.max(inputValues ? 2 ** (activation - 1) : 1, values ? 2 ** (activation - 1) : 1);
  const sum = Math.max(hardware.sumBits, bitLength(steps * 2 ** (error - 1) * most) + 1);
  const moments = steps * hardware.hiddenSlots + plan.output.lanes.groups;
  return { steps, constant, spikes, values, inputValues, word, words, groups, x, gradient, sum, moments };
};

/** Bits of everything that a core in time carries or counts. */
export const timeWidths = (plan: Plan) => {
  const { config, hardware, layers, hidden, matrices } = plan;
  const { words, groups, x, gradient, sum, moments, steps } = timeSizes(plan);
  const { forward, back, update } = timeShifts(plan);
  const aligns = hidden.flatMap(({ values: { sumAlign, back: b, strengthAlign } }) =>
    [sumAlign, b.align, strengthAlign].flatMap((align) => [align.forward, align.recurrent]),
  );
  const columns = Math.max(...matrices.map((matrix) => matrix.columns));
  return {
    weight: config.bits.weight,
    activation: config.bits.activation,
    error: config.bits.error,
    feature: hardware.featureBits,
    label: plan.labelBits,
    layer: indexBits(layers.length),
    matrix: indexBits(matrices.length),
    pass: indexBits(timePasses(plan).length + 1),
    column: indexBits(columns),
    count: countBits(columns),
    group: indexBits(groups),
    lane: indexBits(hardware.lanes),
    rows: countBits(2 * hardware.lanes),
    address: indexBits(hardware.depth),
    slot: indexBits(hardware.slots),
    hiddenSlot: indexBits(hardware.hiddenSlots),
    step: indexBits(steps),
    moment: indexBits(moments),
    wordIndex: indexBits(Math.max(words, groups)),
    x,
    gradient,
    sum,
    back: hardware.backBits,
    strength: hardware.strengthBits,
    expSum: plan.expSumBits,
    divide: quotientBits(plan),
    align: countBits(Math.max(...aligns)),
    forwardShift: forward.bits,
    backShift: back.bits,
    updateShift: update.bits,
    random: Math.max(1, update.max),
    cell: 2,
    bit: 1,
  };
};

export type TimeWidth = keyof ReturnType<typeof timeWidths>;
