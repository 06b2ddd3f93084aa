import {
  gradientBits,
  type Memory,
  type MemoryPurpose,
  memories,
  memoryBits,
  weightCount,
} from '../datapath/memories.js';
import type { Plan } from '../datapath/plan.js';
import { inTime, type Timing, timingOf } from '../datapath/rate.js';
import { table } from './table.js';
import { timeText } from './timing.js';

/** An amount of memory; `bytes` is `bits / 8`, not rounded. */
export interface Amount {
  readonly bits: number;
  readonly bytes: number;
}

/** One memory of the core with what all its copies amount to. */
export interface MemoryRow extends Memory, Amount {}

/** A way to train the same network at the same widths, and the memory it needs. */
export interface MethodRow extends Amount {
  readonly method: string;
  readonly needs: string;
  /** bits on top of plain backpropagation; negative for inference alone */
  readonly extraBits: number;
  /** the same, in per cent of what plain backpropagation needs */
  readonly extraPercent: number;
  /** the bits that GRAPES adds, in per cent of what this method needs in all */
  readonly grapesPercent: number;
}

/** Memory footprint of a core, and what GRAPES adds to it. */
export interface MemoryReport {
  readonly format: 'grapes-memory/1';
  readonly name: string;
  readonly layers: readonly number[];
  readonly bits: { readonly weight: number; readonly activation: number; readonly error: number };
  readonly lanes: number;
  readonly mode: string;
  /** how the network runs in time; null for a dense one */
  readonly time: Timing | null;
  /** weights of the network, and the part of the weight RAM's places that they fill */
  readonly weights: number;
  readonly weightFillPercent: number;
  readonly memories: readonly MemoryRow[];
  readonly perLane: Amount;
  readonly shared: Amount;
  readonly total: Amount;
  readonly purposes: Readonly<Record<MemoryPurpose, Amount>>;
  /** what GRAPES adds, in bits and in per cent of the weights' RAM, of inference alone and of plain backpropagation */
  readonly grapes: Amount & {
    readonly percentOfWeights: number;
    readonly percentOfInference: number;
    readonly percentOfSgd: number;
  };
  /** samples over which the accumulation row sums gradients */
  readonly batch: number;
  readonly methods: readonly MethodRow[];
}

const amount = (bits: number): Amount => ({ bits, bytes: bits / 8 });

const total = (list: readonly Memory[]): number => list.reduce((sum, memory) => sum + memoryBits(memory), 0);

const percent = (part: number, whole: number): number => (100 * part) / whole;

/**
 * The memory footprint of the core that `plan` describes.
 *
 * The core's own memories count as built, unused places included. The other methods' extra values count one a weight,
 * without unused places, so that the comparison never favours GRAPES.
 * @param options.batch samples that gradient accumulation sums over (default 64)
 * @throws RangeError if `batch` is not a positive integer
 */
export const memoryReport = (plan: Plan, { batch = 64 }: { readonly batch?: number } = {}): MemoryReport => {
  if (!Number.isInteger(batch) || batch < 1) throw new RangeError(`batch is ${batch}, must be a positive integer`);
  const { config, hardware } = plan;
  const list = memories(plan);
  const of = (purpose: MemoryPurpose): number => total(list.filter((memory) => memory.purpose === purpose));
  const inLanes = total(list.filter((memory) => memory.place === 'lane'));
  const weightRam = total(list.filter((memory) => memory.name === 'weight'));
  const weights = weightCount(plan);
  const bits = { inference: of('inference'), training: of('training'), grapes: of('grapes') };
  const sgd = bits.inference + bits.training;
  const value = weights * config.bits.weight;
  const gradients = (samples: number): number =>
    plan.matrices.reduce((n, m) => n + m.rows * m.columns * gradientBits(plan, m, samples), 0);
  const trainable = list.filter(({ purpose }) => purpose !== 'grapes');
  const ofOneStep = trainable.reduce((n, memory) => n + memoryBits(memory) / (memory.steps ?? 1), 0);
  const method = (name: string, needs: string, extraBits: number): MethodRow => ({
    method: name,
    needs,
    ...amount(sgd + extraBits),
    extraBits,
    extraPercent: percent(extraBits, sgd),
    grapesPercent: percent(bits.grapes, sgd + extraBits),
  });
  return {
    format: 'grapes-memory/1',
    name: config.name,
    layers: config.layers,
    bits: config.bits,
    lanes: hardware.lanes,
    mode: config.grapes.mode,
    time: inTime(config) ? timingOf(config) : null,
    weights,
    weightFillPercent: percent(value, weightRam),
    memories: list.map((memory) => ({ ...memory, ...amount(memoryBits(memory)) })),
    perLane: amount(inLanes / hardware.lanes),
    shared: amount(total(list) - inLanes),
    total: amount(total(list)),
    purposes: {
      inference: amount(bits.inference),
      training: amount(bits.training),
      grapes: amount(bits.grapes),
    },
    grapes: {
      ...amount(bits.grapes),
      percentOfWeights: percent(bits.grapes, weightRam),
      percentOfInference: percent(bits.grapes, bits.inference),
      percentOfSgd: percent(bits.grapes, sgd),
    },
    batch,
    methods: [
      method('inference only', 'weights, lists, result', -bits.training),
      method('SGD', 'plus errors and softmax', 0),
      method('GRAPES', `strengths and factors, mode ${config.grapes.mode}`, bits.grapes),
      method('SGD, momentum', `one more ${config.bits.weight}-bit value a weight`, value),
      method('Adam', `two more ${config.bits.weight}-bit values a weight`, 2 * value),
      ...(inTime(config)
        ? [method('e-prop', 'an exact gradient a weight; values of one step', gradients(1) + ofOneStep - sgd)]
        : []),
      method(`SGD, mini-batch of ${batch}`, 'an exact gradient sum a weight', gradients(batch)),
    ],
  };
};

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');

const bytes = (n: number): string =>
  Number.isInteger(n) ? whole(n) : n.toLocaleString('en-US', { minimumFractionDigits: 3 });

/** `n` per cent with its sign left to the number, small values with the digits that matter. */
const rate = (n: number): string => `${Math.abs(n) < 10 ? n.toFixed(2) : n.toFixed(1)} %`;

const signed = (n: number): string => (n > 0 ? `+${rate(n)}` : rate(n));

/** The report as plain text for a terminal, ending in a newline. */
export const memoryText = (report: MemoryReport): string => {
  const { bits, grapes } = report;
  const memoryRows = report.memories.map((m) => [
    m.name,
    m.purpose,
    m.place,
    `${whole(m.depth)} x ${m.width}`,
    `${m.copies}`,
    whole(m.bits),
    bytes(m.bytes),
    m.holds,
  ]);
  const sums = [
    ['one lane', report.perLane],
    [`${report.lanes} lanes`, { bits: report.perLane.bits * report.lanes, bytes: report.perLane.bytes * report.lanes }],
    ['shared', report.shared],
    ['in all', report.total],
  ] as const;
  const methods = report.methods.map((m) => [
    m.method,
    whole(m.bits),
    bytes(m.bytes),
    signed(m.extraPercent),
    rate(m.grapesPercent),
    m.needs,
  ]);
  return `${[
    `Memory of ${report.name}: ${report.layers.join('-')}${report.time === null ? '' : `, ${timeText(report.time)}`}, ${bits.weight}-bit weights, ${bits.activation}-bit activations, ${bits.error}-bit errors, ${report.lanes} lanes, GRAPES ${report.mode}`,
    '',
    table(
      ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
      [['memory', 'for', 'in', 'words x bits', 'copies', 'bits', 'bytes', 'holds'], ...memoryRows],
    ),
    '',
    table(
      ['left', 'right', 'right'],
      [['', 'bits', 'bytes'], ...sums.map(([label, sum]) => [label, whole(sum.bits), bytes(sum.bytes)])],
    ),
    '',
    `GRAPES adds ${whole(grapes.bits)} bits (${bytes(grapes.bytes)} bytes): ${rate(grapes.percentOfWeights)} of the weight RAM, ${rate(grapes.percentOfInference)} of what inference needs, ${rate(grapes.percentOfSgd)} of what SGD needs.`,
    'Counters and pipeline registers are not counted. Extra values of other methods count one a weight, without unused places.',
    `The weight RAM's places are ${rate(report.weightFillPercent)} full (${whole(report.weights)} weights).`,
    '',
    'The same network at the same widths, other ways:',
    table(
      ['left', 'right', 'right', 'right', 'right', 'left'],
      [['method', 'bits', 'bytes', 'against SGD', 'GRAPES adds', 'needs'], ...methods],
    ),
  ].join('\n')}\n`;
};
