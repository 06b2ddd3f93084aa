import { Command, Option } from 'commander';
import { configFields, parseConfig } from '../../config/index.js';
import { type Plan, plan } from '../../datapath/plan.js';
import { inTime } from '../../datapath/rate.js';
import { UserError } from '../../fx/error.js';
import type { Samples } from '../../model/index.js';
import { areaText } from '../../report/area.js';
import { measureArea } from '../../report/areaRun.js';
import { type AreaTarget, TARGETS } from '../../report/areaTargets.js';
import { cyclesReport, cyclesText } from '../../report/cycles.js';
import { boundReport, boundText, unbounded } from '../../report/cyclesTime.js';
import { memoryReport, memoryText } from '../../report/memory.js';
import { emit, emitBytes, emitRegistered, portRegisters, unsupported } from '../../rtl/index.js';
import { ECP5_DEVICES, type Ecp5Device } from '../../tools/index.js';
import { requireHardware } from '../hardware.js';
import { natural, positive, speedGrade } from '../options.js';
import { createProgress } from '../progress.js';
import { type ConfigSources, resolveConfig } from '../resolve.js';
import { loadTraining } from '../samples.js';
import { withOverrides } from '../sources.js';
import { grouped, json } from '../text.js';

interface MemoryOptions extends ConfigSources {
  readonly batch?: number;
  readonly json?: boolean;
}

/** That the memories are a plan, where there is no core. */
const plannedText = (design: Plan): string => {
  const problem = unsupported(design);
  if (problem === null && inTime(design.config))
    return '\nThe core of a network in time has other memories for flags, values and errors of its steps than this plan.\n';
  return problem === null ? '' : `\nNo core runs this network, so its memories are a plan. ${problem}\n`;
};

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
      const design = plan(resolveConfig(sources));
      const report = memoryReport(design, batch === undefined ? {} : { batch });
      process.stdout.write(asJson ? `${json(report)}\n` : `${memoryText(report)}${plannedText(design)}`);
    });

const DEFAULT_SAMPLES = 200;

interface CyclesOptions extends ConfigSources {
  readonly samples?: number;
  readonly after: number;
  readonly json?: boolean;
}

interface Span {
  readonly samples: number;
  readonly after: number;
}

/** The same where how many samples may be left open. */
type Asked = Pick<Span, 'after'> & { readonly samples: number | undefined };

/** A report on the configuration's samples, with progress on them. */
const withProgress = async <T>(
  design: Plan,
  { samples: asked, after }: Asked,
  report: (plan: Plan, data: Samples, options: Span & { onSample: (done: number) => void }) => Promise<T>,
): Promise<T> => {
  const dataset = await loadTraining(design.config, asked && asked + after, DEFAULT_SAMPLES + after);
  const samples = dataset.count - after;
  const progress = createProgress();
  const onSample = (done: number): void => progress.update(`${grouped(done)} of ${grouped(samples + after)} samples`);
  try {
    return await report(design, dataset, { samples, after, onSample });
  } finally {
    progress.done();
  }
};

/** Of a network in time: the bound, as long as there is no core whose cycles could be told. */
const reportBound = async (design: Plan, span: Asked, asJson: boolean): Promise<void> => {
  const problem = unbounded(design);
  if (problem !== null) throw new UserError(problem, { field: problem.split(':')[0] });
  const report = await withProgress(design, span, boundReport);
  const note = 'The core takes more cycles than this bound; how many, simulation tells: grapes-hw verify.\n';
  process.stdout.write(asJson ? `${json(report)}\n` : `${boundText(report)}${note}`);
};

const cyclesCommand = (): Command =>
  withOverrides(new Command('cycles'))
    .description(
      'cycles of a training step by layer and phase, against the bound of the multipliers; in time the bound alone',
    )
    .option(
      '--samples <n>',
      `samples to train on, whose zeros count (default: ${DEFAULT_SAMPLES}, or all there are)`,
      positive,
    )
    .option('--after <n>', 'samples to train on before those', natural, 0)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  grapes-hw report cycles\n  grapes-hw report cycles --lanes 64 --after 20000\n  grapes-hw report cycles --preset snu --after 2000\n  grapes-hw report cycles --config grapes.json --json',
    )
    .action(async ({ samples, after, json: asJson, ...sources }: CyclesOptions) => {
      if (samples !== undefined && samples < 2)
        throw new UserError(`--samples: is ${samples}, must be at least 2: the first step fills the pipeline`, {
          field: 'samples',
        });
      const design = plan(resolveConfig(sources));
      if (inTime(design.config)) return reportBound(design, { samples, after }, asJson === true);
      requireHardware(design);
      const report = await withProgress(design, { samples, after }, cyclesReport);
      process.stdout.write(asJson ? `${json(report)}\n` : cyclesText(report));
    });

interface AreaCommandOptions extends ConfigSources {
  readonly target: AreaTarget;
  readonly device?: Ecp5Device;
  readonly speed?: 6 | 7 | 8;
  readonly seeds?: number;
  readonly cache: string;
  readonly json?: boolean;
}

/** Steps whose cycles say how many samples a second a clock is good for. */
const AREA_SAMPLES = 100;
const DEFAULT_ECP5 = { device: '85k', speed: 6, seeds: 1 } as const;

/** On what to place an ECP5's core, and how long its steps take. */
const ecp5Options = async (design: Plan, { device, speed, seeds }: AreaCommandOptions) => {
  const dataset = await loadTraining(design.config, undefined, AREA_SAMPLES);
  const { cycles } = await cyclesReport(design, dataset, { samples: dataset.count });
  return {
    device: device ?? DEFAULT_ECP5.device,
    speed: speed ?? DEFAULT_ECP5.speed,
    seeds: seeds ?? DEFAULT_ECP5.seeds,
    cyclesPerStep: cycles,
    portRegisters: portRegisters(design),
  };
};

const refuseElsewhere = ({ target, device, speed, seeds }: AreaCommandOptions): void => {
  for (const [flag, value] of Object.entries({ device, speed, seeds }))
    if (target !== 'ecp5' && value !== undefined)
      throw new UserError(`--${flag}: goes with --target ecp5 only`, { field: flag });
};

const areaCommand = (): Command =>
  withOverrides(new Command('area'))
    .description('what the core takes of an FPGA by module, what GRAPES adds, and the clock of the placed core')
    .addOption(new Option('--target <family>', 'technology to map to').choices(Object.keys(TARGETS)).default('ice40'))
    .addOption(new Option('--device <size>', 'ECP5: size, 85k by default').choices(Object.keys(ECP5_DEVICES)))
    .addOption(new Option('--speed <grade>', 'ECP5: speed grade 6, 7 or 8, 6 by default').argParser(speedGrade))
    .option('--seeds <n>', 'ECP5: seeds of the placer to try, 1 by default', positive)
    .option('--cache <dir>', 'folder that keeps results from run to run', 'build/area')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
ice40 and generic need Yosys (the clock nextpnr-ice40); ecp5 and xilinx the tools of \`make setup-fpga\`. ECP5 places and
routes the core with a register at every port, up to 30 minutes a seed; what is done is kept, seed by seed.

Examples:
  grapes-hw report area --preset tiny
  grapes-hw report area --preset mnist-small --target ecp5 --device 45k --speed 8 --seeds 3
  grapes-hw report area --preset mnist --target xilinx --json`,
    )
    .action(async (options: AreaCommandOptions) => {
      const { target, device: _d, speed: _s, seeds: _n, cache, json: asJson, ...sources } = options;
      refuseElsewhere(options);
      const design = plan(resolveConfig(sources));
      requireHardware(design);
      const { config } = design;
      if (inTime(config))
        throw new UserError(
          'steps: the area of networks in time is not measured yet; leave out steps, cell and recurrent',
          {
            field: 'steps',
          },
        );
      const { mode, clip } = config.grapes;
      const off = plan(parseConfig({ ...configFields(config), grapes: { mode: 'off', clip } }));
      const placed = target === 'ecp5';
      const progress = createProgress();
      try {
        const report = await measureArea(design, target, {
          design: placed ? emitRegistered(design) : emitBytes(design),
          without: mode === 'off' ? null : placed ? emitRegistered(off) : emit(off),
          ...(placed ? { ecp5: await ecp5Options(design, options) } : {}),
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
