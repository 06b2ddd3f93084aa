import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentFault } from './environment.js';
import type { ProgramName } from './programs.js';
import { type Ended, type RunOptions, runProgram } from './run.js';
import { requireSound, runTool } from './tool.js';

export const ICARUS_PROGRAMS: readonly ProgramName[] = ['iverilog', 'vvp'];

/** A program ready to run. */
export interface Executable {
  readonly command: string;
  readonly parameters: readonly string[];
}

/** What to compile; files are relative to the folder. */
export interface IcarusBuild {
  readonly top: string;
  readonly files: readonly string[];
  /** all warnings but those about this tool's own limits; default true */
  readonly warnings?: boolean;
  /** macros: `NAME` or `NAME=VALUE` */
  readonly defines?: readonly string[];
}

const flagsOf = ({ top, warnings = true, defines = [] }: IcarusBuild): string[] => [
  '-g2012',
  ...(warnings ? ['-Wall'] : []),
  ...defines.map((define) => `-D${define}`),
  ...['-s', top],
];

/** What a build depends on beside its files, for a cache. */
export const icarusFlags = flagsOf;

/** A compiled file ends with the names of its sources, and says how many there are. */
const isWhole = (text: string): boolean => {
  const at = text.lastIndexOf('\n:file_names ');
  if (at < 0) return false;
  const [head, ...names] = text.slice(at + 1).split('\n');
  return names.pop() === '' && names.length === Number.parseInt(head.slice(':file_names '.length), 10);
};

/**
 * Compiles Verilog in `dir` for vvp.
 * @param out absolute, or relative to `dir`
 * @returns what the compiler says
 * @throws MissingTool; EnvironmentFault, also where only a part was written; ToolFailure with the compiler's output
 */
export const compileIcarus = async (
  dir: string,
  build: IcarusBuild,
  out: string,
  options: Omit<RunOptions, 'cwd'> = {},
): Promise<string> => {
  const parameters = [...flagsOf(build), '-o', out, ...build.files];
  const { output } = await runTool('iverilog', parameters, { ...options, cwd: dir });
  const file = out.startsWith('/') ? out : join(dir, out);
  if (!isWhole(readFileSync(file, 'latin1')))
    throw new EnvironmentFault(`iverilog wrote ${file} in part only; is the disk full? Free some space and run again`);
  return output;
};

/** What vvp runs a compiled file with. */
export const icarusProgram = (file: string): Executable => ({ command: 'vvp', parameters: ['-n', file] });

/** Runs a compiled file in `dir`. */
export const runIcarus = (
  dir: string,
  file: string,
  plusargs: readonly string[],
  options: Omit<RunOptions, 'cwd'> = {},
): Promise<Ended> => {
  const { command, parameters } = icarusProgram(file);
  return runProgram(command, [...parameters, ...plusargs], { ...options, cwd: dir });
};

/**
 * Lints Verilog in `dir`.
 * @throws EnvironmentFault where the machine is at fault
 */
export const lintIcarus = async (dir: string, build: IcarusBuild, timeoutMs: number): Promise<Ended> => {
  const parameters = [...flagsOf(build), '-t', 'null', ...build.files];
  const ended = await runProgram('iverilog', parameters, { cwd: dir, timeoutMs });
  requireSound('iverilog', ended, dir);
  return ended;
};
