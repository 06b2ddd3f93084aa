import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { configFields, parseConfig } from '../../config/index.js';
import { plan } from '../../datapath/plan.js';
import { EXCHANGE_FORMATS, isExchangeFile, writeExchange } from '../../exchange/index.js';
import { filesOf } from '../../files/index.js';
import { UserError } from '../../fx/error.js';
import { isThere } from '../../fx/folder.js';
import { type Checkpoint, isWeightFile, loadCheckpoint, writeWeights } from '../../training/index.js';
import { deviceFiles, isDeviceFile } from '../device.js';
import { CONFIG_FILE, writeFiles } from '../generated.js';
import { genCommand } from '../hardware.js';
import { natural } from '../options.js';
import { openOutput } from '../output.js';
import { requireSameDesign } from '../replace.js';
import { readJson } from '../resolve.js';
import { grouped, json, shellWord } from '../text.js';

const FORMATS = ['mem', ...EXCHANGE_FORMATS] as const;

interface ExportOptions {
  readonly seed?: number;
  readonly out: string;
  readonly format?: (typeof FORMATS)[number];
  readonly force?: boolean;
  readonly json?: boolean;
}

const FILE = /^seed-(\d+)\.checkpoint$/;

/** The checkpoint file that is meant: the one named, or the only one in the folder, or the seed's. */
const findCheckpoint = (given: string, seed: number | undefined): string => {
  const fail = (text: string): never => {
    throw new UserError(`${given}: ${text}`, { field: given });
  };
  if (!isThere(given)) return fail('does not exist; `grapes-hw train --checkpoint <folder>` makes one');
  if (!statSync(given).isDirectory()) return given;
  const seeds = readdirSync(given)
    .flatMap((name) => FILE.exec(name)?.slice(1) ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  if (seeds.length === 0) return fail('holds no checkpoint; `grapes-hw train --checkpoint <folder>` makes one');
  const there = `there are checkpoints of seeds ${seeds.join(', ')}`;
  if (seed !== undefined && !seeds.includes(seed)) return fail(`has none of seed ${seed}; ${there}`);
  if (seed === undefined && seeds.length > 1) return fail(`choose one with --seed; ${there}`);
  return join(given, `seed-${seed ?? seeds[0]}.checkpoint`);
};

const load = (file: string): Checkpoint => {
  const checkpoint = loadCheckpoint(file);
  if (checkpoint === undefined) throw new UserError(`${file}: does not exist; check the path`, { field: file });
  return checkpoint;
};

const exportWeights = (given: string, { seed, out, format, force = false, json: asJson }: ExportOptions): void => {
  const { identity, state } = load(findCheckpoint(given, seed));
  const config = parseConfig(identity.config);
  const design = plan(config);
  const output = {
    target: out,
    ours: (file: string) => isWeightFile(file) || isExchangeFile(file) || isDeviceFile(file) || file === CONFIG_FILE,
    option: '--out',
  };
  const stage = openOutput(output);
  try {
    if (!force)
      requireSameDesign({
        target: out,
        there: () => readJson(join(out, CONFIG_FILE)),
        here: config,
        besides: ['lanes'],
        elsewhere: 'choose another folder with --out',
      });
    mkdirSync(stage.folder);
    const text = `${json(configFields(config))}\n`;
    if (format === undefined || format === 'mem') writeWeights(stage.folder, design, state.weights);
    const others = EXCHANGE_FORMATS.filter((other) => format === undefined || format === other);
    writeExchange(stage.folder, design, state.weights, text, others);
    writeFiles(stage.folder, new Map([...deviceFiles(config), [CONFIG_FILE, text]]));
    stage.commit();
  } finally {
    stage.discard();
  }
  const { epoch, position } = state;
  const files = filesOf(out);
  if (asJson) {
    console.log(json({ name: config.name, seed: config.seed, epochs: epoch, samples: position, folder: out, files }));
    return;
  }
  const when = position === 0 ? `after epoch ${epoch}` : `in epoch ${epoch + 1}, after sample ${grouped(position)}`;
  const shapes = design.matrices.map(({ rows, columns }) => `${rows} x ${columns}`).join(', ');
  console.log(
    [
      `${config.name}: weights of seed ${config.seed} ${when}, ${config.bits.weight} bits: ${shapes}`,
      `  ${out}/  ${files.length} files: ${files.join(', ')}`,
      ...(format === undefined || format === 'mem'
        ? [`Next: ${genCommand(design, shellWord(join(out, CONFIG_FILE)), shellWord(out))}`]
        : []),
    ].join('\n'),
  );
};

export const exportCommand = (): Command =>
  new Command('export')
    .description('write the weights of a trained network for the core (.mem) and for others (.npy, .npz, .safetensors)')
    .argument('<checkpoint>', 'folder or file that `train --checkpoint` wrote')
    .option('--seed <n>', 'which of several seeds', natural)
    .option('--out <folder>', 'where they go', 'weights')
    .addOption(new Option('--format <format>', 'one of the formats (default: all)').choices(FORMATS))
    .option('--force', 'replace weights of another configuration')
    .option('--json', 'say what was written as JSON')
    .addHelpText(
      'after',
      `
weight<l>.mem has one value a line in hexadecimal, row by row; weight<l>.npy the same as int8 or int16 of shape
n_l x n_(l-1); config.json the configuration. A weight w stands for w / 2^frac.weight[l-1]. weights.npz and
weights.safetensors hold weight<l>.integer, weight<l>.scale and their product weight<l>.float, and the configuration;
\`grapes-hw import\` reads them back. H_l of a recurrent layer is recurrent<l>.
<name>_input.h and .json say what a device does with what it measures before the core takes it: the scaling that the
training data were fitted to, rounding, the constant, the classes' names.

Examples:
  grapes-hw train --preset mnist --epochs 5 --checkpoint run
  grapes-hw export run
  grapes-hw export run --seed 3 --out seed3 --format safetensors`,
    )
    .action(exportWeights);
