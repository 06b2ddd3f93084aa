import { existsSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

/** What a path leads to; undefined where there is nothing. @throws the file system's error where it does not let us look */
const look = (path: string): Stats | undefined => {
  try {
    return statSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
};

/** Whether there is something; unlike `existsSync`, what must not be looked at is not missing. @throws the file system's error */
export const isThere = (path: string): boolean => look(path) !== undefined;

/** @throws the file system's error where it does not let us look */
export const isFolder = (path: string): boolean => look(path)?.isDirectory() ?? false;

/**
 * Makes a folder and what is missing of the way to it; gives the first one made, undefined if there was nothing to make.
 * Node's own recursive `mkdirSync` never returns where a file system takes no folders, such as /proc.
 * @throws the file system's error
 */
export const makeFolders = (folder: string): string | undefined => {
  if (isFolder(folder)) return undefined;
  const parent = dirname(folder);
  const first = existsSync(parent) ? undefined : makeFolders(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // another process may have been faster
    if (!isFolder(folder)) throw error;
  }
  return first ?? folder;
};

/** A path as a message shows it: from the current folder on where it lies in it, else whole. */
export const shownPath = (path: string): string => {
  const inside = relative(process.cwd(), path);
  return inside === '' || inside.startsWith('..') ? resolve(path) : inside;
};
