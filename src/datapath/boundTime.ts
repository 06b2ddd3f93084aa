import { timingOf } from '../config/time.js';
import { depthsOf } from './depths.js';
import type { LayerPlan, Matrix, Plan } from './plan.js';

/** What a sample's values are like over its steps. */
export interface SequenceCounts {
  /** values that are not 0; of an input that is the same at every step, those of one step */
  readonly nonZero: number;
  /** the same without the last step */
  readonly earlier: number;
  /** columns that are not 0 at some step */
  readonly used: number;
}

/** What a hidden layer did in a sample. */
export interface HiddenCounts extends SequenceCounts {
  /** derivatives that are not 0; the same without the last step */
  readonly open: number;
  readonly openEarlier: number;
  /** columns that are not 0 or open at some step */
  readonly usedOrOpen: number;
  /** groups of 2P rows with an error at some step: that updates, that the layer below sees, that the layer's own weights see */
  readonly groups: { readonly update: number; readonly back: number; readonly own: number };
}

/** What one sample asks of the multipliers. */
export interface SampleCounts {
  readonly input: SequenceCounts;
  /** layers 1..L-1 */
  readonly hidden: readonly HiddenCounts[];
  /** the output has an error */
  readonly error: boolean;
}

/** Cycles that a matrix needs in a pass, and the entries (columns of steps) that it visits in it. */
export interface PassBound {
  readonly operation: 'forward' | 'back' | 'update' | 'backUpdate';
  readonly matrix: Matrix;
  readonly entries: number;
  readonly cycles: number;
}

const pass = (operation: PassBound['operation'], matrix: Matrix, entries: number, words: number): PassBound => ({
  operation,
  matrix,
  entries,
  cycles: entries * words,
});

/**
 * Least cycles that two multipliers a lane need for a sample of a network in time, pass by pass: forward, back from the
 * top, update. A word holds two rows a lane; the output layer goes back and updates one row at a time, once a sample.
 */
export const boundInTime = (
  { layers, hidden, output, hardware }: Plan,
  { input, hidden: counts, error }: SampleCounts,
): readonly PassBound[] => {
  const sourceOf = ({ index }: LayerPlan): SequenceCounts => (index === 1 ? input : counts[index - 2]);
  const groups = ({ lanes }: LayerPlan): number => lanes.groups;
  const top = counts.at(-1);
  const last = output.matrix;
  const entries = hidden.flatMap((layer, i) => [
    { layer: i, matrix: layer.matrix, count: sourceOf(layer).nonZero },
    ...layer.recurrent.map((matrix) => ({ layer: i, matrix, count: counts[i].earlier })),
  ]);
  return [
    ...entries.map(({ layer, matrix, count }) => pass('forward', matrix, count, groups(layers[layer]))),
    pass('forward', last, sourceOf(output).used, groups(output)),
    ...(top === undefined || !error
      ? []
      : [pass('backUpdate', last, top.usedOrOpen, Math.ceil(output.outputs / hardware.lanes))]),
    ...hidden
      .toReversed()
      .flatMap(({ index, recurrent }) => [
        ...(index === hidden.length
          ? []
          : [pass('back', layers[index].matrix, counts[index - 1].open, counts[index].groups.back)]),
        ...recurrent.map((matrix) => pass('back', matrix, counts[index - 1].openEarlier, counts[index - 1].groups.own)),
      ]),
    ...entries.map(({ layer, matrix, count }) => pass('update', matrix, count, counts[layer].groups.update)),
    ...(top === undefined && error ? [pass('update', last, input.used, groups(output))] : []),
  ];
};

/**
 * Cycles that recurrent layers wait beside the bound, at the depths of the pipelines: none starts a step before the one
 * before it is known, forward and back.
 */
export const recurrentWaits = (plan: Plan): number => {
  const { sums, errors } = depthsOf(plan);
  return plan.hidden.reduce(
    (n, { recurrent, values }) => n + recurrent.length * (values.steps - 1) * (sums + errors),
    0,
  );
};

/** The counts of a sample in which nothing is 0, nothing closed and every row has an error. */
export const fullCounts = ({ config, input, hidden }: Plan): SampleCounts => {
  const sequence = (size: number, steps: number): SequenceCounts => ({
    nonZero: size * steps,
    earlier: size * (steps - 1),
    used: size,
  });
  return {
    input: sequence(input.size, timingOf(config).encoding === 'direct' ? 1 : input.steps),
    hidden: hidden.map(({ outputs, values: { steps }, lanes: { groups } }) => ({
      ...sequence(outputs, steps),
      open: outputs * steps,
      openEarlier: outputs * (steps - 1),
      usedOrOpen: outputs,
      groups: { update: groups, back: groups, own: groups },
    })),
    error: true,
  };
};
