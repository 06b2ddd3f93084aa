import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramName } from './programs.js';
import type { RunOptions } from './run.js';
import { runTool, ToolFailure } from './tool.js';

export interface Placed {
  /** highest clock after routing, MHz */
  readonly frequency: number;
  /** what the device has of each kind of cell, and how much of it is used */
  readonly utilisation: Utilisation;
}

export type Utilisation = Readonly<Record<string, { readonly used: number; readonly available: number }>>;

/** A design that a device is too small for; `code` is the process's exit code. */
export class DoesNotFit extends Error {
  readonly code = 2;
  constructor(
    readonly device: string,
    readonly lacking: readonly string[],
    advice = 'take fewer lanes, narrower bits or smaller layers',
  ) {
    super(`too large for the ${device}: ${lacking.join(', ')}; ${advice}`);
    this.name = 'DoesNotFit';
  }
}

const UTILISATION = /^Info:\s+(\w+):\s*(\d+)\/\s*(\d+)\s+\d+%/gm;

/** What a device has too little of, from nextpnr's output. */
const lackingIn = (output: string): string[] =>
  [...output.matchAll(UTILISATION)]
    .filter(([, , used, available]) => Number(used) > Number(available))
    .map(([, cell, used, available]) => `needs ${used} ${cell}, has ${available}`);

/** The report that every nextpnr writes. */
export interface NextpnrReport {
  readonly fmax: Readonly<Record<string, { readonly achieved: number }>>;
  readonly utilization: Utilisation;
}

const REPORT = 'placement.json';

/**
 * Runs a nextpnr in `dir` and reads its report.
 * @throws MissingTool, DoesNotFit, or ToolFailure with nextpnr's last words
 */
export const runNextpnr = async <Report extends NextpnrReport>(
  dir: string,
  program: ProgramName,
  device: string,
  parameters: readonly string[],
  options: Omit<RunOptions, 'cwd'>,
): Promise<Report> => {
  try {
    await runTool(program, [...parameters, '--report', REPORT, '--timing-allow-fail'], { ...options, cwd: dir });
  } catch (error) {
    const lacking = error instanceof ToolFailure ? lackingIn(error.output) : [];
    throw lacking.length > 0 ? new DoesNotFit(device, lacking) : error;
  }
  return JSON.parse(readFileSync(join(dir, REPORT), 'utf8')) as Report;
};

/** The slowest clock of a report, MHz. */
export const slowestClock = ({ fmax }: NextpnrReport): number =>
  Math.min(...Object.values(fmax).map(({ achieved }) => achieved));
