/**
 * Where a core's bits toggle while it trains: the named signals of its modules in Verilator, over 50 real digits. An
 * estimate of where energy goes, and no more: a toggle counts as one whatever it drives; wires, clock and what happens
 * inside a RAM or a multiplier are not in it. Writes results/toggles.json.
 *
 *   scripts/toggles.ts [preset:lanes ..]
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { configFields, type PresetName, parseConfig, presets } from '../src/config/index.js';
import { goldenRun, plusArguments, readDesign } from '../src/cosim/index.js';
import { SIMULATORS } from '../src/cosim/simulators.js';
import { loadDataset } from '../src/data/index.js';
import { plan } from '../src/datapath/plan.js';
import { rateAt } from '../src/datapath/rate.js';
import { hostOf, writeGolden } from '../src/golden/index.js';
import { emit } from '../src/rtl/index.js';
import { requireVersions, runProgram } from '../src/tools/index.js';
import { readPoints } from './reached/points.js';

const RUNS = ['mnist-small:4'];
const SAMPLES = 50;
const FOLDER = resolve('build', 'toggles');
const FILE = join('results', 'toggles.json');
const CLOCK = 'tb/coverage.cpp';
const COUNTS = 'coverage.dat';

/** Parts of a core, by module and signal: the first that fits has the toggle. */
const PARTS: readonly (readonly [part: string, modules: RegExp, signals: RegExp])[] = [
  ['GRAPES', /^grapes_(strength|largest|max_tree|factor)$/, /./],
  ['GRAPES', /^grapes_weights$/, /^old[01]_s4/],
  ['GRAPES', /^grapes_divisions$/, /^(shown|held|strength)/],
  ['weight RAM', /^grapes_weights$/, /^(word_s2|new[01]_s4)/],
  ['multipliers', /^grapes_weights$/, /^(left|right|product|weight\d?_s2)/],
  ['accumulators', /^grapes_weights$/, /^(total|sum)/],
  ['updates', /^grapes_weights$/, /^(updated|weight\d?_s3)/],
  ['updates', /^grapes_update$/, /./],
];

/** Modules that only wire others, and memories, whose data their users name. */
const WIRING = /_core$|^grapes_(core|array|lane|trace|ram|slots|delay)$/;
/** Ports, and other names for what comes from a module within. */
const ALIAS = /_[io](\[|$)|^lane_word/;

const partOf = (module: string, signal: string): string =>
  PARTS.find(([, modules, signals]) => modules.test(module) && signals.test(signal))?.[0] ?? 'the rest';

const measure = async (preset: PresetName, lanes: number, mode: 'propagating' | 'off') => {
  const config = parseConfig({ ...presets[preset], lanes, grapes: { mode } });
  const design = plan(config);
  const dir = join(FOLDER, `${preset}-${lanes}-${mode}`);
  rmSync(dir, { recursive: true, force: true });
  for (const [path, text] of [...emit(design), ['config.json', JSON.stringify(configFields(config))] as const]) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const shape = { inputs: config.layers[0], classes: design.classes, seed: config.seed, count: SAMPLES };
  const golden = join(dir, 'golden');
  const manifest = await writeGolden(
    design,
    loadDataset(config.data, 'train', shape),
    { samples: SAMPLES, trace: 2 },
    golden,
  );
  const host = await hostOf(design, golden, manifest, { samples: SAMPLES, rate: rateAt(config, 0) });
  const read = readDesign(dir, config.name);
  const [before, after] = readFileSync(join(dir, read.main), 'utf8').split('top->final();\n');
  writeFileSync(
    join(dir, CLOCK),
    `#include "verilated_cov.h"\n${before}top->final();\n  context->coveragep()->write("${COUNTS}");\n${after}`,
  );
  const options = {
    cache: resolve('build', 'cosim'),
    wave: false,
    seed: 1,
    optimise: 'short',
    coverage: true,
  } as const;
  const { command, parameters } = await SIMULATORS.verilator.build({ ...read, main: CLOCK }, read.core, options);
  const told = { golden: goldenRun(golden, manifest, host), fastLoad: true, stall: false, stallSeed: 1, wave: null };
  const { code, output } = await runProgram(
    command,
    [...parameters, ...plusArguments(design, told, join(dir, 'run'), dir)],
    { cwd: dir },
  );
  if (code !== 0 || !/^GRAPES DONE /m.test(output)) throw new Error(`${preset} does not pass:\n${output.slice(-1000)}`);
  const core = new Set(read.rtl.map((file) => basename(file)));
  const points = readPoints(join(dir, COUNTS)).filter(
    ({ kind, file, name }) =>
      kind === 'toggle' && core.has(basename(file)) && !WIRING.test(basename(file, '.sv')) && !ALIAS.test(name),
  );
  const parts: Record<string, number> = {};
  const modules: Record<string, number> = {};
  for (const { file, name, count } of points) {
    const module = basename(file, '.sv');
    const part = partOf(module, name);
    // Nobody reads them there: synthesis leaves them out.
    if (mode === 'off' && part === 'GRAPES') continue;
    parts[part] = (parts[part] ?? 0) + count / SAMPLES;
    modules[module] = (modules[module] ?? 0) + count / SAMPLES;
  }
  const total = Object.values(parts).reduce((sum, toggles) => sum + toggles, 0);
  return { preset, lanes, mode, total, parts, modules };
};

const tools = await requireVersions(['verilator']);
const designs: Awaited<ReturnType<typeof measure>>[] = [];
for (const name of process.argv.length > 2 ? process.argv.slice(2) : RUNS) {
  const [preset, lanes] = name.split(':');
  for (const mode of ['propagating', 'off'] as const) {
    const found = await measure(preset as PresetName, Number(lanes), mode);
    designs.push(found);
    console.log(`toggles: ${name} ${mode}: ${Math.round(found.total)} a training step`);
    for (const [part, toggles] of Object.entries(found.parts).sort(([, a], [, b]) => b - a))
      console.log(`  ${part.padEnd(14)} ${((100 * toggles) / found.total).toFixed(1).padStart(5)} %`);
  }
}
writeFileSync(FILE, `${JSON.stringify({ format: 'grapes-toggles/1', tools, samples: SAMPLES, designs }, null, 2)}\n`);
