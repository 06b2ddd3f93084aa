import type { HiddenLayer, LayerPlan, Matrix, OutputLayer, Plan } from './plan.js';

/** All steps of a layer, group after group; the cells speak when a group's sums are complete. */
export interface TimeForwardPass {
  readonly operation: 'forward';
  readonly layer: LayerPlan;
  readonly matrix: Matrix;
  /** the sums are made once: the input is the same at every step, or the layer sees the sum over the steps */
  readonly single: boolean;
}

/** What the output layer's errors, the same at every step, bring to the rows of the top hidden layer. */
export interface TopPass {
  readonly operation: 'top';
  readonly layer: OutputLayer;
  readonly matrix: Matrix;
}

/** The errors of a hidden layer, from the last step to the first. */
export interface TimeBackPass {
  readonly operation: 'back';
  readonly layer: HiddenLayer;
  /** W of the layer above */
  readonly matrix: Matrix;
  /** what comes from above is known before the pass */
  readonly single: boolean;
}

/** The update of a matrix: a column after the other, over the steps in which it is used. */
export interface TimeUpdatePass {
  readonly operation: 'update';
  readonly layer: LayerPlan;
  readonly matrix: Matrix;
  /** one product is the whole gradient */
  readonly single: boolean;
}

/** Strengths counted anew over a matrix. */
export interface TimeSweepPass {
  readonly operation: 'sweep';
  readonly layer: HiddenLayer;
  readonly matrix: Matrix;
}

export type TimePass = TimeForwardPass | TopPass | TimeBackPass | TimeUpdatePass | TimeSweepPass;

/** The input is the same at every step. */
export const constantInput = ({ config }: Plan): boolean => (config.encoding ?? 'direct') === 'direct';

/**
 * The program of a network in time: forward layer by layer, all steps of one before the next; the output's errors once; back
 * layer by layer; then the updates, `W_1, H_1, W_2, ..`; then the sweeps, which come when weights were loaded.
 */
export const timePasses = (plan: Plan): readonly TimePass[] => {
  const { layers, hidden, output, matrices, config } = plan;
  const constant = constantInput(plan);
  const top = hidden.length;
  const layerOf = (matrix: Matrix): LayerPlan => layers[matrix.layer - 1];
  const once = (layer: LayerPlan): boolean => layer.index > top || (layer.index === 1 && constant);
  return [
    ...layers.map(
      (layer): TimePass => ({
        operation: 'forward',
        layer,
        matrix: layer.matrix,
        single: once(layer) && layer.recurrent.length === 0,
      }),
    ),
    { operation: 'top', layer: output, matrix: output.matrix },
    ...hidden
      .map((layer): TimePass => {
        const { matrix } = layers[layer.index];
        return { operation: 'back', layer, matrix, single: layer.index === top };
      })
      .reverse(),
    ...matrices.map(
      (matrix): TimePass => ({
        operation: 'update',
        layer: layerOf(matrix),
        matrix,
        single: matrix.kind === 'forward' && once(layerOf(matrix)),
      }),
    ),
    ...(config.grapes.mode === 'off'
      ? []
      : matrices
          .filter(({ layer }) => layer <= top)
          .map((matrix): TimePass => ({ operation: 'sweep', layer: hidden[matrix.layer - 1], matrix }))),
  ];
};
