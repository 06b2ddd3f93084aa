import type { Plan } from '../datapath/plan.js';
import { firstState, PURPOSE } from '../fx/random.js';
import type { Start } from './engine.js';
import { givenMatrix, initialMatrix, type Matrix } from './matrix.js';
import { portOf } from './port.js';

/** What a network starts from where not from its seed. */
export interface InitialState {
  /** of W_1, H_1, W_2, .., those that there are: row by row */
  readonly weights?: readonly ArrayLike<number>[];
  /** state of each matrix's update stream, W_1 first, then the encoder's with `rate`, as `rngState()` gives it */
  readonly rngState?: readonly number[];
}

/** What the streams of a matrix are for, by its kind. */
const KINDS = {
  forward: { what: 'weights', initial: PURPOSE.initialWeights, update: PURPOSE.updateWeights },
  recurrent: { what: 'recurrent weights', initial: PURPOSE.initialRecurrent, update: PURPOSE.updateRecurrent },
} as const;

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
  const { matrices, config } = plan;
  return {
    weights: matrices.map(({ kind, layer, rows, columns, format }, i) => {
      const given = weights?.[i];
      const { what, initial } = KINDS[kind];
      return given
        ? givenMatrix(rows, columns, format.bits, given, `${what} of layer ${layer}`)
        : initialMatrix(rows, columns, format, config.seed, initial, layer);
    }),
    random: matrices.map(({ kind, layer }, i) => rngState?.[i] ?? firstState(config.seed, KINDS[kind].update, layer)),
    encoder: rngState?.[matrices.length] ?? firstState(config.seed, PURPOSE.encoder),
    feedback: feedbackMatrices(plan),
    features: portOf(plan).table,
  };
};
