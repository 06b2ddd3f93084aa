import type { Layer, Model } from './layer.js';
import { refuse, requireFinite } from './tensor.js';

const WITHOUT = 'train with bias=False (PyTorch) or use_bias=False (Keras)';

/** A bias of zeros is none. */
const withoutZeroBias = (layer: Layer): Layer => (layer.bias?.every((v) => v === 0) ? { ...layer, bias: null } : layer);

const requireNumbers = (file: string, { name, weight, recurrent, bias }: Layer): void => {
  for (const [matrix, what] of [
    [weight, name],
    [recurrent, `${name} recurrent`],
  ] as const) {
    if (matrix) requireFinite(file, { name: what, shape: [matrix.rows, matrix.columns], values: matrix.values });
  }
  if (bias) requireFinite(file, { name: `${name} bias`, shape: [bias.length], values: bias });
};

const requireChain = (file: string, layers: readonly Layer[]): void => {
  layers.forEach(({ name, weight, recurrent }, l) => {
    const below = layers[l - 1];
    if (below && below.weight.rows !== weight.columns) {
      refuse(
        file,
        `${name} takes ${weight.columns} values, but ${below.name} gives ${below.weight.rows}; export the layers in one chain`,
      );
    }
    if (recurrent && (recurrent.rows !== weight.rows || recurrent.columns !== weight.rows)) {
      refuse(
        file,
        `${name} has a recurrent matrix of ${recurrent.rows} x ${recurrent.columns}, must be ${weight.rows} x ${weight.rows}`,
      );
    }
  });
};

const requireCells = (file: string, layers: readonly Layer[]): void => {
  layers.forEach(({ name, recurrent, activation, bias }, l) => {
    const last = l === layers.length - 1;
    if (last && recurrent) refuse(file, `${name} is recurrent and last; the core's last layer is dense: add one`);
    if (last && (activation === 'relu' || activation === 'tanh')) {
      refuse(file, `${name} is last and ends with ${activation}; the core's last layer ends with softmax: train it so`);
    }
    if (!last && activation === 'softmax') refuse(file, `${name} has a softmax, but is not last; must be relu or tanh`);
    if (!last && activation === 'linear')
      refuse(file, `${name} has no activation and is not last; must be relu or tanh`);
    if (!last && recurrent && activation === 'relu') {
      refuse(file, `${name} is recurrent with relu, which does not train without momentum; train it with tanh`);
    }
    if (l > 0 && bias) {
      refuse(
        file,
        `${name} has a bias; the core has none, but for one of the first layer (a constant feature): ${WITHOUT}`,
      );
    }
  });
};

/**
 * A model that the core can be: one chain of matrices of finite numbers, hidden layers with relu or tanh, no bias but the
 * first layer's.
 * @throws UserError for any other
 */
export const requireModel = (model: Model, file: string): Model => {
  const layers = model.layers.map(withoutZeroBias);
  if (layers.length === 0) refuse(file, 'holds no layers; save a model of dense layers');
  for (const layer of layers) requireNumbers(file, layer);
  requireChain(file, layers);
  requireCells(file, layers);
  return { ...model, layers };
};

/** Appends a column, such as a bias that a constant feature multiplies. */
export const withColumn = (layer: Layer, column: ArrayLike<number>): Layer => {
  const { rows, columns, values } = layer.weight;
  const wider = new Float64Array(rows * (columns + 1));
  for (let i = 0; i < rows; i++) {
    wider.set(values.subarray(i * columns, (i + 1) * columns), i * (columns + 1));
    wider[i * (columns + 1) + columns] = column[i];
  }
  return { ...layer, weight: { rows, columns: columns + 1, values: wider }, bias: null };
};
