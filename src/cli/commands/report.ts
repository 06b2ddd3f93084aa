import { Command, Option } from 'commander';
import { configFields, parseConfig } from '../../config/index.js';
import { plan } from '../../datapath/plan.js';
import { UserError } from '../../fx/error.js';
import { areaText } from '../../report/area.js';
import { measureArea } from '../../report/areaRun.js';
import { type AreaTarget, TARGETS } from '../../report/areaTargets.js';
import { cyclesReport, cyclesText } from '../../report/cycles.js';
import { memoryReport, memoryText } from '../../report/memory.js';
import { emit, emitBytes } from '../../rtl/index.js';
import { requireHardware } from '../hardware.js';
import { natural, positive } from '../options.js';
import { createProgress } from '../progress.js';
import { type ConfigSources, resolveConfig } from '../resolve.js';
import { loadTraining } from '../samples.js';
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
    .action(async ({ samples, after, json: asJson, ...sources }: CyclesOptions) => {
      if (samples < 2)
        throw new UserError(`--samples: is ${samples}, must be at least 2: the first step fills the pipeline`, {
          field: 'samples',
        });
      const design = plan(resolveConfig(sources));
      requireHardware(design);
      const dataset = loadTraining(design.config, samples + after);
      const report = await cyclesReport(design, dataset, { samples, after });
      process.stdout.write(asJson ? `${json(report)}\n` : cyclesText(report));
    });

interface AreaCommandOptions extends ConfigSources {
  readonly target: AreaTarget;
  readonly cache: string;
  readonly json?: boolean;
}

const areaCommand = (): Command =>
  withOverrides(new Command('area'))
    .description('what the core takes of an FPGA by module, and what GRAPES adds (needs Yosys; the clock nextpnr)')
    .addOption(new Option('--target <family>', 'technology to map to').choices(Object.keys(TARGETS)).default('ice40'))
    .option('--cache <dir>', 'folder that keeps results from run to run', 'build/area')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  grapes-hw report area --preset tiny\n  grapes-hw report area --preset mnist-small --target ecp5 --json',
    )
    .action(async ({ target, cache, json: asJson, ...sources }: AreaCommandOptions) => {
      const design = plan(resolveConfig(sources));
      requireHardware(design);
      const { config } = design;
      const { mode, clip } = config.grapes;
      const off = parseConfig({ ...configFields(config), grapes: { mode: 'off', clip } });
      const progress = createProgress();
      try {
        const report = await measureArea(design, target, {
          design: emitBytes(design),
          without: mode === 'off' ? null : emit(plan(off)),
          cache,
          onProgress: progress.update,
        });
        progress.done();
        process.stdout.write(asJson ? `${json(report)}\n` : areaText(report));
      } finally {
        progress.done();
      }
    });

export const reportCommand = (): Command =>
  new Command('report')
    .description('report on a design')
    .addCommand(memoryCommand())
    .addCommand(cyclesCommand())
    .addCommand(areaCommand());
