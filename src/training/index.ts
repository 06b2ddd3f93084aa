export {
  type CalibrateOptions,
  type Calibration,
  type Choice,
  calibrate,
  chooseFormats,
  fracOf,
  isFixed,
  observeRanges,
  type Ranges,
  roomOf,
} from './calibrate.js';
export { type Checkpoint, checkpointFile, loadCheckpoint, saveCheckpoint } from './checkpoint.js';
export { confusionOf } from './confusion.js';
export { samplesHash } from './identity.js';
export {
  type CheckpointOptions,
  type Job,
  type JobEvent,
  type JobResult,
  runJob,
  type TrainingSamples,
} from './job.js';
export { crossEntropy, type Evaluation, evaluate } from './loss.js';
export type { EpochMetrics, LayerMetrics, Range, StepMetrics } from './metrics.js';
export type { Quality } from './ranges.js';
export { type Run, type RunEvent, type RunOptions, type RunState, startRun } from './run.js';
export { type Spread, spread } from './spread.js';
export { type Assignment, type SweepOptions, sweep } from './sweep.js';
export { cautionsOf, warningsOf } from './warnings.js';
export { isWeightFile, readWeights, writeWeights } from './weights.js';
