import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Argument, Command } from 'commander';
import {
  type Experiment,
  experiments,
  type LabProgress,
  openCache,
  openLab,
  openPool,
  outcomeOf,
  readOutcomes,
  requirePage,
  type Table,
  writeOutcome,
  writePage,
} from '../../experiment/index.js';
import { table } from '../../report/table.js';
import { natural, positive } from '../options.js';
import { createProgress } from '../progress.js';

interface ExperimentOptions {
  readonly quick?: boolean;
  readonly out: string;
  readonly seeds?: number;
  readonly threads: number;
  readonly fresh?: boolean;
  readonly plot: boolean;
}

const QUICK_NOTE = 'A quick check of the machinery (--quick): too little to answer the question.';

const printed = ({ title, columns, rows }: Table): string =>
  `${title}\n${table(
    columns.map(({ align }) => align),
    [columns.map(({ name }) => name), ...rows],
  )}`;

const commandOf = (name: string, { quick, seeds }: ExperimentOptions): string =>
  [
    'grapes-hw experiment',
    name,
    ...(quick ? ['--quick'] : []),
    ...(seeds === undefined ? [] : [`--seeds ${seeds}`]),
  ].join(' ');

const progressText = (name: string, { done, planned, cached }: LabProgress): string =>
  `${name}: run ${done} of ${planned}${cached > 0 ? ` (${cached} done before)` : ''}`;

const runOne = async (experiment: Experiment, options: ExperimentOptions): Promise<void> => {
  const { quick = false, out, seeds, threads, fresh = false, plot } = options;
  requirePage(
    out,
    experiments.map(({ name }) => name),
  );
  const progress = createProgress();
  const pool = openPool(threads);
  try {
    const lab = openLab({
      quick,
      ...(seeds !== undefined && { seeds }),
      cache: openCache(join(out, '.runs.jsonl'), { fresh }),
      pool,
      onProgress: (now) => progress.update(progressText(experiment.name, now)),
    });
    const measured = await experiment.run(lab);
    const report = quick ? { ...measured, setting: [QUICK_NOTE, ...measured.setting] } : measured;
    progress.done();
    const outcome = outcomeOf(experiment, report, commandOf(experiment.name, options));
    const files = await writeOutcome(outcome, report, out, plot);
    const page = writePage(
      out,
      readOutcomes(
        out,
        experiments.map(({ name }) => name),
      ),
    );
    console.log(`${experiment.title}\n`);
    for (const each of report.tables) console.log(`${printed(each)}\n`);
    for (const sentence of [...report.findings, ...report.setting]) console.log(sentence);
    console.log(`\nWritten: ${[...files, page].join(', ')}`);
  } finally {
    progress.done();
    await pool.close();
  }
};

const byName = (name: string): readonly Experiment[] =>
  name === 'all' ? experiments : experiments.filter((experiment) => experiment.name === name);

const run = async (name: string, options: ExperimentOptions): Promise<void> => {
  for (const experiment of byName(name)) await runOne(experiment, options);
};

export const experimentCommand = (): Command =>
  new Command('experiment')
    .description('measure what GRAPES is worth, with tuned rates and controls: table, plot, CSV and JSON')
    .addArgument(new Argument('<name>', 'the question').choices([...experiments.map(({ name }) => name), 'all']))
    .option('--quick', 'small networks and few samples: a check of the machinery in a minute, not of the question')
    .option('--out <folder>', 'where the files go', 'results')
    .option('--seeds <n>', 'seeds of every mean; default: the number that the experiment sets', positive)
    .option('--threads <n>', 'worker threads; 0: none', natural, availableParallelism())
    .option('--fresh', 'do all runs again, also those that an interrupted experiment has finished')
    .option('--no-plot', 'write no SVG')
    .addHelpText(
      'after',
      `
Experiments:
${experiments.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join('\n')}

Examples:
  grapes-hw experiment control --quick
  grapes-hw experiment bits --out results --seeds 2

Finished runs are kept in <out>/.runs.jsonl: stopped at any moment, the same command goes on where it stopped.`,
    )
    .action(run);
