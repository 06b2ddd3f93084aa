import { memories, memoryBits } from '../datapath/memories.js';
import type { Plan } from '../datapath/plan.js';
import type { ModuleCells, Utilisation } from '../tools/index.js';
import { type AreaTarget, RESOURCES, type Resource, TARGETS } from './areaTargets.js';
import { type PlacementReport, placementLines } from './placement.js';
import { table } from './table.js';

export type Resources = Readonly<Record<Resource, number>>;

/** Resources of all instances of a module, without those of the modules within it. */
export interface ModuleRow extends Resources {
  readonly module: string;
  readonly instances: number;
}

/** The clock of a placed and routed design, or why there is none. */
export type Clock =
  | { readonly frequency: number; readonly device: string; readonly top: string; readonly reason?: never }
  | { readonly reason: string };

/** What a core takes of a technology. */
export interface AreaReport {
  readonly format: 'grapes-area/2';
  readonly name: string;
  readonly layers: readonly number[];
  readonly bits: { readonly weight: number; readonly activation: number; readonly error: number };
  readonly lanes: number;
  readonly mode: string;
  readonly target: AreaTarget;
  /** program and version */
  readonly tools: Readonly<Record<string, string>>;
  /** the core, its modules dissolved into one another as a tool flow does; for ECP5 in the cells that nextpnr packs it into */
  readonly total: Resources;
  /** bits of all memories, as Yosys finds them and as `report memory` lists them (random streams are registers) */
  readonly memoryBits: { readonly counted: number; readonly listed: number };
  /** the same core in mode off, and what GRAPES adds to it; null where the core itself is in mode off */
  readonly without: Resources | null;
  readonly grapes: { readonly added: Resources; readonly percent: Resources } | null;
  /** module by module, each mapped by itself: their sum is more than `total` */
  readonly modules: readonly ModuleRow[];
  readonly clock: Clock;
  /** how the core fared on an ECP5; null for every other target */
  readonly placement: PlacementReport | null;
}

/** What the tools counted. */
export interface AreaCounts {
  /** of the core with its modules dissolved */
  readonly total: Resources;
  readonly memoryBits: number;
  /** of the core in mode off */
  readonly without: Resources | null;
  /** of the core with its modules kept */
  readonly hierarchy: ReadonlyMap<string, ModuleCells>;
  readonly tools: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly placement: PlacementReport | null;
}

const zero = (): Record<Resource, number> => ({ luts: 0, flipFlops: 0, lutRams: 0, blockRams: 0, multipliers: 0 });

const each = (value: (resource: Resource) => number): Resources => {
  const resources = zero();
  for (const resource of RESOURCES) resources[resource] = value(resource);
  return resources;
};

const add = (...list: readonly Resources[]): Resources =>
  each((resource) => list.reduce((sum, resources) => sum + resources[resource], 0));

/** Resources that cells stand for in a technology. */
export const resourcesOf = (target: AreaTarget, cells: ModuleCells['cells']): Resources => {
  const found = zero();
  for (const [type, count] of Object.entries(cells))
    for (const { pattern, resource, weight = 1 } of TARGETS[target].cells)
      if (pattern.test(type)) found[resource] += weight * count;
  return found;
};

/** How often each module is instantiated below `top`, itself included. */
const instancesBelow = (modules: ReadonlyMap<string, ModuleCells>, top: string): Map<string, number> => {
  const counts = new Map<string, number>();
  const visit = (name: string, times: number): void => {
    const found = modules.get(name);
    if (found === undefined) return;
    counts.set(name, (counts.get(name) ?? 0) + times);
    for (const [type, count] of Object.entries(found.cells)) visit(type, times * count);
  };
  visit(top, 1);
  return counts;
};

/** Resources by module of the source, those with the most LUTs first. */
export const moduleRows = (
  target: AreaTarget,
  modules: ReadonlyMap<string, ModuleCells>,
  top: string,
): readonly ModuleRow[] => {
  const rows = new Map<string, ModuleRow>();
  for (const [name, instances] of instancesBelow(modules, top)) {
    const found = modules.get(name);
    if (found === undefined) continue;
    const one = resourcesOf(target, found.cells);
    const before = rows.get(found.module);
    const all = each((resource) => instances * one[resource]);
    rows.set(found.module, {
      module: found.module,
      instances: instances + (before?.instances ?? 0),
      ...(before === undefined ? all : add(before, all)),
    });
  }
  return [...rows.values()]
    .filter((row) => RESOURCES.some((resource) => row[resource] > 0))
    .sort((a, b) => b.luts - a.luts || b.flipFlops - a.flipFlops || (a.module < b.module ? -1 : 1));
};

/** Resources of a core whose modules are dissolved into one. */
export const totalOf = (target: AreaTarget, flat: ReadonlyMap<string, ModuleCells>): Resources =>
  add(zero(), ...[...flat.values()].map(({ cells }) => resourcesOf(target, cells)));

/** Resources of a core as nextpnr packs it, without the registers that were put at its ports. */
export const packedResources = (target: AreaTarget, utilisation: Utilisation, portRegisters: number): Resources => {
  const { packed } = TARGETS[target];
  return each(
    (resource) =>
      (packed === undefined ? 0 : (utilisation[packed[resource]]?.used ?? 0)) -
      (resource === 'flipFlops' ? portRegisters : 0),
  );
};

/** Puts together what Yosys and nextpnr found out about the core of `plan`. */
export const areaReport = (plan: Plan, target: AreaTarget, counts: AreaCounts): AreaReport => {
  const { config } = plan;
  const { total, without } = counts;
  const listed = memories(plan).filter(({ name }) => name !== 'stream');
  return {
    format: 'grapes-area/2',
    name: config.name,
    layers: config.layers,
    bits: config.bits,
    lanes: config.lanes,
    mode: config.grapes.mode,
    target,
    tools: counts.tools,
    total,
    memoryBits: { counted: counts.memoryBits, listed: listed.reduce((sum, memory) => sum + memoryBits(memory), 0) },
    without,
    grapes: without && {
      added: each((resource) => total[resource] - without[resource]),
      percent: each((resource) =>
        without[resource] === 0 ? 0 : (100 * (total[resource] - without[resource])) / without[resource],
      ),
    },
    modules: moduleRows(target, counts.hierarchy, `${config.name}_core`),
    clock: counts.clock,
    placement: counts.placement,
  };
};

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');

const clockLine = (clock: Clock): string =>
  clock.reason === undefined
    ? `Clock: ${clock.frequency.toFixed(1)} MHz, ${clock.top} placed and routed on the ${clock.device}.`
    : `No clock: ${clock.reason}.`;

/** The report as plain text for a terminal, ending in a newline. */
export const areaText = (report: AreaReport): string => {
  const { target, total, without, grapes, modules, clock, bits } = report;
  const { title, columns, packed } = TARGETS[target];
  const shown = RESOURCES.filter((resource) => columns[resource] !== undefined);
  const right = shown.map((): 'right' => 'right');
  const numbers = (resources: Resources): string[] => shown.map((resource) => whole(resources[resource]));
  const header = shown.map((resource) => columns[resource] ?? '');
  const totals = shown.map((resource) => packed?.[resource] ?? columns[resource] ?? '');
  const comparison =
    without && grapes
      ? [
          ['without GRAPES (mode off)', ...numbers(without)],
          ['GRAPES adds', ...numbers(grapes.added)],
          ['', ...shown.map((resource) => `${grapes.percent[resource].toFixed(1)} %`)],
        ]
      : [];
  return `${[
    `Area of ${report.name}: ${report.layers.join('-')}, ${bits.weight}-bit weights, ${bits.activation}-bit activations, ${bits.error}-bit errors, ${report.lanes} ${report.lanes === 1 ? 'lane' : 'lanes'}, GRAPES ${report.mode}; ${title}`,
    '',
    table(['left', ...right], [['', ...totals], ['core', ...numbers(total)], ...comparison]),
    '',
    'Module by module, each mapped by itself (their sum is more than the core):',
    table(
      ['left', 'right', ...right],
      [
        ['module', 'instances', ...header],
        ...modules.map((row) => [row.module, whole(row.instances), ...numbers(row)]),
      ],
    ),
    '',
    `Memories hold ${whole(report.memoryBits.counted)} bits by Yosys's count, ${whole(report.memoryBits.listed)} by \`report memory\`.`,
    ...(report.placement === null ? [clockLine(clock)] : ['', ...placementLines(report.placement)]),
    `Tools: ${Object.entries(report.tools)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ].join('\n')}\n`;
};
