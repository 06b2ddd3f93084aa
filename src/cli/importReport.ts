import { join } from 'node:path';
import type { Config } from '../config/index.js';
import { plan } from '../datapath/plan.js';
import { rateAt } from '../datapath/rate.js';
import { layoutText, type Model, type QuantisationCost } from '../exchange/index.js';
import { table } from '../report/table.js';
import type { Calibration } from '../training/index.js';
import { CONFIG_FILE } from './generated.js';
import { genCommand } from './hardware.js';
import { counted, grouped, percent, shellWord } from './text.js';

/** What an import did, and what it cost. */
export interface ImportReport {
  readonly file: string;
  readonly model: Model;
  readonly notes: readonly string[];
  readonly config: Config;
  readonly costs: readonly QuantisationCost[];
  /** on the test samples, before any training here; float: null for spikes and our own networks in time */
  readonly accuracy: { readonly samples: number; readonly float: number | null; readonly integers: number };
  /** where the formats came from: a configuration, the weights alone, or a short run on the data */
  readonly formats: keyof typeof FORMATS;
  /** where the formats are from the data */
  readonly calibration: Calibration | null;
  /** samples that the calibration trained on */
  readonly trained: number;
  readonly folder: string;
}

const FORMATS = {
  given: () => 'formats as given',
  weights: () => 'the finest formats that hold the weights; activations and errors as by default',
  data: (data: string) => `formats from ${data}`,
} as const;

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

/** Accuracy that a short training may cost before smaller steps are recommended: more than few samples show by chance. */
const tolerance = (share: number, samples: number): number =>
  Math.max(0.01, 2 * Math.sqrt((share * (1 - share)) / samples));

const points = (share: number): string => `${share < 0 ? '-' : '+'}${Math.abs(100 * share).toFixed(2)} points`;

/** The report for a person to read. */
export const importText = (report: ImportReport): string[] => {
  const { file, model, notes, config, costs, accuracy, calibration, folder } = report;
  const { bits } = config;
  const rate = rateAt(config, 0);
  const at = shellWord(join(folder, CONFIG_FILE));
  return [
    `${config.name}: ${config.layers.join('-')} from ${file} (${model.format}, matrices ${layoutText(model.layout)}), ${bits.weight}/${bits.activation}/${bits.error} bits`,
    ...notes.map((note) => `  note: ${note}`),
    table(['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'], [HEADER, ...costs.map(row)]),
    `  format: bits.frac; ${FORMATS[report.formats](config.data)}`,
    `right of ${counted(accuracy.samples, 'test sample')} of ${config.data}: ` +
      (accuracy.float === null
        ? `${percent(accuracy.integers)} in integers`
        : `${percent(accuracy.float)} in floating point, ${percent(accuracy.integers)} in integers (${points(accuracy.integers - accuracy.float)})`),
    ...(calibration
      ? [
          `after ${counted(report.trained, 'sample')} of training at 2^-${rate}: ${percent(calibration.judged.wide.accuracy)} in 16 bits, ${percent(calibration.judged.chosen.accuracy)} in these formats`,
          ...(accuracy.integers - calibration.judged.chosen.accuracy >
          tolerance(calibration.judged.chosen.accuracy, accuracy.samples)
            ? [`  note: steps of 2^-${rate} take accuracy away; train with smaller ones: --rate ${rate + 3}`]
            : []),
        ]
      : []),
    `  ${folder}/  weights and ${CONFIG_FILE}`,
    `Next: grapes-hw train --config ${at} --weights ${shellWord(folder)}`,
    `      ${genCommand(plan(config), at, shellWord(folder))}`,
  ];
};
