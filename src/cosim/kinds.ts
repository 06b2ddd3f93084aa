import type { LayerPlan, Plan } from '../datapath/plan.js';

/** How to read the integer of a value: `signed` two's complement; `frac` null where it is a plain number, not a fraction. */
export interface ValueFormat {
  readonly signed: boolean;
  readonly frac: number | null;
}

interface Kind {
  /** the part of a training step that the value belongs to */
  readonly phase: string;
  readonly format: (layer: LayerPlan, plan: Plan) => ValueFormat;
}

const signed = (frac: number): ValueFormat => ({ signed: true, frac });
const unsigned = (frac: number): ValueFormat => ({ signed: false, frac });
const PLAIN: ValueFormat = { signed: false, frac: null };

/** Every kind of value that a core's testbench compares. */
export const KINDS: Readonly<Record<string, Kind>> = {
  activation: { phase: 'forward, activation', format: (layer) => signed(layer.output.frac) },
  logit: { phase: 'forward, logit', format: (layer) => signed(layer.output.frac) },
  probability: { phase: 'softmax, probability', format: (layer) => unsigned(layer.error.frac) },
  prediction: { phase: 'prediction', format: () => PLAIN },
  error: { phase: 'backward, error', format: (layer) => signed(layer.error.frac) },
  strength: { phase: 'GRAPES, strength of a neuron', format: (layer) => unsigned(layer.weight.frac) },
  factor: { phase: 'GRAPES, factor of a neuron', format: (_, plan) => unsigned(plan.factor.frac) },
  write: { phase: 'update, weight written', format: (layer) => signed(layer.weight.frac) },
  digest: { phase: "update, digest of the sample's writes", format: () => PLAIN },
  result: { phase: 'result port, logit', format: (layer) => signed(layer.output.frac) },
  shadow: { phase: 'GRAPES, strength against the sum of its weights', format: (layer) => unsigned(layer.weight.frac) },
  stream: { phase: "after the last sample, state of the layer's random stream", format: () => PLAIN },
  counter: { phase: 'after the last sample, counter', format: () => PLAIN },
  inference: { phase: 'inference alone', format: () => PLAIN },
  protocol: { phase: 'protocol of the ports (row: number of the rule)', format: () => PLAIN },
  timeout: { phase: 'no progress', format: () => PLAIN },
  weight: { phase: 'after the last sample, weight', format: (layer) => signed(layer.weight.frac) },
};

/** The last layer's values carry no layer number in some testbench lines; this is the layer they belong to. */
const layerOf = (plan: Plan, layer: number): LayerPlan => plan.layers[layer - 1] ?? plan.layers[plan.layers.length - 1];

export const phaseOf = (kind: string): string => KINDS[kind]?.phase ?? kind;

export const formatOf = (plan: Plan, kind: string, layer: number): ValueFormat =>
  KINDS[kind]?.format(layerOf(plan, layer), plan) ?? PLAIN;
