import { PURPOSE } from '../../fx/random.js';
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
} from '../memory.js';
import type { FloatTimeOptions } from './options.js';

/** Weights and, for mini-batches, what they add up. */
export interface Weights {
  readonly matrix: FloatMatrix;
  readonly gradient: FloatMatrix | null;
  readonly velocity: FloatMatrix | null;
}

/** A layer's weights and what a sample makes of it; `[t-1]` where there is a step. */
export interface TimeLayer {
  readonly size: number;
  readonly forward: Weights;
  readonly recurrent: Weights | null;
  /** S_l: all incoming weights; kept at every step online, recomputed after every mini-batch */
  readonly strength: Float64Array;
  /** what the magnitudes of each row grow by in a step */
  readonly changes: FloatVector;
  readonly factor: Float32Array;
  readonly sums: FloatVector;
  readonly ownSums: FloatVector;
  readonly membrane: Float32Array;
  /** values that are not 0 */
  readonly values: readonly FloatList[];
  /** neurons whose derivative is not 0 */
  readonly open: readonly FloatList[];
  /** whether a neuron spiked */
  readonly spiked: readonly Uint8Array[];
  readonly back: FloatVector;
  readonly ownBack: FloatVector;
  /** errors that update the layer; the output layer has one step */
  readonly error: readonly FloatVector[];
  /** unmodulated errors, on their way through time; `error` itself in mode off and at the output */
  readonly through: readonly FloatVector[];
  /** of a constant input: its sums, then the sum of the errors over time */
  readonly scratch: FloatVector;
  /** values that were not 0 and neurons that were open, so far */
  readonly seen: { active: number; open: number };
}

/** Vectors of a layer that are not one a step, at most. */
const VECTORS = 10;

/** Bytes that a network takes, generously. */
export const bytesOf = ({ layers, steps, recurrent, batch = 1, momentum = 0 }: FloatTimeOptions): number => {
  const copies = 1 + (batch > 1 || momentum > 0 ? 1 : 0) + (momentum > 0 ? 1 : 0);
  const weights = layers
    .slice(1)
    .reduce((sum, rows, i) => sum + matrixBytes(rows, layers[i]) + (recurrent ? matrixBytes(rows, rows) : 0), 0);
  const vectors = layers.reduce((sum, size) => sum + (VECTORS + 6 * steps) * 4 * (padded(size) + 16), 0);
  return copies * weights + vectors;
};

const weightsOf = (from: Arena, matrix: FloatMatrix, { batch = 1, momentum = 0 }: FloatTimeOptions): Weights => ({
  matrix,
  gradient: batch > 1 || momentum > 0 ? zeros(from, matrix.rows, matrix.columns) : null,
  velocity: momentum > 0 ? zeros(from, matrix.rows, matrix.columns) : null,
});

/** The untrained layers of a network. */
export const layersOf = (from: Arena, options: FloatTimeOptions): TimeLayer[] => {
  const { layers, mode, seed, steps, recurrent = false } = options;
  return layers.slice(1).map((size, i): TimeLayer => {
    const hidden = i < layers.length - 2;
    const times = Array.from({ length: hidden ? steps : 1 });
    const error = times.map(() => vector(from, size));
    const initial = heUniform(from, [size, layers[i]], seed, PURPOSE.initialWeights, i + 1);
    const own =
      hidden && recurrent
        ? heUniform(from, [size, size], seed, PURPOSE.initialRecurrent, i + 1, Math.sqrt(3 / size))
        : null;
    return {
      size,
      forward: weightsOf(from, initial, options),
      recurrent: own && weightsOf(from, own, options),
      strength: new Float64Array(size),
      changes: vector(from, size),
      factor: new Float32Array(size).fill(1),
      sums: vector(from, size),
      ownSums: vector(from, size),
      membrane: new Float32Array(size),
      values: times.map(() => floatList(from, size)),
      open: times.map(() => floatList(from, size)),
      spiked: times.map(() => new Uint8Array(size)),
      back: vector(from, size),
      ownBack: vector(from, size),
      error,
      through: hidden && mode !== 'off' ? times.map(() => vector(from, size)) : error,
      scratch: vector(from, size),
      seen: { active: 0, open: 0 },
    };
  });
};
