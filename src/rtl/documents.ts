import { columnCycles, denseBound } from '../datapath/bound.js';
import { depthsOf } from '../datapath/depths.js';
import { memories, memoryBits } from '../datapath/memories.js';
import type { LayerPlan, Plan } from '../datapath/plan.js';
import { featuresOf } from '../datapath/rate.js';
import { type TimePass, timePasses } from '../datapath/timeProgram.js';
import type { Format } from '../fx/format.js';
import type { View } from './engine.js';

interface Port {
  readonly name: string;
  readonly bits: number;
  readonly about: string;
}

/** The core's ports beside clock and trace, in their order. */
export const ports = (plan: Plan): readonly Port[] => {
  const { featuresPerBeat, featureBits } = plan.hardware;
  const beats = Math.ceil(featuresOf(plan.config) / featuresPerBeat);
  const one = (name: string, about: string): Port => ({ name, bits: 1, about });
  return [
    one('rst_i', 'reset'),
    one('sample_valid_i', 'a beat of a sample is offered'),
    one('sample_ready_o', 'it is taken'),
    {
      name: 'sample_data_i',
      bits: 32,
      about: `${featuresPerBeat} features of ${featureBits} ${featureBits === 1 ? 'bit' : 'bits'}, the first in the low bits; ${beats} beats a sample`,
    },
    { name: 'sample_label_i', bits: plan.labelBits, about: 'class, with the first beat' },
    one('sample_train_i', '1 trains, 0 infers and writes nothing; with the first beat'),
    { name: 'sample_rate_i', bits: 5, about: 'k: the rate is 2^-k; with the first beat' },
    one('result_valid_o', 'a logit is offered'),
    one('result_ready_i', 'it is taken'),
    {
      name: 'result_prediction_o',
      bits: plan.labelBits,
      about: "predicted class, the same in all of a sample's beats",
    },
    { name: 'result_logit_o', bits: 16, about: 'logit, 8 fraction bits; row 0 first' },
    one('result_last_o', "a sample's last beat"),
    one('memory_valid_i', 'an access is asked for'),
    one('memory_ready_o', 'it is taken'),
    one('memory_write_i', '1 writes, 0 reads'),
    { name: 'memory_address_i', bits: 32, about: 'see below' },
    { name: 'memory_data_i', bits: 32, about: 'to write' },
    one('memory_valid_o', 'the answer to a read is offered'),
    one('memory_ready_i', 'it is taken'),
    { name: 'memory_data_o', bits: 32, about: 'what was read' },
    one('idle_o', 'no sample in the core; an access may be on its way'),
  ];
};

const format = ({ bits, frac }: Format): string => `${bits} bits, ${frac} frac`;

const grouped = (n: number): string => n.toLocaleString('en-US');

const layerView = (layer: LayerPlan): View => {
  const hidden = layer.values.kind === 'hidden' ? layer.values : undefined;
  return {
    index: layer.index,
    outputs: layer.outputs,
    inputs: layer.inputs,
    groups: layer.lanes.groups,
    lastRows: layer.lanes.lastRows,
    spread: layer.lanes.spread ? 'yes' : 'no',
    base: layer.matrix.base,
    slot: layer.lanes.slot,
    weight: format(layer.matrix.format),
    input: format(layer.source.format),
    output: format(layer.values.format),
    error: format(layer.values.error),
    forwardShift: layer.values.cell.shift,
    backwardShift: hidden?.back.shift ?? '-',
    updateShift: layer.matrix.updateShift,
    sumBits: layer.values.sumBits,
    backBits: hidden?.back.bits ?? '-',
    strengthBits: hidden?.strengthBits ?? '-',
    forwardCycles: layer.lanes.groups,
    backCycles: columnCycles(layer) - layer.lanes.groups,
  };
};

const factors = ({ config, factor }: Plan): string =>
  config.grapes.mode === 'off'
    ? 'GRAPES is off: no strengths, no factors.'
    : `GRAPES ${config.grapes.mode}: factors have ${factor.bits} bits, ${factor.frac} of them fraction, and range from ${factor.low} to ${factor.high}.`;

/** What a host does to samples before it offers them, where it does anything. */
const inputs = ({ config: { constant, scaling, classes } }: Plan): string => {
  const sentences = [
    ...(constant
      ? [
          'The last feature of a sample, or of each of its steps, is a constant, the largest there is, in place of biases.',
        ]
      : []),
    ...(scaling ? ['Features are scaled before; `grapes-hw export` writes how, as a C header.'] : []),
    ...(classes ? [`Classes: ${classes.map((name, c) => `${c} ${name}`).join(', ')}.`] : []),
  ];
  return sentences.map((sentence) => ` ${sentence}`).join('');
};

/** What the description of a generated design names. */
export const readmeView = (plan: Plan): View => {
  const { config, hardware, layers, rate } = plan;
  const { bits, lanes } = config;
  const list = memories(plan);
  return {
    name: config.name,
    summary: `A ${config.layers.join('-')} network with ${bits.weight}-bit weights, ${bits.activation}-bit activations and ${bits.error}-bit errors on ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}.${inputs(plan)}`,
    ports: ports(plan).map((port) => ({ ...port })),
    lastLane: lanes - 1,
    strengthBits: hardware.strengthBits,
    groupRows: 2 * lanes,
    layers: layers.map(layerView),
    rates: rate.min === rate.max ? `${rate.min}` : `${rate.min}..${rate.max}`,
    rounding: config.rounding === 'nearest' ? 'to nearest' : 'stochastically, one random number a column',
    factors: factors(plan),
    denseBound: grouped(denseBound(plan)),
    treeStages: depthsOf(plan).tree,
    featuresPerBeat: hardware.featuresPerBeat,
    memories: list.map(({ name, depth, width, copies, holds }) => ({ name, depth, width, copies, holds })),
    totalBits: grouped(list.reduce((sum, memory) => sum + memoryBits(memory), 0)),
  };
};

const matrixTitle = ({ kind, layer }: TimePass['matrix']): string => `${kind === 'forward' ? 'W' : 'H'}${layer}`;

/** What a pass of a network in time does, in words. */
const passText = (pass: TimePass): string => {
  const own = pass.layer.recurrent.length > 0 ? ` and H${pass.layer.index}` : '';
  const matrix = matrixTitle(pass.matrix);
  switch (pass.operation) {
    case 'forward':
      return `forward through ${matrix}${own}, ${pass.single ? 'once' : 'every step'}`;
    case 'top':
      return `the output's errors through ${matrix}, once`;
    case 'back':
      return pass.single && own === ''
        ? `errors of layer ${pass.layer.index} through time, the last step first`
        : `errors of layer ${pass.layer.index} through time${pass.single ? '' : ` and ${matrix}`}${own}, the last step first`;
    case 'update':
      return `update of ${matrix}, ${pass.single ? 'once a column' : 'over the steps of every column'}`;
    case 'sweep':
      return `strengths from ${matrix}, after weights were written`;
  }
};

/** What the description of a generated network in time names. */
export const timeReadmeView = (plan: Plan): View => {
  const { config, layers, matrices, input } = plan;
  const dense = readmeView(plan);
  const streams = `${matrices.length > 1 ? `0..${matrices.length - 1}` : '0'} as below${config.encoding === 'rate' ? `, ${matrices.length} the encoder` : ''}`;
  return {
    ...dense,
    steps: input.steps,
    stepWord: input.steps === 1 ? 'step' : 'steps',
    streams,
    matrices: matrices.map((matrix, stream) => {
      const { lanes } = layers[matrix.layer - 1];
      return {
        stream,
        name: matrixTitle(matrix),
        rows: matrix.rows,
        columns: matrix.columns,
        groups: lanes.groups,
        lastRows: lanes.lastRows,
        spread: lanes.spread ? 'yes' : 'no',
        base: matrix.base,
        slot: lanes.slot,
        weight: format(matrix.format),
        updateShift: matrix.updateShift,
      };
    }),
    layers: layers.map((layer) => ({ ...layerView(layer), cell: layer.values.cell.kind })),
    passes: timePasses(plan).map((pass, at) => ({ at, what: passText(pass) })),
  };
};

/** What the timing constraints name. */
export const constraintsView = (plan: Plan): View => {
  const names = (suffix: string): string =>
    ports(plan)
      .filter((port) => port.name.endsWith(suffix))
      .map(({ name, bits }) => (bits === 1 ? name : `${name}[*]`))
      .join(' ');
  return { name: plan.config.name, inputs: names('_i'), outputs: names('_o') };
};
