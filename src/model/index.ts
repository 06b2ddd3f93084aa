export { type EngineName, Network, type NetworkOptions } from './network.js';
export { requireFeatures } from './port.js';
export { accuracy, epochOrder, type Samples, sampleFeatures } from './samples.js';
export type { InitialState } from './start.js';
export type { Extent, LayerStatistics, Saturations } from './statistics.js';
export type { StepOptions, StepResult, StepTrace, StepValues, TraceLevel } from './step.js';
