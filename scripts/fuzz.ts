/**
 * Random configurations, each generated, trained in both simulators and compared value by value.
 *
 *   tsx scripts/fuzz.ts --count 40 --seed 1 [--time] [--only 17] [--keep] [--no-lint]
 *
 * With --time they are networks in time.
 *
 * Configuration n of a seed is always the same one. What has passed is remembered for the sources as they are, so a run that
 * was stopped goes on where it was; --only repeats a single one and keeps its files.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { configFields, parseConfig } from '../src/config/index.js';
import {
  cosimulate,
  describe,
  goldenRun,
  type LinterName,
  type Load,
  type Result,
  readDesign,
} from '../src/cosim/index.js';
import { loadDataset } from '../src/data/index.js';
import { plan } from '../src/datapath/plan.js';
import { featuresOf, rateAt } from '../src/datapath/rate.js';
import { hostOf, writeGolden } from '../src/golden/index.js';
import { emit } from '../src/rtl/index.js';
import { type RawConfig, rawConfig } from '../test/arbitrary/config.js';
import { type RawTimeConfig, rawTimeConfig } from '../test/arbitrary/time.js';
import { signed } from '../test/helpers/signed.js';
import { writeResults } from './results.js';

const { values: flags } = parseArgs({
  options: {
    count: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    time: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    'no-lint': { type: 'boolean', default: false },
  },
});
const seed = Number(flags.seed);
const count = Number(flags.count);

const FOLDER = join('build', flags.time ? 'fuzz-time' : 'fuzz');
const SAMPLES = 12;
const TRACE = 8;

/** What a core can do of a network in time, on a number of lanes. */
const hardwareTime = (raw: RawTimeConfig, lanes: number) => ({
  ...raw,
  lanes,
  feedback: 'bp' as const,
  ...(raw.grapes?.mode === 'uniform' && { grapes: { ...raw.grapes, mode: 'propagating' as const } }),
});

/** Every fourth has layers of 40 to 100, in time of 20 to 60. */
const arbitraryOf = (index: number): fc.Arbitrary<RawConfig> => {
  const large = index % 4 === 3;
  if (!flags.time) return rawConfig({ hardware: true, size: large ? 'middling' : 'small', lanes: 8 });
  const network = rawTimeConfig({ size: large ? 'middling' : index % 2 === 0 ? 'tiny' : 'small' });
  return fc
    .tuple(network, fc.integer({ min: 1, max: 8 }))
    .filter(([{ layers }]) => layers.length > 2)
    .map(([raw, lanes]) => hardwareTime(raw, lanes));
};

const rawOf = (index: number): RawConfig => {
  const [raw] = fc.sample(arbitraryOf(index), { seed: seed * 100_003 + index, numRuns: 1 });
  return { ...raw, name: 'random', data: 'synthetic' };
};

/** Ways to run, spread over the configurations: a host that varies everything, but every sixth a plain one. */
const variantOf = (index: number): { load: Load; stall: boolean; host: number | null } => ({
  load: index % 5 === 4 ? 'fast' : 'port',
  stall: index % 2 === 1,
  host: index % 6 === 0 ? null : seed * 100_003 + index,
});

/** Every third has features of both signs. */
const isSigned = (index: number): boolean => index % 3 === 2;

const LINTERS: readonly LinterName[] = flags['no-lint'] ? [] : ['verilator', 'icarus', 'yosys'];

const runOne = async (index: number): Promise<Result> => {
  const folder = join(FOLDER, `${seed}-${index}`);
  rmSync(folder, { recursive: true, force: true });
  const config = parseConfig(rawOf(index));
  const design = plan(config);
  const rtl = join(folder, 'rtl-out', config.name);
  const golden = join(folder, 'golden', config.name);
  for (const [path, text] of [
    ...emit(design),
    ['config.json', JSON.stringify(configFields(config), null, 2)] as const,
  ]) {
    mkdirSync(join(rtl, path, '..'), { recursive: true });
    writeFileSync(join(rtl, path), text);
  }
  const shape = { inputs: featuresOf(config), classes: design.classes, seed: config.seed, count: SAMPLES };
  mkdirSync(join(golden, '..'), { recursive: true });
  const data = loadDataset('synthetic', 'train', shape);
  const { host, ...variant } = variantOf(index);
  const manifest = await writeGolden(
    design,
    isSigned(index) && design.input.format.bits > 1 ? signed(data) : data,
    { samples: SAMPLES, trace: TRACE, ...(host !== null && { host }) },
    golden,
  );
  const lines = await hostOf(design, golden, manifest, { samples: SAMPLES, rate: rateAt(config, 0) });
  const result = await cosimulate({
    design: readDesign(join(process.cwd(), rtl), config.name),
    plan: design,
    golden: goldenRun(golden, manifest, lines),
    simulators: ['icarus', 'verilator'],
    linters: LINTERS,
    modules: false,
    ...variant,
    stallSeed: index + 1,
    wave: null,
    seed: index + 1,
    optimise: 'short',
    cache: join(folder, 'cache'),
    timeoutMs: 10 * 60_000,
    onProgress: () => {},
  });
  if (result.ok && !flags.keep && flags.only === undefined) rmSync(folder, { recursive: true, force: true });
  return result;
};

const sourceHash = (): string => {
  const hash = createHash('sha256');
  for (const root of ['src', 'templates', 'test/arbitrary', 'test/helpers', 'scripts/fuzz.ts']) {
    const names = root.endsWith('.ts') ? [''] : readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
    for (const name of names) if (/\.\w+$/.test(name || root)) hash.update(name).update(readFileSync(join(root, name)));
  }
  return hash.digest('hex').slice(0, 16);
};

const summary = ({ layers, bits, grapes, rounding, lanes, ...time }: ReturnType<typeof parseConfig>): string =>
  `${layers.join('-')} ${time.steps === undefined ? '' : `${time.encoding} ${time.cell?.join(',')} x ${time.steps} recurrent ${time.recurrent?.join(',')} `}bits ${bits.weight}/${bits.activation}/${bits.error} ${grapes.mode} ${grapes.clip} ${rounding} lanes ${lanes}`;

const explain = (index: number, result: Result): string[] => [
  ...result.lint.filter(({ ok }) => !ok).flatMap(({ title, complaints }) => [title, ...complaints.slice(0, 5)]),
  ...result.runs.flatMap((run) => [
    ...run.verdict.problems.map((problem) => `${run.simulator}: ${problem.split('\n').slice(0, 8).join('\n    ')}`),
    ...(run.difference ? describe(run.difference) : run.tail),
  ]),
  `again: node_modules/.bin/tsx scripts/fuzz.ts${flags.time ? ' --time' : ''} --seed ${seed} --only ${index}`,
  `files: ${join(FOLDER, `${seed}-${index}`)}`,
];

mkdirSync(FOLDER, { recursive: true });
const passedFile = join(FOLDER, `passed-${seed}-${sourceHash()}.json`);
const passed = new Set<number>(
  flags.only === undefined && existsSync(passedFile) ? JSON.parse(readFileSync(passedFile, 'utf8')) : [],
);
const all = flags.only === undefined ? Array.from({ length: count }, (_, index) => index) : [Number(flags.only)];
const queue = all.filter((index) => !passed.has(index));
if (queue.length < all.length) console.log(`fuzz: ${all.length - queue.length} of ${all.length} passed before`);

let values = 0;
let mismatches = 0;
const failed: number[] = [];

const work = async (): Promise<void> => {
  for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
    const start = performance.now();
    const config = parseConfig(rawOf(index));
    const result = await runOne(index);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    values += result.compared;
    mismatches += result.mismatches;
    if (result.ok) {
      passed.add(index);
      if (flags.only === undefined) writeFileSync(passedFile, JSON.stringify([...passed]));
    } else failed.push(index);
    console.log(
      `fuzz: ${result.ok ? 'ok  ' : 'FAIL'} ${index} of seed ${seed}: ${summary(config)}, ${result.compared} values, ${seconds} s`,
    );
    if (!result.ok) for (const line of explain(index, result)) console.log(`    ${line}`);
  }
};

await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
console.log(
  `fuzz: ${all.length} configurations of seed ${seed} on 2 simulators, ${values} values compared in this run, ${mismatches} mismatches`,
);
if (failed.length > 0) console.log(`fuzz: failed: ${failed.join(', ')}`);
writeResults(flags.time ? 'fuzz-time' : 'fuzz', { passed: all.length - failed.length, failed: failed.length });
process.exitCode = failed.length > 0 ? 1 : 0;
