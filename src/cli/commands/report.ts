import { Command } from 'commander';
import { plan } from '../../datapath/plan.js';
import { memoryReport, memoryText } from '../../report/memory.js';
import { positive } from '../options.js';
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

export const reportCommand = (): Command =>
  new Command('report').description('report on a design').addCommand(memoryCommand());
