import { PURPOSE } from '../fx/random.js';
import {
  type Arena,
  type FloatList,
  type FloatMatrix,
  type FloatVector,
  floatList,
  heUniform,
  matrixBytes,
  padded,
  vector,
  zeros,
} from './memory.js';
import type { FloatOptions } from './options.js';

/** A layer's weights and what a step computes of it. */
export interface FloatLayer {
  readonly hidden: boolean;
  readonly weights: FloatMatrix;
  /** S_l: kept at every step online, recomputed after every mini-batch */
  readonly strength: Float64Array;
  /** what the magnitudes of each row grow by in a step */
  readonly changes: FloatVector;
  readonly factor: Float32Array;
  readonly sums: FloatVector;
  readonly activation: FloatList;
  /** `W^T delta` of the layer above, for the active neurons */
  readonly back: FloatVector;
  /** errors that update the layer, dense */
  readonly error: FloatVector;
  /** errors that the layer below sees; `error` itself but in mode local */
  readonly passed: FloatVector;
  /** mini-batches only */
  readonly gradient: FloatMatrix | null;
  readonly velocity: FloatMatrix | null;
}

/** More than the vectors of all layers take, each at most one block longer than its layer. */
const VECTORS = 10;

/** Bytes that a network takes, generously. */
export const bytesOf = ({ layers, batch = 1, momentum = 0 }: FloatOptions): number => {
  const copies = 2 + (batch > 1 || momentum > 0 ? 1 : 0) + (momentum > 0 ? 1 : 0);
  const weights = layers.slice(1).reduce((sum, rows, i) => sum + matrixBytes(rows, layers[i]), 0);
  const classes = layers[layers.length - 1];
  const feedback = layers.slice(1).reduce((sum, rows) => sum + matrixBytes(classes, rows), 0);
  const vectors = layers.reduce((sum, size) => sum + VECTORS * 4 * (padded(size) + 16), 0);
  return copies * weights + feedback + vectors;
};

/** The untrained layers of a network. */
export const layersOf = (from: Arena, options: FloatOptions): FloatLayer[] => {
  const { layers, mode, seed, batch = 1, momentum = 0 } = options;
  return layers.slice(1).map((rows, i) => {
    const columns = layers[i];
    const hidden = i < layers.length - 2;
    const error = vector(from, rows);
    return {
      hidden,
      weights: heUniform(from, [rows, columns], seed, PURPOSE.initialWeights, i + 1),
      strength: new Float64Array(rows),
      changes: vector(from, rows),
      factor: new Float32Array(rows).fill(1),
      sums: vector(from, rows),
      activation: floatList(from, rows),
      back: vector(from, rows),
      error,
      passed: hidden && mode === 'local' ? vector(from, rows) : error,
      gradient: batch > 1 || momentum > 0 ? zeros(from, rows, columns) : null,
      velocity: momentum > 0 ? zeros(from, rows, columns) : null,
    };
  });
};

/** What carries the errors into each hidden layer. */
export const carriersOf = (from: Arena, options: FloatOptions, layers: readonly FloatLayer[]): FloatMatrix[] => {
  const { layers: sizes, feedback = 'bp', seed } = options;
  const classes = sizes[sizes.length - 1];
  return layers.slice(0, -1).map((_, i) => {
    if (feedback === 'fa') return heUniform(from, [sizes[i + 2], sizes[i + 1]], seed, PURPOSE.feedback, i + 2);
    if (feedback === 'dfa') return heUniform(from, [classes, sizes[i + 1]], seed, PURPOSE.feedback, i + 1);
    return layers[i + 1].weights;
  });
};
