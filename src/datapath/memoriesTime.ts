import { timingOf } from '../config/time.js';
import { bitLength, indexBits } from '../fx/format.js';
import type { Memory, SampleMemories } from './memories.js';
import type { HiddenLayer, Plan } from './plan.js';
import { widthsOf } from './widths.js';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const most = (values: readonly number[]): number => Math.max(0, ...values);

/** Bits by which the sum of a value over the steps exceeds the value. */
const stepBits = (steps: number): number => bitLength(steps - 1);

/** Slots of some layers in the lanes' memories of neurons, a slot a group. */
const slotsOf = (layers: readonly HiddenLayer[]): number => sum(layers.map(({ lanes }) => lanes.groups));

const neuronsOf = (layers: readonly HiddenLayer[]): number => sum(layers.map(({ outputs }) => outputs));

/** The layer's values are 1 bit: a list of the spikes says all. */
const spikes = ({ values }: HiddenLayer): boolean => values.format.bits === 1;

const core = { place: 'core', kind: 'state', copies: 1 } as const;

type Rows = readonly Memory[];

/** The sample as the first layer takes it; two samples where the next one loads while this one trains. */
const inputLists = (plan: Plan): Rows => {
  const { size, steps, format } = plan.input;
  const { encoding } = timingOf(plan.config);
  const index = widthsOf(plan).column;
  const list = { ...core, name: 'input_list', purpose: 'inference' } as const;
  const value = { ...core, name: 'input_value', purpose: 'inference' } as const;
  const mask = {
    ...core,
    name: 'input_mask',
    holds: 'steps at which each input is used',
    purpose: 'training',
  } as const;
  const byStep = { ...list, holds: "index of each step's non-zero inputs, two samples", steps } as const;
  switch (encoding) {
    case 'direct':
      return [
        {
          ...list,
          holds: 'index and value of the non-zero inputs, two samples',
          depth: 2 * size,
          width: index + format.bits,
        },
      ];
    case 'rate':
      return [
        {
          ...list,
          holds: 'index and probability of the inputs that can spike, two samples',
          depth: 2 * size,
          width: index + 8,
        },
        {
          ...list,
          name: 'input_spikes',
          holds: "index of each step's spikes",
          depth: steps * size,
          width: index,
          steps,
        },
        { ...mask, depth: size, width: steps, steps },
      ];
    case 'rows':
      return [
        { ...byStep, depth: 2 * steps * size, width: index },
        { ...value, holds: 'inputs by step, two samples', depth: 2 * steps * size, width: format.bits, steps },
        { ...mask, depth: 2 * size, width: steps, steps },
      ];
    case 'events':
      return [
        { ...byStep, depth: 2 * steps * size, width: index },
        { ...mask, depth: 2 * size, width: steps, steps },
      ];
  }
};

/** What hidden layers hand on: to the step's next layer, to their own next step, to the output, to the way back. */
const hiddenLists = ({ hidden, output, input: { steps }, hardware, config }: Plan, row: number): Rows => {
  const dense = hidden.filter((layer) => !spikes(layer));
  const membranes = hidden.flatMap(({ values: { cell }, lanes }) =>
    cell.kind === 'snu' ? [{ slots: lanes.groups, bits: cell.membrane.bits }] : [],
  );
  const [first] = hidden;
  /** a group's sum of a constant input is consumed at once, unless each step has to wait for the one before */
  const constant = timingOf(config).encoding === 'direct';
  const held = constant && steps > 1 && first !== undefined && first.recurrent.length > 0;
  const summed = steps > 1 && !(constant && first === undefined);
  const lane = { place: 'lane', kind: 'state', copies: 2 * hardware.lanes, purpose: 'inference' } as const;
  return [
    {
      ...core,
      name: 'hidden_list',
      holds: "index of each step's non-zero activations",
      purpose: 'inference',
      depth: steps * neuronsOf(hidden),
      width: row,
      steps,
    },
    {
      ...core,
      name: 'hidden_value',
      holds: 'activations by step, spikes left out',
      purpose: 'inference',
      depth: steps * neuronsOf(dense),
      width: config.bits.activation,
      steps,
    },
    {
      ...core,
      name: 'total',
      holds: "the output layer's inputs: index and sum over the steps",
      purpose: 'inference',
      depth: summed ? output.inputs : 0,
      width: indexBits(output.inputs) + output.source.format.bits + stepBits(steps),
    },
    {
      ...lane,
      name: 'membrane',
      holds: 'membrane of each spiking row, 0 after a spike',
      depth: sum(membranes.map(({ slots }) => slots)),
      width: most(membranes.map(({ bits }) => bits)),
    },
    {
      ...lane,
      name: 'input_sum',
      holds: "the first layer's sum of an input that is the same at every step",
      depth: held ? first.lanes.groups : 0,
      width: first?.values.sumBits ?? 0,
    },
    {
      ...core,
      name: 'hidden_mask',
      holds: 'steps at which each activation is not 0',
      purpose: 'training',
      depth: neuronsOf(hidden),
      width: steps,
      steps,
    },
    {
      ...core,
      name: 'open',
      holds: 'steps at which each derivative is not 0',
      purpose: 'training',
      depth: neuronsOf(hidden),
      width: steps,
      steps,
    },
  ];
};

/** The hidden layers' errors for every step, the output's once. */
const errors = ({ hidden, output, input: { steps }, hardware, config }: Plan): Rows => {
  const rows = { place: 'lane', kind: 'state', copies: 2 * hardware.lanes, purpose: 'training' } as const;
  const [first] = hidden;
  const top = hidden.at(-1);
  const constant = timingOf(config).encoding === 'direct' && steps > 1;
  const { error } = config.bits;
  return [
    {
      ...rows,
      name: 'error',
      holds: 'error of each hidden row by step',
      depth: steps * slotsOf(hidden),
      width: error,
      steps,
    },
    { ...rows, name: 'output_error', holds: 'error of each output row', depth: output.lanes.groups, width: error },
    {
      ...rows,
      name: 'error_sum',
      holds: "sum over the steps of each first row's errors, for an input that is the same at every step",
      depth: constant ? (first?.lanes.groups ?? 0) : 0,
      width: error + stepBits(steps),
    },
    {
      ...core,
      name: 'back_sum',
      holds: "the output's errors on their way back, one sum for all steps",
      purpose: 'training',
      depth: steps > 1 ? (top?.outputs ?? 0) : 0,
      width: bitLength(output.outputs * 2 ** (config.bits.weight + error - 2)) + 1,
    },
  ];
};

/**
 * Slots that hold unmodulated errors: for all steps where the layer below sees them, else for the step at hand and the
 * one after it where the layer's own recurrent weights do.
 */
const plainSlots = ({ index, recurrent, lanes, values }: HiddenLayer, local: boolean): number => {
  if (local && index > 1) return values.steps * lanes.groups;
  return recurrent.length > 0 ? Math.min(2, values.steps) * lanes.groups : 0;
};

/** Unmodulated errors, where they differ from the others and something reads them. */
const plainErrors = ({ hidden, hardware, config }: Plan): Rows => {
  const { mode } = config.grapes;
  const slots = hidden.map((layer) => plainSlots(layer, mode === 'local'));
  return [
    {
      place: 'lane',
      kind: 'state',
      copies: 2 * hardware.lanes,
      purpose: 'grapes',
      name: 'plain_error',
      holds: 'unmodulated error of each row, for as many steps as are read',
      depth: mode === 'off' ? 0 : sum(slots),
      width: config.bits.error,
    },
  ];
};

/** Of a network in time: what its forward pass leaves for later steps, layers and passes, and what comes back. */
export const sampleInTime = (plan: Plan): SampleMemories => ({
  lists: [...inputLists(plan), ...hiddenLists(plan, widthsOf(plan).row)],
  errors: errors(plan),
  plainErrors: plainErrors(plan),
});
