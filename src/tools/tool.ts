import { requirePrograms } from './find.js';
import { PROGRAMS, type ProgramName } from './programs.js';
import { type RunOptions, type RunResult, runProgram } from './run.js';

const LAST_WORDS = 12;

/** A tool that did not do what it was asked; `code` is the process's exit code. */
export class ToolFailure extends Error {
  readonly code = 1;
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

/**
 * Runs a program to its end.
 * @throws MissingTool if it is not installed, ToolFailure with its last lines if it fails
 */
export const runTool = async (
  name: ProgramName,
  parameters: readonly string[],
  options: RunOptions,
): Promise<RunResult> => {
  requirePrograms([name]);
  const result = await runProgram(PROGRAMS[name].name, parameters, options);
  if (result.code !== 0) throw new ToolFailure(name, result.output, result.timedOut);
  return result;
};
