import type { HiddenLayer, LayerPlan, Plan } from './plan.js';

/**
 * What an operation of a pass waits for, beside its list entry:
 *
 *   softmax  the pass begins when the output layer's errors are there
 *   errors   its first operation, and the decision that there is none: no error is on its way
 *   writes   every operation: no update of the group is on its way; only the pass that takes the input may meet one, the
 *            lists of the others come out of the drain, which is deeper
 *   sums     a group's last operation: the sums before it are drained
 *   result   a group's last operation: the host has taken the result before it
 */
export type Wait = 'softmax' | 'errors' | 'writes' | 'sums' | 'result';

/** `w x` of two rows a lane; group, then entry. Follows its list while that grows. */
export interface ForwardPass {
  readonly operation: 'forward';
  readonly layer: LayerPlan;
  readonly waits: readonly Wait[];
}

/** The errors of `target` and the update of `layer` at once, one row a lane; entry, then group, then half. */
export interface BackUpdatePass {
  readonly operation: 'backUpdate';
  readonly layer: LayerPlan;
  /** whose activations the layer takes, and whose errors the pass makes */
  readonly target: HiddenLayer;
  readonly waits: readonly Wait[];
}

/** The update of two rows a lane; group, then entry. */
export interface UpdatePass {
  readonly operation: 'update';
  readonly layer: LayerPlan;
  readonly waits: readonly Wait[];
}

/** Strengths counted anew; group, then column. */
export interface SweepPass {
  readonly operation: 'sweep';
  readonly layer: HiddenLayer;
  readonly waits: readonly Wait[];
}

/** One row of the program that the sequencer walks. */
export type Pass = ForwardPass | BackUpdatePass | UpdatePass | SweepPass;

/** The passes of a core. An inference is `forward`, a training step `forward` and `learn`. */
export interface Program {
  readonly forward: readonly ForwardPass[];
  readonly learn: readonly (BackUpdatePass | UpdatePass)[];
  /** empty where there are no strengths */
  readonly sweep: readonly SweepPass[];
}

/** The program of a network whose matrices are each applied once a sample. */
export const programOf = ({ layers, hidden, config }: Plan): Program => {
  const top = layers.length - 1;
  return {
    forward: layers.map((layer, at) => ({
      operation: 'forward',
      layer,
      waits: [...(at === 0 ? (['writes'] as const) : []), 'sums', ...(at === top ? (['result'] as const) : [])],
    })),
    learn: [
      ...hidden
        .map((target, at): BackUpdatePass => {
          const layer = layers[at + 1];
          return {
            operation: 'backUpdate',
            layer,
            target,
            waits: at + 1 === top ? ['softmax', 'errors'] : ['errors'],
          };
        })
        .reverse(),
      { operation: 'update', layer: layers[0], waits: top === 0 ? ['softmax', 'errors'] : ['errors'] },
    ],
    sweep: config.grapes.mode === 'off' ? [] : hidden.map((layer) => ({ operation: 'sweep', layer, waits: [] })),
  };
};

/** All passes in the order in which the sequencer holds them. */
export const passesOf = ({ forward, learn, sweep }: Program): readonly Pass[] => [...forward, ...learn, ...sweep];
