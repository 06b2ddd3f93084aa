import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { asUserError, UserError } from '../fx/error.js';
import { shownPath } from '../fx/folder.js';
import { mayRun, type Owner, readOwner, thisProcess } from './owner.js';

interface Holder extends Owner {
  readonly command: string;
  /** local date and time */
  readonly since: string;
}

const isHolder = (owner: Owner): owner is Holder => 'command' in owner && 'since' in owner;

const textOf = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

const commandLine = (): string => ['grapes-hw', ...process.argv.slice(2)].join(' ');

/** Takes a lock of a process that is gone out of the way; puts it back if it has become another's in the meantime. */
const takeOver = (file: string, seen: string): void => {
  const aside = `${file}.${process.pid}.old`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (textOf(aside) !== seen) {
    try {
      linkSync(aside, file);
    } catch {
      // somebody has it already
    }
  }
  rmSync(aside, { force: true });
};

const refusal = (what: string, file: string, owner: Owner | null): UserError => {
  const who = owner === null ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  const more = owner !== null && isHolder(owner) ? ` since ${owner.since} (${owner.command})` : '';
  const [shown, lock] = [what, file].map(shownPath);
  return new UserError(
    `${shown}: in use by ${who}${more}; wait for it or end it; if it is gone for certain, delete ${lock}`,
    { field: shown },
  );
};

const ATTEMPTS = 5;

/**
 * Locks `what` for this process by the file `<what>.lock`, which goes with the process; the lock of a process that is gone
 * is taken over. Returns the function that gives it back.
 * @throws UserError naming who holds it
 */
export const takeLock = (what: string): (() => void) => {
  const file = `${what}.lock`;
  const mine = `${file}.${process.pid}`;
  const holder: Holder = { ...thisProcess(), command: commandLine(), since: new Date().toLocaleString('sv-SE') };
  const text = `${JSON.stringify(holder)}\n`;
  const release = (): void => {
    process.off('exit', release);
    if (textOf(file) === text) rmSync(file, { force: true });
  };
  try {
    writeFileSync(mine, text);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        // unlike a file that is opened and then written, a link is there whole or not at all
        linkSync(mine, file);
        process.on('exit', release);
        return release;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      const seen = textOf(file);
      const owner = readOwner(file);
      if (owner !== null && mayRun(owner)) throw refusal(what, file, owner);
      if (seen !== null) takeOver(file, seen);
    }
    throw refusal(what, file, readOwner(file));
  } catch (error) {
    throw asUserError(error, what);
  } finally {
    rmSync(mine, { force: true });
  }
};
