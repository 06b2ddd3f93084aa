import type { HiddenValues, LayerPlan, Matrix, Plan } from '../datapath/plan.js';
import { type TimePass, timePasses } from '../datapath/timeProgram.js';
import { type TimeWidth, timeDepths, timeShifts, timeSizes, timeWidths } from '../datapath/timeWidths.js';
import { firstState, PURPOSE } from '../fx/random.js';
import { templateText, type View } from './engine.js';

const hex32 = (v: number): string => `32'h${v.toString(16).padStart(8, '0')}`;

/** What the package calls a width, and says of it. */
const WIDTHS: Readonly<Record<Exclude<TimeWidth, 'bit' | 'cell'>, readonly [name: string, about: string]>> = {
  weight: ['WEIGHT_BITS', 'bits of a weight'],
  activation: ['ACTIVATION_BITS', 'bits of an activation or membrane'],
  error: ['ERROR_BITS', 'bits of an error'],
  feature: ['FEATURE_BITS', 'bits of a feature on the port'],
  label: ['LABEL_BITS', 'bits of a label or prediction'],
  layer: ['LAYER_BITS', 'bits of a layer index'],
  matrix: ['MATRIX_BITS', 'bits of a matrix index'],
  pass: ['PASS_BITS', 'bits of the index of a pass'],
  column: ['COLUMN_BITS', 'bits of a column of any matrix'],
  count: ['COUNT_BITS', 'bits of the number of columns'],
  group: ['GROUP_BITS', 'bits of a group of any layer'],
  lane: ['LANE_BITS', 'bits of a lane index'],
  rows: ['ROWS_BITS', 'bits of the number of rows of a group'],
  address: ['ADDRESS_BITS', "bits of an address of a lane's weight RAM"],
  slot: ['SLOT_BITS', 'bits of a slot'],
  hiddenSlot: ['HIDDEN_SLOT_BITS', 'bits of a slot of a hidden layer'],
  step: ['STEP_BITS', 'bits of a step'],
  moment: ['MOMENT_BITS', 'bits of a slot in a step'],
  wordIndex: ['WORD_INDEX_BITS', 'bits of the index of a word of columns'],
  x: ['X_BITS', 'bits of what a weight is multiplied by: a value, or its sum over the steps'],
  gradient: ['GRADIENT_BITS', "bits of an update's error, or of its sum over the steps"],
  sum: ['SUM_BITS', 'bits that hold every sum of a row, and every gradient'],
  back: ['BACK_BITS', 'bits that hold every backward sum'],
  strength: ['STRENGTH_BITS', 'bits of a strength'],
  expSum: ['EXP_SUM_BITS', "bits of the softmax's sum"],
  divide: ['DIVIDE_BITS', 'bits of a quotient'],
  align: ['ALIGN_BITS', 'bits of the shifts that align sums'],
  forwardShift: ['FORWARD_SHIFT_BITS', 'bits of the shift beyond FORWARD_SHIFT_MIN'],
  backShift: ['BACK_SHIFT_BITS', 'bits of the shift beyond BACK_SHIFT_MIN'],
  updateShift: ['UPDATE_SHIFT_BITS', 'bits of the shift beyond UPDATE_SHIFT_MIN'],
  random: ['RANDOM_BITS', 'random bits that round an update'],
};

type Constant = readonly [name: string, value: number, about: string];

const sweepAt = (passes: readonly TimePass[]): number => passes.filter(({ operation }) => operation !== 'sweep').length;

/** Sizes, depths and limits of the design. */
const constants = (plan: Plan): readonly Constant[] => {
  const { config, hardware, layers, hidden, output, factor, rate, matrices } = plan;
  const { forward, back, update } = timeShifts(plan);
  const depth = timeDepths(plan);
  const size = timeSizes(plan);
  const passes = timePasses(plan);
  const top = hidden[hidden.length - 1];
  return [
    ['LAYERS', layers.length, 'layers with weights'],
    ['MATRICES', matrices.length, 'matrices W_1, H_1, W_2, .., those that there are'],
    ['LANES', hardware.lanes, 'lanes, two multipliers each'],
    ['STEPS', size.steps, 'steps of a sample'],
    ['INPUTS', plan.input.size, 'features of a step'],
    ['INPUT_STEPS', size.constant ? 1 : size.steps, 'steps whose features differ'],
    ['INPUT_WORDS', size.words, 'words of columns of the input'],
    ['WORD', size.word, 'columns in a word'],
    ['CLASSES', plan.classes, 'neurons of the output layer'],
    ['FEATURES_PER_BEAT', hardware.featuresPerBeat, 'features in a 32-bit beat'],
    ['PASSES', passes.length, 'passes of the program'],
    ['SWEEP_PASS', sweepAt(passes), 'first pass of a sweep'],
    ['DEPTH', hardware.depth, "words of a lane's weight RAM"],
    ['GROUPS', size.groups, 'most groups of a layer'],
    ['SLOTS', hardware.slots, 'groups of all layers: the places of a lane for what belongs to a row'],
    ['HIDDEN_SLOTS', hardware.hiddenSlots, 'slots of the hidden layers, which come first'],
    ['OUTPUT_SLOTS', output.lanes.groups, 'groups of the output layer'],
    ['OUTPUT_SPREAD', output.lanes.spread ? 1 : 0, "1: the output layer's last group has one row a lane"],
    ['TOP_SLOTS', top.lanes.groups, 'groups of the last hidden layer'],
    ['FIRST_SLOTS', hidden[0].lanes.groups, 'groups of the first layer'],
    ['TOP_COLUMNS', top.outputs, 'neurons of the last hidden layer'],
    [
      'ALIGN_MAX',
      Math.max(...hidden.flatMap(({ values: { strengthAlign: a } }) => [a.forward, a.recurrent])),
      'greatest shift that aligns strengths',
    ],
    ['FACTOR_FRAC', factor.frac, 'fraction bits of a factor'],
    ['FACTOR_LOW', factor.low, 'lower clip of a factor'],
    ['TARGET_FRAC', output.values.error.frac, "fraction bits of the output layer's errors"],
    ['DECAY_SHIFT', config.decayShift ?? 1, 'a membrane loses 2^-DECAY_SHIFT of itself a step'],
    ['FORWARD_SHIFT_MIN', forward.min, 'least shift from a sum to a value, membrane or logit'],
    ['FORWARD_SHIFT_MAX', forward.max, 'greatest shift from a sum to a value, membrane or logit'],
    ['BACK_SHIFT_MIN', back.min, 'least shift from a scaled backward sum to an error'],
    ['BACK_SHIFT_MAX', back.max, 'greatest shift from a scaled backward sum to an error'],
    ['UPDATE_SHIFT_MIN', update.min, 'least shift of an update'],
    ['UPDATE_SHIFT_MAX', update.max, 'greatest shift of an update'],
    ['RATE_MIN', rate.min, 'least learning-rate shift'],
    ['RATE_MAX', rate.max, 'greatest learning-rate shift'],
    ['TREE_STAGES', depth.tree, 'register stages of the trees over the lanes'],
    ['EXP_STAGES', depth.exponential, 'stages from a logit to its exponential'],
    ['DIVIDE_STAGES', depth.divide, 'stages of the divider'],
    ['SUM_STAGES', depth.sum, "stages from a column's last operation to its sum"],
    ['GAIN_STAGES', depth.gain, "stages from a column's last operation to its error"],
  ];
};

/** One value for each layer, matrix or slot, the first in the low bits. */
interface Table {
  readonly name: string;
  readonly about: string;
  readonly of: 'LAYERS' | 'MATRICES' | 'HIDDEN_SLOTS';
  readonly width: TimeWidth;
  readonly values: readonly number[];
}

const CELLS = { relu: 0, tanh: 1, snu: 2, logits: 0 } as const;

const tables = (plan: Plan): readonly Table[] => {
  const { layers, hidden, matrices, rate } = plan;
  const { forward, back, update } = timeShifts(plan);
  const perLayer = (name: string, about: string, width: TimeWidth, value: (layer: LayerPlan) => number): Table => ({
    name,
    about,
    of: 'LAYERS',
    width,
    values: layers.map(value),
  });
  const perHidden = (name: string, about: string, width: TimeWidth, value: (values: HiddenValues) => number): Table =>
    perLayer(name, about, width, ({ values }) => (values.kind === 'hidden' ? value(values) : 0));
  const perMatrix = (name: string, about: string, width: TimeWidth, value: (matrix: Matrix) => number): Table => ({
    name,
    about,
    of: 'MATRICES',
    width,
    values: matrices.map(value),
  });
  const lanesOf = ({ layer }: Matrix) => layers[layer - 1].lanes;
  return [
    perLayer('LAST_GROUPS', 'index of the last group of rows', 'group', (l) => l.lanes.groups - 1),
    perLayer('LAST_ROWS', 'rows of the last group', 'rows', (l) => l.lanes.lastRows),
    perLayer('SPREADS', 'the last group has one row a lane', 'bit', (l) => (l.lanes.spread ? 1 : 0)),
    perLayer('SLOT_BASES', 'first slot', 'slot', (l) => l.lanes.slot),
    perHidden('CELLS', '0 relu, 1 tanh, 2 snu', 'cell', ({ cell }) => CELLS[cell.kind]),
    perLayer(
      'FORWARD_SHIFTS',
      'shift from a sum, beyond FORWARD_SHIFT_MIN',
      'forwardShift',
      (l) => l.values.cell.shift - forward.min,
    ),
    perHidden(
      'BACK_SHIFTS',
      'shift from a scaled backward sum, beyond BACK_SHIFT_MIN',
      'backShift',
      (v) => v.back.shift - back.min,
    ),
    perHidden('SUM_ALIGNS', "shift of W's part of a sum", 'align', (v) => v.sumAlign.forward),
    perHidden('OWN_SUM_ALIGNS', "shift of H's part of a sum", 'align', (v) => v.sumAlign.recurrent),
    perHidden('BACK_ALIGNS', 'shift of what comes back from above', 'align', (v) => v.back.align.forward),
    perHidden(
      'OWN_BACK_ALIGNS',
      'shift of what comes back from the step after',
      'align',
      (v) => v.back.align.recurrent,
    ),
    perMatrix('BASES', "first word in the lanes' weight RAMs", 'address', (m) => m.base),
    perMatrix('ENDS', 'last word there', 'address', (m) => m.base + lanesOf(m).groups * m.columns - 1),
    perMatrix('COLUMN_COUNTS', 'columns', 'count', (m) => m.columns),
    perMatrix('MATRIX_LAST_ROWS', 'rows of the last group', 'rows', (m) => lanesOf(m).lastRows),
    perMatrix('MATRIX_SPREADS', 'the last group has one row a lane', 'bit', (m) => (lanesOf(m).spread ? 1 : 0)),
    perMatrix(
      'UPDATE_SHIFTS',
      'shift at the least learning-rate shift, beyond UPDATE_SHIFT_MIN',
      'updateShift',
      (m) => m.updateShift + rate.min - update.min,
    ),
    perMatrix('STRENGTH_ALIGNS', 'shift of its part of a strength', 'align', ({ kind, layer }) => {
      const { values } = layers[layer - 1];
      return values.kind === 'hidden' ? values.strengthAlign[kind] : 0;
    }),
    {
      name: 'SLOT_LAYERS',
      about: 'layer',
      of: 'HIDDEN_SLOTS',
      width: 'layer',
      values: hidden.flatMap(({ index, lanes }) => Array.from({ length: lanes.groups }, () => index - 1)),
    },
  ];
};

const OPERATIONS = { forward: 0, top: 1, back: 2, update: 3, sweep: 4 } as const;

/** The layer whose rows are a pass's columns, from 0; of the first layer itself where those are the features. */
const sourceOf = (pass: TimePass): number => {
  const at = pass.layer.index - 1;
  if (pass.operation === 'back') return at;
  if (pass.operation === 'top') return at - 1;
  return pass.matrix.kind === 'recurrent' ? at : Math.max(0, at - 1);
};

/** The program as the package holds it: a concatenation a pass, the last pass first. */
const programView = (plan: Plan): readonly View[] => {
  const width = timeWidths(plan);
  const flag = (value: boolean): string => (value ? "1'b1" : "1'b0");
  return timePasses(plan)
    .map((pass, at) => {
      const { layer, matrix, operation } = pass;
      const own =
        operation === 'forward' || operation === 'back' ? layer.recurrent.length > 0 : matrix.kind === 'recurrent';
      const input = layer.index === 1 && matrix.kind === 'forward' && operation !== 'back' && operation !== 'top';
      // A sweep begins a strength anew with the first of a layer's matrices.
      const single = operation === 'top' || (operation === 'sweep' ? matrix.kind === 'forward' : pass.single);
      const fields = [
        `3'd${OPERATIONS[operation]}`,
        `${width.layer}'d${layer.index - 1}`,
        `${width.matrix}'d${plan.matrices.indexOf(matrix)}`,
        `${width.layer}'d${sourceOf(pass)}`,
        flag(input),
        flag(own),
        flag(single),
      ];
      return { fields: fields.join(', '), comma: at === 0 ? '' : ',', about: `${at}: ${operation} ${layer.index}` };
    })
    .reverse();
};

/**
 * The parameters of `grapes_time`, all of which the package must define.
 * @throws Error naming one that it lacks
 */
const coreParameters = (defined: ReadonlySet<string>): readonly string[] => {
  const [header] = templateText('grapes_time.sv').split('\n) (\n');
  const names = [...header.matchAll(/^ {2}parameter .*?(\w+) = /gm)].map(([, name]) => name);
  return names
    .filter((name) => name !== 'TRACE')
    .map((name) => {
      if (!defined.has(name)) throw new Error(`grapes_time has the parameter ${name}, which the package lacks`);
      return name;
    });
};

/** What the templates of the package and the shell of a network in time name. */
export const timeView = (plan: Plan, header: string): View => {
  const { config, matrices, hidden } = plan;
  const width = timeWidths(plan);
  const { constant, spikes, values, inputValues } = timeSizes(plan);
  const recurrent = hidden.map((layer) => layer.recurrent.length > 0);
  const named = (of: TimeWidth): string => (of === 'bit' ? '1' : of === 'cell' ? '2' : WIDTHS[of][0]);
  const widths = (Object.keys(WIDTHS) as (keyof typeof WIDTHS)[]).map(
    (of): Constant => [WIDTHS[of][0], width[of], WIDTHS[of][1]],
  );
  const parameters = [...constants(plan), ...widths];
  const flags: readonly (readonly [name: string, value: boolean, about: string])[] = [
    ['GRAPES_ON', config.grapes.mode !== 'off', 'GRAPES factors scale the errors'],
    ['LOCAL', config.grapes.mode === 'local', "only the layer's own update sees them"],
    ['STOCHASTIC', config.rounding === 'stochastic', 'updates are rounded by random bits'],
    ['SPIKES', spikes, 'some layer spikes'],
    ['VALUES', values, 'some layer does not'],
    ['RECURRENT', recurrent.includes(true), 'some layer sees itself'],
    ['TOP_RECURRENT', recurrent[recurrent.length - 1], 'the last hidden layer does'],
    ['CONSTANT', constant, 'the input is the same at every step'],
    ['RATE_CODED', config.encoding === 'rate', 'features are probabilities of spikes'],
    ['INPUT_VALUES', inputValues, 'the first layer sees values, not spikes'],
  ];
  const all = tables(plan);
  const others = ['PROGRAM', 'SEEDS', 'ENCODER_SEED'];
  const defined = new Set([
    ...parameters.map(([name]) => name),
    ...flags.map(([name]) => name),
    ...all.map(({ name }) => name),
    ...others,
  ]);
  const seedOf = ({ kind, layer }: Matrix): number =>
    firstState(config.seed, kind === 'forward' ? PURPOSE.updateWeights : PURPOSE.updateRecurrent, layer);
  return {
    header,
    name: config.name,
    coreParameters: coreParameters(defined).map((parameter, at, { length }) => ({
      parameter,
      comma: at === length - 1 ? '' : ',',
    })),
    summary: `${config.layers.join('-')} in ${plan.input.steps} steps, ${config.encoding}, ${config.bits.weight}-bit weights, ${config.bits.activation}-bit activations, ${config.bits.error}-bit errors, ${config.lanes} ${config.lanes === 1 ? 'lane' : 'lanes'}, mode ${config.grapes.mode}.`,
    rateRange: `${plan.rate.min}..${plan.rate.max}`,
    parameters: parameters.map(([name, value, about]) => ({ name, value, about })),
    flags: flags.map(([name, value, about]) => ({ name, value: value ? "1'b1" : "1'b0", about })),
    seeds: matrices
      .map((matrix) => hex32(seedOf(matrix)))
      .reverse()
      .join(', '),
    encoderSeed: hex32(firstState(config.seed, PURPOSE.encoder)),
    program: programView(plan),
    tables: all.map(({ name, about, of, width: bits, values: list }) => ({
      name,
      about,
      of,
      width: named(bits),
      values: list
        .map((value) => `${width[bits]}'d${value}`)
        .reverse()
        .join(', '),
    })),
  };
};
