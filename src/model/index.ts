export {
  type EngineName,
  type LayerStatistics,
  Network,
  type NetworkOptions,
  type Saturations,
  type Spread,
  type StepOptions,
  type StepResult,
  type StepTrace,
  type StepValues,
  type TraceLevel,
} from './network.js';
export { accuracy, epochOrder, type Samples, samplePixels } from './samples.js';
