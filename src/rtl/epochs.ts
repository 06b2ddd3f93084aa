import type { Plan } from '../datapath/plan.js';
import type { View } from './engine.js';

/** What the template of the testbench for whole epochs names. */
export const epochsView = ({ config, layers, hardware }: Plan): View => ({
  name: config.name,
  lanes: hardware.lanes,
  weightBits: config.bits.weight,
  beats: Math.ceil(layers[0].inputs / hardware.featuresPerBeat),
  patience: 20_000 + 16 * hardware.depth,
  layerCount: layers.length,
  layers: layers.map(({ inputs, outputs, matrix: { base, offset }, lanes: { groups, lastRows, spread } }) => ({
    inputs,
    outputs,
    groups,
    base,
    lastRows,
    spread: spread ? 'true' : 'false',
    offset,
  })),
});
