import { findProgram, requirePrograms } from './find.js';
import { installCommand, PROGRAMS, type ProgramName } from './programs.js';
import { runProgram } from './run.js';

/** The version an installed program gives, `unknown` if it gives none, null if it is not installed. */
export const programVersion = async (name: ProgramName): Promise<string | null> => {
  const path = findProgram(name);
  if (path === null) return null;
  const { versionArguments, versionPattern } = PROGRAMS[name];
  const { output } = await runProgram(path, versionArguments, { timeoutMs: 20_000 });
  return versionPattern.exec(output)?.[1] ?? 'unknown';
};

/** A program that is there, but older than what will do; `code` is the process's exit code for it. */
export class OldTool extends Error {
  readonly code = 3;
  constructor(name: ProgramName, version: string, least: string) {
    super(`${name} is version ${version}, must be ${least} or newer: ${installCommand([name])}`);
    this.name = 'OldTool';
  }
}

const isOlder = (version: string, least: string): boolean => {
  const [found, wanted] = [version, least].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  const at = wanted.findIndex((part, i) => part !== (found[i] ?? 0));
  return at >= 0 && !((found[at] ?? 0) > wanted[at]);
};

/**
 * The versions of these programs.
 * @throws MissingTool, or OldTool for one that is older than what will do
 */
export const requireVersions = async <Name extends ProgramName>(
  names: readonly Name[],
): Promise<Readonly<Record<Name, string>>> => {
  requirePrograms(names);
  const versions = {} as Record<Name, string>;
  for (const name of names) {
    const version = (await programVersion(name)) ?? 'unknown';
    const { least }: { readonly least?: string } = PROGRAMS[name];
    if (least !== undefined && isOlder(version, least)) throw new OldTool(name, version, least);
    versions[name] = version;
  }
  return versions;
};

export interface ToolStatus {
  readonly name: ProgramName;
  readonly package: string;
  readonly from: 'debian' | 'wheel';
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
      from: PROGRAMS[name].from,
      purpose: PROGRAMS[name].purpose,
      needed: PROGRAMS[name].needed,
      version: await programVersion(name),
    })),
  );
