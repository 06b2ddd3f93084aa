import { type Placed, runNextpnr, slowestClock } from './placement.js';
import type { RunOptions } from './run.js';
import { runTool } from './tool.js';

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
}

/**
 * Places and routes a design in `dir`.
 * @throws MissingTool, DoesNotFit, or ToolFailure with nextpnr's last words
 */
export const placeAndRoute = async (
  dir: string,
  placement: Placement,
  options: Omit<RunOptions, 'cwd'> = {},
): Promise<Placed> => {
  const { netlist, bitstream, device, frequency, constraints, seed = 1 } = placement;
  const parameters = [
    ...[`--${device}`, '--package', placement.package, '--json', netlist, '--asc', bitstream],
    ...['--freq', String(frequency), '--seed', String(seed)],
    ...(constraints === undefined ? [] : ['--pcf', constraints]),
  ];
  const report = await runNextpnr(dir, 'nextpnr-ice40', device.toUpperCase(), parameters, options);
  return { frequency: slowestClock(report), utilisation: report.utilization };
};

/**
 * Packs a text bitstream of nextpnr into what an iCE40 loads; both are files in `dir`.
 * @throws MissingTool, or ToolFailure
 */
export const packBitstream = async (dir: string, text: string, packed: string): Promise<void> => {
  await runTool('icepack', [text, packed], { cwd: dir });
};
