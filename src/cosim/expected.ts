import type { Plan } from '../datapath/plan.js';
import { countHost, type HostLine } from '../golden/host.js';
import { KINDS, type Kind } from '../golden/kinds.js';
import { activeOf, writesOf } from './lengths.js';

/** A golden directory, and a run on what it holds. */
export interface GoldenRun {
  readonly dir: string;
  /** what the host does */
  readonly host: readonly HostLine[];
  /** the first samples whose every value is compared */
  readonly trace: number;
  /** of those the first whose every weight write is compared */
  readonly writes: number;
}

/** The run that a host makes on a golden directory. */
export const goldenRun = (
  dir: string,
  manifest: { readonly trace: number; readonly writes: number },
  host: readonly HostLine[],
): GoldenRun => {
  const samples = countHost(host).trains.length;
  return { dir, host, trace: Math.min(manifest.trace, samples), writes: Math.min(manifest.writes, samples) };
};

/** How many values of each kind a run must have compared; a run that compared fewer has failed. */
export const expectedCounts = (plan: Plan, golden: GoldenRun): Readonly<Record<string, number>> => {
  const { trains, final, reads } = countHost(golden.host);
  const trained = (samples: number): number => trains.slice(0, samples).filter((train) => train).length;
  const run = {
    plan,
    samples: trains.length,
    trained: trained(trains.length),
    traced: golden.trace,
    tracedTrained: trained(golden.trace),
    factors: plan.config.grapes.mode === 'off' ? 0 : activeOf(plan, golden.dir, trains.slice(0, golden.trace)),
    writes: writesOf(plan, golden.dir, golden.writes),
    final,
    reads,
  };
  const kinds = Object.entries(KINDS) as [string, Kind][];
  return Object.fromEntries(kinds.flatMap(([name, { compared }]) => (compared ? [[name, compared(run)]] : [])));
};
