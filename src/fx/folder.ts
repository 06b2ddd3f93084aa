import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

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
