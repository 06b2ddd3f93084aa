import chalk from 'chalk';
import type { Config } from '../config/index.js';
import { table } from '../report/table.js';
import { type EpochMetrics, type LayerMetrics, type Range, type Spread, warningsOf } from '../training/index.js';
import { grouped, percent } from './text.js';

/** GRAPES' factor 1.0. */
const ONE = 128;

const loss = (value: number): string => value.toFixed(4);

/** The outcome of an epoch in one line. */
export const epochLine = ({ epoch, k, trainAccuracy, trainLoss, testAccuracy, testLoss }: EpochMetrics): string =>
  `epoch ${epoch + 1}: rate 2^-${k}, train ${percent(trainAccuracy)} (loss ${loss(trainLoss)}), ` +
  `test ${percent(testAccuracy)} (loss ${loss(testLoss)})`;

const HEADER = ['layer', 'saturated: weights', 'activations', 'errors', 'swallowed', 'strength', 'factor'] as const;

const range = (values: Range | null, shown: (value: number) => string): string =>
  values === null ? '-' : `${shown(values.min)}..${shown(values.max)}`;

const layerRow = ({ layer, saturated, swallowed, strength, factor }: LayerMetrics): string[] => [
  String(layer),
  percent(saturated.weight),
  percent(saturated.activation),
  percent(saturated.error),
  percent(swallowed),
  range(strength, grouped),
  range(factor, (f) => (f / ONE).toFixed(2)),
];

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Means over the steps; `-` for a layer that has none. */
const activity = ({ steps }: LayerMetrics): string[] =>
  (['active', 'open'] as const).map((of) => (steps === undefined ? '-' : percent(mean(steps.map((step) => step[of])))));

/** What each layer did in an epoch; in time also how active and how open its neurons were. */
export const layerTable = ({ layers }: EpochMetrics): string => {
  const timed = layers.some(({ steps }) => steps !== undefined);
  const header = timed ? [...HEADER, 'active', 'open'] : HEADER;
  return table(
    header.map(() => 'right'),
    [header, ...layers.map((layer) => [...layerRow(layer), ...(timed ? activity(layer) : [])])],
  );
};

/** Steps that a table shows of many: the first, the last, and as many between them. */
const SHOWN_STEPS = 8;

const shownSteps = (count: number): number[] => {
  const shown = Math.min(count, SHOWN_STEPS);
  return Array.from({ length: shown }, (_, i) => Math.round((i * (count - 1)) / Math.max(1, shown - 1)));
};

const STEP_HEADER = ['layer', 'step', 'active', 'open', 'saturated: activations', 'errors'] as const;

/** What each hidden layer in time did at some of its steps in an epoch; empty where there is none. */
export const stepTable = ({ layers }: EpochMetrics): string => {
  const rows = layers.flatMap(({ layer, steps = [] }) =>
    shownSteps(steps.length).map((t) => {
      const { active, open, saturated } = steps[t];
      return [`${layer}`, `${t + 1}`, ...[active, open, saturated.activation, saturated.error].map(percent)];
    }),
  );
  return rows.length === 0
    ? ''
    : table(
        STEP_HEADER.map(() => 'right'),
        [STEP_HEADER, ...rows],
      );
};

/** Warnings of an epoch, a line each. */
export const warningLines = (metrics: EpochMetrics, { cell }: Config): string[] =>
  warningsOf(metrics, cell).map((text) => `${chalk.yellow('warning:')} ${text}`);

/** `97.38 % ± 0.12 %` */
export const spreadText = ({ mean, deviation }: Spread): string => `${percent(mean)} ± ${percent(deviation)}`;
