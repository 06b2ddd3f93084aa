import chalk from 'chalk';
import type { Config } from '../config/index.js';
import { table } from '../report/table.js';
import { type EpochMetrics, type Range, type Spread, warningsOf } from '../training/index.js';
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

const layerRow = ({ layer, saturated, swallowed, strength, factor }: EpochMetrics['layers'][number]): string[] => [
  String(layer),
  percent(saturated.weight),
  percent(saturated.activation),
  percent(saturated.error),
  percent(swallowed),
  range(strength, grouped),
  range(factor, (f) => (f / ONE).toFixed(2)),
];

/** What each layer did in an epoch. */
export const layerTable = ({ layers }: EpochMetrics): string =>
  table(
    HEADER.map(() => 'right'),
    [HEADER, ...layers.map(layerRow)],
  );

/** Warnings of an epoch, a line each. */
export const warningLines = (metrics: EpochMetrics, { cell }: Config): string[] =>
  warningsOf(metrics, cell).map((text) => `${chalk.yellow('warning:')} ${text}`);

/** `97.38 % ± 0.12 %` */
export const spreadText = ({ mean, deviation }: Spread): string => `${percent(mean)} ± ${percent(deviation)}`;
