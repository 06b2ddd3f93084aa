import type { Plan } from '../datapath/plan.js';
import { maxOf } from '../fx/format.js';
import { firstState, PURPOSE } from '../fx/random.js';
import type { Start } from './engine.js';
import { givenMatrix, initialMatrix, type Matrix } from './matrix.js';

/** What a network starts from where not from its seed. */
export interface InitialState {
  /** layer l at [l-1], row by row */
  readonly weights?: readonly ArrayLike<number>[];
  /** state of each layer's update stream, as `rngState()` gives it */
  readonly rngState?: readonly number[];
}

/** `x_0` of every pixel: `sat(floor(p / 255 * 2^fa_0 + 1/2))`, as an exact quotient of integers. */
const featureTable = (plan: Plan): Int16Array => {
  const { bits, frac } = plan.layers[0].source.format;
  const up = 2 ** Math.max(0, frac);
  const down = 2 ** Math.max(0, -frac);
  return Int16Array.from({ length: 256 }, (_, p) =>
    Math.min(maxOf(bits), Math.floor((2 * p * up + 255 * down) / (510 * down))),
  );
};

const feedbackMatrices = ({ config, layers, hidden, output, classes }: Plan): Matrix[] => {
  const { seed, feedback } = config;
  if (feedback === 'bp') return [];
  return hidden.map(({ index, outputs }) =>
    feedback === 'fa'
      ? initialMatrix(layers[index].outputs, outputs, layers[index].matrix.format, seed, PURPOSE.feedback, index + 1)
      : initialMatrix(classes, outputs, output.matrix.format, seed, PURPOSE.feedback, index),
  );
};

/**
 * A network before its first step: what is given, the rest from the seed.
 * @throws UserError for weights of a wrong size or range
 */
export const startOf = (plan: Plan, { weights, rngState }: InitialState): Start => {
  const { layers, config } = plan;
  return {
    weights: layers.map(({ index: l, inputs, outputs, matrix }, i) => {
      const given = weights?.[i];
      return given
        ? givenMatrix(outputs, inputs, matrix.format.bits, given, `weights of layer ${l}`)
        : initialMatrix(outputs, inputs, matrix.format, config.seed, PURPOSE.initialWeights, l);
    }),
    random: layers.map(({ index }, i) => rngState?.[i] ?? firstState(config.seed, PURPOSE.updateWeights, index)),
    feedback: feedbackMatrices(plan),
    features: featureTable(plan),
  };
};
