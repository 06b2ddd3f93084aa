import type { Plan } from '../datapath/plan.js';
import { digestOf, nonZero } from './digest.js';
import type { DenseEngine, DenseLayer, Start } from './engine.js';
import { computeFactors } from './factor.js';
import {
  activate,
  hiddenErrors,
  initialLayer,
  type LayerState,
  multiply,
  outputErrors,
  toLogits,
  update,
} from './layer.js';
import { dense, refill, type Sparse, sparse } from './sparse.js';

const view = (layer: LayerState): DenseLayer => ({
  plan: layer.plan,
  weights: layer.weights,
  strength: layer.strength,
  activation: layer.activation,
  activationSaturation: layer.activationSaturation,
  errorSaturation: layer.errorSaturation,
  errors: () => dense(layer.error, layer.plan.outputs),
  carried: () => dense(layer.passedError, layer.plan.outputs),
  random: () => layer.random,
});

/** The engine in TypeScript alone, for every configuration. */
export const scalarEngine = (plan: Plan, start: Start): DenseEngine => {
  const { config, factor, classes } = plan;
  const layers = plan.layers.map((layer, i) => initialLayer(plan, layer, start.weights[i], start.random[i]));
  const last = layers[layers.length - 1];
  const input = sparse(plan.layers[0].inputs);
  const logit = new Int16Array(classes);
  const features = new Int16Array(plan.layers[0].inputs);
  /** the list of activations that enter `layers[i]` */
  const inputOf = (i: number): Sparse => (i === 0 ? input : layers[i - 1].activation);
  const takeFeatures = (features: ArrayLike<number>): void => refill(input, features);

  return {
    layers: layers.map(view),
    input,
    logit,
    takeFeatures,
    takePixels: (pixels) => {
      for (let j = 0; j < pixels.length; j++) features[j] = start.features[pixels[j]];
      takeFeatures(features);
    },
    forward: () => {
      layers.forEach((layer, i) => {
        multiply(layer, inputOf(i));
        if (layer.plan.values.kind === 'hidden') activate(layer);
        else toLogits(layer, logit);
      });
    },
    backward: (probability, label) => {
      outputErrors(last, probability, label);
      for (let i = plan.hidden.length - 1; i >= 0; i--) {
        computeFactors(layers[i].strength, plan, layers[i].factor);
        const carrier = config.feedback === 'bp' ? layers[i + 1].weights : start.feedback[i];
        const above = config.feedback === 'dfa' ? last : layers[i + 1];
        hiddenErrors(layers[i], plan.hidden[i].values.back, carrier, above.passedError, factor.one);
      }
    },
    digest: () =>
      layers.reduce((sum, { weights, error, plan: { outputs, matrix } }, i) => {
        const rows = nonZero(dense(error, outputs));
        return (sum + digestOf(weights, inputOf(i), rows, matrix.offset, matrix.format.bits)) >>> 0;
      }, 0),
    update: (rule) => {
      layers.forEach((layer, i) => {
        update(layer, inputOf(i), rule);
      });
    },
  };
};
