import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { type Config, configFields } from '../../config/index.js';
import { plan } from '../../datapath/plan.js';
import { inTime } from '../../datapath/rate.js';
import {
  floatAccuracy,
  LAYOUTS,
  type Layer,
  type Layout,
  type Model,
  quantiseLayers,
  readModel,
} from '../../exchange/index.js';
import { filesOf, type Stage } from '../../files/index.js';
import { UserError } from '../../fx/error.js';
import { Network } from '../../model/index.js';
import { interruptible } from '../../tools/index.js';
import { evaluate, isWeightFile, writeWeights } from '../../training/index.js';
import { bar } from '../bar.js';
import { CONFIG_FILE } from '../generated.js';
import { configOf, type Imported } from '../imported.js';
import { type Fitted, fitFormats } from '../importFormats.js';
import { type ImportReport, importText } from '../importReport.js';
import { positive } from '../options.js';
import { openOutput } from '../output.js';
import { createProgress } from '../progress.js';
import { requireSameDesign } from '../replace.js';
import { type ConfigSources, givenConfig, readJson } from '../resolve.js';
import { type Loaded, loadSamples } from '../samples.js';
import { withOverrides } from '../sources.js';
import { grouped, json } from '../text.js';

interface ImportOptions extends ConfigSources {
  readonly to: string;
  readonly layout?: Layout;
  readonly tensors?: string[];
  readonly samples?: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

const SAMPLES = 2000;

const progressBar = (what: string, done: number, total: number): string =>
  `${process.stderr.isTTY ? bar(done / total) : `${Math.floor((100 * done) / total)} %`} ${what} ${grouped(done)}`;

/** Formats for the imported weights, from short runs on the data that start from them. */
const fitted = async (imported: Imported, loaded: Loaded, samples: number): Promise<Fitted> => {
  const progress = createProgress();
  const signal = interruptible();
  try {
    return await fitFormats(imported, loaded, samples, (rate) => ({
      signal,
      onProgress: (done, total) => progress.update(progressBar(`calibration at 2^-${rate}, step`, done, total)),
    }));
  } finally {
    progress.done();
  }
};

const complete = ({ given: { frac }, config }: Imported): boolean =>
  [frac?.weight, frac?.activation, frac?.error, ...(config.frac.recurrent ? [frac?.recurrent] : [])].every(
    (list) => list !== undefined,
  );

/** Floating point knows networks in time as others train them: ReLU or a smooth tanh, a row a step. */
const hasFloat = ({ config: own }: Model, config: Config): boolean =>
  !inTime(config) ||
  (own === undefined && config.encoding === 'rows' && (config.cell ?? []).every((cell) => cell !== 'snu'));

const judged = (
  model: Model,
  layers: readonly Layer[],
  config: Config,
  weights: readonly Int16Array[],
  { test }: Loaded,
) => {
  const progress = createProgress();
  const onSample = (done: number): void => progress.update(progressBar('in floating point, sample', done, test.count));
  try {
    const isFloat = hasFloat(model, config);
    const hasTanh = layers.some(({ activation }) => activation === 'tanh');
    return {
      samples: test.count,
      float: isFloat ? floatAccuracy(layers, test, onSample) : null,
      hardTanh: isFloat && hasTanh ? floatAccuracy(layers, test, onSample, 'hard') : null,
      integers: evaluate(new Network(plan(config), { weights }), test).accuracy,
    };
  } finally {
    progress.done();
  }
};

const openTarget = (to: string): Stage =>
  openOutput({ target: to, ours: (file) => isWeightFile(file) || file === CONFIG_FILE, option: '--to' });

/** @throws UserError if the target holds another network */
const requireReplaceable = ({ to, force = false }: ImportOptions, here: Config): void => {
  if (force) return;
  requireSameDesign({
    target: to,
    there: () => readJson(join(to, CONFIG_FILE)),
    here,
    besides: ['lanes', 'frac', 'learningRateShift'],
    elsewhere: 'choose another folder with --to',
  });
};

/** Reads, chooses formats, judges and writes. */
const importModel = async (file: string, options: ImportOptions, stage: Stage): Promise<ImportReport> => {
  const { to, layout, tensors, samples = SAMPLES, json: _, force: __, ...sources } = options;
  const { layers: sizes } = givenConfig(sources);
  const model = await readModel(file, {
    ...(layout && { layout }),
    ...(tensors && { tensors }),
    ...(sizes && { sizes }),
  });
  const given = configOf(model, file, sources);
  const loaded = await loadSamples(given.config);
  const imported = { ...given, config: loaded.config };
  const { layers, notes } = imported;
  requireReplaceable(options, imported.config);
  const fit = complete(imported) ? null : await fitted(imported, loaded, samples);
  const config = fit?.config ?? imported.config;
  const { weights, costs } = quantiseLayers(plan(config), layers);
  const accuracy = judged(model, layers, config, weights, loaded);
  mkdirSync(stage.folder);
  writeWeights(stage.folder, plan(config), weights);
  writeFileSync(join(stage.folder, CONFIG_FILE), `${json(configFields(config))}\n`);
  stage.commit();
  const trained = Math.min(samples, loaded.train.count);
  return { file, model, notes, config, costs, accuracy, fit, trained, folder: to };
};

const reportJson = ({ model, notes, config, costs, accuracy, fit, trained, folder }: ImportReport): object => ({
  name: config.name,
  format: model.format,
  layout: model.layout,
  notes,
  matrices: costs,
  accuracy,
  formats: fit ? 'data' : 'given',
  calibration: fit && {
    trained,
    undoes: fit.undoes,
    slowed: fit.slowed,
    known: fit.calibration.known,
    ...fit.calibration.judged,
  },
  folder,
  files: filesOf(folder),
  config: configFields(config),
});

const run = async (file: string, options: ImportOptions): Promise<void> => {
  if (options.to.trim() === '') throw new UserError('--to: is empty, must be a folder; name one', { field: 'to' });
  const stage = openTarget(options.to);
  try {
    const report = await importModel(file, options, stage);
    console.log(options.json ? json(reportJson(report)) : importText(report).join('\n'));
  } finally {
    stage.discard();
  }
};

const names = (text: string): string[] => text.split(',').map((name) => name.trim());

export const importCommand = (): Command =>
  withOverrides(new Command('import'))
    .description('start from the weights of a network trained elsewhere: PyTorch, Keras, NumPy, ONNX')
    .argument('<model>', '.safetensors, .npz, .h5, .keras, .weights.h5 or .onnx')
    .requiredOption('--to <folder>', 'where weights and configuration go')
    .addOption(
      new Option(
        '--layout <layout>',
        'whether matrices have a row for each output or input, where that is not clear',
      ).choices(LAYOUTS),
    )
    .option('--tensors <names>', 'the matrices to use, first layer first, with commas between', names)
    .option('--samples <n>', 'samples of the short run that chooses the formats', positive, SAMPLES)
    .option('--force', 'replace weights of another configuration')
    .option('--json', 'the report as JSON')
    .addHelpText(
      'after',
      `
The network is a chain of dense layers with ReLU (or simple recurrent ones with tanh), no biases: train with bias=False or
use_bias=False. A bias of the first layer becomes the weights of a constant feature. Formats come from a short run on the
data (--data) unless the configuration gives them (frac); where no --rate is given, it becomes as small as that run needs to
keep what the network knows. docs/exchange.md says how to train and save such networks.

Examples:
  grapes-hw import model.safetensors --to imported
  grapes-hw import model.onnx --to imported --data csv:flowers.csv --scaling minmax --bits 12
  grapes-hw import arrays.npz --to imported --tensors w1,w2,w3 --layout in-out
  grapes-hw import weights/weights.npz --to again
  grapes-hw train --config imported/config.json --weights imported --epochs 3 --checkpoint tuned`,
    )
    .action(run);
