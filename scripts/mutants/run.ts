import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, judge } from '../../src/cosim/index.js';
import { parseBench } from '../../src/cosim/lines.js';
import { moduleCounts } from '../../src/cosim/vectors.js';
import { compileIcarus, runIcarus, ToolFailure } from '../../src/tools/index.js';
import type { Scenario } from './scenarios.js';

/** One testbench to run: a scenario's core, or a small module's own. */
export interface Trial {
  readonly name: string;
  readonly scenario: Scenario;
  readonly bench: Bench;
  /** null for a small module's */
  readonly core: boolean;
}

/** How a trial went. */
export interface Outcome {
  readonly state: 'passed' | 'failed' | 'no build';
  /** why it failed */
  readonly reason: string;
  /** clock cycles between the first and the last step; null where the testbench gives none */
  readonly cycles: number | null;
  readonly seconds: number;
}

const expectedOf = ({ core, scenario, bench }: Trial): Readonly<Record<string, number>> =>
  core ? scenario.expected : moduleCounts(scenario.design, bench);

export const trialsOf = (scenarios: readonly Scenario[]): Trial[] =>
  scenarios.map((scenario) => ({ name: scenario.name, scenario, bench: scenario.design.core, core: true }));

/** The trial of a module's own testbench, which is the same in every scenario; null if it has none. */
export const moduleTrial = ([scenario]: readonly Scenario[], module: string): Trial | null => {
  const bench = scenario.design.modules.find(({ top }) => top === `${module}_tb`);
  return bench === undefined ? null : { name: bench.top, scenario, bench, core: false };
};

/**
 * Builds a testbench on Icarus in `folder`, with some of the design's files replaced by other texts, and runs it. A run that
 * outlasts `timeoutMs` has failed: a fault may make it endless.
 */
export const runTrial = async (
  trial: Trial,
  replaced: ReadonlyMap<string, string>,
  folder: string,
  timeoutMs: number,
): Promise<Outcome> => {
  const { scenario, bench, core } = trial;
  const start = performance.now();
  const done = (state: Outcome['state'], reason: string, cycles: number | null = null): Outcome => ({
    state,
    reason,
    cycles,
    seconds: (performance.now() - start) / 1000,
  });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of replaced) writeFileSync(join(folder, path), text);
  const files = [...scenario.design.rtl, ...bench.files, bench.clock].map((path) =>
    replaced.has(path) ? join(folder, path) : path,
  );
  const binary = join(folder, 'bench.vvp');
  const { dir } = scenario.design;
  try {
    await compileIcarus(dir, { top: `${bench.top}_clock`, files, warnings: false }, binary, { timeoutMs });
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    return done('no build', error.timedOut ? 'the build does not end' : error.output.trim());
  }
  const run = await runIcarus(dir, binary, core ? scenario.plusargs : [], { timeoutMs });
  if (/^FATAL: /m.test(run.output)) return done('no build', 'an elaboration check stops it');
  if (run.timedOut) return done('failed', 'it does not end');
  const lines = parseBench(run.output);
  const verdict = judge(lines, expectedOf(trial), core ? scenario.samples : null);
  return verdict.ok ? done('passed', '', lines.cycles?.total ?? null) : done('failed', verdict.problems[0]);
};
