export { type BenchArguments, type BenchRun, type GoldenRun, runBench } from './bench.js';
export { cosimulate, type Request, type Result, type RunResult } from './cosimulate.js';
export { type Bench, type Design, DesignError, readDesign } from './design.js';
export { expectedCounts, type RunSpan, spanOf } from './expected.js';
export { listLengths, writesOf } from './lengths.js';
export { LINTERS, type LinterName, type LintResult, lint } from './lint.js';
export { type Difference, describe, localise } from './localise.js';
export { BuildError, SIMULATORS, type SimulatorName } from './simulators.js';
export { judge, type Verdict } from './verdict.js';
