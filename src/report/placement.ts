import { ECP5_DEVICES, type Ecp5Device, type Ecp5Placed, type PathPart } from '../tools/index.js';
import type { Origin } from './registers.js';
import { table } from './table.js';

/** What one seed of the placer gave. */
export interface SeedResult {
  readonly seed: number;
  /** MHz; null where it did not route in the time given */
  readonly frequency: number | null;
}

/** The slowest path between two registers. */
export interface CriticalPath {
  readonly seed: number;
  readonly from: Origin;
  readonly to: Origin;
  readonly ns: number;
  /** of which wire */
  readonly wireNs: number;
  /** cells between the two registers */
  readonly levels: number;
}

/** A register or memory, and when what it takes arrives after the clock at the latest, over all its bits and copies. */
export interface Arrival extends Origin {
  readonly ns: number;
}

/** A core with a register at every port, placed and routed. */
export interface PlacementReport {
  readonly device: string;
  readonly package: string;
  /** speed grade */
  readonly speed: number;
  readonly top: string;
  /** minutes that a seed may take */
  readonly limit: number;
  readonly seeds: readonly SeedResult[];
  /** MHz, over the seeds that routed; null where none did */
  readonly median: number | null;
  readonly least: number | null;
  readonly most: number | null;
  readonly utilisation: Ecp5Placed['utilisation'];
  /** of the seed with the median clock (the lower one of an even number) */
  readonly critical: CriticalPath | null;
  readonly arrivals: readonly Arrival[];
  /** of a training step, by the plan's model over samples of the data set */
  readonly cyclesPerStep: number;
  readonly samplesPerSecond: number | null;
}

/** What is kept of one seed. */
export interface SeedPlaced {
  readonly seed: number;
  /** null: it did not route in the time given */
  readonly placed: {
    readonly frequency: number;
    readonly critical: CriticalPath;
    readonly arrivals: readonly Arrival[];
  } | null;
}

const SHOWN = 12;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The critical path of a seed, by where its ends come from. */
export const criticalPath = (
  seed: number,
  path: readonly PathPart[],
  origin: (cell: string) => Origin,
): CriticalPath => ({
  seed,
  from: origin(path[0]?.from ?? ''),
  to: origin(path.at(-1)?.to ?? ''),
  ns: sum(path.map(({ ns }) => ns)),
  wireNs: sum(path.filter(({ type }) => type === 'routing').map(({ ns }) => ns)),
  levels: path.filter(({ type }) => type === 'logic').length,
});

/** The latest arrivals by register, the latest first. */
export const latestArrivals = (
  arrivals: Ecp5Placed['arrivals'],
  origin: (cell: string) => Origin,
): readonly Arrival[] => {
  const found = new Map<string, Arrival>();
  for (const { cell, ns } of arrivals) {
    const from = origin(cell);
    const key = `${from.module} ${from.signal}`;
    if (ns > (found.get(key)?.ns ?? 0)) found.set(key, { ...from, ns });
  }
  return [...found.values()].sort((a, b) => b.ns - a.ns).slice(0, SHOWN);
};

export interface PlacementInput {
  readonly device: Ecp5Device;
  readonly speed: number;
  readonly top: string;
  readonly limit: number;
  readonly utilisation: Ecp5Placed['utilisation'];
  readonly seeds: readonly SeedPlaced[];
  readonly cyclesPerStep: number;
}

/** Puts together what the seeds gave. */
export const placementReport = (input: PlacementInput): PlacementReport => {
  const { device, speed, top, limit, utilisation, cyclesPerStep } = input;
  const routed = input.seeds
    .flatMap(({ placed }) => (placed === null ? [] : [placed]))
    .sort((a, b) => a.frequency - b.frequency);
  const clocks = routed.map(({ frequency }) => frequency);
  const [low, high] = [Math.floor((clocks.length - 1) / 2), Math.ceil((clocks.length - 1) / 2)];
  const median = clocks.length === 0 ? null : (clocks[low] + clocks[high]) / 2;
  return {
    device: ECP5_DEVICES[device].title,
    package: ECP5_DEVICES[device].package,
    speed,
    top,
    limit,
    seeds: input.seeds.map(({ seed, placed }) => ({ seed, frequency: placed?.frequency ?? null })),
    median,
    least: clocks[0] ?? null,
    most: clocks.at(-1) ?? null,
    utilisation: Object.fromEntries(Object.entries(utilisation).filter(([, { used }]) => used > 0)),
    critical: routed[low]?.critical ?? null,
    arrivals: routed[low]?.arrivals ?? [],
    cyclesPerStep,
    samplesPerSecond: median === null ? null : (1e6 * median) / cyclesPerStep,
  };
};

const place = ({ module, signal }: Origin): string => `${module} ${signal}`;
const one = (n: number): string => n.toFixed(1);
const whole = (n: number): string => Math.round(n).toLocaleString('en-US');

/** The report as lines of plain text. */
export const placementLines = (report: PlacementReport): string[] => {
  const { seeds, median, critical, arrivals, utilisation } = report;
  const device = `${report.device}, ${report.package}, speed grade ${report.speed}`;
  const used = Object.entries(utilisation).map(([cell, { used: n, available }]) => [
    ...[cell, whole(n), `of ${whole(available)}`, `${one((100 * n) / available)} %`],
  ]);
  const lost = seeds.filter(({ frequency }) => frequency === null).map(({ seed }) => seed);
  const failed = lost.length === 0 ? [] : [`Not routed in ${report.limit} minutes: seed ${lost.join(', ')}.`];
  const clock =
    median === null
      ? []
      : [
          `Clock: median ${one(median)} MHz, ${one(report.least ?? 0)} to ${one(report.most ?? 0)} over ${seeds.length - lost.length} ${seeds.length - lost.length === 1 ? 'seed' : 'seeds'}.`,
          `At the median clock: ${whole(report.samplesPerSecond ?? 0)} training samples/s, ${one(report.cyclesPerStep)} cycles each.`,
        ];
  const slowest =
    critical === null
      ? []
      : [
          `Slowest path, seed ${critical.seed}: ${one(critical.ns)} ns, ${one(critical.wireNs)} of it wire, through ${critical.levels} cells, from ${place(critical.from)} to ${place(critical.to)}.`,
          'What arrives latest after the clock, by the register or memory that takes it:',
          table(
            ['right', 'left', 'left', 'left'],
            [
              ['ns', 'module', 'register', 'stage'],
              ...arrivals.map((a) => [one(a.ns), a.module, a.signal, a.stage ?? '']),
            ],
          ),
        ];
  return [
    `Placed and routed on the ${device} as ${report.top}: a register at every port, counted here too.`,
    table(['left', 'right', 'left', 'right'], used),
    '',
    ...failed,
    ...clock,
    '',
    ...slowest,
  ];
};
