import { mkdtempSync, realpathSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onInterrupt } from './interrupt.js';

/** Something that is wrong with the machine, not with a design; `code` is the process's exit code. */
export class EnvironmentFault extends Error {
  readonly code = 2;
  constructor(message: string) {
    super(message);
    this.name = 'EnvironmentFault';
  }
}

/** Where programs put their temporary files, as Node and most programs look it up. */
const temporaryVariable = (): string => ['TMPDIR', 'TMP', 'TEMP'].find((name) => process.env[name]) ?? 'TMPDIR';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'is not a folder',
  ENOSPC: 'is on a disk that is full',
  EDQUOT: 'is on a disk whose quota is used up',
  EROFS: 'is on a disk that is read-only',
  EACCES: 'must not be written',
  EPERM: 'must not be written',
};

/** A new folder for temporary files. @throws EnvironmentFault where there can't be one */
const makeTemporary = (parent: string): string => {
  try {
    return mkdtempSync(join(parent, 'grapes-'));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? REASONS[String(error.code)] : undefined;
    if (reason === undefined) throw error;
    throw new EnvironmentFault(
      `the folder for temporary files, ${parent}, ${reason}; set ${temporaryVariable()} to one that can be written`,
    );
  }
};

/** A folder for temporary files; it goes with `discard`, or with Ctrl-C. */
export interface WorkFolder {
  readonly folder: string;
  readonly discard: () => void;
}

/** @throws EnvironmentFault where there can't be one */
export const workFolder = (parent = tmpdir()): WorkFolder => {
  const folder = makeTemporary(parent);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const release = onInterrupt(remove);
  return {
    folder,
    discard: () => {
      remove();
      release();
    },
  };
};

/** @throws EnvironmentFault where programs can't write temporary files */
export const requireTemporary = (): void => rmSync(makeTemporary(tmpdir()), { recursive: true });

/** Characters of paths that make, shells and old Verilog file functions all take for what they are. */
const PLAIN = /^[\w/.+@,=-]+$/;

const isPlain = (folder: string): boolean => PLAIN.test(realpathSync(folder));

/**
 * The first of these folders, or else one for temporary files, whose path has neither blanks nor anything but plain ASCII:
 * GNU make does not build elsewhere.
 * @throws EnvironmentFault where there is none
 */
export const plainFolder = (...folders: readonly string[]): string => {
  const found = [...folders, tmpdir(), '/tmp', '/var/tmp'].find(
    (folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() && isPlain(folder),
  );
  if (found !== undefined) return found;
  throw new EnvironmentFault(
    `make can't build in ${folders[0]}, whose path has blanks or letters beyond ASCII; set TMPDIR to a folder whose path has none`,
  );
};

/** Room that a build or a run needs at the very least. */
const LEAST_BYTES = 2 ** 20;

const isFull = (folder: string): boolean => {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < LEAST_BYTES;
  } catch {
    return false;
  }
};

const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, 'the disk is full; free some space and run again'],
  [/Disk quota exceeded/, 'the disk quota is used up; free some space and run again'],
  [
    /File size limit exceeded|File too large/,
    'files must not become as large; raise the limit (ulimit -f) and run again',
  ],
  [/Read-only file system/, 'a file system is read-only'],
  [
    /Cannot allocate memory|virtual memory exhausted|bad_alloc|Killed signal terminated program/,
    'there is not enough memory; end other programs, or take a machine with more',
  ],
  [/Too many open files/, 'too many files are open; raise the limit (ulimit -n) and run again'],
  [/Resource temporarily unavailable/, 'too many processes run; raise the limit (ulimit -u) and run again'],
  [/Permission denied/, 'a file or folder must not be read or written'],
  [
    /(cc1plus|collect2|as|ld).*No such file or directory|command not found|sh: .*: not found$/m,
    'a part of the program is not installed',
  ],
];

/** What is wrong with the machine, by what a program said before it failed; null where nothing speaks for that. */
export const environmentFault = (output: string, folder: string): string | null =>
  FAULTS.find(([pattern]) => pattern.test(output))?.[1] ??
  ([folder, tmpdir()].some(isFull) ? 'the disk is full; free some space and run again' : null);
