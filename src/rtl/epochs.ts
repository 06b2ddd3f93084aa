import type { Plan } from '../datapath/plan.js';
import { featuresOf, inTime } from '../datapath/rate.js';
import { firstState, PURPOSE } from '../fx/random.js';
import type { View } from './engine.js';

/** What the template of the testbench for whole epochs names. */
export const epochsView = ({ config, layers, matrices, hardware }: Plan): View => ({
  name: config.name,
  lanes: hardware.lanes,
  weightBits: config.bits.weight,
  beats: Math.ceil(featuresOf(config) / hardware.featuresPerBeat),
  patience: 20_000 + 16 * hardware.depth * (config.steps ?? 1),
  written: inTime(config) ? 'matrix' : 'layer',
  encoder: config.encoding === 'rate' ? 'true' : 'false',
  encoderSeed: firstState(config.seed, PURPOSE.encoder),
  matrixCount: matrices.length,
  matrices: matrices.map(({ layer, rows, columns, base, offset }) => {
    const { groups, lastRows, spread } = layers[layer - 1].lanes;
    return { columns, rows, groups, base, lastRows, spread: spread ? 'true' : 'false', offset };
  }),
});
