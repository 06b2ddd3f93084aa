import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installCommand, PROGRAMS, type ProgramName } from './programs.js';
import { runProgram } from './run.js';

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

/** The program's absolute path in `PATH`, or null. */
export const findProgram = (name: ProgramName): string | null =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, PROGRAMS[name].name))
    .find(isExecutable) ?? null;

/** @throws MissingTool naming every one of these programs that is not installed */
export const requirePrograms = (names: readonly ProgramName[]): void => {
  const missing = names.filter((name) => findProgram(name) === null);
  if (missing.length > 0) throw new MissingTool(missing);
};

/** The version an installed program gives, `unknown` if it gives none, null if it is not installed. */
export const programVersion = async (name: ProgramName): Promise<string | null> => {
  const path = findProgram(name);
  if (path === null) return null;
  const { versionArguments, versionPattern } = PROGRAMS[name];
  const { output } = await runProgram(path, versionArguments, { timeoutMs: 20_000 });
  return versionPattern.exec(output)?.[1] ?? 'unknown';
};

export interface ToolStatus {
  readonly name: ProgramName;
  readonly package: string;
  readonly purpose: string;
  readonly needed: boolean;
  /** null: not installed */
  readonly version: string | null;
}

/** Every external program: installed or not, in which version, and what for. */
export const toolStatus = (): Promise<ToolStatus[]> =>
  Promise.all(
    (Object.keys(PROGRAMS) as ProgramName[]).map(async (name) => ({
      name,
      package: PROGRAMS[name].package,
      purpose: PROGRAMS[name].purpose,
      needed: PROGRAMS[name].needed,
      version: await programVersion(name),
    })),
  );
