import type { HiddenLayer, Plan } from '../datapath/plan.js';
import { inTime } from '../datapath/rate.js';
import { type Format, maxOf, minOf } from '../fx/format.js';
import type { Network, StepValues } from '../model/index.js';
import type { StepMetrics } from './metrics.js';

interface Count {
  total: number;
  saturated: number;
}

/** What one step of a hidden layer in time showed in an epoch so far; plain data, part of a checkpoint. */
export interface StepTally {
  /** values of all samples; those that are not 0, and derivatives that are not 0 */
  total: number;
  active: number;
  open: number;
  /** values of the probed samples (of snu cells: membranes), and errors of their open neurons */
  activation: Count;
  error: Count;
}

/** At [l-1][t]; no steps where a layer has none to tell of. */
export type StepTallies = readonly (readonly StepTally[])[];

export const emptySteps = ({ config, layers }: Plan): StepTallies =>
  layers.map(({ values }) =>
    Array.from({ length: inTime(config) && values.kind === 'hidden' ? values.steps : 0 }, () => ({
      total: 0,
      active: 0,
      open: 0,
      activation: { total: 0, saturated: 0 },
      error: { total: 0, saturated: 0 },
    })),
  );

/** What the network counted since its beginning, at [l-1][t]. */
export const stepCounts = (network: Network) => network.statistics().map(({ steps }) => steps);

type StepCounts = ReturnType<typeof stepCounts>;

/** Adds what the network counted between two moments. */
export const addCounts = (tallies: StepTallies, now: StepCounts, before: StepCounts): void => {
  for (const [i, steps] of tallies.entries()) {
    for (const [t, tally] of steps.entries()) {
      for (const of of ['total', 'active', 'open'] as const) tally[of] += now[i][t][of] - before[i][t][of];
    }
  }
};

const atEnd = (v: number, { bits }: Format): boolean => v === minOf(bits) || v === maxOf(bits);

/** Whether the cell's value at `at` saturated. Membranes and ReLU: it is at an end of its range. */
const saturates = ({ values: { cell, format } }: HiddenLayer, x: number, s: number, open: number): boolean => {
  switch (cell.kind) {
    case 'snu':
      return atEnd(s, cell.membrane);
    case 'tanh':
      return open === 0;
    case 'relu':
      return x === maxOf(format.bits);
  }
};

/** Adds what a probed sample showed. */
export const addProbe = (tallies: StepTallies, { hidden }: Plan, values: StepValues): void => {
  for (const [i, layer] of hidden.entries()) {
    const [x, s, open, error] = [values.activation, values.membrane, values.open, values.error].map((of) => of[i]);
    for (const [t, tally] of tallies[i].entries()) {
      for (let at = t * layer.outputs, end = at + layer.outputs; at < end; at++) {
        tally.activation.total++;
        if (saturates(layer, x[at], s[at], open[at])) tally.activation.saturated++;
        if (open[at] === 0) continue;
        tally.error.total++;
        if (atEnd(error[at], layer.values.error)) tally.error.saturated++;
      }
    }
  }
};

export const share = (part: number, total: number): number => (total === 0 ? 0 : part / total);

export const stepMetrics = (steps: readonly StepTally[]): StepMetrics[] =>
  steps.map(({ total, active, open, activation, error }) => ({
    active: share(active, total),
    open: share(open, total),
    saturated: {
      activation: share(activation.saturated, activation.total),
      error: share(error.saturated, error.total),
    },
  }));
