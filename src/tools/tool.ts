import { EnvironmentFault, environmentFault } from './environment.js';
import { findProgram, requirePrograms } from './find.js';
import { PROGRAMS, type ProgramName } from './programs.js';
import { type Ended, type RunOptions, runProgram } from './run.js';

const LAST_WORDS = 12;

/** A tool that did not do what it was asked; `code` is the process's exit code. */
export class ToolFailure extends Error {
  readonly code = 2;
  constructor(
    readonly program: ProgramName,
    readonly output: string,
    readonly timedOut: boolean,
  ) {
    const tail = output.trimEnd().split('\n').slice(-LAST_WORDS).join('\n');
    super(`${PROGRAMS[program].name} ${timedOut ? 'ran out of time' : 'failed'}:\n${tail}`);
    this.name = 'ToolFailure';
  }
}

/** Throws where a program that failed says that the machine is at fault, or was ended by a signal that we did not send. */
export const requireSound = (name: ProgramName, { code, signal, output, timedOut }: Ended, folder: string): void => {
  if (code === 0 || timedOut) return;
  const program = PROGRAMS[name].name;
  const fault =
    environmentFault(output, folder) ??
    (signal === null ? null : `it was ended by ${signal}: somebody stopped it, or there was not enough memory`);
  if (fault === null) return;
  const tail = output.trimEnd().split('\n').slice(-LAST_WORDS).join('\n');
  throw new EnvironmentFault(`${program} could not do its work: ${fault}${tail === '' ? '' : `\n${tail}`}`);
};

/**
 * Runs a program to its end.
 * @throws MissingTool if it is not installed, EnvironmentFault if the machine is at fault, ToolFailure with its last lines if
 * it fails
 */
export const runTool = async (
  name: ProgramName,
  parameters: readonly string[],
  options: RunOptions,
): Promise<Ended> => {
  requirePrograms([name]);
  const result = await runProgram(findProgram(name) ?? PROGRAMS[name].name, parameters, options);
  requireSound(name, result, options.cwd ?? '.');
  if (result.code !== 0) throw new ToolFailure(name, result.output, result.timedOut);
  return result;
};
