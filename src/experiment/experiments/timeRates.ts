import { gridOfRates } from '../plateau.js';
import { timedNets } from '../timed.js';

const [full, quick] = [false, true].map((small) => timedNets(small)['snu, 8-bit']);

/** A spiking network over the whole grid of rates. */
export const timeRates = gridOfRates({
  name: 'time-rates',
  title: 'Does GRAPES forgive an untuned rate in time?',
  question:
    'A spiking network (snu) at every rate with 1,000 and 10,000 digits, backpropagation and feedback alignment: how many rates come within one point of the best?',
  networks: {
    snu: { spec: full.spec, quick: quick.spec, rates: [6, 7, 8, 9, 10, 11, 12] },
  },
  amounts: [
    { train: 1000, epochs: 10 },
    { train: 10_000, epochs: 1 },
  ],
  seeds: 2,
  judges: 2000,
  setting: [
    `snu: ${full.spec.layers.join('-')}, 8-bit integers, the same input at 4 steps; weights with twice the range that they start from, all else the defaults.`,
  ],
});
