import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Plan } from '../datapath/plan.js';
import { HOST, scriptText } from '../golden/host.js';
import { runProgram, workFolder } from '../tools/index.js';
import type { Bench, Design } from './design.js';
import type { GoldenRun } from './expected.js';
import { writeImages } from './images.js';
import { type BenchLines, parseBench, parseLine } from './lines.js';
import { type BuildOptions, SIMULATORS, type SimulatorName } from './simulators.js';

/** What a testbench is told on its command line. */
export interface BenchArguments {
  /** null for the testbenches of small modules, which have their own vectors */
  readonly golden: GoldenRun | null;
  /** load the initial weights behind the ports' back instead of through the memory port */
  readonly fastLoad: boolean;
  /** random gaps on valid and ready, drawn from `stallSeed` */
  readonly stall: boolean;
  readonly stallSeed: number;
  readonly wave: string | null;
}

export interface BenchRun {
  readonly lines: BenchLines;
  readonly output: string;
  readonly code: number | null;
  /** the signal that ended the simulator */
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly buildSeconds: number;
  readonly runSeconds: number;
}

export interface BenchOptions extends BuildOptions {
  readonly timeoutMs: number;
  /** the run has reached this sample */
  readonly onSample?: (sample: number) => void;
  readonly onBuilt?: () => void;
}

/** Names in a run's folder. Those of others' files lead to them: file functions of Verilog take plain names only. */
const NAMES = { tb: 'tb', golden: 'golden', images: 'images', wave: 'wave.vcd' } as const;

/**
 * Puts what the core's testbench reads into `folder`, links to the golden directory and the waveform among it, and gives
 * the plusargs of a simulator that runs in `from`.
 */
export const plusArguments = (
  plan: Plan,
  { golden, fastLoad, stall, stallSeed, wave }: BenchArguments,
  folder: string,
  from: string = folder,
): string[] => {
  mkdirSync(folder, { recursive: true });
  const name = (file: string): string => join(relative(from, folder), file);
  const link = (file: string, target: string): string => {
    rmSync(join(folder, file), { force: true });
    symlinkSync(resolve(target), join(folder, file));
    return name(file);
  };
  const own = [
    ...(stall ? ['+stall', `+stall_seed=${stallSeed}`] : []),
    ...(wave === null ? [] : [`+wave=${link(NAMES.wave, wave)}`]),
  ];
  if (golden === null) return own;
  writeFileSync(join(folder, HOST), scriptText(golden.host));
  if (fastLoad) writeImages(plan, golden.dir, join(folder, NAMES.images));
  return [
    `+golden=${link(NAMES.golden, golden.dir)}`,
    `+host=${name(HOST)}`,
    `+trace=${golden.trace}`,
    `+writes=${golden.writes}`,
    ...(fastLoad ? [`+images=${name(NAMES.images)}`] : []),
    ...own,
  ];
};

const seconds = (since: number): number => (performance.now() - since) / 1000;

/**
 * Builds a testbench, or takes the binary from the cache, and runs it.
 * @throws BuildError if it does not compile
 */
export const runBench = async (
  design: Design,
  plan: Plan,
  bench: Bench,
  simulator: SimulatorName,
  parameters: BenchArguments,
  options: BenchOptions,
): Promise<BenchRun> => {
  const start = performance.now();
  const executable = await SIMULATORS[simulator].build(design, bench, options);
  const buildSeconds = seconds(start);
  options.onBuilt?.();
  const ready = performance.now();
  const { folder, discard } = workFolder();
  try {
    symlinkSync(join(design.dir, 'tb'), join(folder, NAMES.tb));
    const { output, ...ended } = await runProgram(
      executable.command,
      [...executable.parameters, ...plusArguments(plan, parameters, folder)],
      {
        cwd: folder,
        timeoutMs: options.timeoutMs,
        onLine: (line) => {
          const step = parseLine(line);
          if (step?.word === 'STEP') options.onSample?.(Number(step.fields.sample));
        },
      },
    );
    return { ...ended, lines: parseBench(output), output, buildSeconds, runSeconds: seconds(ready) };
  } finally {
    discard();
  }
};
