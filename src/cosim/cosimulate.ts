import { rmSync } from 'node:fs';
import { weightCount } from '../datapath/memories.js';
import type { Plan } from '../datapath/plan.js';
import { countHost } from '../golden/host.js';
import { type Optimise, onInterrupt, requirePrograms } from '../tools/index.js';
import { type BenchRun, runBench } from './bench.js';
import type { Bench, Design } from './design.js';
import { expectedCounts, type GoldenRun } from './expected.js';
import { LINTERS, type LinterName, type LintResult, lint } from './lint.js';
import { type Difference, localise } from './localise.js';
import { meanBound } from './mean.js';
import { BuildError, SIMULATORS, type SimulatorName } from './simulators.js';
import { moduleCounts } from './vectors.js';
import { judge, type Verdict } from './verdict.js';
import { writeSaveFile } from './wave.js';

/**
 * How the initial weights get into the core: through its memory port, straight into its memories (`fast`), or `auto`:
 * through the port, but fast where the port alone would take minutes.
 */
export type Load = 'port' | 'fast' | 'auto';

/** Weights that Icarus loads through the port in about ten seconds. */
const ICARUS_PORT_WEIGHTS = 20_000;

/** What to compare, and how. */
export interface Request {
  readonly design: Design;
  readonly plan: Plan;
  readonly golden: GoldenRun;
  readonly simulators: readonly SimulatorName[];
  readonly linters: readonly LinterName[];
  /** the testbenches of the small modules too */
  readonly modules: boolean;
  readonly load: Load;
  readonly stall: boolean;
  readonly stallSeed: number;
  /** waveform file of the core's run; with several simulators each one's name is put into it */
  readonly wave: string | null;
  readonly seed: number;
  readonly optimise: Optimise;
  readonly cache: string;
  /** limit for one run of one testbench */
  readonly timeoutMs: number;
  /** a sentence on what is going on, for a person who waits */
  readonly onProgress: (text: string) => void;
}

/** One testbench on one simulator. */
export interface SimulationRun {
  readonly simulator: SimulatorName;
  readonly bench: string;
  readonly samples: number | null;
  /** null: a small module's testbench, which loads nothing */
  readonly load: 'port' | 'fast' | null;
  /** the waveform file written */
  readonly wave: string | null;
  readonly verdict: Verdict;
  readonly difference: Difference | null;
  /** mean clock cycles of a training step in steady state; null where the testbench gives none */
  readonly cyclesPerStep: number | null;
  /** mean lower bound of the same steps; null where the vectors don't trace them all */
  readonly bound: number | null;
  /** training steps behind that mean: the first step is not among them */
  readonly steps: number;
  readonly buildSeconds: number;
  readonly runSeconds: number;
  /** the last lines of the testbench, where it failed without saying why */
  readonly tail: readonly string[];
}

export interface Result {
  readonly ok: boolean;
  /** some value differs; `ok` may be false without it */
  readonly different: boolean;
  readonly lint: readonly LintResult[];
  readonly runs: readonly SimulationRun[];
  readonly compared: number;
  readonly mismatches: number;
}

const TAIL_LINES = 12;

const ended = ({ code, signal, timedOut }: BenchRun): string[] => {
  if (timedOut) return ['stopped: out of time'];
  if (code === 0) return [];
  return [`the simulator ended with ${signal === null ? `exit code ${code}` : `signal ${signal}`}`];
};

const failed = (problem: string): Verdict => ({
  ok: false,
  kinds: [],
  compared: 0,
  mismatches: 0,
  problems: [problem],
  mismatch: null,
  broken: [],
});

/** The waveform file of one simulator's run. */
const waveOf = ({ wave, simulators }: Request, simulator: SimulatorName): string | null =>
  wave === null || simulators.length === 1 ? wave : wave.replace(/(\.\w+)?$/, `-${simulator}$1`);

const loadOf = ({ load, plan }: Request, simulator: SimulatorName): Exclude<Load, 'auto'> => {
  if (load !== 'auto') return load;
  return simulator === 'icarus' && weightCount(plan) > ICARUS_PORT_WEIGHTS ? 'fast' : 'port';
};

/** The host offers training samples one behind the other: steps can be timed. */
const steady = ({ host }: GoldenRun): boolean =>
  host.every(({ operation, wait }) => wait === 0 && operation !== 'infer' && operation !== 'abort');

const runOne = async (request: Request, simulator: SimulatorName, bench: Bench): Promise<SimulationRun> => {
  const { design, plan, golden, onProgress } = request;
  const core = bench === design.core;
  const { title } = SIMULATORS[simulator];
  const samples = core ? countHost(golden.host).trains.length : null;
  const said = `${title}: ${bench.top}`;
  onProgress(`${said}: building`);
  const wave = core ? waveOf(request, simulator) : null;
  const base = { simulator, bench: bench.top, samples, wave, load: core ? loadOf(request, simulator) : null };
  const release = onInterrupt(() => wave !== null && rmSync(wave, { force: true }));
  try {
    const run = await runBench(
      design,
      plan,
      bench,
      simulator,
      {
        golden: core ? golden : null,
        fastLoad: core && base.load === 'fast',
        stall: core && request.stall,
        stallSeed: request.stallSeed,
        wave,
      },
      {
        ...request,
        wave: wave !== null,
        onBuilt: () => onProgress(`${said}: running`),
        onSample: (sample) => onProgress(`${said}: sample ${sample} of ${samples}`),
      },
    );
    const { steps: shown, total } = run.lines.cycles ?? { steps: 0, total: 0 };
    const steps = core && steady(golden) ? Math.max(0, shown - 1) : 0;
    const expected = core ? expectedCounts(plan, golden) : moduleCounts(design, bench);
    const judged = judge(run.lines, expected, samples);
    const problems = [...judged.problems, ...(judged.mismatch ? [] : ended(run))];
    if (wave !== null && judged.mismatch) writeSaveFile(wave, design.name, judged.mismatch.cycle);
    const verdict = { ...judged, problems, ok: problems.length === 0 };
    return {
      ...base,
      verdict,
      difference: verdict.mismatch ? localise(plan, verdict.mismatch) : null,
      cyclesPerStep: steps > 0 ? total / steps : null,
      bound: core && verdict.ok ? meanBound(plan, golden, steps) : null,
      steps,
      buildSeconds: run.buildSeconds,
      runSeconds: run.runSeconds,
      tail: verdict.ok || verdict.mismatch ? [] : run.output.trimEnd().split('\n').slice(-TAIL_LINES),
    };
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    return {
      ...base,
      verdict: failed(error.message),
      difference: null,
      cyclesPerStep: null,
      bound: null,
      steps: 0,
      buildSeconds: 0,
      runSeconds: 0,
      tail: [],
    };
  } finally {
    release();
  }
};

/**
 * Lints a design, runs its testbenches against the golden vectors on every simulator asked for, and judges each run.
 * @throws MissingTool before anything runs, if a simulator or linter is not installed
 */
export const cosimulate = async (request: Request): Promise<Result> => {
  const { design, simulators, linters, cache, modules, onProgress } = request;
  requirePrograms([
    ...new Set([
      ...simulators.flatMap((name) => SIMULATORS[name].programs),
      ...linters.flatMap((name) => LINTERS[name].programs),
    ]),
  ]);
  const linted: LintResult[] = [];
  for (const linter of linters) {
    onProgress(`${LINTERS[linter].title}`);
    linted.push(await lint(design, linter, cache));
  }
  const runs: SimulationRun[] = [];
  for (const simulator of simulators)
    for (const bench of [design.core, ...(modules ? design.modules : [])])
      runs.push(await runOne(request, simulator, bench));
  return {
    ok: linted.every((result) => result.ok) && runs.every((run) => run.verdict.ok),
    different: runs.some(({ verdict }) => verdict.mismatches > 0 && verdict.mismatch?.kind !== 'timeout'),
    lint: linted,
    runs,
    compared: runs.reduce((sum, run) => sum + run.verdict.compared, 0),
    mismatches: runs.reduce((sum, run) => sum + run.verdict.mismatches, 0),
  };
};
