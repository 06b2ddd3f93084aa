import { depthsOf } from '../datapath/depths.js';
import type { LayerPlan, Plan } from '../datapath/plan.js';
import { type Pass, passesOf, programOf, type Wait } from '../datapath/program.js';
import { shiftsOf, type Width, widthsOf } from '../datapath/widths.js';
import { firstState, PURPOSE } from '../fx/random.js';
import { templateText, type View } from './engine.js';

const hex32 = (v: number): string => v.toString(16).padStart(8, '0');

/** What the package calls a width, and says of it. */
const WIDTHS: Readonly<Record<Exclude<Width, 'bit'>, readonly [name: string, about: string]>> = {
  weight: ['WEIGHT_BITS', 'bits of a weight'],
  activation: ['ACTIVATION_BITS', 'bits of a feature or activation'],
  error: ['ERROR_BITS', 'bits of an error'],
  label: ['LABEL_BITS', 'bits of a label or prediction'],
  layer: ['LAYER_BITS', 'bits of a layer index'],
  pass: ['PASS_BITS', 'bits of the index of a pass'],
  row: ['ROW_BITS', 'bits of a row of any layer'],
  column: ['COLUMN_BITS', 'bits of a column of any layer'],
  count: ['COUNT_BITS', 'bits of the number of entries of a list'],
  group: ['GROUP_BITS', 'bits of a group of any layer'],
  lane: ['LANE_BITS', 'bits of a lane index'],
  rows: ['ROWS_BITS', 'bits of the number of rows of a group'],
  address: ['ADDRESS_BITS', "bits of an address of a lane's weight RAM"],
  slot: ['SLOT_BITS', 'bits of a slot'],
  hiddenSlot: ['HIDDEN_SLOT_BITS', 'bits of a slot of a hidden layer'],
  inputList: ['INPUT_LIST_BITS', 'bits of an address of the input lists'],
  hiddenList: ['HIDDEN_LIST_BITS', 'bits of an address of the hidden lists'],
  sum: ['SUM_BITS', 'bits that hold every sum of a row'],
  back: ['BACK_BITS', 'bits that hold every backward sum'],
  strength: ['STRENGTH_BITS', 'bits of a strength'],
  expSum: ['EXP_SUM_BITS', "bits of the softmax's sum"],
  factor: ['FACTOR_BITS', 'bits of a factor'],
  divide: ['DIVIDE_BITS', 'bits of a quotient'],
  forwardShift: ['FORWARD_SHIFT_BITS', 'bits of the shift beyond FORWARD_SHIFT_MIN'],
  backShift: ['BACK_SHIFT_BITS', 'bits of the shift beyond BACK_SHIFT_MIN'],
  updateShift: ['UPDATE_SHIFT_BITS', 'bits of the shift beyond UPDATE_SHIFT_MIN'],
  random: ['RANDOM_BITS', 'random bits that round an update'],
};

type Constant = readonly [name: string, value: number, about: string];

/** Sizes, depths and limits of the design. */
const constants = (plan: Plan): readonly Constant[] => {
  const { hardware, layers, output, factor, rate } = plan;
  const { forward, back, update } = shiftsOf(plan);
  const depth = depthsOf(plan);
  const program = programOf(plan);
  return [
    ['LAYERS', layers.length, 'layers with weights'],
    ['LANES', hardware.lanes, 'lanes, two multipliers each'],
    ['INPUTS', plan.input.size, 'features of a sample'],
    ['CLASSES', plan.classes, 'neurons of the output layer'],
    ['FEATURES_PER_BEAT', hardware.featuresPerBeat, 'features in a 32-bit beat'],
    ['PASSES', passesOf(program).length, 'passes of the program'],
    [
      'SWEEP_PASS',
      program.sweep.length === 0 ? 0 : program.forward.length + program.learn.length,
      'first pass of a sweep; 0: there is none',
    ],
    ['DEPTH', hardware.depth, "words of a lane's weight RAM"],
    ['SLOTS', hardware.slots, 'groups of all layers: the places of a lane for what belongs to a row'],
    ['HIDDEN_SLOTS', Math.max(1, hardware.hiddenSlots), 'slots of the hidden layers, which come first'],
    ['OUTPUT_SLOTS', output.lanes.groups, 'groups of the output layer'],
    ['OUTPUT_SPREAD', output.lanes.spread ? 1 : 0, "1: the output layer's last group has one row a lane"],
    ['HIDDEN_LIST', Math.max(1, hardware.hiddenList), 'entries of all hidden lists'],
    ['FACTOR_FRAC', factor.frac, 'fraction bits of a factor'],
    ['FACTOR_LOW', factor.low, 'lower clip of a factor'],
    ['TARGET_FRAC', output.values.error.frac, "fraction bits of the output layer's errors"],
    ['FORWARD_SHIFT_MIN', forward.min, 'least shift from a sum to an activation'],
    ['FORWARD_SHIFT_MAX', forward.max, 'greatest shift from a sum to an activation'],
    ['LOGIT_SHIFT', output.values.cell.shift, 'shift from a sum to a logit'],
    ['BACK_SHIFT_MIN', back.min, 'least shift from a scaled backward sum to an error'],
    ['BACK_SHIFT_MAX', back.max, 'greatest shift from a scaled backward sum to an error'],
    ['UPDATE_SHIFT_MIN', update.min, 'least shift of an update'],
    ['UPDATE_SHIFT_MAX', update.max, 'greatest shift of an update'],
    ['RATE_MIN', rate.min, 'least learning-rate shift'],
    ['RATE_MAX', rate.max, 'greatest learning-rate shift'],
    ['WRITE_STAGES', depth.write, 'stages from s1 on in which an update has not written its word'],
    ['TREE_STAGES', depth.tree, 'register stages of the trees over the lanes'],
    ['SCALER_STAGES', depth.scaler, "stages from a column's last sum to its error"],
    ['ERROR_STAGES', depth.errors, "stages from s1 on in which a column's last operation has not given its error"],
    ['SCAN_LANES', depth.scanLanes, 'lanes of which the scan for the largest strength takes one a cycle'],
    ['SCAN_STAGES', depth.scan, 'stages from rows shown to their largest strength'],
    ['EXP_STAGES', depth.exponential, 'stages from a logit to its exponential'],
    ['DIVIDE_STAGES', depth.divide, 'stages of the divider'],
  ];
};

/** One value a layer. */
interface Table {
  readonly name: string;
  readonly about: string;
  readonly width: Width;
  readonly value: (layer: LayerPlan) => number;
}

const tables = (plan: Plan): readonly Table[] => {
  const { forward, back, update } = shiftsOf(plan);
  const table = (name: string, about: string, width: Width, value: Table['value']): Table => ({
    name,
    about,
    width,
    value,
  });
  return [
    table('INPUT_COUNTS', 'columns', 'count', (l) => l.inputs),
    table('LAST_GROUPS', 'index of the last group of rows', 'group', (l) => l.lanes.groups - 1),
    table('LAST_ROWS', 'rows of the last group', 'rows', (l) => l.lanes.lastRows),
    table('SPREADS', 'the last group has one row a lane', 'bit', (l) => (l.lanes.spread ? 1 : 0)),
    table('BASES', "first word in the lanes' weight RAMs", 'address', (l) => l.matrix.base),
    table('ENDS', 'its last word there', 'address', (l) => l.matrix.base + l.lanes.groups * l.inputs - 1),
    table('SLOT_BASES', 'first slot', 'slot', (l) => l.lanes.slot),
    table(
      'LIST_BASES',
      "first entry of the layer's activations in the hidden lists",
      'hiddenList',
      (l) => l.lanes.list,
    ),
    table('FORWARD_SHIFTS', 'shift from a sum to an activation, beyond FORWARD_SHIFT_MIN', 'forwardShift', (l) =>
      l.values.kind === 'hidden' ? l.values.cell.shift - forward.min : 0,
    ),
    table('BACK_SHIFTS', 'shift from a scaled backward sum to an error, beyond BACK_SHIFT_MIN', 'backShift', (l) =>
      l.values.kind === 'hidden' ? l.values.back.shift - back.min : 0,
    ),
    table(
      'UPDATE_SHIFTS',
      'shift of an update at the least learning-rate shift, beyond UPDATE_SHIFT_MIN',
      'updateShift',
      (l) => l.matrix.updateShift + plan.rate.min - update.min,
    ),
  ];
};

const OPERATIONS = { forward: 0, backUpdate: 1, update: 2, sweep: 3 } as const;

/** In the order of their bits, the highest first. */
const WAITS: readonly Wait[] = ['softmax', 'errors', 'writes', 'sums', 'result'];

/** The program as the package holds it: a concatenation a pass, the last pass first. */
const programView = (plan: Plan): readonly View[] => {
  const program = programOf(plan);
  const bits = widthsOf(plan).layer;
  const answer = program.forward.at(-1);
  const ends = new Set<Pass | undefined>([program.learn.at(-1), program.sweep.at(-1)]);
  const flag = (value: boolean): string => (value ? "1'b1" : "1'b0");
  return passesOf(program)
    .map((pass, at) => {
      const { index } = pass.layer;
      const fields = [
        `2'd${OPERATIONS[pass.operation]}`,
        `${bits}'d${index - 1}`,
        flag(index === 1),
        `${bits}'d${Math.max(0, index - 2)}`,
        `5'b${WAITS.map((wait) => (pass.waits.includes(wait) ? 1 : 0)).join('')}`,
        flag(pass === answer),
        flag(ends.has(pass)),
      ];
      const waits = pass.waits.length === 0 ? '' : `: waits for ${pass.waits.join(', ')}`;
      return {
        fields: fields.join(', '),
        comma: at === 0 ? '' : ',',
        about: `${at}: ${pass.operation} ${index}${waits}`,
      };
    })
    .reverse();
};

/** What the package defines beside constants, widths and tables. */
const MODES = ['GRAPES_ON', 'LOCAL', 'STOCHASTIC', 'SEEDS', 'PROGRAM'];

/**
 * The parameters of `grapes_core`, all of which the package must define.
 * @throws Error naming one that it lacks
 */
const coreParameters = (defined: ReadonlySet<string>): readonly string[] => {
  const [header] = templateText('grapes_core.sv').split('\n) (\n');
  const parameters = header.split('\n').filter((line) => line.startsWith('  parameter '));
  const names = parameters.flatMap((line) => [...line.matchAll(/(\w+) = /g)].map(([, name]) => name));
  return names
    .filter((name) => name !== 'TRACE')
    .map((name) => {
      if (!defined.has(name)) throw new Error(`grapes_core has the parameter ${name}, which the package lacks`);
      return name;
    });
};

/** What the templates of the package and the shell name. */
export const designView = (plan: Plan, header: string): View => {
  const { config, layers } = plan;
  const width = widthsOf(plan);
  const widthName = (of: Width): string => (of === 'bit' ? '1' : WIDTHS[of][0]);
  const widths = (Object.keys(WIDTHS) as (keyof typeof WIDTHS)[]).map(
    (of): Constant => [WIDTHS[of][0], width[of], WIDTHS[of][1]],
  );
  const parameters = [...constants(plan), ...widths];
  const defined = new Set([...MODES, ...parameters.map(([name]) => name), ...tables(plan).map(({ name }) => name)]);
  return {
    header,
    name: config.name,
    coreParameters: coreParameters(defined).map((parameter, at, { length }) => ({
      parameter,
      comma: at === length - 1 ? '' : ',',
    })),
    summary: `${config.layers.join('-')}, ${config.bits.weight}-bit weights, ${config.bits.activation}-bit activations, ${config.bits.error}-bit errors, ${config.lanes} ${config.lanes === 1 ? 'lane' : 'lanes'}, mode ${config.grapes.mode}.`,
    rateRange: `${plan.rate.min}..${plan.rate.max}`,
    grapes: config.grapes.mode === 'off' ? "1'b0" : "1'b1",
    local: config.grapes.mode === 'local' ? "1'b1" : "1'b0",
    stochastic: config.rounding === 'stochastic' ? "1'b1" : "1'b0",
    seeds: layers
      .map((l) => `32'h${hex32(firstState(config.seed, PURPOSE.updateWeights, l.index))}`)
      .reverse()
      .join(', '),
    parameters: parameters.map(([name, value, about]) => ({ name, value, about })),
    program: programView(plan),
    tables: tables(plan).map(({ name, about, width: of, value }) => ({
      name,
      about,
      width: widthName(of),
      values: layers
        .map((layer) => `${width[of]}'d${value(layer)}`)
        .reverse()
        .join(', '),
    })),
  };
};
