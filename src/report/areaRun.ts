import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Plan } from '../datapath/plan.js';
import {
  DoesNotFit,
  findProgram,
  installCommand,
  type ModuleCells,
  onInterrupt,
  placeAndRoute,
  programVersion,
  readStatistics,
  requirePrograms,
  synthesise,
} from '../tools/index.js';
import { type AreaCounts, type AreaReport, areaReport, type Clock } from './area.js';
import { type AreaTarget, TARGETS } from './areaTargets.js';

/** A generated design: text by path, its `filelist.f` among them. */
export type Sources = ReadonlyMap<string, string>;

export interface AreaOptions {
  /** the core, and the top `<name>_bytes` around it */
  readonly design: Sources;
  /** the same in mode off; null where the core is in that mode itself */
  readonly without: Sources | null;
  /** folder that keeps results from run to run */
  readonly cache: string;
  /** what is being done */
  readonly onProgress?: (text: string) => void;
}

/** Device that gives the clock, the frequency aimed at, and the files between the tools. */
const DEVICE = { device: 'up5k', package: 'sg48', frequency: 25 } as const;
const NETLIST = 'netlist.json';
const BITSTREAM = 'design.asc';
const MEMORIES = 'memories.json';

const sourceList = (sources: Sources): string[] =>
  (sources.get('filelist.f') ?? '').split('\n').filter((path) => path !== '');

/** Calls `make` in a folder that holds the sources and goes afterwards. */
const inFolder = async <T>(cache: string, sources: Sources, make: (folder: string) => Promise<T>): Promise<T> => {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(resolve(cache, '.work-'));
  const discard = (): void => rmSync(folder, { recursive: true, force: true });
  const release = onInterrupt(discard);
  try {
    for (const path of sourceList(sources)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), sources.get(path) ?? '');
    }
    return await make(folder);
  } finally {
    discard();
    release();
  }
};

/**
 * The result in `<cache>/<key>.json`, `key` being a hash of the sources and of `parts`; made and put there whole if it is
 * not there, or not JSON.
 */
const remembered = async <T>(
  cache: string,
  sources: Sources,
  parts: readonly string[],
  make: () => Promise<T>,
): Promise<T> => {
  const hash = createHash('sha256').update(JSON.stringify(parts));
  for (const path of sourceList(sources)) hash.update(`\0${path}\0${sources.get(path)}`);
  const file = resolve(cache, `${hash.digest('hex').slice(0, 20)}.json`);
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as T;
    } catch {
      rmSync(file);
    }
  }
  const result = await make();
  writeFileSync(`${file}.new`, JSON.stringify(result));
  renameSync(`${file}.new`, file);
  return result;
};

type Counted = { readonly modules: readonly (readonly [string, ModuleCells])[]; readonly memoryBits: number };

/**
 * Runs Yosys, and nextpnr where it serves the target, over the core of `plan`.
 * @throws MissingTool without Yosys
 */
export const measureArea = async (
  plan: Plan,
  target: AreaTarget,
  { design, without, cache, onProgress = () => {} }: AreaOptions,
): Promise<AreaReport> => {
  requirePrograms(['yosys']);
  const yosys = (await programVersion('yosys')) ?? 'unknown';
  const core = `${plan.config.name}_core`;

  const count = (what: string, sources: Sources, flat: boolean): Promise<Counted> => {
    const dissolve = `hierarchy -check -top ${core}; proc; flatten; opt_expr; opt_clean`;
    const before = flat ? `${dissolve}; tee -q -o ${MEMORIES} stat -json; ` : '';
    const commands = `${before}${TARGETS[target].commands(core, flat)}`;
    return remembered(cache, sources, [yosys, commands], () =>
      inFolder(cache, sources, async (folder) => {
        onProgress(`yosys: ${what}`);
        const modules = await synthesise(folder, { sources: sourceList(sources), commands });
        const memoryBits = flat ? (readStatistics(folder, MEMORIES).get(core)?.memoryBits ?? 0) : 0;
        return { modules: [...modules], memoryBits };
      }),
    );
  };

  const flat = await count('the core', design, true);
  const off = without && (await count('the core in mode off', without, true));
  const hierarchy = await count('module by module', design, false);
  const { clock, tools } = await clockOf(plan, target, design, cache, yosys, onProgress);
  const counts: AreaCounts = {
    flat: new Map(flat.modules),
    memoryBits: flat.memoryBits,
    without: off && new Map(off.modules),
    hierarchy: new Map(hierarchy.modules),
    tools: { yosys, ...tools },
    clock,
  };
  return areaReport(plan, target, counts);
};

/** Places and routes the core behind its byte streams: its own ports are more than a package has pins. */
const clockOf = async (
  plan: Plan,
  target: AreaTarget,
  design: Sources,
  cache: string,
  yosys: string,
  onProgress: (text: string) => void,
): Promise<{ clock: Clock; tools: Record<string, string> }> => {
  if (target !== 'ice40') return { clock: { reason: 'only ice40 is placed and routed' }, tools: {} };
  if (findProgram('nextpnr-ice40') === null) {
    return { clock: { reason: `nextpnr-ice40 is not installed: ${installCommand(['nextpnr-ice40'])}` }, tools: {} };
  }
  const nextpnr = (await programVersion('nextpnr-ice40')) ?? 'unknown';
  const top = `${plan.config.name}_bytes`;
  const device = `${DEVICE.device.toUpperCase()}, ${DEVICE.package}`;
  const clock = await remembered(cache, design, [yosys, nextpnr, 'clock', JSON.stringify(DEVICE)], () =>
    inFolder(cache, design, async (folder): Promise<Clock> => {
      onProgress(`yosys: ${top}`);
      const commands = `${TARGETS.ice40.commands(top, true)} -json ${NETLIST}`;
      await synthesise(folder, { sources: sourceList(design), commands });
      onProgress(`nextpnr-ice40: ${top}`);
      try {
        const { frequency } = await placeAndRoute(folder, { ...DEVICE, netlist: NETLIST, bitstream: BITSTREAM });
        return { frequency, device, top };
      } catch (error) {
        if (error instanceof DoesNotFit) return { reason: `${top} is ${error.message}` };
        throw error;
      }
    }),
  );
  return { clock, tools: { 'nextpnr-ice40': nextpnr } };
};
