import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type Config, parseConfig } from '../../config/index.js';
import {
  cosimulate,
  type GoldenRun,
  goldenRun,
  LINTERS,
  type LinterName,
  type Load,
  type Result,
  readDesign,
  SIMULATORS,
  type SimulatorName,
} from '../../cosim/index.js';
import { type Plan, plan } from '../../datapath/plan.js';
import { rateAt } from '../../datapath/rate.js';
import { asUserError, UserError } from '../../fx/error.js';
import { isFolder, isThere } from '../../fx/folder.js';
import { checkGolden, HOST, hasLearned, hostOf, type Manifest, readManifest, writeVaried } from '../../golden/index.js';
import { EXIT } from '../exit.js';
import { CONFIG_FILE, findDesign, GOLDEN, RTL_OUT } from '../generated.js';
import { fewEpochs, natural, positive } from '../options.js';
import { createProgress } from '../progress.js';
import { configDifferences } from '../replace.js';
import { readJson } from '../resolve.js';
import { json } from '../text.js';
import { verdictText } from '../verdict.js';
import { verifyWholeEpochs } from '../verifyEpochs.js';

interface VerifyOptions {
  readonly sim: SimulatorName | 'all';
  readonly samples?: number;
  readonly epochs?: number;
  readonly jobs?: number;
  readonly weights?: string;
  readonly wave?: string;
  readonly out: string;
  readonly golden: string;
  readonly lint: boolean;
  readonly modules?: boolean;
  readonly load: Load;
  readonly stall?: boolean;
  readonly host?: number;
  readonly seed: number;
  readonly timeout: number;
  readonly cache: string;
  readonly json?: boolean;
}

const MINUTE_MS = 60_000;

/** Samples from which on an optimised simulator is worth its longer build. */
const LONG_RUN = 1000;

/** Throws if the vectors are not of this design; lanes change no number, so they may differ. */
const requireSameConfig = (rtl: Config, golden: Config, folders: { rtl: string; golden: string }): void => {
  const found = configDifferences(rtl, golden, { there: 'in the RTL', here: 'in the vectors' }, ['lanes']);
  if (found.length === 0) return;
  throw new UserError(
    `${folders.golden} does not belong to ${folders.rtl}: ${found.join('; ')}; make both again with one \`grapes-hw gen\``,
    { field: folders.golden },
  );
};

/** Throws where an option is given that whole epochs have no use for. */
const requireEpochOptions = ({ sim, wave, stall, host, modules }: VerifyOptions): void => {
  const useless = [
    ...(sim === 'icarus' ? ['--sim icarus'] : []),
    ...(wave !== undefined ? ['--wave'] : []),
    ...(stall ? ['--stall'] : []),
    ...(host !== undefined ? ['--host'] : []),
    ...(modules ? ['--modules'] : []),
  ];
  if (useless.length === 0) return;
  throw new UserError(
    `${useless[0]}: does not go with --epochs, which trains in Verilator at full speed; leave one of them out`,
    { field: 'epochs' },
  );
};

/** What a waveform file begins with. */
const VCD = '$';

/** Throws where a waveform can't be written, or would replace something else. */
const requireWave = (file: string): void => {
  const fail = (text: string): never => {
    throw new UserError(`--wave: ${file} ${text}; choose another file`, { field: 'wave' });
  };
  const folder = dirname(resolve(file));
  if (!isFolder(folder)) fail(`lies in ${folder}, which is not a folder`);
  if (isFolder(file)) fail('is a folder');
  try {
    const was = isThere(file);
    const fd = openSync(file, 'a+');
    const begin = Buffer.alloc(1);
    const read = readSync(fd, begin, 0, 1, 0);
    closeSync(fd);
    if (!was) rmSync(file);
    if (read > 0 && begin.toString() !== VCD) fail('exists and is no waveform');
  } catch (error) {
    throw asUserError(error, file);
  }
};

/** The run on the first samples of golden vectors: as they are, or as a host that varies everything treats them. */
const runOf = async (
  design: Plan,
  folder: string,
  manifest: Manifest,
  samples: number,
  { host, cache }: VerifyOptions,
): Promise<GoldenRun> => {
  const rate = rateAt(design.config, 0);
  if (host === undefined) return goldenRun(folder, manifest, await hostOf(design, folder, manifest, { samples, rate }));
  if (Object.hasOwn(manifest.files, HOST))
    throw new UserError(`--host: ${folder} says itself what the host does, in ${HOST}; leave --host out`, {
      field: 'host',
    });
  const varied = join(cache, `host-${design.config.name}-${host}`);
  const made = await writeVaried(design, folder, manifest, { samples, host }, varied);
  return goldenRun(varied, made, await hostOf(design, varied, made, { samples, rate }));
};

const verify = async (given: string | undefined, options: VerifyOptions): Promise<void> => {
  const name = findDesign(options.out, given);
  const folders = { rtl: join(options.out, name), golden: join(options.golden, name) };
  const config = parseConfig(readJson(join(folders.rtl, CONFIG_FILE)));
  if (options.epochs !== undefined) {
    requireEpochOptions(options);
    const { epochs, samples, jobs, seed, cache, weights, json: asJson = false } = options;
    return verifyWholeEpochs(name, folders.rtl, config, { epochs, samples, jobs, seed, cache, weights, json: asJson });
  }
  if (!isThere(folders.golden))
    throw new UserError(`${folders.golden} is not there; make it with \`grapes-hw gen\``, { field: folders.golden });
  const manifest = readManifest(folders.golden);
  requireSameConfig(config, parseConfig(manifest.config), folders);
  checkGolden(folders.golden);
  const samples = options.samples ?? manifest.samples;
  if (samples > manifest.samples)
    throw new UserError(
      `--samples: is ${samples}, must be 1..${manifest.samples}, what ${folders.golden} holds; make more with \`grapes-hw gen --samples ${samples}\``,
      { field: 'samples' },
    );
  if (options.wave !== undefined) requireWave(options.wave);
  const design = plan(config);
  const simulators: SimulatorName[] = options.sim === 'all' ? ['verilator', 'icarus'] : [options.sim];
  const progress = createProgress();
  let golden: GoldenRun;
  let result: Result;
  try {
    progress.update('the model: what the host reads');
    golden = await runOf(design, folders.golden, manifest, samples, options);
    result = await cosimulate({
      design: readDesign(resolve(folders.rtl), name),
      plan: design,
      golden,
      simulators,
      linters: options.lint ? (Object.keys(LINTERS) as LinterName[]) : [],
      modules: options.modules ?? false,
      load: options.load,
      stall: options.stall ?? false,
      stallSeed: options.seed,
      wave: options.wave ?? null,
      seed: options.seed,
      optimise: samples > LONG_RUN ? 'long' : 'medium',
      cache: options.cache,
      timeoutMs: options.timeout * MINUTE_MS,
      onProgress: progress.update,
    });
  } finally {
    progress.done();
  }
  const learned = hasLearned(golden.dir, manifest, samples);
  if (!result.ok || !learned) process.exitCode = result.different ? EXIT.different : EXIT.failed;
  if (options.json) console.log(json({ name, ...result, ok: result.ok && learned, learned }));
  else console.log(verdictText(name, result, learned, options));
};

export const verifyCommand = (): Command =>
  new Command('verify')
    .description('lint a generated core, train it in simulation and compare every value with the golden vectors')
    .argument('[name]', 'the design; may be left out where there is only one')
    .addOption(new Option('--sim <which>', 'the simulator').choices([...Object.keys(SIMULATORS), 'all']).default('all'))
    .option(
      '--samples <n>',
      'train on the first n samples only; without the last one the final weights are not compared (with --epochs: samples of an epoch)',
      positive,
    )
    .option(
      '--epochs <n>',
      'train the core in Verilator on whole epochs of the data set, shuffled as `train` does; goes on where an interrupted run was',
      fewEpochs,
    )
    .option('--weights <folder>', 'with --epochs: start from the weights in it, not from those of the seed')
    .option('--jobs <n>', 'simulations at a time, with --epochs (default: as many as processors)', positive)
    .option('--wave <file>', 'write a waveform (VCD)')
    .option('--out <folder>', 'where the RTL is', RTL_OUT)
    .option('--golden <folder>', 'where the vectors are', GOLDEN)
    .option('--no-lint', 'simulate only')
    .option('--modules', 'run the testbenches of the small modules too')
    .addOption(
      new Option(
        '--load <how>',
        "initial weights through the core's memory port, or straight into its memories; auto: port, but fast for big designs on Icarus",
      )
        .choices(['port', 'fast', 'auto'])
        .default('auto'),
    )
    .option('--stall', 'random gaps on every handshake')
    .option(
      '--host <seed>',
      'a host that varies everything: rates, inferences, pauses, memory accesses, resets, drawn from the seed',
      natural,
    )
    .option('--seed <n>', 'seed of the gaps and of the random state that registers and memories start in', natural, 1)
    .option('--timeout <minutes>', 'limit for each run', positive, 60)
    .option('--cache <folder>', 'keeps simulator binaries', join('build', 'cosim'))
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      `
Exit code: 0 only if every value was compared and equal, 1 a value differs, 2 anything else (a lint complaint, a run that is
short or does not end, vectors in which no weight changes, Ctrl-C), 3 a simulator is missing.

Examples:
  grapes-hw verify
  grapes-hw verify mnist --sim verilator
  grapes-hw verify mnist --sim icarus --samples 5
  grapes-hw verify tiny --host 1 --stall
  grapes-hw verify mnist --epochs 1
  grapes-hw verify mnist --sim verilator --samples 3 --wave mnist.vcd && gtkwave mnist.vcd`,
    )
    .action(verify);
