import type { Plan } from '../datapath/plan.js';
import { bitLength, indexBits } from '../fx/format.js';
import { firstState, PURPOSE } from '../fx/random.js';
import type { View } from './engine.js';

/** Bits of an unsigned number up to `most`, at least 1. */
const countBits = (most: number): number => Math.max(1, bitLength(most));

const hex32 = (v: number): string => v.toString(16).padStart(8, '0');

/** Lowest and highest of some shifts, and the bits of what lies between; 0 where there are none. */
const span = (shifts: readonly number[]): { min: number; max: number; bits: number } => {
  const min = shifts.length === 0 ? 0 : Math.min(...shifts);
  const max = shifts.length === 0 ? 0 : Math.max(...shifts);
  return { min, max, bits: countBits(max - min) };
};

/** The design's constants as the package lists them: name, value, and what it is. */
const parameters = (plan: Plan) => {
  const { hardware, layers, hidden, factor, config } = plan;
  const last = layers[layers.length - 1];
  const forward = span(hidden.map((l) => l.values.cell.shift));
  const back = span(hidden.map((l) => l.values.back.shift));
  const update = span(
    layers.flatMap((l) => [l.matrix.updateShift + plan.rate.min, l.matrix.updateShift + plan.rate.max]),
  );
  const factorSteps = factor.frac + 2;
  const softmaxSteps = last.values.error.frac + 2;
  const groups = Math.max(...layers.map((l) => l.lanes.groups));
  const table: readonly (readonly [string, number, string])[] = [
    ['LAYERS', layers.length, 'layers with weights'],
    ['LANES', hardware.lanes, 'lanes, two multipliers each'],
    ['INPUTS', layers[0].inputs, 'features of a sample'],
    ['CLASSES', plan.classes, 'neurons of the output layer'],
    ['WEIGHT_BITS', config.bits.weight, 'bits of a weight'],
    ['ACTIVATION_BITS', config.bits.activation, 'bits of a feature or activation'],
    ['ERROR_BITS', config.bits.error, 'bits of an error'],
    ['LABEL_BITS', plan.labelBits, 'bits of a label or prediction'],
    ['FEATURES_PER_BEAT', hardware.featuresPerBeat, 'features in a 32-bit beat'],
    ['LAYER_BITS', indexBits(layers.length), 'bits of a layer index'],
    ['ROW_BITS', indexBits(Math.max(...layers.map((l) => l.outputs))), 'bits of a row of any layer'],
    ['COLUMN_BITS', indexBits(Math.max(...layers.map((l) => l.inputs))), 'bits of a column of any layer'],
    ['COUNT_BITS', countBits(Math.max(...layers.map((l) => l.inputs))), 'bits of the number of entries of a list'],
    ['GROUP_BITS', indexBits(groups), 'bits of a group of any layer'],
    ['LANE_BITS', indexBits(hardware.lanes), 'bits of a lane index'],
    ['ROWS_BITS', countBits(2 * hardware.lanes), 'bits of the number of rows of a group'],
    ['DEPTH', hardware.depth, "words of a lane's weight RAM"],
    ['ADDRESS_BITS', indexBits(hardware.depth), 'bits of their address'],
    ['SLOTS', hardware.slots, 'groups of all layers: the places of a lane for what belongs to a row'],
    ['SLOT_BITS', indexBits(hardware.slots), 'bits of a slot'],
    ['HIDDEN_SLOTS', Math.max(1, hardware.hiddenSlots), 'slots of the hidden layers, which come first'],
    ['HIDDEN_SLOT_BITS', indexBits(hardware.hiddenSlots), 'bits of such a slot'],
    ['OUTPUT_SLOTS', last.lanes.groups, 'groups of the output layer'],
    ['OUTPUT_SLOT_BITS', indexBits(last.lanes.groups), 'bits of such a group'],
    ['OUTPUT_SPREAD', last.lanes.spread ? 1 : 0, "1: the output layer's last group has one row a lane"],
    ['INPUT_LIST_BITS', indexBits(2 * layers[0].inputs), 'bits of an address of the input lists'],
    ['HIDDEN_LIST', Math.max(1, hardware.hiddenList), 'entries of all hidden lists'],
    ['HIDDEN_LIST_BITS', indexBits(hardware.hiddenList), 'bits of their address'],
    ['SUM_BITS', hardware.sumBits, 'bits that hold every sum of a row'],
    ['BACK_BITS', hardware.backBits, 'bits that hold every backward sum'],
    ['STRENGTH_BITS', hardware.strengthBits, 'bits of a strength'],
    ['EXP_SUM_BITS', plan.expSumBits, "bits of the softmax's sum"],
    ['FACTOR_FRAC', factor.frac, 'fraction bits of a factor'],
    ['FACTOR_BITS', factor.bits, 'bits of a factor'],
    ['FACTOR_LOW', factor.low, 'lower clip of a factor'],
    ['TARGET_FRAC', last.values.error.frac, "fraction bits of the output layer's errors"],
    ['DIVIDE_BITS', Math.max(factorSteps, softmaxSteps), "bits of a divider's quotient"],
    ['FACTOR_STEPS', factorSteps, "steps of a factor's division"],
    ['SOFTMAX_STEPS', softmaxSteps, "steps of a probability's division"],
    ['STEP_BITS', countBits(Math.max(factorSteps, softmaxSteps)), 'bits of their count'],
    ['FORWARD_SHIFT_MIN', forward.min, 'least shift from a sum to an activation'],
    ['FORWARD_SHIFT_MAX', forward.max, 'greatest shift from a sum to an activation'],
    ['FORWARD_SHIFT_BITS', forward.bits, 'bits of the shift beyond the least'],
    ['LOGIT_SHIFT', last.values.cell.shift, 'shift from a sum to a logit'],
    ['BACK_SHIFT_MIN', back.min, 'least shift from a scaled backward sum to an error'],
    ['BACK_SHIFT_MAX', back.max, 'greatest shift from a scaled backward sum to an error'],
    ['BACK_SHIFT_BITS', back.bits, 'bits of the shift beyond the least'],
    ['UPDATE_SHIFT_MIN', update.min, 'least shift of an update'],
    ['UPDATE_SHIFT_MAX', update.max, 'greatest shift of an update'],
    ['UPDATE_SHIFT_BITS', update.bits, 'bits of the shift beyond the least'],
    ['RANDOM_BITS', Math.max(1, update.max), 'random bits that round an update'],
    ['RATE_MIN', plan.rate.min, 'least learning-rate shift'],
    ['RATE_MAX', plan.rate.max, 'greatest learning-rate shift'],
    ['TREE_STAGES', hardware.treeStages, 'register stages of the trees over the lanes'],
  ];
  return { table, forward, back, update };
};

/** What the templates of the package and the core name. */
export const designView = (plan: Plan, header: string): View => {
  const { config, layers } = plan;
  const { table, forward, back, update } = parameters(plan);
  const value = new Map(table.map(([name, v]) => [name, v]));
  const layerBits = indexBits(layers.length);
  /** one function of the layer, as a case over all layers */
  const layerTable = (name: string, about: string, width: string, bits: number, values: readonly number[]): View => ({
    name,
    about,
    width,
    entries: values.map((v, i) => ({
      label: i === values.length - 1 ? 'default' : `${layerBits}'d${i}`,
      value: `${bits}'d${v}`,
    })),
  });
  const sized = (name: string, about: string, width: string, values: readonly number[]): View =>
    layerTable(name, about, width, value.get(width) ?? 1, values);
  /** one value a layer in a flat vector, as modules take it */
  const vector = (name: string, about: string, width: string, bits: number, values: readonly number[]): View => ({
    name,
    about,
    width,
    value: `{${values
      .map((v) => `${bits}'d${v}`)
      .reverse()
      .join(', ')}}`,
  });
  return {
    header,
    name: config.name,
    summary: `${config.layers.join('-')}, ${config.bits.weight}-bit weights, ${config.bits.activation}-bit activations, ${config.bits.error}-bit errors, ${config.lanes} ${config.lanes === 1 ? 'lane' : 'lanes'}, mode ${config.grapes.mode}.`,
    rateRange: `${plan.rate.min}..${plan.rate.max}`,
    grapes: config.grapes.mode === 'off' ? "1'b0" : "1'b1",
    local: config.grapes.mode === 'local' ? "1'b1" : "1'b0",
    stochastic: config.rounding === 'stochastic' ? "1'b1" : "1'b0",
    seeds: `{${layers
      .map((l) => `32'h${hex32(firstState(config.seed, PURPOSE.updateWeights, l.index))}`)
      .reverse()
      .join(', ')}}`,
    parameters: table.map(([name, v, about]) => ({ name, value: v, about })),
    vectors: [
      vector(
        'LAST_GROUP_FIRST_WORDS',
        "first word of the last group of rows in the lanes' weight RAMs",
        '20',
        20,
        layers.map((l) => l.matrix.base + (l.lanes.groups - 1) * l.inputs),
      ),
      vector(
        'LAST_WORDS',
        'last word of the layer',
        '20',
        20,
        layers.map((l) => l.matrix.base + l.lanes.groups * l.inputs - 1),
      ),
      vector(
        'LAST_GROUP_ROWS',
        'rows of the last group',
        'ROWS_BITS',
        Math.max(1, bitLength(2 * plan.hardware.lanes)),
        layers.map((l) => l.lanes.lastRows),
      ),
      vector(
        'SPREADS',
        'the last group has one row a lane',
        '1',
        1,
        layers.map((l) => (l.lanes.spread ? 1 : 0)),
      ),
    ],
    tables: [
      sized(
        'inputs',
        'columns',
        'COUNT_BITS',
        layers.map((l) => l.inputs),
      ),
      layerTable(
        'outputs',
        'rows',
        'ROW_BITS+1',
        (value.get('ROW_BITS') ?? 1) + 1,
        layers.map((l) => l.outputs),
      ),
      sized(
        'last_group',
        'index of the last group of rows',
        'GROUP_BITS',
        layers.map((l) => l.lanes.groups - 1),
      ),
      sized(
        'last_rows',
        'rows of the last group',
        'ROWS_BITS',
        layers.map((l) => l.lanes.lastRows),
      ),
      layerTable(
        'spread',
        'the last group has one row a lane',
        '1',
        1,
        layers.map((l) => (l.lanes.spread ? 1 : 0)),
      ),
      sized(
        'base',
        "first word in the lanes' weight RAMs",
        'ADDRESS_BITS',
        layers.map((l) => l.matrix.base),
      ),
      sized(
        'slot',
        'first slot',
        'SLOT_BITS',
        layers.map((l) => l.lanes.slot),
      ),
      sized(
        'list',
        "first entry of the layer's activations in the hidden lists",
        'HIDDEN_LIST_BITS',
        layers.map((l) => l.lanes.list),
      ),
      sized(
        'forward_shift',
        'shift from a sum to an activation, beyond FORWARD_SHIFT_MIN',
        'FORWARD_SHIFT_BITS',
        layers.map((l) => (l.values.kind === 'hidden' ? l.values.cell.shift - forward.min : 0)),
      ),
      sized(
        'back_shift',
        'shift from a scaled backward sum to an error, beyond BACK_SHIFT_MIN',
        'BACK_SHIFT_BITS',
        layers.map((l) => (l.values.kind === 'hidden' ? l.values.back.shift - back.min : 0)),
      ),
      sized(
        'update_shift',
        'shift of an update at the least learning-rate shift, beyond UPDATE_SHIFT_MIN',
        'UPDATE_SHIFT_BITS',
        layers.map((l) => l.matrix.updateShift + plan.rate.min - update.min),
      ),
    ],
  };
};
