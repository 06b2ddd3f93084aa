import type { Problem } from './problems.js';
import { isRecurrent, recurrentFrac } from './shifts.js';
import { fixedFrac, inTime, SPIKE, spikingInput, timingOf } from './time.js';
import type { Config } from './types.js';

/** Most bits between the fractions of `W_l` and `H_l`, whose magnitudes add up to one strength. */
const MOST_APART = 8;

/** Lists of one entry a hidden layer: cells, recurrence, fractions of `H_l`. */
export const checkTimeLengths = (c: Config): Problem[] => {
  const hidden = c.layers.length - 2;
  const lists = [
    { field: 'cell', list: timingOf(c).cell },
    { field: 'recurrent', list: timingOf(c).recurrent },
    { field: 'frac.recurrent', list: c.frac.recurrent ?? Array.from({ length: hidden }) },
  ];
  return lists
    .filter(({ list }) => list.length !== hidden)
    .map(({ field, list }) => ({
      field,
      text: `has ${list.length} entries, must have ${hidden}; give one a hidden layer or leave it out`,
    }));
};

const checkInput = (c: Config): Problem[] => {
  const { encoding } = timingOf(c);
  const fa = c.frac.activation[0];
  return spikingInput(encoding) && fa !== SPIKE.frac
    ? [
        {
          field: 'frac.activation[0]',
          text: `is ${fa}, must be ${SPIKE.frac} with encoding ${encoding}: its inputs are spikes; set it to ${SPIKE.frac} or leave frac.activation out`,
        },
      ]
    : [];
};

const checkCell = (c: Config, l: number): Problem[] => {
  const cell = timingOf(c).cell[l - 1];
  const fixed = fixedFrac(cell, c.bits.activation);
  const fa = c.frac.activation[l];
  return fixed === null || fa === fixed
    ? []
    : [
        {
          field: `frac.activation[${l}]`,
          text: `is ${fa}, must be ${fixed} in a layer of ${cell} cells; set it to ${fixed} or leave frac.activation out`,
        },
      ];
};

const checkRecurrent = (c: Config, l: number): Problem[] => {
  const field = `frac.recurrent[${l - 1}]`;
  const given = c.frac.recurrent?.[l - 1] ?? null;
  if (!isRecurrent(c, l)) {
    return given === null
      ? []
      : [{ field, text: `is ${given}, must be null where the layer is not recurrent; set recurrent or make it null` }];
  }
  if (given === null) {
    return [{ field, text: `is null, must be a fraction in a recurrent layer; give one or leave frac.recurrent out` }];
  }
  const fw = c.frac.weight[l - 1];
  const apart = recurrentFrac(c, l) - fw;
  return Math.abs(apart) <= MOST_APART
    ? []
    : [
        {
          field,
          text: `is ${given}, must be ${fw - MOST_APART}..${fw + MOST_APART}, within ${MOST_APART} bits of frac.weight[${l - 1}]; bring them together`,
        },
      ];
};

/** What only networks in time can get wrong, lengths aside. Source: the numeric contract, networks in time. */
export const checkTime = (c: Config): Problem[] => {
  if (!inTime(c)) return [];
  const hidden = c.layers.slice(1, -1).map((_, i) => i + 1);
  return [...checkInput(c), ...hidden.flatMap((l) => [...checkCell(c, l), ...checkRecurrent(c, l)])];
};
