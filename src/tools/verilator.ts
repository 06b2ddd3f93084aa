import { availableParallelism } from 'node:os';
import { findProgram } from './find.js';
import type { Executable } from './icarus.js';
import type { ProgramName } from './programs.js';
import { type Ended, type RunOptions, runProgram } from './run.js';
import { requireSound, ToolFailure } from './tool.js';

export const VERILATOR_PROGRAMS: readonly ProgramName[] = ['verilator', 'g++', 'make'];

/** For how long a run a program is compiled: the longer, the longer that takes. */
export type Optimise = 'short' | 'medium' | 'long';

/** What Verilator's makefile is told. In one compilation where that takes less time than the headers of several. */
const MAKE_FLAGS: Readonly<Record<Optimise, string>> = {
  short: 'OPT_FAST=-O0 OPT_SLOW=-O0 VM_PARALLEL_BUILDS=0',
  medium: 'OPT_FAST=-O1 OPT_SLOW=-O0 VM_PARALLEL_BUILDS=0',
  long: 'OPT_FAST=-O3',
};

/** A program that Verilator makes; files are relative to the folder. */
export interface Verilation {
  readonly top: string;
  readonly sources: readonly string[];
  /** the C++ around it */
  readonly main: string;
  /** name of the class that Verilator makes, which `main` includes, and of the program */
  readonly prefix: string;
  readonly flags: readonly string[];
  readonly optimise: Optimise;
}

/** Registers, memories and X start as a generator has it, so nothing works by lucky zeros. */
export const RANDOM_START: readonly string[] = ['--x-assign', 'unique', '--x-initial', 'unique'];

const OBJECTS = 'objects';

/** What a build depends on beside its files, for a cache. */
export const verilatorFlags = ({ top, prefix, flags, optimise }: Verilation): string[] => [
  ...['--cc', '--exe', '--build', '-O3', '-Wno-fatal', '--top-module', top, '--prefix', prefix],
  ...['-MAKEFLAGS', MAKE_FLAGS[optimise]],
  ...flags,
];

/**
 * Makes a program in `dir`, whose path must be plain (see `plainFolder`). ccache makes that quicker where it can; where it
 * fails, it is left out.
 * @returns the program's path, relative to `dir`
 * @throws EnvironmentFault where the machine is at fault, ToolFailure with the output of Verilator and the compiler
 */
export const verilate = async (
  dir: string,
  verilation: Verilation,
  options: Omit<RunOptions, 'cwd' | 'env'> = {},
): Promise<string> => {
  const { sources, main, prefix } = verilation;
  const parameters = [
    ...verilatorFlags(verilation),
    ...['-j', String(availableParallelism()), '-Mdir', OBJECTS],
    ...sources,
    `../${main}`,
  ];
  const build = (env: Record<string, string>): Promise<Ended> =>
    runProgram('verilator', parameters, { ...options, cwd: dir, env });
  const quick = findProgram('ccache') === null ? null : await build({ OBJCACHE: 'ccache' });
  const ended = quick === null || (quick.code !== 0 && /^ccache: error/m.test(quick.output)) ? await build({}) : quick;
  requireSound('verilator', ended, dir);
  if (ended.code !== 0) throw new ToolFailure('verilator', ended.output, ended.timedOut);
  return `${OBJECTS}/${prefix}`;
};

/** A program that Verilator made, told where its random initial state starts. */
export const verilatedProgram = (file: string, seed: number): Executable => ({
  command: file,
  parameters: ['+verilator+rand+reset+2', `+verilator+seed+${seed}`],
});

/**
 * Lints Verilog in `dir`.
 * @throws EnvironmentFault where the machine is at fault
 */
export const lintVerilator = async (
  dir: string,
  { top, files }: { readonly top: string; readonly files: readonly string[] },
  timeoutMs: number,
): Promise<Ended> => {
  const parameters = ['--lint-only', '-Wall', '--top-module', top, ...files];
  const ended = await runProgram('verilator', parameters, { cwd: dir, timeoutMs });
  requireSound('verilator', ended, dir);
  return ended;
};
