import { Command } from 'commander';
import { type Config, configFields, parseConfig } from '../../config/index.js';
import type { Dataset } from '../../data/index.js';
import { writeWhole } from '../../files/index.js';
import { UserError } from '../../fx/error.js';
import { isThere } from '../../fx/folder.js';
import { table } from '../../report/table.js';
import { interruptible } from '../../tools/index.js';
import { type Calibration, type Choice, calibrate, isFixed, roomOf } from '../../training/index.js';
import { bar } from '../bar.js';
import { positive } from '../options.js';
import { createProgress } from '../progress.js';
import { type ConfigSources, readJson, resolveConfig } from '../resolve.js';
import { loadSamples } from '../samples.js';
import { withOverrides } from '../sources.js';
import { counted, grouped, json, percent, shellWord } from '../text.js';

interface CalibrateOptions extends ConfigSources {
  readonly samples?: number;
  readonly out?: string;
  readonly json?: boolean;
}

const SAMPLES = 2000;
const TEST_SAMPLES = 1000;

/** The first samples of a set, as many where there are so many. */
const first = (all: Dataset, count: number): Dataset => ({ ...all, count: Math.min(all.count, count) });

/** @throws UserError if a file holds anything but a configuration of a network of this shape */
const requireReplaceable = (file: string, { layers }: Config): void => {
  if (!isThere(file)) return;
  const fail = (text: string): never => {
    throw new UserError(`${file}: ${text}; name another file with --out`, { field: file });
  };
  const there = ((): Config => {
    try {
      return parseConfig(readJson(file));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return fail('exists and is no configuration');
    }
  })();
  if (String(there.layers) !== String(layers))
    fail(`is the configuration of another network, ${there.layers.join('-')}`);
};

const HEADER = ['field', 'given', 'chosen', 'largest', 'saturate', 'round to 0', 'noise'] as const;

const row = ({ kind, index, given, chosen, largest, quality }: Choice): string[] => [
  `frac.${kind}[${index}]`,
  String(given),
  String(chosen),
  largest.toPrecision(3),
  percent(quality.saturated),
  percent(quality.vanished),
  `${(-quality.signalToNoise).toFixed(0)} dB`,
];

/** The format was to be chosen. */
const isFree =
  (config: Config) =>
  ({ kind, index }: Choice): boolean =>
    !(kind === 'activation' && isFixed(config, index));

const NOISE = 'least noise, rounding and saturation together';

const GROW = 'fewest saturated or rounded to 0: they grow on the way back, and what grows most is cut off';

const reason = (kind: Choice['kind'], bits: number): string => {
  const room = roomOf(kind, bits);
  return room === null ? NOISE : `finest that holds ${room} x the largest of the run: they go on growing`;
};

const limit = ({ kind, index }: Choice): string =>
  `frac.${kind}[${index}]: lowered to make the update shift legal: ${kind === 'weight' ? 'no update moves a weight by less' : 'updates are shifted by at most 32'}`;

const activationReasons = (config: Config, choices: readonly Choice[]): string[] => {
  const hidden = choices.filter(({ kind, index }) => kind === 'activation' && index > 0);
  const free = hidden.filter(isFree(config));
  return [
    ...(free.length > 0 ? [`activations: ${reason('activation', config.bits.activation)}`] : []),
    ...(free.length < hidden.length ? ['spikes, membranes and tanh: the format that the contract fixes'] : []),
    config.encoding === 'rate' || config.encoding === 'events'
      ? 'inputs: spikes'
      : 'inputs: their format stays, it fills -1..1',
  ];
};

const reasons = (config: Config, choices: readonly Choice[]): string[] => [
  `weights: ${reason('weight', config.bits.weight)}`,
  ...activationReasons(config, choices),
  `errors: ${reason('error', config.bits.error)}`,
  ...(config.recurrent?.includes(true) ? [`errors of recurrent layers: ${GROW}`] : []),
  ...choices.filter(({ limited }) => limited).map(limit),
];

const text = ({ config, choices, judged }: Calibration, train: Dataset, test: Dataset): string[] => [
  `${config.name}: ${config.layers.join('-')}, GRAPES ${config.grapes.mode}: formats from ${counted(train.count, 'sample')} of ${config.data}, trained in 16 bits`,
  table(
    ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    [HEADER, ...choices.filter(isFree(config)).map(row)],
  ),
  'Why:',
  ...reasons(config, choices).map((line) => `  ${line}`),
  `After these samples, right of ${grouped(test.count)} to test: ${percent(judged.wide.accuracy)} in 16 bits, ` +
    `${percent(judged.given.accuracy)} as given, ${percent(judged.chosen.accuracy)} as chosen`,
];

const run = async ({ samples, out, json: asJson, ...sources }: CalibrateOptions): Promise<void> => {
  const given = resolveConfig(sources);
  if (out !== undefined) requireReplaceable(out, given);
  const { config, ...parts } = await loadSamples(given, samples);
  const train = samples === undefined ? first(parts.train, SAMPLES) : parts.train;
  const test = first(parts.test, TEST_SAMPLES);
  const progress = createProgress();
  const onProgress = (done: number, total: number): void =>
    progress.update(
      `${process.stderr.isTTY ? bar(done / total) : `${Math.floor((100 * done) / total)} %`} step ${grouped(done)}`,
    );
  let result: Calibration;
  try {
    result = await calibrate(config, train, test, parseConfig, { onProgress, signal: interruptible() });
  } finally {
    progress.done();
  }
  if (out !== undefined) writeWhole(out, `${json(configFields(result.config))}\n`);
  if (asJson) {
    console.log(json({ ...result, config: configFields(result.config) }));
    return;
  }
  console.log(text(result, train, test).join('\n'));
  console.log(
    out === undefined
      ? json(configFields(result.config))
      : `${out} written. Next: grapes-hw train --config ${shellWord(out)}`,
  );
};

export const calibrateCommand = (): Command =>
  withOverrides(new Command('calibrate'))
    .description('choose the formats (frac) of a configuration from a short training run')
    .option('--samples <n>', `samples to train on (default: ${SAMPLES})`, positive)
    .option('--out <file>', 'write the configuration there instead of printing it')
    .option('--json', 'the configuration and what speaks for it as JSON')
    .addHelpText(
      'after',
      `
Examples:
  grapes-hw calibrate --layers 784,256,256,256,256,256,256,10 --name deep6 --rate 11 --out deep6.json
  grapes-hw train --config deep6.json --epochs 5
  grapes-hw calibrate --preset mnist --bits 6 --json`,
    )
    .action(run);
