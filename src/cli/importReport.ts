import { join } from 'node:path';
import type { Config } from '../config/index.js';
import { plan } from '../datapath/plan.js';
import { rateAt } from '../datapath/rate.js';
import { layoutText, type Model, type QuantisationCost } from '../exchange/index.js';
import { table } from '../report/table.js';
import { CONFIG_FILE } from './generated.js';
import { genCommand } from './hardware.js';
import type { Fitted } from './importFormats.js';
import { counted, grouped, percent, shellWord } from './text.js';

/** What an import did, and what it cost. */
export interface ImportReport {
  readonly file: string;
  readonly model: Model;
  readonly notes: readonly string[];
  readonly config: Config;
  readonly costs: readonly QuantisationCost[];
  /** on the test samples, before any training here; float: null for spikes and our own networks in time */
  readonly accuracy: {
    readonly samples: number;
    readonly float: number | null;
    /** in floating point with the core's tanh; null where there is none */
    readonly hardTanh: number | null;
    readonly integers: number;
  };
  /** how the formats were chosen; null: they were given */
  readonly fit: Fitted | null;
  /** samples that the calibration trained on */
  readonly trained: number;
  readonly folder: string;
}

const HEADER = ['matrix', 'layer', 'format', 'largest', 'max error', 'noise', 'saturated', 'to 0'] as const;

const row = (cost: QuantisationCost): string[] => [
  cost.matrix,
  cost.layer,
  `${cost.format.bits}.${cost.format.frac}`,
  cost.largest.toPrecision(3),
  cost.maxError.toPrecision(3),
  Number.isFinite(cost.signalToNoise) ? `${(-cost.signalToNoise).toFixed(1)} dB` : 'none',
  grouped(cost.saturated),
  grouped(cost.vanished),
];

const points = (share: number): string => `${share < 0 ? '-' : '+'}${Math.abs(100 * share).toFixed(2)} points`;

/** What the short run that chose the formats made of the network. */
const trainedText = (
  { trained, config }: ImportReport,
  { calibration: { judged }, undoes, slowed }: Fitted,
): string[] => {
  const rate = rateAt(config, 0);
  return [
    `after ${counted(trained, 'sample')} of training at 2^-${rate}: ${percent(judged.wide.accuracy)} in 16 bits, ${percent(judged.chosen.accuracy)} in these formats`,
    ...(slowed ? [`  note: larger steps than 2^-${rate} take away what the network knows`] : []),
    ...(undoes
      ? [`  note: steps of 2^-${rate} take away what the network knows; train with smaller ones: --rate ${rate + 3}`]
      : []),
  ];
};

/** The report for a person to read. */
export const importText = (report: ImportReport): string[] => {
  const { file, model, notes, config, costs, accuracy, fit, folder } = report;
  const { bits } = config;
  const at = shellWord(join(folder, CONFIG_FILE));
  return [
    `${config.name}: ${config.layers.join('-')} from ${file} (${model.format}, matrices ${layoutText(model.layout)}), ${bits.weight}/${bits.activation}/${bits.error} bits`,
    ...notes.map((note) => `  note: ${note}`),
    table(['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'], [HEADER, ...costs.map(row)]),
    `  format: bits.frac; formats ${fit ? `from ${config.data}` : 'as given'}`,
    `right of ${counted(accuracy.samples, 'test sample')} of ${config.data}: ` +
      (accuracy.float === null
        ? `${percent(accuracy.integers)} in integers`
        : `${percent(accuracy.float)} in floating point, ${accuracy.hardTanh === null ? '' : `${percent(accuracy.hardTanh)} with the core's hard tanh, `}${percent(accuracy.integers)} in integers (${points(accuracy.integers - accuracy.float)})`),
    ...(fit ? trainedText(report, fit) : []),
    `  ${folder}/  weights and ${CONFIG_FILE}`,
    `Next: grapes-hw train --config ${at} --weights ${shellWord(folder)}`,
    `      ${genCommand(plan(config), at, shellWord(folder))}`,
  ];
};
