import type { LayerPlan, Plan } from '../datapath/plan.js';
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
    ['DIVIDE_BITS', Math.max(factor.frac, output.values.error.frac) + 2],
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
