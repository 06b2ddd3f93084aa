export {
  type InitialState,
  Network,
  type Saturations,
  type StepOptions,
  type StepResult,
  type StepTrace,
  type StepValues,
  type TraceLevel,
} from './network.js';
export { accuracy, epochOrder, type Samples, samplePixels } from './samples.js';
export { type EpochResult, type TrainOptions, type TrainProgress, trainEpochs } from './train.js';
