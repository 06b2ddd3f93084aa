import { Command } from 'commander';
import { loadDataset } from '../../data/index.js';
import { plan } from '../../datapath/plan.js';
import { type EpochResult, Network, trainEpochs } from '../../model/index.js';
import { positive } from '../options.js';
import { createProgress } from '../progress.js';
import { type ConfigSources, resolveConfig } from '../resolve.js';
import { withOverrides } from '../sources.js';
import { grouped, json, percent } from '../text.js';

interface TrainOptions extends ConfigSources {
  readonly epochs: number;
  readonly shuffle: boolean;
  readonly json?: boolean;
}

/** A layer whose errors saturate more often than this needs a wider range. */
const MUCH_SATURATION = 0.05;

const epochLine = ({ epoch, k, trainAccuracy, testAccuracy, seconds }: EpochResult): string =>
  `epoch ${epoch + 1}: rate 2^-${k}, train ${percent(trainAccuracy)}, test ${percent(testAccuracy)} (${seconds.toFixed(1)} s)`;

const warnings = ({ saturatedErrors }: EpochResult): string[] =>
  saturatedErrors.flatMap((share, at) =>
    share > MUCH_SATURATION
      ? [`  ${percent(share)} of layer ${at + 1}'s errors saturate; lower frac.error[${at}] or raise learningRateShift`]
      : [],
  );

const train = async ({ epochs, shuffle, json: asJson, ...sources }: TrainOptions): Promise<void> => {
  const design = plan(resolveConfig(sources));
  const { config, classes } = design;
  const shape = { inputs: config.layers[0], classes, seed: config.seed };
  const sets = { train: loadDataset(config.data, 'train', shape), test: loadDataset(config.data, 'test', shape) };
  if (!asJson)
    console.log(
      `${config.name}: ${config.layers.join('-')}, GRAPES ${config.grapes.mode}, ${config.data}, ${grouped(sets.train.count)} samples an epoch`,
    );
  const progress = createProgress();
  const results: EpochResult[] = [];
  const running = trainEpochs(new Network(design), sets.train, sets.test, {
    epochs,
    shuffle,
    onProgress: ({ epoch, sample, samples, trainAccuracy }) =>
      progress.update(
        `epoch ${epoch + 1} of ${epochs}: sample ${grouped(sample)} of ${grouped(samples)}, ${percent(trainAccuracy)} right so far`,
      ),
  });
  for await (const result of running) {
    progress.done();
    results.push(result);
    if (!asJson) for (const line of [epochLine(result), ...warnings(result)]) console.log(line);
  }
  if (asJson) console.log(json({ name: config.name, seed: config.seed, epochs: results }));
};

export const trainCommand = (): Command =>
  withOverrides(new Command('train'))
    .description('train the bit-accurate model on its data set and say how well it recognises the test set')
    .option('--epochs <n>', 'passes over the training set', positive, 1)
    .option('--no-shuffle', 'visit the samples in file order in every epoch')
    .option('--json', 'the results as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  grapes-hw train --preset mnist --epochs 5\n  grapes-hw train --preset mnist-small --epochs 2 --seed 7 --json',
    )
    .action(train);
