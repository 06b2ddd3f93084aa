import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileIcarus, findProgram, runIcarus, ToolFailure } from '../../src/tools/index.js';

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
export const compileBench = async (dir: string, top: string, rtl: readonly string[], out: string): Promise<string> => {
  try {
    return await compileIcarus(
      dir,
      { top: `${top}_clock`, files: [...rtl, `tb/${top}.sv`, `tb/${top}_clock.sv`] },
      out,
    );
  } catch (error) {
    if (error instanceof ToolFailure) return error.output;
    throw error;
  }
};

/** Lines that a testbench prints, run in `dir`. */
export const runBench = async (dir: string, binary: string, plusargs: readonly string[] = []): Promise<string[]> => {
  const { output } = await runIcarus(dir, binary, plusargs, { timeoutMs: 60_000 });
  return output.split('\n').filter((line) => line.startsWith('GRAPES '));
};

export const isDone = (lines: readonly string[]): boolean => lines.some((line) => line.startsWith('GRAPES DONE '));
