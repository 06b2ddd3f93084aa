import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { asUserError } from '../fx/error.js';
import { makeFolders, shownPath } from '../fx/folder.js';
import { mayRun, readOwner, thisProcess } from './owner.js';

/** A folder in the making: it takes its place whole, or leaves no trace. */
export interface Stage {
  /** where to make it; not there yet */
  readonly folder: string;
  /** puts the folder in the target's place */
  readonly commit: () => void;
  /** takes away whatever has not been committed; to be called in any case */
  readonly discard: () => void;
}

/** Every file below a folder, relative to it. */
export const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

/** What a temporary folder beside the target holds: who makes it, the folder in the making, what stood in its place. */
const PARTS = { owner: 'owner', fresh: 'new', old: 'old' } as const;

/** A temporary folder without an owner is of somebody who is about to write it down, or has been left behind. */
const YOUNG_MS = 60_000;

const TEMPORARY = /^\.(.+)-[0-9a-f]{8}$/;

const isLeftBehind = (temporary: string, mine: boolean): boolean => {
  const owner = readOwner(join(temporary, PARTS.owner));
  if (owner !== null) return !mayRun(owner);
  return mine && Date.now() - statSync(temporary).mtimeMs > YOUNG_MS;
};

/** Takes away what processes that were killed have left beside a target; what they took from its place goes back. */
const sweep = (target: string): void => {
  const parent = dirname(target);
  for (const entry of readdirSync(parent)) {
    const name = TEMPORARY.exec(entry)?.[1];
    if (name === undefined) continue;
    const temporary = join(parent, entry);
    try {
      if (!isLeftBehind(temporary, name === basename(target))) continue;
      const old = join(temporary, PARTS.old);
      if (existsSync(old) && !existsSync(join(parent, name))) renameSync(old, join(parent, name));
      rmSync(temporary, { recursive: true, force: true });
    } catch {
      // another process sweeps it, or it is somebody else's: it is in nobody's way
    }
  }
};

/**
 * Opens a folder in the making, inside a temporary one beside `target`.
 * @throws UserError naming the folder around the target where it can't be written, or the file system's error
 */
export const openStage = (target: string): Stage => {
  const full = resolve(target);
  const parent = dirname(full);
  const created = makeFolders(parent);
  sweep(full);
  const temporary = join(parent, `.${basename(full)}-${randomBytes(4).toString('hex')}`);
  const folder = join(temporary, PARTS.fresh);
  const old = join(temporary, PARTS.old);
  const discard = (): void => {
    rmSync(temporary, { recursive: true, force: true });
    if (created !== undefined && existsSync(parent) && readdirSync(parent).length === 0) rmdirSync(parent);
  };
  try {
    mkdirSync(temporary);
    writeFileSync(join(temporary, PARTS.owner), JSON.stringify(thisProcess()));
  } catch (error) {
    discard();
    throw asUserError(error, shownPath(parent));
  }
  return {
    folder,
    commit: () => {
      if (existsSync(full)) renameSync(full, old);
      try {
        renameSync(folder, full);
      } catch (error) {
        if (existsSync(old)) renameSync(old, full);
        throw error;
      }
    },
    discard,
  };
};
