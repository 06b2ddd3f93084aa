import chalk from 'chalk';
import { Command } from 'commander';
import { type Config, configFields, parseConfig } from '../../config/index.js';
import { lacksConstant } from '../../data/index.js';
import { plan } from '../../datapath/plan.js';
import { inTime, timingOf } from '../../datapath/rate.js';
import { UserError } from '../../fx/error.js';
import { Network } from '../../model/index.js';
import { timeText } from '../../report/timing.js';
import { interruptible } from '../../tools/index.js';
import {
  cautionsOf,
  confusionOf,
  type EpochMetrics,
  type JobEvent,
  spread,
  sweep,
  type TrainingSamples,
} from '../../training/index.js';
import { bar } from '../bar.js';
import { confusionText } from '../confusion.js';
import { openLog } from '../metricsLog.js';
import { positive } from '../options.js';
import { createProgress } from '../progress.js';
import { type ConfigSources, resolveConfig } from '../resolve.js';
import { loadSamples } from '../samples.js';
import { withOverrides } from '../sources.js';
import { counted, grouped, json, percent, shellWord } from '../text.js';
import { epochLine, layerTable, spreadText, stepTable, warningLines } from '../trainingText.js';
import { weightsFor } from '../weights.js';

interface TrainOptions extends ConfigSources {
  readonly epochs: number;
  readonly samples?: number;
  readonly shuffle: boolean;
  readonly seeds: number;
  readonly threads?: number;
  readonly weights?: string;
  readonly checkpoint?: string;
  readonly checkpointEvery: number;
  readonly resume?: boolean;
  readonly log?: string;
  readonly brief?: boolean;
  readonly json?: boolean;
}

const CHECKPOINT_EVERY = 20_000;
const LAST_SEED = 2 ** 32 - 1;

/** The configuration once for each seed, counting up from its own. */
const withSeeds = (config: Config, seeds: number): Config[] => {
  if (config.seed + seeds - 1 > LAST_SEED) {
    throw new UserError(
      `--seeds: is ${seeds}, must be at most ${LAST_SEED - config.seed + 1} from seed ${config.seed} on; lower --seed or --seeds`,
      { field: 'seeds' },
    );
  }
  return Array.from({ length: seeds }, (_, i) => parseConfig({ ...configFields(config), seed: config.seed + i }));
};

/** Configurations that differ in their seed only share samples, but for the synthetic set, which is the seed's. */
const samplesOf = (
  configs: readonly Config[],
  first: TrainingSamples,
  count: number | undefined,
): Promise<TrainingSamples[]> =>
  Promise.all(configs.map((config, i) => (i > 0 && config.data === 'synthetic' ? loadSamples(config, count) : first)));

/** Shows how far all runs together are. */
const progressText = (options: TrainOptions, total: number) => {
  const done = new Map<number, number>();
  const start = performance.now();
  let before = 0;
  return (index: number, epoch: number, sample: number, accuracy: number): string => {
    const ours = epoch * total + sample;
    if (!done.has(index)) before += ours;
    done.set(index, ours);
    const all = [...done.values()].reduce((sum, n) => sum + n, 0);
    const rate = ((all - before) / (performance.now() - start)) * 1000;
    const whole = options.seeds * options.epochs * total;
    const share = all / whole;
    const left = Math.ceil((whole - all) / rate);
    const where =
      options.seeds === 1
        ? `epoch ${epoch + 1} of ${options.epochs}, ${percent(accuracy)} right`
        : `${counted(done.size, 'seed')} begun of ${options.seeds}`;
    return `${process.stderr.isTTY ? bar(share) : `${Math.floor(100 * share)} %`} ${where}, ${grouped(Math.round(rate))} samples/s, ${grouped(left)} s left`;
  };
};

/** Most classes that are named in a line. */
const NAMED = 10;

/** What labels and features of files were taken for, where that is not what they are. */
const dataLines = ({ classes, scaling }: Config, label: string | undefined): string[] => {
  const named = (classes ?? []).slice(0, NAMED).map((name, c) => `${c} ${name}`);
  const kind = typeof scaling === 'object' ? scaling.kind : scaling;
  return [
    ...(label === undefined ? [] : [`labels: ${label}`]),
    ...(classes ? [`classes: ${named.join(', ')}${classes.length > NAMED ? ', ...' : ''}`] : []),
    ...(kind ? [`features: scaled by ${kind} as in the training samples`] : []),
  ];
};

const train = async (options: TrainOptions): Promise<void> => {
  const { epochs, shuffle, seeds, threads, checkpoint, checkpointEvery, resume = false, json: asJson } = options;
  if (resume && checkpoint === undefined) {
    throw new UserError('--resume needs a folder to go on from; add --checkpoint <folder>', { field: 'resume' });
  }
  const loaded = await loadSamples(resolveConfig(options), options.samples);
  const configs = withSeeds(loaded.config, seeds);
  const [config] = configs;
  const samples = await samplesOf(configs, loaded, options.samples);
  const size = samples[0].train.count;
  const log = options.log === undefined ? undefined : openLog(options.log);
  const say = (...lines: string[]): void => {
    if (!asJson && lines.length > 0) console.log(lines.join('\n'));
  };
  say(
    `${config.name}: ${config.layers.join('-')}, ${inTime(config) ? `${timeText(timingOf(config))}, ` : ''}GRAPES ${config.grapes.mode}, ${config.data}, ` +
      `${grouped(size)} samples an epoch${seeds > 1 ? `, seeds ${config.seed}..${config.seed + seeds - 1}` : ''}`,
  );
  say(...dataLines(config, loaded.label));
  for (const text of cautionsOf(config)) console.error(`${chalk.yellow('warning:')} ${text}`);
  if (config.data.includes(':') && !config.constant && lacksConstant(samples[0].train)) {
    say(
      `The network has no biases: with few features --constant often helps a lot (--layers ${[config.layers[0] + 1, ...config.layers.slice(1)]})`,
    );
  }
  const assignments = configs.map((one, i) => ({
    job: {
      plan: plan(one),
      epochs,
      shuffle,
      ...(options.weights !== undefined && { weights: weightsFor(plan(one), options.weights) }),
      ...(checkpoint !== undefined && { checkpoint: { folder: checkpoint, every: checkpointEvery, resume } }),
    },
    samples: samples[i],
  }));
  const progress = createProgress();
  const text = progressText(options, size);
  const label = (index: number): string => (seeds === 1 ? '' : `seed ${configs[index].seed} `);

  const tellEpoch = (index: number, metrics: EpochMetrics): void => {
    progress.done();
    log?.add(configs[index].seed, metrics);
    const detailed = seeds === 1 && !options.brief;
    const last = metrics.epoch === epochs - 1;
    const warn = metrics.epoch === 0 || last ? warningLines(metrics, config) : [];
    say(`${label(index)}${epochLine(metrics)}`, ...(detailed ? [layerTable(metrics)] : []), ...warn);
    const steps = detailed && last ? stepTable(metrics) : '';
    if (steps !== '') say('step by step:', steps);
  };
  const onEvent = (index: number, event: JobEvent): void => {
    if (event.kind === 'epoch') tellEpoch(index, event.metrics);
    else if (event.kind === 'progress') {
      progress.update(text(index, event.epoch, event.sample, event.accuracy));
    } else {
      for (const metrics of event.metrics) log?.add(configs[index].seed, metrics);
      const { change } = event;
      const rate = change === null ? '' : `; the new rate holds from epoch ${change.epoch + 1} on`;
      say(`${label(index)}goes on from epoch ${event.epoch + 1}, sample ${grouped(event.sample)}${rate}`);
    }
  };

  try {
    const results = await sweep(assignments, {
      onEvent,
      signal: interruptible(),
      ...(threads !== undefined && { threads }),
    });
    progress.done();
    log?.close();
    const last = results.map(({ metrics }) => metrics[metrics.length - 1]);
    const summary = {
      trainAccuracy: spread(last.map(({ trainAccuracy }) => trainAccuracy)),
      testAccuracy: spread(last.map(({ testAccuracy }) => testAccuracy)),
      testLoss: spread(last.map(({ testLoss }) => testLoss)),
    };
    if (seeds > 1) {
      say(
        `${counted(seeds, 'seed')}, epoch ${last[0].epoch + 1}, mean ± standard deviation: ` +
          `train ${spreadText(summary.trainAccuracy)}, test ${spreadText(summary.testAccuracy)}`,
      );
    }
    const confusions = results.map(({ weights }, i) =>
      confusionOf(new Network(assignments[i].job.plan, { weights }), samples[i].test),
    );
    if (seeds === 1 && !options.brief) say(confusionText(confusions[0], config.classes));
    if (checkpoint !== undefined) say(`Next: grapes-hw export ${shellWord(checkpoint)}`);
    if (asJson) {
      const runs = results.map(({ metrics }, i) => ({
        seed: configs[i].seed,
        epochs: metrics,
        confusion: confusions[i],
      }));
      const { classes } = config;
      console.log(
        json({ name: config.name, ...(classes && { classes }), ...(seeds === 1 ? runs[0] : { runs, summary }) }),
      );
    }
  } finally {
    progress.done();
  }
};

export const trainCommand = (): Command =>
  withOverrides(new Command('train'))
    .description('train the bit-accurate model on its data set and say how well it recognises the test set')
    .option('--epochs <n>', 'passes over the training set', positive, 1)
    .option('--samples <n>', 'train on the first so many samples only', positive)
    .option('--shuffle', 'visit the samples in a new order in every epoch', true)
    .option('--no-shuffle', 'visit them in file order')
    .option('--seeds <n>', 'train so many times, with seeds counting up: mean and standard deviation', positive, 1)
    .option('--threads <n>', 'seeds trained at the same time (default: one a core)', positive)
    .option(
      '--weights <folder>',
      'start from the weights in it (`grapes-hw import` or `export`), not from those of the seed',
    )
    .option('--checkpoint <folder>', 'keep the state of the run there')
    .option(
      '--checkpoint-every <n>',
      'samples between two checkpoints, beside one an epoch',
      positive,
      CHECKPOINT_EVERY,
    )
    .option('--resume', 'go on from the checkpoint, if there is one')
    .option('--log <file>', 'metrics of every epoch as JSON lines')
    .option('--brief', 'one line an epoch, without the layers')
    .option('--json', 'the results as JSON')
    .addHelpText(
      'after',
      `
Ended at any moment, also by kill -9, and resumed, a run ends with the same weights as one that was left alone. Resumed with
another --rate, it takes that one from the next epoch on, and the checkpoint remembers both.

Examples:
  grapes-hw train --preset mnist --epochs 5
  grapes-hw train --preset mnist --epochs 5 --seeds 5
  grapes-hw train --epochs 20 --rate 0:7,5:8,10:9 --checkpoint run --log run.jsonl
  grapes-hw train --epochs 20 --rate 0:7,5:8,10:9 --checkpoint run --log run.jsonl --resume
  grapes-hw train --data fashion-mnist --brief
  grapes-hw train --config imported/config.json --weights imported
  grapes-hw train --layers 5,16,3 --name iris --data csv:iris.csv --scaling minmax --constant --epochs 40`,
    )
    .action(train);
