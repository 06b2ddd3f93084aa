import { type Command, Option } from 'commander';
import { ENCODINGS, presets } from '../config/index.js';
import { SCALINGS } from '../data/index.js';
import { cells, rates, share, sizes, wholeNumber } from './options.js';

export const presetOption = (): Option =>
  new Option('--preset <name>', 'a ready configuration').choices(Object.keys(presets));

/** The flags that choose a configuration. */
export const withConfigSources = (command: Command): Command =>
  command.addOption(presetOption()).option('--config <file>', 'a configuration in JSON (`grapes-hw init` writes one)');

/** The flags that override a field of it. */
export const withOverrides = (command: Command): Command =>
  withConfigSources(command)
    .option('--bits <n>', 'width of weights, activations and errors, 4 to 16', wholeNumber)
    .option('--layers <sizes>', 'inputs, hidden layers, classes, such as 784,256,256,10', sizes)
    .option('--name <name>', 'prefix of the modules and name of the folders')
    .option('--lanes <n>', 'lanes of the core, each with two multipliers', wholeNumber)
    .option(
      '--data <set>',
      'mnist, fashion-mnist, synthetic, permuted-mnist:SEED, csv:FILE, npz:FILE, npy:FEATURES,LABELS, idx:IMAGES,LABELS',
    )
    .option('--label <column>', 'column of the labels in a file: its name, or its number from 1')
    .addOption(new Option('--scaling <how>', 'how features of files are scaled').choices(SCALINGS))
    .option(
      '--split <share>',
      'share of every class to test with where no file says so, such as 0.2 or 0.2:SEED',
      share,
    )
    .option('--constant', 'end every sample with a feature of the largest value, which the first layer counts')
    .option('--steps <n>', 'steps of a sample in time, 1 to 64', wholeNumber)
    .addOption(new Option('--encoding <how>', 'how steps get their features').choices(ENCODINGS))
    .option('--cell <cells>', 'hidden neurons: relu, tanh or snu (spiking); one for all, or one a layer', cells)
    .option('--recurrent', 'hidden layers see their own values of the step before')
    .option('--no-recurrent', 'they do not')
    .addOption(new Option('--mode <mode>', 'how GRAPES acts').choices(['propagating', 'local', 'off', 'uniform']))
    .option('--rate <k>', 'learning rate 2^-k, or a schedule of k by epoch such as 0:7,5:8', rates)
    .option('--seed <n>', 'seed of every random stream', wholeNumber);
