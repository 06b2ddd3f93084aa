import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ProgramName, programVersion, runProgram } from '../tools/index.js';
import { cacheKey } from './cache.js';
import type { Design } from './design.js';

export type LinterName = 'verilator' | 'icarus' | 'yosys';

export interface LintResult {
  readonly linter: LinterName;
  readonly title: string;
  readonly ok: boolean;
  /** the tool's complaints, one a line; empty if `ok` */
  readonly complaints: readonly string[];
}

interface Linter {
  readonly title: string;
  readonly programs: readonly ProgramName[];
  readonly command: (design: Design) => readonly [string, ...string[]];
  /** lines of the output that make it fail, beside an exit code */
  readonly complaint: RegExp;
}

const coreOf = (design: Design): string => `${design.name}_core`;

const YOSYS_LATCHES = 'select -assert-none t:$dlatch t:$adlatch t:$dlatchsr';

export const LINTERS: Readonly<Record<LinterName, Linter>> = {
  verilator: {
    title: 'Verilator -Wall',
    programs: ['verilator'],
    command: (design) => ['verilator', '--lint-only', '-Wall', '--top-module', coreOf(design), ...design.rtl],
    complaint: /^%(Warning|Error)/,
  },
  icarus: {
    title: 'Icarus -Wall',
    programs: ['iverilog'],
    command: (design) => ['iverilog', '-g2012', '-Wall', '-t', 'null', '-s', coreOf(design), ...design.rtl],
    complaint: /warning|error|sorry/i,
  },
  yosys: {
    title: 'Yosys hierarchy, proc, check, no latch',
    programs: ['yosys'],
    command: (design) => [
      ...(['yosys', '-q', '-p'] as const),
      `read_verilog -sv ${design.rtl.join(' ')}; hierarchy -check -top ${coreOf(design)}; proc; check -assert; ${YOSYS_LATCHES}`,
    ],
    complaint: /warning|error/i,
  },
};

const LINT_TIMEOUT_MS = 10 * 60_000;

const lintOnce = async (design: Design, linter: LinterName): Promise<LintResult> => {
  const { title, command, complaint } = LINTERS[linter];
  const [program, ...parameters] = command(design);
  const { code, output, timedOut } = await runProgram(program, parameters, {
    cwd: design.dir,
    timeoutMs: LINT_TIMEOUT_MS,
  });
  const lines = output.split('\n').filter((line) => line !== '');
  const complaints = code === 0 ? lines.filter((line) => complaint.test(line)) : lines;
  return {
    linter,
    title,
    ok: code === 0 && complaints.length === 0,
    complaints: timedOut ? [...complaints, 'stopped: out of time'] : complaints,
  };
};

/** Lints a design's RTL; a clean result is remembered in `cache` for as long as files and tool stay the same. */
export const lint = async (design: Design, linter: LinterName, cache: string): Promise<LintResult> => {
  const { title, programs } = LINTERS[linter];
  const version = await programVersion(programs[0]);
  const key = cacheKey(design.dir, design.rtl, [linter, String(version), coreOf(design), YOSYS_LATCHES]);
  const clean = join(cache, `lint-${linter}-${key}`);
  if (existsSync(clean)) return { linter, title, ok: true, complaints: [] };
  const result = await lintOnce(design, linter);
  if (result.ok) mkdirSync(clean, { recursive: true });
  return result;
};
