import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../fx/error.js';
import { isThere, makeFolders } from '../fx/folder.js';

/** Default folders below which a design's two folders lie. */
export const RTL_OUT = 'rtl-out';
export const GOLDEN = 'golden';

/** The resolved configuration in a folder of RTL: what makes it a generated one. */
export const CONFIG_FILE = 'config.json';

/** Says of a path inside a folder of RTL that `gen` writes such a file for the design `name`. */
export const isRtlFile =
  (name: string) =>
  (file: string): boolean => {
    const path = file.replaceAll('\\', '/');
    return (
      [CONFIG_FILE, 'README.md', 'filelist.f', `${name}.sdc`, 'tb/main.cpp'].includes(path) ||
      new RegExp(`^(tb/)?(grapes|${name})_\\w+\\.(sv|svh|cpp|h)$`).test(path) ||
      /^tb\/vectors\/\w+\.mem$/.test(path)
    );
  };

/** Says of a path inside a golden directory that `gen` writes such a file. */
export const isGoldenFile = (file: string): boolean =>
  file === 'manifest.json' || /^[a-z]+\d*(_init|_final)?\.mem$/.test(file);

/** Writes files by their paths below a folder. */
export const writeFiles = (folder: string, files: ReadonlyMap<string, string>): void => {
  for (const [path, text] of files) {
    const file = join(folder, path);
    makeFolders(dirname(file));
    writeFileSync(file, text);
  }
};

const foldersIn = (out: string): string[] =>
  isThere(out)
    ? readdirSync(out)
        .filter((name) => !name.startsWith('.'))
        .sort()
    : [];

/**
 * The design to work on: the one named, or the only one there is.
 * @throws UserError if it isn't there, or if there are none or several and none is named
 */
export const findDesign = (out: string, name: string | undefined): string => {
  const isDesign = (folder: string): boolean => isThere(join(out, folder, CONFIG_FILE));
  const folders = foldersIn(out);
  if (name !== undefined && folders.includes(name) && isDesign(name)) return name;
  const names = folders.filter(isDesign);
  const there = names.length > 0 ? `there are: ${names.join(', ')}` : 'it holds no design; `grapes-hw gen` makes one';
  if (name !== undefined) throw new UserError(`${out}/${name} is not there; ${there}`, { field: 'NAME' });
  if (names.length === 1) return names[0];
  throw new UserError(`name the design to verify in ${out}; ${there}`, { field: 'NAME' });
};
