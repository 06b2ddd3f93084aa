import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { UserError } from '../fx/error.js';
import { makeFolders } from '../fx/folder.js';
import { onInterrupt } from '../tools/index.js';

/** A folder in the making: it takes its place whole, or leaves no trace. */
export interface Stage {
  /** where to make it */
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

const SHOWN = 3;

/** @throws UserError if `target` exists and holds a file that is not `ours` */
const refuseOthers = (target: string, ours: (file: string) => boolean, option: string): void => {
  if (!existsSync(target)) return;
  const shown = relative(process.cwd(), target) || target;
  if (!lstatSync(target).isDirectory())
    throw new UserError(`${shown} is not a folder; move it away or choose another folder with ${option}`, {
      field: shown,
    });
  const others = filesOf(target).filter((file) => !ours(file));
  if (others.length === 0) return;
  const names = [...others.slice(0, SHOWN), ...(others.length > SHOWN ? [`${others.length - SHOWN} more`] : [])];
  throw new UserError(
    `${shown} holds files that grapes-hw did not write: ${names.join(', ')}; move them away or choose another folder with ${option}`,
    { field: shown },
  );
};

/**
 * Opens a folder in the making, inside a temporary one beside `target`; `folder` itself does not exist yet. On Ctrl-C the
 * temporary one is taken away.
 * @param ours says of a file in an existing target, by its path inside, that it may be replaced
 * @param option the flag that chooses another target, for the message
 * @throws UserError if the target exists and holds anything else
 */
export const openStage = (target: string, ours: (file: string) => boolean, option: string): Stage => {
  refuseOthers(target, ours, option);
  const parent = dirname(target);
  const created = makeFolders(parent);
  const temporary = join(parent, `.${basename(target)}-${randomBytes(4).toString('hex')}`);
  mkdirSync(temporary);
  const folder = join(temporary, 'new');
  const discard = (): void => {
    rmSync(temporary, { recursive: true, force: true });
    if (created !== undefined && readdirSync(parent).length === 0) rmdirSync(parent);
    release();
  };
  const release = onInterrupt(discard);
  return {
    folder,
    commit: () => {
      if (existsSync(target)) renameSync(target, join(temporary, 'old'));
      renameSync(folder, target);
    },
    discard,
  };
};
