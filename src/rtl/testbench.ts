import type { LayerPlan, Matrix, Plan } from '../datapath/plan.js';
import { featuresOf } from '../datapath/rate.js';
import { indexBits } from '../fx/format.js';
import type { View } from './engine.js';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What the template of the core's testbench names: sizes, and numbers by layer. */
export const testbenchView = (plan: Plan): View => {
  const { config, hardware, layers, hidden, output, factor } = plan;
  const rows = layers.map((layer) => layer.outputs);
  const sizes: readonly (readonly [string, number])[] = [
    ['LAYERS', layers.length],
    ['LANES', hardware.lanes],
    ['INPUTS', layers[0].inputs],
    ['CLASSES', plan.classes],
    ['FEATURES', hardware.featuresPerBeat],
    ['ROWS', sum(rows)],
    ['DEPTH', hardware.depth],
    ['HIDDEN_SLOTS', hardware.hiddenSlots],
    ['WEIGHT_BITS', config.bits.weight],
    ['ACTIVATION_BITS', config.bits.activation],
    ['ERROR_BITS', config.bits.error],
    ['LABEL_BITS', plan.labelBits],
    ['STRENGTH_BITS', hardware.strengthBits],
    ['FACTOR_BITS', factor.bits],
    ['PROBABILITY_BITS', output.values.error.frac + 2],
    ['LAYER_BITS', indexBits(layers.length)],
    ['ROW_BITS', indexBits(Math.max(...rows))],
    ['COLUMN_BITS', indexBits(Math.max(...layers.map((layer) => layer.inputs)))],
    ['GROUP_BITS', indexBits(Math.max(...layers.map((layer) => layer.lanes.groups)))],
    ['GRAPES', config.grapes.mode === 'off' ? 0 : 1],
    ['LOCAL', config.grapes.mode === 'local' ? 1 : 0],
  ];
  const tables: readonly (readonly [string, (layer: LayerPlan, i: number) => number])[] = [
    ['COLUMNS', (layer) => layer.inputs],
    ['OUTPUTS', (layer) => layer.outputs],
    ['FIRST', (_, i) => sum(rows.slice(0, i))],
    ['GROUPS', (layer) => layer.lanes.groups],
    ['LAST_ROWS', (layer) => layer.lanes.lastRows],
    ['BASE', (layer) => layer.matrix.base],
    ['SLOT', (layer) => layer.lanes.slot],
    ['OFFSET', (layer) => layer.matrix.offset],
    ['STRENGTH_FILE_BITS', (_, i) => hidden[i]?.values.strengthBits ?? 1],
  ];
  return {
    name: config.name,
    sizes: sizes.map(([name, value]) => ({ name, value })),
    tables: tables.map(([name, of]) => ({
      name,
      value: `{${layers
        .map((layer, i) => `32'd${of(layer, i)}`)
        .reverse()
        .join(', ')}}`,
    })),
  };
};

/** The same for a network in time: numbers by layer, and by matrix. */
export const timeTestbenchView = (plan: Plan): View => {
  const { config, hardware, layers, matrices, input, output } = plan;
  const rows = layers.map((layer) => layer.outputs);
  const pixels = config.encoding === 'rate';
  const sizes: readonly (readonly [string, number])[] = [
    ['LAYERS', layers.length],
    ['MATRICES', matrices.length],
    ['LANES', hardware.lanes],
    ['STEPS', input.steps],
    ['SAMPLE', featuresOf(config)],
    ['STRIDE', pixels ? input.size : input.steps * input.size],
    ['PIXELS', pixels ? 1 : 0],
    ['CLASSES', plan.classes],
    ['FEATURES', hardware.featuresPerBeat],
    ['FEATURE_BITS', hardware.featureBits],
    ['ROWS', sum(rows)],
    ['DEPTH', hardware.depth],
    ['HIDDEN_SLOTS', hardware.hiddenSlots],
    ['WEIGHT_BITS', config.bits.weight],
    ['ACTIVATION_BITS', config.bits.activation],
    ['ERROR_BITS', config.bits.error],
    ['LABEL_BITS', plan.labelBits],
    ['LAYER_BITS', indexBits(layers.length)],
    ['MATRIX_BITS', indexBits(matrices.length)],
    ['COLUMN_BITS', indexBits(Math.max(...matrices.map(({ columns }) => columns)))],
    ['GROUP_BITS', indexBits(Math.max(...layers.map((layer) => layer.lanes.groups)))],
    ['STEP_BITS', indexBits(input.steps)],
    ['PROBABILITY_BITS', output.values.error.frac + 2],
  ];
  const words = (values: readonly number[]): string =>
    `{${values
      .map((v) => `32'd${v}`)
      .reverse()
      .join(', ')}}`;
  const bits = (values: readonly boolean[]): string =>
    `${values.length}'b${values
      .map((v) => (v ? 1 : 0))
      .reverse()
      .join('')}`;
  const byLayer = (name: string, of: (layer: LayerPlan, i: number) => number) => ({
    name,
    of: 'LAYERS*32',
    value: words(layers.map(of)),
  });
  const byMatrix = (name: string, of: (matrix: Matrix, layer: LayerPlan) => number) => ({
    name,
    of: 'MATRICES*32',
    value: words(matrices.map((matrix) => of(matrix, layers[matrix.layer - 1]))),
  });
  return {
    name: config.name,
    sizes: sizes.map(([name, value]) => ({ name, value })),
    tables: [
      byLayer('OUTPUTS', (layer) => layer.outputs),
      byLayer('FIRST', (_, i) => sum(rows.slice(0, i))),
      byLayer('GROUPS', (layer) => layer.lanes.groups),
      byLayer('LAST_ROWS', (layer) => layer.lanes.lastRows),
      { name: 'SPIKES', of: 'LAYERS', value: bits(layers.map(({ values }) => values.cell.kind === 'snu')) },
      { name: 'RECURRENT', of: 'MATRICES', value: bits(matrices.map(({ kind }) => kind === 'recurrent')) },
      byMatrix('LAYER', ({ layer }) => layer - 1),
      byMatrix('COLUMNS', ({ columns }) => columns),
      byMatrix('BASE', ({ base }) => base),
      byMatrix('OFFSET', ({ offset }) => offset),
      byMatrix('MATRIX_GROUPS', (_, { lanes }) => lanes.groups),
      byMatrix('MATRIX_LAST_ROWS', (_, { lanes }) => lanes.lastRows),
      byMatrix('MATRIX_SLOT', (_, { lanes }) => lanes.slot),
    ],
  };
};

/** Files of a network in time's testbench that are the same in every design. */
export const TIME_BENCH = [
  'grapes_tb_check',
  'grapes_tb_host',
  'grapes_tb_memory',
  'grapes_tb_results',
  'grapes_tb_rules',
  'grapes_tb_time',
] as const;

/** Files of the core's testbench that are the same in every design, in the order in which they are compiled. */
export const CORE_BENCH = [
  'grapes_tb_check',
  'grapes_tb_forward',
  'grapes_tb_host',
  'grapes_tb_memory',
  'grapes_tb_results',
  'grapes_tb_rules',
  'grapes_tb_step',
] as const;
