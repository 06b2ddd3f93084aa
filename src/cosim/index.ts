export { type BenchArguments, type BenchRun, type GoldenRun, runBench } from './bench.js';
export { cacheKey } from './cache.js';
export { cosimulate, type Load, type Request, type Result, type RunResult } from './cosimulate.js';
export { type Bench, type Design, DesignError, readDesign } from './design.js';
export { type PartMismatch, type PartResult, type PartsEnd, runParts } from './epochs.js';
export { expectedCounts, type RunSpan, spanOf } from './expected.js';
export { listLengths, writesOf } from './lengths.js';
export { LINTERS, type LinterName, type LintResult, lint } from './lint.js';
export { type Difference, describe, localise } from './localise.js';
export {
  BuildError,
  buildEpochs,
  type Executable,
  SIMULATORS,
  type SimulatorName,
  VERILATOR_PROGRAMS,
} from './simulators.js';
export { judge, type Verdict } from './verdict.js';
export { saveFileOf } from './wave.js';
