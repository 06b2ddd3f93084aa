import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runProgram, workFolder } from '../tools/index.js';
import type { Bench, Design } from './design.js';
import type { RunSpan } from './expected.js';
import { type BenchLines, parseBench, parseLine } from './lines.js';
import { type BuildOptions, SIMULATORS, type SimulatorName } from './simulators.js';

/** A golden directory and what of it a run covers. */
export interface GoldenRun {
  readonly dir: string;
  readonly span: RunSpan;
  /** state of each layer's random stream before the first sample, unsigned 32 bits */
  readonly rngState: readonly number[];
  /** samples that the directory traces */
  readonly trace: number;
  /** learning-rate shift */
  readonly rate: number;
}

/** What a testbench is told on its command line. */
export interface BenchArguments {
  /** null for the testbenches of small modules, which have their own vectors */
  readonly golden: GoldenRun | null;
  /** load the initial weights behind the ports' back instead of through the memory port */
  readonly fastLoad: boolean;
  /** random gaps on valid and ready */
  readonly stall: boolean;
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

const word = (state: number): string => state.toString(16).padStart(8, '0');

/** Names in the folder that a testbench runs in, which lead to the design's files, the golden vectors and the waveform. */
const NAMES = { tb: 'tb', golden: 'golden', wave: 'wave.vcd' } as const;

const plusArguments = ({ golden, fastLoad, stall, wave }: BenchArguments): string[] => [
  ...(golden === null
    ? []
    : [
        `+golden=${NAMES.golden}`,
        `+samples=${golden.span.samples}`,
        `+trace=${golden.span.trace}`,
        `+writes=${golden.span.writes}`,
        `+final=${golden.span.final ? 1 : 0}`,
        `+rate=${golden.rate}`,
        `+streams=${golden.rngState.map(word).join('')}`,
      ]),
  ...(fastLoad ? ['+fast_load'] : []),
  ...(stall ? ['+stall'] : []),
  ...(wave === null ? [] : [`+wave=${NAMES.wave}`]),
];

const seconds = (since: number): number => (performance.now() - since) / 1000;

/** A folder to run in whose names are plain wherever the files themselves are: file functions of Verilog take no others. */
const runFolder = (design: Design, { golden, wave }: BenchArguments) => {
  const work = workFolder();
  symlinkSync(join(design.dir, 'tb'), join(work.folder, NAMES.tb));
  if (golden !== null) symlinkSync(resolve(golden.dir), join(work.folder, NAMES.golden));
  if (wave !== null) symlinkSync(resolve(wave), join(work.folder, NAMES.wave));
  return work;
};

/**
 * Builds a testbench, or takes the binary from the cache, and runs it.
 * @throws BuildError if it does not compile
 */
export const runBench = async (
  design: Design,
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
  const work = runFolder(design, parameters);
  try {
    const { output, ...ended } = await runProgram(
      executable.command,
      [...executable.parameters, ...plusArguments(parameters)],
      {
        cwd: work.folder,
        timeoutMs: options.timeoutMs,
        onLine: (line) => {
          const step = parseLine(line);
          if (step?.word === 'STEP') options.onSample?.(Number(step.fields.sample));
        },
      },
    );
    return { ...ended, lines: parseBench(output), output, buildSeconds, runSeconds: seconds(ready) };
  } finally {
    work.discard();
  }
};
