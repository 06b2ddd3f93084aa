import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { requireTemporary } from './environment.js';
import { installCommand, PROGRAMS, type ProgramName } from './programs.js';

/** A program that is needed and not installed; `code` is the process's exit code for it. */
export class MissingTool extends Error {
  readonly code = 3;
  constructor(readonly programs: readonly ProgramName[]) {
    const names = programs.map((name) => `${name} (${PROGRAMS[name].purpose})`).join(', ');
    super(`not installed: ${names}; Debian has it in the package ${packages(programs)}: ${installCommand(programs)}`);
    this.name = 'MissingTool';
  }
}

const packages = (names: readonly ProgramName[]): string =>
  [...new Set(names.map((name) => PROGRAMS[name].package))].join(', ');

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

/** A command's path, by `PATH` where it is a mere name; null where there is none that may be executed. */
export const findExecutable = (command: string): string | null => {
  const places = command.includes('/')
    ? [resolve(command)]
    : (process.env.PATH ?? '')
        .split(delimiter)
        .filter((folder) => folder !== '')
        .map((folder) => join(folder, command));
  return places.find(isExecutable) ?? null;
};

/** The program's absolute path in `PATH`, or null. */
export const findProgram = (name: ProgramName): string | null => findExecutable(PROGRAMS[name].name);

/**
 * Checks that programs can work here.
 * @throws MissingTool naming every one of these programs that is not installed; EnvironmentFault where they can't write
 * temporary files
 */
export const requirePrograms = (names: readonly ProgramName[]): void => {
  const missing = names.filter((name) => findProgram(name) === null);
  if (missing.length > 0) throw new MissingTool(missing);
  requireTemporary();
};
