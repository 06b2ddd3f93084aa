import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool, ToolFailure } from './tool.js';

/** What to place and route on an iCE40. Files are relative to the folder. */
export interface Placement {
  /** netlist of Yosys's `write_json` */
  readonly netlist: string;
  /** text bitstream to write */
  readonly bitstream: string;
  readonly device: 'up5k' | 'hx8k';
  readonly package: string;
  /** clock to aim at, MHz */
  readonly frequency: number;
  /** where pins go; any pin will do without it */
  readonly constraints?: string;
  readonly seed?: number;
  readonly timeoutMs?: number;
  /** each line that nextpnr prints */
  readonly onLine?: (line: string) => void;
}

export interface Placed {
  /** highest clock after routing, MHz */
  readonly frequency: number;
  /** what the device has of each kind of cell, and how much of it is used */
  readonly utilisation: Readonly<Record<string, { readonly used: number; readonly available: number }>>;
}

/** A design that a device is too small for; `code` is the process's exit code. */
export class DoesNotFit extends Error {
  readonly code = 2;
  constructor(
    readonly device: string,
    readonly lacking: readonly string[],
  ) {
    super(`too large for the ${device}: ${lacking.join(', ')}; take fewer lanes, narrower bits or smaller layers`);
    this.name = 'DoesNotFit';
  }
}

const UTILISATION = /^Info:\s+(\w+):\s*(\d+)\/\s*(\d+)\s+\d+%/gm;

/** What a device has too little of, from nextpnr's output. */
const lackingIn = (output: string): string[] =>
  [...output.matchAll(UTILISATION)]
    .filter(([, , used, available]) => Number(used) > Number(available))
    .map(([, cell, used, available]) => `needs ${used} ${cell}, has ${available}`);

const REPORT = 'placement.json';

/**
 * Places and routes a design in `dir`.
 * @throws MissingTool, DoesNotFit, or ToolFailure with nextpnr's last words
 */
export const placeAndRoute = async (dir: string, placement: Placement): Promise<Placed> => {
  const { netlist, bitstream, device, frequency, constraints, seed = 1, timeoutMs, onLine } = placement;
  const parameters = [
    ...[`--${device}`, '--package', placement.package, '--json', netlist, '--asc', bitstream],
    ...['--freq', String(frequency), '--seed', String(seed), '--report', REPORT, '--timing-allow-fail'],
    ...(constraints === undefined ? [] : ['--pcf', constraints]),
  ];
  try {
    await runTool('nextpnr-ice40', parameters, {
      cwd: dir,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(onLine === undefined ? {} : { onLine }),
    });
  } catch (error) {
    const lacking = error instanceof ToolFailure ? lackingIn(error.output) : [];
    throw lacking.length > 0 ? new DoesNotFit(device.toUpperCase(), lacking) : error;
  }
  const { fmax, utilization } = JSON.parse(readFileSync(join(dir, REPORT), 'utf8')) as {
    fmax: Record<string, { achieved: number }>;
    utilization: Placed['utilisation'];
  };
  return { frequency: Math.min(...Object.values(fmax).map(({ achieved }) => achieved)), utilisation: utilization };
};
