/**
 * Deliberate faults in the emitted RTL, each of which the testbenches must catch. Any that survives fails the command.
 *
 *   scripts/mutants.ts [--quick] [--module grapes_lane,core] [--id ID] [--all] [--list] [--json] [--jobs 2]
 *
 * A fault is caught if a testbench fails, does not end, or takes other cycles than the core without it. One that does not
 * compile counts as nothing. --all tries every generated fault instead of a sample.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { onInterrupt, requirePrograms } from '../src/tools/index.js';
import { EQUIVALENT } from './mutants/equivalent.js';
import { faultMutants, quickFaults } from './mutants/faults.js';
import { allMutants, sampleMutants } from './mutants/generate.js';
import { difference, type Mutant } from './mutants/mutant.js';
import { packageMutants } from './mutants/package.js';
import { moduleTrial, type Outcome, runTrial, type Trial, trialsOf } from './mutants/run.js';
import { NAME, type Scenario, writeScenarios } from './mutants/scenarios.js';
import { writeResults } from './results.js';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    module: { type: 'string' },
    id: { type: 'string' },
    all: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
  },
});

const RESULTS = resolve('build', 'mutants');
const KILLERS = join(RESULTS, 'killers.json');
const MIN_TIMEOUT_MS = 40_000;

const say = (text: string): void => {
  if (!flags.json) console.log(text);
};

const fileOf = (module: string): string => `${module.startsWith('grapes_') ? '' : `${NAME}_`}${module}.sv`;

const moduleOf = (file: string): string => file.replace(/\.sv$/, '').replace(`${NAME}_`, '');

const select = ([{ design, files }]: readonly Scenario[]): Mutant[] => {
  const text = (file: string): string => files.get(file) ?? '';
  const generated = design.rtl.flatMap((file) => {
    const module = moduleOf(file);
    if (module === 'pkg') return packageMutants(text(file));
    // Only checks the others.
    if (module === 'grapes_rule') return [];
    return flags.all ? [...allMutants(module, text(file)).values()].flat() : sampleMutants(module, text(file));
  });
  const modules = flags.module?.split(',');
  return (flags.quick ? quickFaults() : [...faultMutants(), ...generated])
    .filter(({ module }) => modules === undefined || modules.includes(module))
    .filter(({ id }) => flags.id === undefined || id === flags.id);
};

type Verdict = 'killed' | 'survived' | 'no build' | 'equivalent' | 'no place';

interface Result {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  /** the testbench or scenario that caught it, and how */
  readonly by: string;
  /** every value was right, but not at the right time */
  readonly byCycles: boolean;
  readonly reason: string;
  readonly file: string;
  readonly line: number;
  readonly diff: readonly string[];
  readonly seconds: number;
}

/** Runs of the core as it is: each must pass. */
type Baseline = ReadonlyMap<string, Outcome>;

const runBaseline = async (trials: readonly Trial[], folder: string): Promise<Baseline> => {
  const outcomes = new Map<string, Outcome>();
  for (const trial of trials) {
    const outcome = await runTrial(trial, new Map(), folder, 10 * MIN_TIMEOUT_MS);
    if (outcome.state !== 'passed')
      throw new Error(`${trial.name}: the core without a fault does not pass: ${outcome.state}, ${outcome.reason}`);
    outcomes.set(trial.name, outcome);
    say(`mutants: ${trial.name.padEnd(24)} passes in ${outcome.seconds.toFixed(1)} s`);
  }
  return outcomes;
};

const judge = async (
  mutant: Mutant,
  scenarios: readonly Scenario[],
  baseline: Baseline,
  killer: string | undefined,
  folder: string,
): Promise<Result> => {
  const file = fileOf(mutant.module);
  const own = moduleTrial(scenarios, mutant.module);
  const trials = [...(own === null ? [] : [own]), ...trialsOf(scenarios)];
  const rank = ({ name }: Trial): number => (name === killer ? 0 : 1);
  let slower: Result | null = null;
  let built = false;
  let placed = false;
  let seconds = 0;
  let shown = { line: 0, lines: [] as string[] };
  const result = (verdict: Verdict, by: string, reason: string): Result => {
    const { line, lines } = shown;
    return { mutant, verdict, by, byCycles: false, reason, file, line, diff: lines, seconds };
  };
  let complaint = '';
  for (const trial of trials.sort((a, b) => rank(a) - rank(b))) {
    const text = trial.scenario.files.get(file) ?? '';
    const changed = mutant.apply(text);
    if (changed === null || changed === text) continue;
    placed = true;
    if (shown.line === 0) shown = difference(text, changed);
    const before = baseline.get(trial.name);
    const timeoutMs = Math.max(MIN_TIMEOUT_MS, 20_000 * (before?.seconds ?? 0));
    const outcome = await runTrial(trial, new Map([[file, changed]]), folder, timeoutMs);
    seconds += outcome.seconds;
    if (outcome.state === 'no build') {
      complaint = outcome.reason;
      continue;
    }
    built = true;
    if (outcome.state === 'failed') return result('killed', trial.name, outcome.reason);
    if (before && outcome.cycles !== before.cycles)
      slower ??= result('killed', trial.name, `${outcome.cycles} cycles instead of ${before.cycles}`);
  }
  if (slower) return { ...slower, seconds, byCycles: true };
  if (!placed && mutant.id.includes('/fault/'))
    return result('no place', '', 'the text that it changes is not in the module, or not once');
  // Where a design does not use the module it compiles all the same, which says nothing.
  if (complaint !== '') return result('no build', '', complaint.split('\n')[0]);
  if (!built) return result('no build', '', 'no design has such a place');
  return result(mutant.id in EQUIVALENT ? 'equivalent' : 'survived', '', EQUIVALENT[mutant.id] ?? '');
};

const show = ({ mutant, verdict, by, reason, file, line, diff, seconds }: Result): string[] => [
  `mutants: ${verdict.padEnd(10)} ${mutant.id}: ${mutant.description}${by === '' ? '' : `; ${by}: ${reason}`} (${seconds.toFixed(1)} s)`,
  ...(verdict === 'survived' ? [`    ${file}:${line}`, ...diff.map((text) => `    ${text}`)] : []),
  ...(verdict === 'no build' || verdict === 'no place' ? [`    ${reason}`] : []),
];

const count = (results: readonly Result[], verdict: Verdict): number =>
  results.filter((result) => result.verdict === verdict).length;

/** Works in a folder of its own: two runs may go on at once. */
const main = async (folder: string): Promise<void> => {
  requirePrograms(['iverilog', 'vvp']);
  const start = performance.now();
  const scenarios = await writeScenarios(folder);
  const mutants = select(scenarios);
  if (mutants.length === 0) throw new Error('no such mutant; --list names them');
  if (flags.list) {
    for (const { id, description } of mutants) console.log(`${id}: ${description}`);
    return;
  }
  const own = [...new Set(mutants.map(({ module }) => module))].flatMap(
    (module) => moduleTrial(scenarios, module) ?? [],
  );
  const baseline = await runBaseline([...own, ...trialsOf(scenarios)], join(folder, 'work'));
  const killers: Record<string, string> = existsSync(KILLERS) ? JSON.parse(readFileSync(KILLERS, 'utf8')) : {};
  const queue = [...mutants];
  const results: Result[] = [];
  const work = async (worker: number): Promise<void> => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const result = await judge(mutant, scenarios, baseline, killers[mutant.id], join(folder, `work-${worker}`));
      if (result.verdict === 'killed') {
        killers[mutant.id] = result.by;
        writeFileSync(KILLERS, JSON.stringify(killers));
      }
      results.push(result);
      for (const line of show(result)) say(line);
    }
  };
  await Promise.all(Array.from({ length: Number(flags.jobs) }, (_, worker) => work(worker)));

  const [killed, survived, unbuilt, equivalent] = (['killed', 'survived', 'no build', 'equivalent'] as const).map(
    (verdict) => count(results, verdict),
  );
  const failed = results.filter(({ verdict }) => verdict === 'survived' || verdict === 'no place');
  const seconds = (performance.now() - start) / 1000;
  for (const module of [...new Set(mutants.map((mutant) => mutant.module))]) {
    const mine = results.filter((result) => result.mutant.module === module);
    say(
      `mutants: ${module.padEnd(20)} ${count(mine, 'killed')} of ${count(mine, 'killed') + count(mine, 'survived')} killed`,
    );
  }
  for (const result of results.filter(({ verdict }) => verdict === 'survived'))
    for (const line of show(result)) say(line);
  const byCycles = results.filter((result) => result.byCycles).length;
  if (byCycles > 0) say(`mutants: ${byCycles} of those killed compute every value right, but in other cycles`);
  say(
    `mutants: ${killed} killed, ${survived} survived, ${unbuilt} did not compile, ${equivalent} equivalent (${seconds.toFixed(0)} s)`,
  );
  if (flags.json) {
    const faults = results.map(({ mutant: { id, module, description }, ...rest }) => ({
      id,
      module,
      description,
      ...rest,
    }));
    console.log(JSON.stringify({ killed, byCycles, survived, unbuilt, equivalent, seconds, faults }, null, 2));
  }
  writeResults('mutants', { passed: killed, failed: failed.length });
  process.exitCode = failed.length > 0 ? 1 : 0;
};

mkdirSync(RESULTS, { recursive: true });
const folder = mkdtempSync(join(RESULTS, 'run-'));
onInterrupt(() => rmSync(folder, { recursive: true, force: true }));
try {
  await main(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
