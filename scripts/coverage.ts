/**
 * Which lines of the core run, and which of its bits toggle, under its testbenches on Verilator: the designs and
 * scenarios of the mutants, and the small modules' own testbenches. Counts are added up over designs and instances by the
 * text of a line: it is covered if every block and branch that it belongs to is reached in some design.
 *
 *   scripts/coverage.ts [--json]
 *
 * Fails if fewer than 95 % of the lines are covered, if a line is not covered and not explained, or if an explanation's
 * line is gone.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, Design } from '../src/cosim/index.js';
import { SIMULATORS } from '../src/cosim/simulators.js';
import { requirePrograms, runProgram } from '../src/tools/index.js';
import { NAME, type Scenario, writeScenarios } from './mutants/scenarios.js';
import { EXPLAINED } from './reached/explained.js';
import { type Point, readPoints } from './reached/points.js';
import { writeResults } from './results.js';

const { values: flags } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const FOLDER = resolve('build', 'coverage');
const CACHE = resolve('build', 'cosim');
const TIME_OUT_MS = 300_000;
const LEAST = 0.95;

const CLOCK = 'tb/coverage.cpp';
const COUNTS = 'coverage.dat';

/** The same design under a clock that writes the counts at the end. */
const counting = (design: Design): Design => {
  const [before, after, ...more] = readFileSync(join(design.dir, design.main), 'utf8').split('top->final();\n');
  if (after === undefined || more.length > 0) throw new Error(`${design.main}: no single end to write coverage at`);
  const clock = `#include "verilated_cov.h"\n${before}top->final();\n  context->coveragep()->write("${COUNTS}");\n${after}`;
  writeFileSync(join(design.dir, CLOCK), clock);
  return { ...design, main: CLOCK };
};

const run = async (design: Design, bench: Bench, plusargs: readonly string[]): Promise<Point[]> => {
  const options = { cache: CACHE, wave: false, seed: 1, optimise: 'short', coverage: true } as const;
  const { command, parameters } = await SIMULATORS.verilator.build(design, bench, options);
  const counts = join(design.dir, COUNTS);
  rmSync(counts, { force: true });
  const { code, output } = await runProgram(command, [...parameters, ...plusargs], {
    cwd: design.dir,
    timeoutMs: TIME_OUT_MS,
  });
  const passed = code === 0 && /^GRAPES DONE /m.test(output) && !/MISMATCH/.test(output);
  if (!passed) throw new Error(`${bench.top} does not pass:\n${output.slice(-1000)}`);
  return readPoints(counts);
};

/** Whether a place was ever reached, by its name. */
type Reached = Map<string, boolean>;

/** What is counted of one file of the core. */
interface Tally {
  /** by a line's text: the blocks and branches that it belongs to */
  readonly lines: Map<string, Reached>;
  readonly branches: Reached;
  readonly toggles: Reached;
}

const tallies = new Map<string, Tally>();

const tallyOf = (file: string): Tally => {
  const tally = tallies.get(file) ?? { lines: new Map(), branches: new Map(), toggles: new Map() };
  tallies.set(file, tally);
  return tally;
};

const reach = (places: Reached, name: string, count: number): unknown =>
  places.set(name, count > 0 || (places.get(name) ?? false));

/** A line's text, and which of those with this text it is: the same line in every design, whatever its number. */
const keysOf = (source: string): string[] => {
  const seen = new Map<string, number>();
  return source.split('\n').map((line) => {
    const text = line.trim();
    const number = (seen.get(text) ?? 0) + 1;
    seen.set(text, number);
    return number === 1 ? text : `${text} #${number}`;
  });
};

const add = (design: Design, points: readonly Point[]): void => {
  const keys = new Map(design.rtl.map((file) => [file, keysOf(readFileSync(join(design.dir, file), 'utf8'))]));
  for (const { kind, file: path, line, column, name, lines, count } of points) {
    const file = basename(path);
    const texts = keys.get(file);
    if (texts === undefined) continue;
    const tally = tallyOf(file);
    if (kind === 'toggle') {
      reach(tally.toggles, name, count);
      continue;
    }
    const place = `${texts[line - 1]} at ${column}: ${name}`;
    reach(tally.branches, place, count);
    for (const text of lines.map((number) => texts[number - 1] ?? '')) {
      const places = tally.lines.get(text) ?? new Map<string, boolean>();
      reach(places, place, count);
      tally.lines.set(text, places);
    }
  }
};

const count = <T>(values: Iterable<T>, counts: (value: T) => boolean): number => [...values].filter(counts).length;

const reached = (places: Reached): number => count(places.values(), (hit) => hit);
const covered = (places: Reached): boolean => reached(places) === places.size;

const measure = async (scenarios: readonly Scenario[]): Promise<void> => {
  const say = (text: string): unknown => flags.json || console.log(`coverage: ${text}`);
  for (const { name, design, plusargs } of scenarios) {
    say(name);
    add(design, await run(counting(design), design.core, plusargs));
  }
  const { design } = scenarios[0] as Scenario;
  for (const bench of design.modules) {
    say(bench.top);
    add(design, await run(counting(design), bench, []));
  }
};

const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`);

requirePrograms(SIMULATORS.verilator.programs);
mkdirSync(FOLDER, { recursive: true });
const scenarios = await writeScenarios(FOLDER);
await measure(scenarios);

const moduleOf = (file: string): string => basename(file, '.sv').replace(`${NAME}_`, '');
const measured = [...tallies]
  .map(([file, { lines, branches, toggles }]) => ({
    module: moduleOf(file),
    lines: lines.size,
    linesCovered: count(lines.values(), covered),
    branches: branches.size,
    branchesCovered: reached(branches),
    toggles: toggles.size,
    togglesCovered: reached(toggles),
    texts: [...lines.keys()],
    missed: [...lines].filter(([, places]) => !covered(places)).map(([text]) => text),
    notTaken: [...branches].filter(([, hit]) => !hit).map(([place]) => place),
  }))
  .sort((a, b) => a.module.localeCompare(b.module));
type Count = 'lines' | 'linesCovered' | 'branches' | 'branchesCovered' | 'toggles' | 'togglesCovered';
const sum = (of: Count): number => measured.reduce((total, module) => total + module[of], 0);
const total = {
  module: 'total',
  lines: sum('lines'),
  linesCovered: sum('linesCovered'),
  branches: sum('branches'),
  branchesCovered: sum('branchesCovered'),
  toggles: sum('toggles'),
  togglesCovered: sum('togglesCovered'),
};
const missed = measured.flatMap(({ module, missed: texts }) =>
  texts.map((text) => ({ module, text, why: EXPLAINED[module]?.[text] ?? null })),
);
const stale = Object.entries(EXPLAINED).flatMap(([module, texts]) =>
  Object.keys(texts)
    .filter((text) => !measured.some(({ module: other, texts }) => other === module && texts.includes(text)))
    .map((text) => `${module}: ${text}`),
);
const problems = [
  ...(total.linesCovered < LEAST * total.lines ? [`fewer than ${100 * LEAST} % of the lines are covered`] : []),
  ...missed
    .filter(({ why }) => why === null)
    .map(({ module, text }) => `not covered, not explained: ${module}: ${text}`),
  ...stale.map((text) => `explained, but gone: ${text}`),
];

writeFileSync(
  `${FOLDER}.json`,
  `${JSON.stringify({ designs: scenarios.length, ...total, modules: measured.map(({ texts: _, ...module }) => module), missed, problems }, null, 2)}\n`,
);
const cell = (part: number, whole: number): string =>
  `${`${part} of ${whole}`.padStart(14)} ${percent(part, whole).padStart(7)}`;
const row = (counts: Readonly<Record<Count, number>> & { readonly module: string }): string =>
  [
    counts.module.padEnd(20),
    cell(counts.linesCovered, counts.lines),
    cell(counts.branchesCovered, counts.branches),
    cell(counts.togglesCovered, counts.toggles),
  ].join(' ');
const report = [
  `${'module'.padEnd(20)} ${['lines', 'branches', 'toggles'].map((title) => title.padStart(22)).join(' ')}`,
  ...[...measured, total].map(row),
  ...missed.flatMap(({ module, text, why }) => (why === null ? [] : [`explained: ${module}: ${text}: ${why}`])),
  ...problems,
].join('\n');
writeFileSync(`${FOLDER}.txt`, `${report}\n`);
console.log(flags.json ? readFileSync(`${FOLDER}.json`, 'utf8').trimEnd() : report);
writeResults('coverage', { passed: total.linesCovered, failed: problems.length });
process.exitCode = problems.length > 0 ? 1 : 0;
