import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { goldenRun, plusArguments } from '../../src/cosim/index.js';
import type { Plan } from '../../src/datapath/plan.js';
import { rateAt } from '../../src/datapath/rate.js';
import { hostOf, type Manifest } from '../../src/golden/index.js';
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

/** Modules of the core's testbench, the package first. */
const coreFiles = (dir: string): string[] =>
  readdirSync(join(dir, 'tb'))
    .filter((file) => file.startsWith('grapes_tb_'))
    .sort()
    .map((file) => `tb/${file}`);

/** What the core's testbench is told to run on golden vectors whole, from `dir`. */
export const coreArguments = async (
  plan: Plan,
  golden: string,
  manifest: Manifest,
  dir: string,
  { fastLoad = false, stallSeed }: { readonly fastLoad?: boolean; readonly stallSeed?: number } = {},
): Promise<string[]> => {
  const host = await hostOf(plan, golden, manifest, { samples: manifest.samples, rate: rateAt(plan.config, 0) });
  const run = goldenRun(golden, manifest, host);
  const told = { golden: run, fastLoad, stall: stallSeed !== undefined, stallSeed: stallSeed ?? 1, wave: null };
  return plusArguments(plan, told, join(dir, 'run'), dir);
};

/** Compiles a testbench of the design in `dir`; returns the compiler's complaints. */
export const compileBench = async (dir: string, top: string, rtl: readonly string[], out: string): Promise<string> => {
  try {
    return await compileIcarus(
      dir,
      { top: `${top}_clock`, files: [...rtl, ...coreFiles(dir), `tb/${top}.sv`, `tb/${top}_clock.sv`] },
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
