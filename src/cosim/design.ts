import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isThere } from '../fx/folder.js';

/** A self-checking testbench: module `top` is clocked from outside, `<top>_clock` makes its own clock. */
export interface Bench {
  readonly top: string;
  /** files beside the RTL: the testbench and what all testbenches share */
  readonly files: readonly string[];
  readonly clock: string;
}

/** A generated folder as it lies on disk; paths are relative to `dir`. */
export interface Design {
  readonly name: string;
  /** absolute */
  readonly dir: string;
  /** in the order of the file list */
  readonly rtl: readonly string[];
  /** clock for Verilator */
  readonly main: string;
  /** the core's testbench for whole epochs, in C++; folders made before there was one lack it */
  readonly epochs: string;
  /** the core's testbench */
  readonly core: Bench;
  /** those of small modules, by name */
  readonly modules: readonly Bench[];
}

const FILE_LIST = 'filelist.f';
const TB = 'tb';

/** How the names of the modules begin that only the core's testbench has; the package comes first by its name. */
const CORE_FILES = 'grapes_tb_';

/** A generated folder that lacks something; `code` is the process's exit code. */
export class DesignError extends Error {
  readonly code = 2;
}

const readFileList = (dir: string): string[] =>
  readFileSync(join(dir, FILE_LIST), 'utf8')
    .split('\n')
    .map((line) => line.replace(/\/\/.*/, '').trim())
    .filter((line) => line !== '');

/**
 * Reads which files a generated folder holds.
 * @throws DesignError naming the file that is missing
 */
export const readDesign = (dir: string, name: string): Design => {
  const need = (file: string): string => {
    if (isThere(join(dir, file))) return file;
    throw new DesignError(`${join(dir, file)} is missing; make the folder again: grapes-hw gen`);
  };
  need(FILE_LIST);
  const rtl = readFileList(dir).map(need);
  const sources = isThere(join(dir, TB)) ? readdirSync(join(dir, TB)).filter((file) => /\.s?vh?$/.test(file)) : [];
  const isTop = (file: string): boolean => file.endsWith('_tb.sv');
  const shared = sources.filter((file) => !isTop(file) && !file.endsWith('_tb_clock.sv') && file.endsWith('v')).sort();
  const coreTop = `${name}_tb`;
  const bench = (top: string): Bench => ({
    top,
    files: [
      ...shared.filter((file) => file.startsWith(CORE_FILES) === (top === coreTop)).map((file) => `${TB}/${file}`),
      need(`${TB}/${top}.sv`),
    ],
    clock: need(`${TB}/${top}_clock.sv`),
  });
  const tops = sources.filter(isTop).map((file) => file.slice(0, -'.sv'.length));
  return {
    name,
    dir,
    rtl,
    main: need(`${TB}/main.cpp`),
    epochs: `${TB}/${name}_epochs.cpp`,
    core: bench(coreTop),
    modules: tops
      .filter((top) => top !== coreTop)
      .sort()
      .map(bench),
  };
};
