/**
 * grapes-hw as a library.
 *
 * ```ts
 * import { emit, Network, parseConfig, plan } from 'grapes-hw';
 *
 * const design = plan(parseConfig({ name: 'small', layers: [16, 8, 4], lanes: 4 }));
 * const network = new Network(design);                       // the bit-accurate model
 * const { prediction } = network.step(network.quantise(features), label);
 * for (const [path, text] of emit(design)) console.log(path); // the same network as SystemVerilog
 * ```
 *
 * Everything that takes input from people throws a {@link UserError}, whose message says what is wrong, what is legal and
 * what to do.
 */

export {
  type Config,
  configFields,
  type GrapesMode,
  jsonSchema,
  mergeConfigs,
  type PresetName,
  parseConfig,
  presets,
  type RateStep,
  type RawConfig,
} from './config/index.js';
export { type Dataset, loadDataset, type Split } from './data/index.js';
export { bound } from './datapath/bound.js';
export { type ListLengths, stepEnds } from './datapath/cycles.js';
export { type HardwarePlan, type LayerPlan, type Plan, plan } from './datapath/plan.js';
export { type Layer, type Model, quantiseLayers, readModel, writeExchange } from './exchange/index.js';
export { UserError } from './fx/error.js';
export type { Format } from './fx/format.js';
export { checkGolden, type GoldenOptions, type Manifest, readManifest, writeGolden } from './golden/index.js';
export {
  accuracy,
  type EngineName,
  type Extent,
  type InitialState,
  type LayerStatistics,
  Network,
  type NetworkOptions,
  type Saturations,
  type StepOptions,
  type StepResult,
  type StepTrace,
  type StepValues,
} from './model/index.js';
export { type MemoryReport, memoryReport } from './report/memory.js';
export { emit } from './rtl/index.js';
export {
  type EpochMetrics,
  evaluate,
  type Job,
  type JobEvent,
  type JobResult,
  runJob,
  startRun,
  sweep,
} from './training/index.js';
