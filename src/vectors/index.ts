import { dividerBench, expBench, factorBench } from './division.js';
import { laneBench } from './lane.js';
import { adderTreeBench, maxTreeBench, strengthBench, xorshiftBench } from './lanes.js';
import type { ModuleBench } from './lines.js';
import { countersBench, ramBench } from './memories.js';
import { positiveBench, requantiseBench, scalerBench, updateBench } from './rounding.js';
import { softmaxBench } from './softmax.js';
import { cellBench, decayBench } from './time.js';

export type { ModuleBench } from './lines.js';

/**
 * The testbenches of the small modules, the same for every configuration: `templates/tb/<module>_tb.sv.hbs` rendered
 * with `view`, and `tb/vectors/<module>.mem`.
 */
export const moduleBenches = (): readonly ModuleBench[] => [
  adderTreeBench(),
  cellBench(),
  countersBench(),
  decayBench(),
  dividerBench(),
  expBench(),
  factorBench(),
  laneBench(),
  maxTreeBench(),
  positiveBench(),
  ramBench(),
  requantiseBench(),
  scalerBench(),
  softmaxBench(),
  strengthBench(),
  updateBench(),
  xorshiftBench(),
];
