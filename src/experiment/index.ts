import type { Experiment } from './define.js';
import { bits } from './experiments/bits.js';
import { control } from './experiments/control.js';
import { convergence } from './experiments/convergence.js';
import { depth } from './experiments/depth.js';
import { feedback } from './experiments/feedback.js';
import { forgetting } from './experiments/forgetting.js';
import { rates } from './experiments/rates.js';
import { recipe } from './experiments/recipe.js';
import { time } from './experiments/time.js';
import { timeControl } from './experiments/timeControl.js';
import { timeRates } from './experiments/timeRates.js';
import { timeSteps } from './experiments/timeSteps.js';

export { memoryCache, openCache } from './cache.js';
export type { Experiment } from './define.js';
export { execute } from './execute.js';
export { type Lab, type LabProgress, openLab } from './lab.js';
export { compactJson, csv, type Outcome, outcomeOf, writeOutcome } from './output.js';
export { readOutcomes, requirePage, writePage } from './page.js';
export { openPool, type Pool } from './pool.js';
export type { Report, Table } from './report.js';
export type { RunResult, RunSpec } from './spec.js';

/** Every experiment, in the order of the page. */
export const experiments: readonly Experiment[] = [
  recipe,
  control,
  rates,
  time,
  timeControl,
  timeRates,
  timeSteps,
  convergence,
  bits,
  depth,
  feedback,
  forgetting,
];
