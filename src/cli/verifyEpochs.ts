import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import chalk from 'chalk';
import type { Config } from '../config/index.js';
import { readDesign } from '../cosim/index.js';
import { plan } from '../datapath/plan.js';
import { type EpochsMismatch, type EpochsOutcome, verifyEpochs } from '../epochs/index.js';
import { table } from '../report/table.js';
import { bar } from './bar.js';
import { confusionText } from './confusion.js';
import { EXIT } from './exit.js';
import { createProgress } from './progress.js';
import { loadSamples } from './samples.js';
import { counted, grouped, json, percent } from './text.js';
import { weightsFor } from './weights.js';

export interface EpochsOptions {
  readonly epochs: number;
  /** training samples of an epoch; all where undefined */
  readonly samples: number | undefined;
  readonly jobs: number | undefined;
  readonly seed: number;
  readonly cache: string;
  /** folder of weights to start from */
  readonly weights: string | undefined;
  readonly json: boolean;
}

const PHASES = { model: 'model', core: 'core in Verilator' } as const;

const duration = (seconds: number): string => {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${Math.ceil(seconds)} s`;
};

/** How far a phase is, and how long the rest of it takes at the pace so far. */
const progressText = () => {
  let phase: keyof typeof PHASES | undefined;
  let start = 0;
  return (now: keyof typeof PHASES, done: number, before: number, total: number): string => {
    if (phase !== now) {
      phase = now;
      start = performance.now();
    }
    const share = process.stderr.isTTY ? bar(done / total) : `${Math.floor((100 * done) / total)} %`;
    const rate = ((done - before) / (performance.now() - start)) * 1000;
    const left = rate > 0 ? `, ${grouped(Math.round(rate))} samples/s, ${duration((total - done) / rate)} left` : '';
    return `${PHASES[now]}: ${share}, sample ${grouped(done)} of ${grouped(total)}${left}`;
  };
};

const mismatchLines = ({ kind, epoch, step, sample, expected, actual }: EpochsMismatch): string[] => [
  'first difference:',
  `  epoch     ${epoch + 1}`,
  ...(step === null ? [] : [`  sample    ${grouped(step)} of the epoch, from 0`]),
  `  kind      ${kind}${kind === 'weight' ? ` ${grouped(sample)}, all layers row by row` : ''}`,
  `  expected  0x${expected}`,
  `  actual    0x${actual}`,
];

const outcomeText = (name: string, result: EpochsOutcome, classes?: readonly string[]): string => {
  const whole = result.epochs.at(-1);
  const rows = result.epochs.map(({ epoch, k, trainAccuracy, testAccuracy, cyclesPerStep, digests }) => [
    String(epoch + 1),
    `2^-${k}`,
    percent(trainAccuracy),
    percent(testAccuracy),
    cyclesPerStep.toFixed(1),
    digests.slice(0, 16),
  ]);
  const header = ['epoch', 'rate', 'train', 'test', 'cycles a step', 'sha256 of digests'];
  return [
    ...(rows.length > 0
      ? [
          table(
            header.map(() => 'right'),
            [header, ...rows],
          ),
        ]
      : []),
    ...(classes && whole ? [confusionText(whole.confusion, classes)] : []),
    ...(result.mismatch ? mismatchLines(result.mismatch) : []),
    ...(result.problem ? [result.problem] : []),
    result.ok
      ? `${chalk.green('pass')}  ${name}: ${counted(result.steps, 'training step')} in RTL equal the model's: every digest of writes, every prediction, ` +
        `all weights (sha256 ${result.weights.slice(0, 16)}); simulated in ${duration(result.seconds)}`
      : `${chalk.red('FAIL')}  ${name}: NOT verified. ${counted(result.steps, 'training step')} were equal`,
  ].join('\n');
};

/**
 * Trains the design `name` in Verilator on whole epochs and says how it fared; sets the process's exit code.
 * @throws UserError, MissingTool, BuildError
 */
export const verifyWholeEpochs = async (
  name: string,
  folder: string,
  config: Config,
  options: EpochsOptions,
): Promise<void> => {
  const progress = createProgress();
  const text = progressText();
  let result: EpochsOutcome;
  try {
    const design = plan(config);
    const { train, test } = await loadSamples(config, options.samples);
    const weights = options.weights === undefined ? undefined : weightsFor(design, options.weights);
    result = await verifyEpochs({
      design: readDesign(resolve(folder), name),
      plan: design,
      samples: { train, test, ...(weights && { weights }) },
      epochs: options.epochs,
      jobs: options.jobs ?? availableParallelism(),
      seed: options.seed,
      cache: options.cache,
      onProgress: (...where) => progress.update(text(...where)),
    });
  } finally {
    progress.done();
  }
  if (!result.ok) process.exitCode = result.mismatch === null ? EXIT.failed : EXIT.different;
  console.log(options.json ? json({ name, ...result }) : outcomeText(name, result, config.classes));
};
