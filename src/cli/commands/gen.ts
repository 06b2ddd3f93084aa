import { join } from 'node:path';
import { Command, Option } from 'commander';
import { configFields } from '../../config/index.js';
import { weightCount } from '../../datapath/memories.js';
import { type Plan, plan } from '../../datapath/plan.js';
import { filesOf, type Stage } from '../../files/index.js';
import { readManifest, writeGolden } from '../../golden/index.js';
import { emit } from '../../rtl/index.js';
import { workFolder } from '../../tools/index.js';
import { differences } from '../differences.js';
import { EXIT } from '../exit.js';
import { CONFIG_FILE, GOLDEN, isGoldenFile, isRtlFile, RTL_OUT, writeFiles } from '../generated.js';
import { requireHardware } from '../hardware.js';
import { natural, positive } from '../options.js';
import { type Output, openOutput } from '../output.js';
import { createProgress } from '../progress.js';
import { requireApart, requireSameDesign } from '../replace.js';
import { type ConfigSources, readJson, resolveConfig } from '../resolve.js';
import { loadTraining, withData } from '../samples.js';
import { withOverrides } from '../sources.js';
import { counted, grouped, json } from '../text.js';
import { weightsFor } from '../weights.js';

type Part = 'rtl' | 'golden';

interface GenOptions extends ConfigSources {
  readonly samples?: number;
  readonly trace?: number;
  readonly shuffle?: boolean;
  readonly weights?: string;
  readonly out: string;
  readonly golden: string;
  readonly only?: Part;
  readonly check?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

const DEFAULT_SAMPLES = 200;

/** Samples whose every value is written unless `--trace` says otherwise; at least 20 whatever their size. */
const DEFAULT_TRACE = 200;

/** Writes the RTL of a design into a new folder. */
const makeRtl = (design: Plan, folder: string): void =>
  writeFiles(folder, new Map([...emit(design), [CONFIG_FILE, `${json(configFields(design.config))}\n`]]));

/** Writes golden vectors of a design into a new folder, and says of how many samples. */
const makeGolden = async (design: Plan, options: GenOptions, folder: string): Promise<number> => {
  const dataset = await loadTraining(design.config, options.samples, DEFAULT_SAMPLES);
  const { count: samples } = dataset;
  const { trace = Math.min(samples, DEFAULT_TRACE), shuffle = false } = options;
  const weights = options.weights === undefined ? undefined : weightsFor(design, options.weights);
  const progress = createProgress();
  const onProgress = (done: number): void =>
    progress.update(`golden vectors: sample ${grouped(done)} of ${grouped(samples)}`);
  try {
    await writeGolden(design, dataset, { samples, trace, shuffle, onProgress, ...(weights && { weights }) }, folder);
  } finally {
    progress.done();
  }
  return samples;
};

/** What was written. */
interface Made {
  readonly holds: string;
  /** of the vectors */
  readonly samples?: number;
}

interface PartOutput extends Output {
  readonly part: Part;
  readonly make: (folder: string) => Made | Promise<Made>;
  /** the configuration in an existing target */
  readonly there: () => unknown;
  /** fields of it that change nothing */
  readonly besides: readonly string[];
}

const outputsOf = (design: Plan, options: GenOptions): PartOutput[] => {
  const { name, data } = design.config;
  const folders = { rtl: join(options.out, name), golden: join(options.golden, name) };
  const outputs: PartOutput[] = [
    {
      part: 'rtl',
      target: folders.rtl,
      option: '--out',
      ours: isRtlFile(name),
      make: (folder) => {
        makeRtl(design, folder);
        return { holds: 'SystemVerilog, testbenches, constraints; README.md describes them' };
      },
      there: () => readJson(join(folders.rtl, CONFIG_FILE)),
      besides: [],
    },
    {
      part: 'golden',
      target: folders.golden,
      option: '--golden',
      ours: isGoldenFile,
      make: async (folder) => {
        const samples = await makeGolden(design, options, folder);
        return { holds: `vectors of ${counted(samples, 'sample')} of ${data}`, samples };
      },
      there: () => readManifest(folders.golden).config,
      besides: ['lanes'],
    },
  ];
  return outputs.filter(({ part }) => (options.only ?? part) === part);
};

/** Makes every output beside its place and then, when all are whole, puts them there. */
const write = async (design: Plan, options: GenOptions): Promise<void> => {
  const outputs = outputsOf(design, options);
  if (outputs.length > 1) requireApart(outputs[0], outputs[1]);
  const stages: Stage[] = [];
  const made: Made[] = [];
  try {
    for (const output of outputs) {
      stages.push(openOutput(output));
      const elsewhere = `choose another name with --name or another folder with ${output.option}`;
      if (!options.force) requireSameDesign({ ...output, here: design.config, elsewhere });
    }
    for (const [at, { make }] of outputs.entries()) made.push(await make(stages[at].folder));
    for (const stage of stages) stage.commit();
  } finally {
    for (const stage of stages) stage.discard();
  }
  const { name, layers, bits, lanes } = design.config;
  const written = outputs.map(({ part, target }, at) => ({ part, target, files: filesOf(target).length, ...made[at] }));
  if (options.json) {
    console.log(json({ name, written: written.map(({ holds: _, ...rest }) => rest) }));
    return;
  }
  const widths = [...new Set([bits.weight, bits.activation, bits.error])].join('/');
  console.log(
    [
      `${name}: ${layers.join('-')}, ${widths} bits, ${counted(lanes, 'lane')}, ${grouped(weightCount(design))} weights`,
      ...written.map(({ target, files, holds }) => `  ${target}/  ${files} files: ${holds}`),
      `Next: grapes-hw verify ${name}`,
    ].join('\n'),
  );
};

/** Makes every output in a temporary folder and compares it with what is there. */
const check = async (design: Plan, options: GenOptions): Promise<void> => {
  const { name } = design.config;
  const { folder, discard } = workFolder();
  try {
    const found: string[] = [];
    for (const { part, target, make } of outputsOf(design, options)) {
      await make(join(folder, part));
      found.push(...differences(target, join(folder, part)));
    }
    for (const line of found) console.error(line);
    if (found.length === 0) console.log(`${name}: a fresh run gives the same bytes`);
    else {
      process.exitCode = EXIT.different;
      console.error(
        `${name}: not what a fresh run gives, ${counted(found.length, 'file')}; grapes-hw gen writes it anew`,
      );
    }
  } finally {
    discard();
  }
};

export const genCommand = (): Command =>
  withOverrides(new Command('gen'))
    .description('write the core as SystemVerilog, its testbenches and golden vectors')
    .option('--samples <n>', `samples to train on (default: ${DEFAULT_SAMPLES}, or all there are)`, positive)
    .option(
      '--trace <n>',
      `first samples whose every value is written (default: all, at most ${DEFAULT_TRACE})`,
      natural,
    )
    .option('--shuffle', 'visit the samples in the order of a shuffled epoch')
    .option(
      '--weights <folder>',
      'start from the weights in it (`grapes-hw export` writes them), not from those of the seed',
    )
    .option('--out <folder>', 'where the RTL goes, in a folder of the design’s name', RTL_OUT)
    .option('--golden <folder>', 'where the vectors go, likewise', GOLDEN)
    .addOption(new Option('--only <part>', 'write one of the two folders').choices(['rtl', 'golden']))
    .option('--check', 'write nothing: say whether what is there is what a fresh run gives')
    .option('--force', 'replace a folder that holds another configuration')
    .option('--json', 'say what was written as JSON')
    .addHelpText(
      'after',
      `
Flags override the file, the file overrides the preset; without both the preset is mnist. Other --layers without a --name
name the design after them: net_7_5_3.

Examples:
  grapes-hw gen --bits 8
  grapes-hw gen --preset mnist-small --lanes 8 --samples 1000 --trace 50
  grapes-hw gen --layers 7,5,3 --bits 6
  grapes-hw gen --config weights/config.json --weights weights
  grapes-hw gen --config grapes.json --out build/rtl --golden build/golden
  grapes-hw gen --preset tiny --check`,
    )
    .action(async (options: GenOptions) => {
      const design = plan(await withData(resolveConfig(options)));
      if (options.only !== 'golden') requireHardware(design);
      await (options.check ? check : write)(design, options);
    });
