import { FACTOR_FRAC, rateSteps } from '../config/shifts.js';
import type { Config } from '../config/types.js';
import { bitLength, indexBits } from '../fx/format.js';
import { type ForwardMatrix, type Matrix, matricesOf, type RecurrentMatrix } from './matrix.js';
import { type HiddenValues, type InputValues, type LogitValues, valuesOf } from './values.js';

export type { Cell, HiddenCell, LogitCell, ReluCell, SnuCell, TanhCell } from './cell.js';
export type { ForwardMatrix, Matrix, RecurrentMatrix } from './matrix.js';
export type { Align, HiddenValues, InputValues, LogitValues, Values } from './values.js';

/** A layer `l`: the matrices that add to its neurons, what they take and what they become. */
export interface LayerPlan<V extends HiddenValues | LogitValues = HiddenValues | LogitValues> {
  /** l, from 1 */
  readonly index: number;
  /** n_(l-1) */
  readonly inputs: number;
  /** n_l */
  readonly outputs: number;
  /** W_l */
  readonly matrix: ForwardMatrix;
  /** H_l where the layer is recurrent, else empty */
  readonly recurrent: readonly RecurrentMatrix[];
  /** V_(l-1) */
  readonly source: InputValues | HiddenValues;
  /** V_l */
  readonly values: V;
  readonly lanes: LayerLanes;
}

export type HiddenLayer = LayerPlan<HiddenValues>;
export type OutputLayer = LayerPlan<LogitValues>;

/**
 * Where a layer lives in the lanes. Group `g` holds rows `2Pg ..`; lane `p` of it rows `2Pg+2p` and `2Pg+2p+1`, in one
 * word at address `base + g * columns + column`, `base` and `columns` the matrix's. A last group of at most `P` rows is spread:
 * lane `p` has row `2Pg+p`.
 */
export interface LayerLanes {
  /** ceil(n_l / 2P) */
  readonly groups: number;
  /** first slot of the layer in the lane's per-neuron memories (one slot a group) */
  readonly slot: number;
  /** rows of the last group, 1..2P */
  readonly lastRows: number;
  /** the last group has one row a lane */
  readonly spread: boolean;
  /** first entry of the list of layer l's activations in the hidden list memory (0 for the last layer, which has none) */
  readonly list: number;
}

/** Everything derived from a configuration, computed once; the model and the RTL both read it. */
export interface Plan {
  readonly config: Config;
  /** 1..L */
  readonly layers: readonly LayerPlan[];
  /** 1..L-1 */
  readonly hidden: readonly HiddenLayer[];
  readonly output: OutputLayer;
  /** W_1, H_1, W_2, ..: those that there are */
  readonly matrices: readonly Matrix[];
  /** V_0 */
  readonly input: InputValues;
  readonly classes: number;
  /** bits of a label or prediction */
  readonly labelBits: number;
  readonly rate: { readonly min: number; readonly max: number };
  readonly factor: {
    /** F */
    readonly frac: number;
    /** 2^F, the factor 1.0 */
    readonly one: number;
    /** lower clip */
    readonly low: number;
    /** 2^(F+1), the factor 2.0 */
    readonly high: number;
    readonly bits: number;
  };
  /** unsigned bits that hold the softmax's sum of exponentials */
  readonly expSumBits: number;
  readonly hardware: HardwarePlan;
}

/** What only the RTL needs: sizes of memories, widths that all layers share. */
export interface HardwarePlan {
  readonly lanes: number;
  /** words of each lane's weight RAM */
  readonly depth: number;
  /** slots of each lane's per-neuron memories, all layers */
  readonly slots: number;
  /** slots of hidden layers (they come first) */
  readonly hiddenSlots: number;
  /** entries of the hidden list memory */
  readonly hiddenList: number;
  /** bits of a feature on the sample port; with `rate` of the probability of a spike */
  readonly featureBits: number;
  /** features in a 32-bit beat */
  readonly featuresPerBeat: number;
  /** widest z, b, strength over the layers */
  readonly sumBits: number;
  readonly backBits: number;
  readonly strengthBits: number;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);

/** Bits of the probability of a spike. */
const PROBABILITY_BITS = 8;

/** Bits of an exponential, and so of the largest entry of the softmax table. */
export const EXP_BITS = 16;

const lanesOf = (sizes: readonly number[], l: number, lanes: number): LayerLanes => {
  const groups = ceilDiv(sizes[l], 2 * lanes);
  const lastRows = sizes[l] - 2 * lanes * (groups - 1);
  const below = sizes.slice(1, l);
  return {
    groups,
    slot: sum(below.map((rows) => ceilDiv(rows, 2 * lanes))),
    lastRows,
    spread: lastRows <= lanes,
    list: l === sizes.length - 1 ? 0 : sum(below),
  };
};

/**
 * Derives the plan of a validated configuration.
 * Source: the numeric contract (shifts, ranges) and the core's memory layout.
 */
export const plan = (config: Config): Plan => {
  const { layers: sizes, lanes: P } = config;
  const values = valuesOf(config);
  const matrices = matricesOf(config);
  const layer = <V extends HiddenValues | LogitValues>(l: number, become: V): LayerPlan<V> => {
    const own = matrices.filter((matrix) => matrix.layer === l);
    const [matrix] = own.filter((matrix) => matrix.kind === 'forward');
    return {
      index: l,
      inputs: sizes[l - 1],
      outputs: sizes[l],
      matrix,
      recurrent: own.filter((matrix) => matrix.kind === 'recurrent'),
      source: l === 1 ? values.input : values.hidden[l - 2],
      values: become,
      lanes: lanesOf(sizes, l, P),
    };
  };
  const hidden = values.hidden.map((become, i) => layer(i + 1, become));
  const output = layer(sizes.length - 1, values.output);
  const layers = [...hidden, output];
  const shifts = rateSteps(config).map((s) => s.shift);
  const featureBits = config.encoding === 'rate' ? PROBABILITY_BITS : values.input.format.bits;
  return {
    config,
    layers,
    hidden,
    output,
    matrices,
    input: values.input,
    classes: output.outputs,
    labelBits: indexBits(output.outputs),
    rate: { min: Math.min(...shifts), max: Math.max(...shifts) },
    factor: {
      frac: FACTOR_FRAC,
      one: 2 ** FACTOR_FRAC,
      low: config.grapes.clip === 'unit' ? 2 ** FACTOR_FRAC : 0,
      high: 2 ** (FACTOR_FRAC + 1),
      bits: FACTOR_FRAC + 2,
    },
    expSumBits: bitLength(output.outputs * (2 ** EXP_BITS - 1)),
    hardware: {
      lanes: P,
      depth: sum(matrices.map(({ layer: l, columns }) => layers[l - 1].lanes.groups * columns)),
      slots: sum(layers.map((l) => l.lanes.groups)),
      hiddenSlots: sum(hidden.map((l) => l.lanes.groups)),
      hiddenList: sum(hidden.map((l) => l.outputs)),
      featureBits,
      featuresPerBeat: Math.floor(32 / featureBits),
      sumBits: Math.max(...layers.map((l) => l.values.sumBits)),
      backBits: Math.max(1, ...hidden.map((l) => l.values.back.bits)),
      strengthBits: Math.max(1, ...hidden.map((l) => l.values.strengthBits)),
    },
  };
};
