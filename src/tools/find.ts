import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireTemporary } from './environment.js';
import { installCommand, PROGRAMS, type ProgramName } from './programs.js';

/** A program that is needed and not installed; `code` is the process's exit code for it. */
export class MissingTool extends Error {
  readonly code = 3;
  constructor(readonly programs: readonly ProgramName[]) {
    const names = programs.map((name) => `${name} (${PROGRAMS[name].purpose})`).join(', ');
    super(`not installed: ${names}; ${sources(programs)}: ${installCommand(programs)}`);
    this.name = 'MissingTool';
  }
}

const SOURCES = { debian: 'Debian has it in the package', wheel: 'PyPI has it in the wheel' } as const;

const sources = (names: readonly ProgramName[]): string =>
  (['debian', 'wheel'] as const)
    .map((from) => ({ from, of: names.filter((name) => PROGRAMS[name].from === from) }))
    .filter(({ of }) => of.length > 0)
    .map(({ from, of }) => `${SOURCES[from]} ${[...new Set(of.map((name) => PROGRAMS[name].package))].join(', ')}`)
    .join('; ');

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

const VENV = fileURLToPath(new URL('../../.venv-fpga', import.meta.url));

/** Where `make setup-fpga` puts a wheel's program; GRAPES_FPGA_VENV names another virtual environment. */
const inVenv = (command: string): string => join(process.env.GRAPES_FPGA_VENV ?? VENV, 'bin', command);

/** The program's absolute path, in `PATH` or, for a wheel's, in the project's virtual environment; or null. */
export const findProgram = (name: ProgramName): string | null => {
  const { name: command, from } = PROGRAMS[name];
  return (from === 'wheel' ? findExecutable(inVenv(command)) : null) ?? findExecutable(command);
};

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
