import type { LayerPlan, Plan } from '../datapath/plan.js';
import { writesOf } from './lengths.js';

/** What a run of the core's testbench covers. */
export interface RunSpan {
  /** samples trained */
  readonly samples: number;
  /** the first samples whose every value is compared */
  readonly trace: number;
  /** the first samples whose every weight write is compared */
  readonly writes: number;
  /** all weights are compared after the last sample */
  readonly final: boolean;
}

/** What the run of `samples` can cover of what a golden directory holds. */
export const spanOf = (manifest: { samples: number; trace: number; writes: number }, samples: number): RunSpan => ({
  samples,
  trace: Math.min(manifest.trace, samples),
  writes: Math.min(manifest.writes, samples),
  final: samples === manifest.samples,
});

const sum = (layers: readonly LayerPlan[], of: (layer: LayerPlan) => number): number =>
  layers.reduce((total, layer) => total + of(layer), 0);

/** How many values of each kind a run must have compared; a run that compared fewer has failed. */
export const expectedCounts = (plan: Plan, golden: string, span: RunSpan): Readonly<Record<string, number>> => {
  const all = sum(plan.layers, (layer) => layer.outputs);
  const hidden = all - plan.classes;
  return {
    activation: span.trace * hidden,
    logit: span.trace * plan.classes,
    probability: span.trace * plan.classes,
    prediction: span.samples,
    error: span.trace * all,
    strength: span.trace * hidden,
    factor: span.trace * hidden,
    write: writesOf(plan, golden, span.writes),
    digest: span.samples,
    result: span.trace * plan.classes,
    stream: plan.config.rounding === 'stochastic' ? plan.layers.length : 0,
    shadow: plan.config.grapes.mode === 'off' ? 0 : (span.samples + 1) * hidden,
    counter: 2 + 2 * plan.layers.length,
    weight: span.final ? sum(plan.layers, (layer) => layer.inputs * layer.outputs) : 0,
  };
};
