import { inTime } from '../config/time.js';
import { bitLength, maxOf, minOf } from '../fx/format.js';
import { sampleInTime } from './memoriesTime.js';
import { EXP_BITS, type Matrix, type Plan, type Values } from './plan.js';
import { widthsOf } from './widths.js';

/** What a memory is there for: plain inference, training by backpropagation, or GRAPES on top of it. */
export type MemoryPurpose = 'inference' | 'training' | 'grapes';

/** One memory of the core: `copies` instances of `depth` words of `width` bits. */
export interface Memory {
  readonly name: string;
  readonly holds: string;
  readonly purpose: MemoryPurpose;
  /** `lane`: one copy in every lane; `core`: shared */
  readonly place: 'lane' | 'core';
  /** `rom`: constants; `state`: written while running */
  readonly kind: 'state' | 'rom';
  /** words */
  readonly depth: number;
  /** bits of a word */
  readonly width: number;
  readonly copies: number;
  /** of a network in time: steps of a sample whose values it keeps side by side, where that is all of them */
  readonly steps?: number;
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

/** Largest magnitude of a value: features and tanh have a negative end, ReLU has none, a spike is 0 or 1. */
const largest = (values: Values): number => {
  const { bits } = values.format;
  if (bits === 1) return 1;
  return values.kind === 'hidden' && values.cell.kind === 'relu' ? maxOf(bits) : -minOf(bits);
};

/** Signed bits that hold the exact sum of one weight's gradient over all steps of `batch` samples, `delta * x` each. */
export const gradientBits = ({ layers, input }: Plan, { layer, kind }: Matrix, batch: number): number => {
  const { source, values } = layers[layer - 1];
  const taken = kind === 'forward' ? source : values;
  return bitLength(batch * input.steps * -minOf(values.error.bits) * largest(taken)) + 1;
};

/** Memories of what a sample leaves on its way through the layers. */
export interface SampleMemories {
  /** what is not 0: of the sample, and of the activations */
  readonly lists: readonly Memory[];
  readonly errors: readonly Memory[];
  /** errors without factors, where something reads them */
  readonly plainErrors: readonly Memory[];
}

/** Of a network whose matrices are each applied once a sample. */
const sampleAtOnce = (plan: Plan): SampleMemories => {
  const { config, hardware, layers } = plan;
  const { activation, error } = config.bits;
  const width = widthsOf(plan);
  const core = { place: 'core', kind: 'state', copies: 1, purpose: 'inference' } as const;
  const rows = { place: 'lane', kind: 'state', copies: 2 * hardware.lanes, width: error } as const;
  return {
    lists: [
      {
        ...core,
        name: 'input_list',
        holds: 'index and value of the non-zero inputs, two samples',
        depth: 2 * layers[0].inputs,
        width: width.column + activation,
      },
      {
        ...core,
        name: 'hidden_list',
        holds: 'index, value and place of the non-zero activations',
        depth: hardware.hiddenList,
        width: width.row + activation + width.lane + 1 + width.slot,
      },
    ],
    errors: [{ ...rows, name: 'error', holds: 'error of each row', purpose: 'training', depth: hardware.slots }],
    plainErrors: [
      {
        ...rows,
        name: 'plain_error',
        holds: 'unmodulated error of each row',
        purpose: 'grapes',
        depth: config.grapes.mode === 'local' ? hardware.slots : 0,
      },
    ],
  };
};

/** Every memory of the core that `plan` describes, empty ones left out. */
export const memories = (plan: Plan): readonly Memory[] => {
  const { config, hardware } = plan;
  const lane = { place: 'lane', kind: 'state', copies: hardware.lanes } as const;
  /** one memory for each of a lane's two rows of a group */
  const rows = { place: 'lane', kind: 'state', copies: 2 * hardware.lanes } as const;
  const core = { place: 'core', kind: 'state', copies: 1 } as const;
  const grapes = config.grapes.mode !== 'off';
  const encoder = config.encoding === 'rate';
  const width = widthsOf(plan);

  const sample = inTime(config) ? sampleInTime(plan) : sampleAtOnce(plan);

  const all: readonly Memory[] = [
    {
      ...lane,
      name: 'weight',
      holds: 'weights, two rows of a column in a word',
      purpose: 'inference',
      depth: hardware.depth,
      width: 2 * config.bits.weight,
    },
    ...sample.lists,
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
    ...sample.errors,
    {
      ...core,
      name: 'active_list',
      holds: 'groups that have errors: which, in which half, and where their words are',
      purpose: 'training',
      depth: hardware.slots,
      width: width.group + 2 + width.address,
    },
    {
      ...core,
      name: 'exponential',
      holds: "exponentials of the logits, the softmax's dividends",
      purpose: 'training',
      depth: plan.classes,
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
      holds: `states of the ${encoder ? "update's and the encoder's" : "update's"} random streams`,
      purpose: 'training',
      depth: plan.matrices.length + (encoder ? 1 : 0),
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
      ...core,
      name: 'factor',
      holds: 'factors of the neurons on the hidden lists',
      purpose: 'grapes',
      depth: grapes ? hardware.hiddenList : 0,
      width: plan.factor.bits,
    },
    ...sample.plainErrors,
  ];
  return all.filter((memory) => memory.depth > 0);
};
