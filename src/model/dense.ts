import type { Plan } from '../datapath/plan.js';
import { nonZero } from './digest.js';
import type { DenseEngine, Engine } from './engine.js';
import { factorsOf } from './factor.js';
import { dense } from './sparse.js';

/** A dense network behind the face that all networks have. */
export const denseEngine = (plan: Plan, engine: DenseEngine): Engine => {
  const { layers, input } = engine;
  const hidden = layers.slice(0, -1);
  return {
    layers: layers.map((layer, i) => ({
      plan: layer.plan,
      matrices: [
        {
          plan: layer.plan.matrix,
          weights: layer.weights,
          used: i === 0 ? input : layers[i - 1].activation,
          random: layer.random,
        },
      ],
      get strength() {
        return layer.strength;
      },
      activationSaturation: layer.activationSaturation,
      errorSaturation: layer.errorSaturation,
      rows: () => nonZero(layer.errors()),
      steps: () => [],
    })),
    logit: engine.logit,
    encoder: { state: 0 },
    input: () => dense(input, plan.input.size),
    takeFeatures: engine.takeFeatures,
    takePixels: engine.takePixels,
    forward: engine.forward,
    backward: engine.backward,
    update: engine.update,
    digest: engine.digest,
    values: () => ({
      activation: hidden.map((layer) => dense(layer.activation, layer.plan.outputs)),
      membrane: hidden.map(() => new Int16Array()),
      open: hidden.map(() => new Uint8Array()),
      error: layers.map((layer) => layer.errors()),
      uerror: hidden.map(() => new Int16Array()),
      carried: layers.map((layer) => layer.carried()),
      strength: hidden.map((layer) => layer.strength.slice()),
      factor: hidden.map((layer) => factorsOf(layer.strength, plan)),
    }),
  };
};
