import { Command } from 'commander';
import { loadDataset } from '../../data/index.js';
import { plan } from '../../datapath/plan.js';
import { UserError } from '../../fx/error.js';
import { cyclesReport, cyclesText } from '../../report/cycles.js';
import { memoryReport, memoryText } from '../../report/memory.js';
import { requireHardware } from '../hardware.js';
import { natural, positive } from '../options.js';
import { type ConfigSources, resolveConfig } from '../resolve.js';
import { withOverrides } from '../sources.js';
import { json } from '../text.js';

interface MemoryOptions extends ConfigSources {
  readonly batch?: number;
  readonly json?: boolean;
}

const memoryCommand = (): Command =>
  withOverrides(new Command('memory'))
    .description('bytes and bits of every memory, and what GRAPES adds to other ways to train')
    .option('--batch <n>', 'samples of a mini-batch that gradient accumulation is shown for', positive)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  grapes-hw report memory\n  grapes-hw report memory --preset deep --lanes 64\n  grapes-hw report memory --config grapes.json --json',
    )
    .action(({ batch, json: asJson, ...sources }: MemoryOptions) => {
      const report = memoryReport(plan(resolveConfig(sources)), batch === undefined ? {} : { batch });
      process.stdout.write(asJson ? `${json(report)}\n` : memoryText(report));
    });

interface CyclesOptions extends ConfigSources {
  readonly samples: number;
  readonly after: number;
  readonly json?: boolean;
}

const DEFAULT_SAMPLES = 200;

const cyclesCommand = (): Command =>
  withOverrides(new Command('cycles'))
    .description('cycles of a training step by layer and phase, against the bound of the multipliers')
    .option('--samples <n>', 'samples to train on, whose zeros count', positive, DEFAULT_SAMPLES)
    .option('--after <n>', 'samples to train on before those', natural, 0)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  grapes-hw report cycles\n  grapes-hw report cycles --lanes 64 --after 20000\n  grapes-hw report cycles --config grapes.json --json',
    )
    .action(({ samples, after, json: asJson, ...sources }: CyclesOptions) => {
      if (samples < 2)
        throw new UserError(`--samples: is ${samples}, must be at least 2: the first step fills the pipeline`, {
          field: 'samples',
        });
      const design = plan(resolveConfig(sources));
      requireHardware(design);
      const { layers, seed, data } = design.config;
      const shape = { inputs: layers[0], classes: design.classes, seed };
      const dataset = loadDataset(data, 'train', { ...shape, count: samples + after });
      const report = cyclesReport(design, dataset, { samples, after });
      process.stdout.write(asJson ? `${json(report)}\n` : cyclesText(report));
    });

export const reportCommand = (): Command =>
  new Command('report').description('report on a design').addCommand(memoryCommand()).addCommand(cyclesCommand());
