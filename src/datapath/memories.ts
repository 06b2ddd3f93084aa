import { bitLength, maxOf, minOf } from '../fx/format.js';
import { EXP_BITS, type LayerPlan, type Plan } from './plan.js';
import { widthsOf } from './widths.js';

/** What a memory is there for: plain inference, training by backpropagation, or GRAPES on top of it. */
export type Purpose = 'inference' | 'training' | 'grapes';

/** One memory of the core: `copies` instances of `depth` words of `width` bits. */
export interface Memory {
  readonly name: string;
  readonly holds: string;
  readonly purpose: Purpose;
  /** `lane`: one copy in every lane; `core`: shared */
  readonly place: 'lane' | 'core';
  /** `rom`: constants; `state`: written while running */
  readonly kind: 'state' | 'rom';
  /** words */
  readonly depth: number;
  /** bits of a word */
  readonly width: number;
  readonly copies: number;
}

/** Entries of the softmax's table of powers of two. */
export const EXP_TABLE = 64;

/** Bits of a logit. */
export const LOGIT_BITS = 16;

/** Bits of a random stream's state. */
export const STREAM_BITS = 32;

/** Bits of all copies of a memory. */
export const memoryBits = (memory: Memory): number => memory.depth * memory.width * memory.copies;

/** Weights of the network, without the unused places of the lanes' RAMs. */
export const weightCount = (plan: Plan): number =>
  plan.matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0);

/**
 * Signed bits that hold the exact sum of one weight's gradient `delta * x` over `batch` samples.
 * The extreme is the most negative error times the activation of the largest magnitude, which is negative for features only.
 */
export const gradientBits = ({ index, values, source }: LayerPlan, batch: number): number => {
  const activation = index === 1 ? -minOf(source.format.bits) : maxOf(source.format.bits);
  return bitLength(batch * -minOf(values.error.bits) * activation) + 1;
};

/** Every memory of the core that `plan` describes, empty ones left out. */
export const memories = (plan: Plan): readonly Memory[] => {
  const { config, hardware, layers } = plan;
  const { weight, activation, error } = config.bits;
  const lane = { place: 'lane', kind: 'state', copies: hardware.lanes } as const;
  /** one memory for each of a lane's two rows of a group */
  const rows = { place: 'lane', kind: 'state', copies: 2 * hardware.lanes } as const;
  const core = { place: 'core', kind: 'state', copies: 1 } as const;
  const grapes = config.grapes.mode !== 'off';
  const last = layers[layers.length - 1];
  const inputs = layers[0].inputs;
  const width = widthsOf(plan);
  const placeBits = width.lane + 1 + width.slot;

  const all: readonly Memory[] = [
    {
      ...lane,
      name: 'weight',
      holds: 'weights, two rows of a column in a word',
      purpose: 'inference',
      depth: hardware.depth,
      width: 2 * weight,
    },
    {
      ...core,
      name: 'input_list',
      holds: 'index and value of the non-zero inputs, two samples',
      purpose: 'inference',
      depth: 2 * inputs,
      width: width.column + activation,
    },
    {
      ...core,
      name: 'hidden_list',
      holds: 'index, value and place of the non-zero activations',
      purpose: 'inference',
      depth: hardware.hiddenList,
      width: width.row + activation + placeBits,
    },
    {
      ...core,
      name: 'logit',
      holds: 'logits that the exponentials are made of',
      purpose: 'training',
      depth: plan.classes,
      width: LOGIT_BITS,
    },
    {
      ...core,
      name: 'result',
      holds: 'logits of the result that waits for the host',
      purpose: 'inference',
      depth: plan.classes,
      width: LOGIT_BITS,
    },
    {
      ...rows,
      name: 'error',
      holds: 'error of each row',
      purpose: 'training',
      depth: hardware.slots,
      width: error,
    },
    {
      ...core,
      name: 'active_list',
      holds: 'groups that have errors: which, in which half, and where their words are',
      purpose: 'training',
      depth: hardware.slots,
      width: width.group + 2 + width.address,
    },
    {
      ...lane,
      name: 'exponential',
      holds: "exponential of each output row, the softmax's dividend",
      purpose: 'training',
      depth: 2 * last.lanes.groups,
      width: EXP_BITS,
    },
    {
      ...core,
      name: 'exp_table',
      holds: "powers of two of the softmax's exponential",
      purpose: 'training',
      kind: 'rom',
      depth: EXP_TABLE,
      width: EXP_BITS,
    },
    {
      ...core,
      name: 'stream',
      holds: "states of the update's random streams",
      purpose: 'training',
      depth: layers.length,
      width: STREAM_BITS,
    },
    {
      ...rows,
      name: 'strength',
      holds: "sum of each hidden row's weight magnitudes",
      purpose: 'grapes',
      depth: grapes ? hardware.hiddenSlots : 0,
      width: hardware.strengthBits,
    },
    {
      ...lane,
      name: 'factor',
      holds: 'factor of each hidden row',
      purpose: 'grapes',
      depth: grapes ? 2 * hardware.hiddenSlots : 0,
      width: plan.factor.bits,
    },
    {
      ...rows,
      name: 'plain_error',
      holds: 'unmodulated error of each row',
      purpose: 'grapes',
      depth: config.grapes.mode === 'local' ? hardware.slots : 0,
      width: error,
    },
  ];
  return all.filter((memory) => memory.depth > 0);
};
