import { findProgram } from './find.js';
import { PROGRAMS, type ProgramName } from './programs.js';
import { runProgram } from './run.js';

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
