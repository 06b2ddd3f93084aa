import { type Matrix, refuse } from './tensor.js';

/** How the matrices of a file lie: a row for each neuron (PyTorch), or for each input (Keras). */
export const LAYOUTS = ['out-in', 'in-out'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** What a layer's sums go through. */
export type Activation = 'relu' | 'tanh' | 'linear' | 'softmax';

/** A layer as a file has it, in real numbers. */
export interface Layer {
  readonly name: string;
  /** n_l x n_(l-1) */
  readonly weight: Matrix;
  /** n_l x n_l; null: the layer is not recurrent */
  readonly recurrent: Matrix | null;
  /** n_l; null: there is none */
  readonly bias: Float64Array | null;
  /** null: the file does not say */
  readonly activation: Activation | null;
}

/** A chain of layers, first to last, and where it came from. */
export interface Model {
  /** the file's format, for people */
  readonly format: string;
  readonly layout: Layout;
  readonly layers: readonly Layer[];
  /** what a person should know of how the model was read */
  readonly notes: readonly string[];
  /** the configuration that the file carries; undefined: it is no export of ours */
  readonly config?: unknown;
}

const ACTIVATIONS: readonly string[] = ['relu', 'tanh', 'linear', 'softmax'] satisfies readonly Activation[];

const isActivation = (name: string): name is Activation => ACTIVATIONS.includes(name);

/** @throws UserError for an activation that the core does not have */
export const activationOf = (file: string, layer: string, name: string): Activation =>
  isActivation(name)
    ? name
    : refuse(
        file,
        `${layer} has the activation ${name}, must be relu or tanh (softmax or none at the end); train it so`,
      );

/** `out x in` */
export const layoutText = (layout: Layout): string => layout.replace('-', ' x ');
