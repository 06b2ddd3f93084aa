import { copyFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { findProgram, type ProgramName, programVersion, type RunOptions, runProgram } from '../tools/index.js';
import { cached, cacheKey } from './cache.js';
import type { Bench, Design } from './design.js';

export type SimulatorName = 'verilator' | 'icarus';

/** A testbench ready to run. */
export interface Executable {
  readonly command: string;
  readonly parameters: readonly string[];
}

/** For how long a run a binary is compiled: the longer, the longer that takes. */
export type Optimise = 'short' | 'medium' | 'long';

export interface BuildOptions {
  /** folder that keeps simulator binaries from run to run */
  readonly cache: string;
  /** make a binary that can write waveforms */
  readonly wave: boolean;
  /** start value of the generator behind random initial registers and memories */
  readonly seed: number;
  readonly optimise: Optimise;
  /** Verilator only: count which lines run and which bits toggle; the clock has to write the counts to a file */
  readonly coverage?: boolean;
}

export interface Simulator {
  readonly name: SimulatorName;
  readonly title: string;
  readonly programs: readonly ProgramName[];
  /** @throws BuildError with the tool's own output */
  readonly build: (design: Design, bench: Bench, options: BuildOptions) => Promise<Executable>;
}

/** A testbench that a simulator does not compile. */
export class BuildError extends Error {
  readonly code = 1;
  constructor(
    readonly simulator: string,
    readonly top: string,
    readonly output: string,
  ) {
    super(`${simulator} does not compile ${top}:\n${output.trimEnd()}`);
    this.name = 'BuildError';
  }
}

const BUILD_TIMEOUT_MS = 20 * 60_000;

const compile = async (
  simulator: string,
  top: string,
  command: string,
  parameters: readonly string[],
  options: RunOptions,
): Promise<void> => {
  const { code, output, timedOut } = await runProgram(command, parameters, {
    timeoutMs: BUILD_TIMEOUT_MS,
    ...options,
  });
  if (code !== 0) throw new BuildError(simulator, top, timedOut ? `${output}\nstopped: out of time` : output);
};

const versions = async (names: readonly ProgramName[]): Promise<string[]> =>
  Promise.all(names.map(async (name) => `${name} ${await programVersion(name)}`));

export const VERILATOR_PROGRAMS: readonly ProgramName[] = ['verilator', 'g++', 'make'];

/** What Verilator's makefile is told. In one compilation where that takes less time than the headers of several. */
const MAKE_FLAGS: Readonly<Record<Optimise, string>> = {
  short: 'OPT_FAST=-O0 OPT_SLOW=-O0 VM_PARALLEL_BUILDS=0',
  medium: 'OPT_FAST=-O1 OPT_SLOW=-O0 VM_PARALLEL_BUILDS=0',
  long: 'OPT_FAST=-O3',
};

/** A program that Verilator makes; paths are relative to the design's folder. */
interface Program {
  readonly top: string;
  readonly sources: readonly string[];
  /** the C++ around it */
  readonly main: string;
  /** name of the class that Verilator makes, which `main` includes */
  readonly prefix: string;
  readonly flags: readonly string[];
  readonly make: string;
}

/** Compiles a program, or takes it from the cache. Returns its path. */
const verilate = async (design: Design, program: Program, cache: string): Promise<string> => {
  const { top, sources, main, prefix } = program;
  const flags = [
    ...['--cc', '--exe', '--build', '-O3', '-Wno-fatal', '--top-module', top, '--prefix', prefix],
    ...['-MAKEFLAGS', program.make],
    ...program.flags,
  ];
  const key = cacheKey(design.dir, [...sources, main], [...(await versions(['verilator', 'g++'])), ...flags]);
  const folder = await cached(cache, 'verilator', key, async (target) => {
    const objects = join(target, 'objects');
    const parameters = [...flags, '-j', String(availableParallelism()), '-Mdir', objects, ...sources];
    const env = findProgram('ccache') === null ? {} : { OBJCACHE: 'ccache' };
    await compile('Verilator', top, 'verilator', [...parameters, join(design.dir, main)], { cwd: design.dir, env });
    copyFileSync(join(objects, prefix), join(target, prefix));
    rmSync(objects, { recursive: true });
  });
  return join(folder, prefix);
};

/** Registers, memories and X start as a generator has it, so nothing works by lucky zeros. */
const RANDOM_START = ['--x-assign', 'unique', '--x-initial', 'unique'];
const randomStart = (seed: number): string[] => ['+verilator+rand+reset+2', `+verilator+seed+${seed}`];

const verilator: Simulator = {
  name: 'verilator',
  title: 'Verilator',
  programs: VERILATOR_PROGRAMS,
  build: async (design, bench, { cache, wave, seed, optimise, coverage }) => {
    const program = {
      top: bench.top,
      sources: [...design.rtl, ...bench.files],
      main: design.main,
      prefix: 'Vtb',
      flags: [
        ...RANDOM_START,
        ...(wave ? ['--trace'] : []),
        ...(coverage ? ['--coverage-line', '--coverage-toggle'] : []),
      ],
      make: MAKE_FLAGS[optimise],
    };
    return { command: await verilate(design, program, cache), parameters: randomStart(seed) };
  },
};

/**
 * The program that trains the core on whole epochs: the core alone is verilated, its testbench is C++.
 * @throws BuildError with the tool's own output
 */
export const buildEpochs = async (design: Design, { cache, seed }: Pick<BuildOptions, 'cache' | 'seed'>) => {
  const program = {
    top: `${design.name}_core`,
    sources: design.rtl,
    main: design.epochs,
    prefix: 'Vcore',
    flags: [...RANDOM_START, '--noassert', '-GTRACE=1'],
    make: MAKE_FLAGS.long,
  };
  return { command: await verilate(design, program, cache), parameters: randomStart(seed) };
};

const icarus: Simulator = {
  name: 'icarus',
  title: 'Icarus Verilog',
  programs: ['iverilog', 'vvp'],
  build: async (design, bench, { cache }) => {
    const files = [...design.rtl, ...bench.files, bench.clock];
    const flags = ['-g2012', '-Wall', '-s', `${bench.top}_clock`];
    const key = cacheKey(design.dir, files, [...(await versions(['iverilog'])), ...flags]);
    const folder = await cached(cache, 'icarus', key, (target) =>
      compile('Icarus', bench.top, 'iverilog', [...flags, '-o', join(target, 'bench.vvp'), ...files], {
        cwd: design.dir,
      }),
    );
    return { command: 'vvp', parameters: ['-n', join(folder, 'bench.vvp')] };
  },
};

export const SIMULATORS: Readonly<Record<SimulatorName, Simulator>> = { verilator, icarus };
