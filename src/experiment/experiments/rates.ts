import { gridOfRates } from '../plateau.js';
import { CALIBRATED, PAPER, SMALL } from '../shapes.js';

const EIGHT_BITS = { engine: 'integer', bits: 8, frac: 'calibrated' } as const;

/** Dense networks over the whole grid of rates. */
export const rates = gridOfRates({
  name: 'rates',
  title: 'Does GRAPES forgive an untuned rate?',
  question:
    'Accuracy at every rate with 1,000, 10,000 and 60,000 digits, backpropagation and feedback alignment: how many rates come within one point of the best?',
  networks: {
    dense: {
      spec: { ...EIGHT_BITS, layers: PAPER },
      quick: { ...EIGHT_BITS, layers: SMALL },
      rates: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    },
  },
  amounts: [
    { train: 1000, epochs: 10 },
    { train: 10_000, epochs: 3 },
    { train: 60_000, epochs: 1 },
  ],
  seeds: 2,
  judges: 10_000,
  setting: [`dense: ${PAPER.join('-')}, 8-bit integers. ${CALIBRATED}`],
});
