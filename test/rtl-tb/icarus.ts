import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram } from '../../src/tools/index.js';

/** Why tests that simulate are skipped here, or null where Icarus is installed. */
export const missingIcarus = findProgram('iverilog') === null ? 'needs Icarus: apt-get install iverilog' : null;

/** Writes an emitted design to a folder. */
export const writeDesign = (files: ReadonlyMap<string, string>, dir: string): void => {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
};

/** Compiles a testbench of the design in `dir`; returns the compiler's complaints. */
export const compileBench = (dir: string, top: string, rtl: readonly string[], out: string): string => {
  const flags = ['-g2012', '-Wall', '-s', `${top}_clock`, '-o', out];
  const { stdout, stderr } = spawnSync('iverilog', [...flags, ...rtl, `tb/${top}.sv`, `tb/${top}_clock.sv`], {
    cwd: dir,
    encoding: 'utf8',
  });
  return stdout + stderr;
};

/** Lines that a testbench prints, run in `dir`. */
export const runBench = (dir: string, binary: string, plusargs: readonly string[] = []): string[] =>
  spawnSync('vvp', ['-n', binary, ...plusargs], { cwd: dir, encoding: 'utf8', timeout: 60_000 })
    .stdout.split('\n')
    .filter((line) => line.startsWith('GRAPES '));

export const isDone = (lines: readonly string[]): boolean => lines.some((line) => line.startsWith('GRAPES DONE '));
