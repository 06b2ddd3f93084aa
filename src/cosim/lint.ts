import {
  type Ended,
  icarusFlags,
  lintIcarus,
  lintVerilator,
  lintYosys,
  type ProgramName,
  programVersion,
  yosysChecks,
} from '../tools/index.js';
import { cached, cacheKey, isCached } from './cache.js';
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
  /** @throws EnvironmentFault where the machine is at fault, not the design */
  readonly run: (design: Design, timeoutMs: number) => Promise<Ended>;
  /** lines of the output that make it fail, beside an exit code */
  readonly complaint: RegExp;
}

const coreOf = ({ name, rtl }: Design) => ({ top: `${name}_core`, files: rtl });

export const LINTERS: Readonly<Record<LinterName, Linter>> = {
  verilator: {
    title: 'Verilator -Wall',
    programs: ['verilator'],
    run: (design, timeoutMs) => lintVerilator(design.dir, coreOf(design), timeoutMs),
    complaint: /^%(Warning|Error)/,
  },
  icarus: {
    title: 'Icarus -Wall',
    programs: ['iverilog'],
    run: (design, timeoutMs) => lintIcarus(design.dir, coreOf(design), timeoutMs),
    complaint: /warning|error|sorry/i,
  },
  yosys: {
    title: 'Yosys hierarchy, proc, check, no latch',
    programs: ['yosys'],
    run: (design, timeoutMs) => lintYosys(design.dir, coreOf(design), timeoutMs),
    complaint: /warning|error/i,
  },
};

const LINT_TIMEOUT_MS = 10 * 60_000;

const lintOnce = async (design: Design, linter: LinterName): Promise<LintResult> => {
  const { title, run, complaint } = LINTERS[linter];
  const { code, output, timedOut } = await run(design, LINT_TIMEOUT_MS);
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
  const core = coreOf(design);
  const parts = [linter, String(version), ...icarusFlags(core), yosysChecks(core.top)];
  const key = cacheKey(design.dir, design.rtl, parts);
  const label = `lint-${linter}`;
  if (isCached(cache, label, key)) return { linter, title, ok: true, complaints: [] };
  const result = await lintOnce(design, linter);
  if (result.ok) await cached(cache, label, key, async () => {});
  return result;
};
