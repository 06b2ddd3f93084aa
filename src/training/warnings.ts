import type { CellName, Config } from '../datapath/rate.js';
import type { EpochMetrics, LayerMetrics } from './metrics.js';

/** A share of saturated values from which on a format is too narrow, the field that widens it, and the words for both. */
interface Rule {
  readonly above: number;
  readonly share: (layer: LayerMetrics) => number;
  readonly what: string;
  readonly field: (at: number) => string;
  readonly alternative: string;
}

const RULES: readonly Rule[] = [
  {
    above: 0.02,
    share: ({ saturated }) => saturated.error,
    what: 'errors',
    field: (at) => `frac.error[${at}]`,
    alternative: ' or raise learningRateShift',
  },
  {
    above: 0.01,
    share: ({ saturated }) => saturated.weight,
    what: 'weights',
    field: (at) => `frac.weight[${at}]`,
    alternative: '',
  },
  {
    above: 0.02,
    // the logits' format is fixed: what is too large there are the weights
    share: ({ saturated, factor }) => (factor === null ? 0 : saturated.activation),
    what: 'activations',
    field: (at) => `frac.activation[${at + 1}]`,
    alternative: '',
  },
];

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** What a configuration should be warned of before it trains. */
export const cautionsOf = ({ cell, recurrent }: Pick<Config, 'cell' | 'recurrent'>): string[] =>
  (cell ?? []).flatMap((name, i) =>
    name === 'relu' && recurrent?.[i]
      ? [`layer ${i + 1} is recurrent with relu cells: plain SGD seldom trains that; cell tanh or snu does`]
      : [],
  );

/** One sentence for each layer and kind of value that saturated often in an epoch, with the field to change. */
export const warningsOf = ({ layers }: EpochMetrics, cells: readonly CellName[] = []): string[] =>
  RULES.flatMap(({ above, share, what, field, alternative }) =>
    layers.flatMap((layer, i) => {
      const found = share(layer);
      // what tanh and snu saturate at has no format to choose
      if (found <= above || (what === 'activations' && (cells[i] ?? 'relu') !== 'relu')) return [];
      return [
        `${percent(found)} of layer ${layer.layer}'s ${what} saturate; lower ${field(layer.layer - 1)}${alternative} (grapes-hw calibrate finds formats)`,
      ];
    }),
  );
