import { gridOfRates } from '../plateau.js';
import { timedNets } from '../timed.js';

const [full, quick] = [timedNets(false), timedNets(true)];

const netOf = (name: string, rates: readonly number[]) => ({
  spec: full[name].spec,
  quick: quick[name].spec,
  rates,
});

/** Networks in time over the whole grid of rates. */
export const timeRates = gridOfRates({
  name: 'time-rates',
  title: 'Does GRAPES forgive an untuned rate in time?',
  question:
    'Spiking (snu) and recurrent (rnn) networks at every rate with 1,000, 10,000 and 60,000 digits, backpropagation and feedback alignment: how many rates come within one point of the best?',
  networks: {
    snu: netOf('snu, 8-bit', [6, 7, 8, 9, 10, 11, 12]),
    rnn: netOf('rnn, 12/8-bit', [9, 10, 11, 12, 13, 14, 15]),
  },
  amounts: [
    { train: 1000, epochs: 10 },
    { train: 10_000, epochs: 3 },
    { train: 60_000, epochs: 1 },
  ],
  seeds: 2,
  judges: 2000,
  setting: [
    `snu: ${full['snu, 8-bit'].spec.layers.join('-')}, 8-bit integers, the same input at 4 steps; weights with twice the range that they start from, all else the defaults.`,
    `rnn: ${full['rnn, 12/8-bit'].spec.layers.join('-')}, 12-bit weights, all else 8 bits, recurrent, hard tanh, a row of the digit a step; formats of its preset. With one hidden layer GRAPES local and GRAPES are the same.`,
  ],
});
