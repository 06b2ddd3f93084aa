import { backwardShift, FACTOR_FRAC, forwardShift, LOGIT_FRAC, rateSteps, updateShift } from '../config/shifts.js';
import type { Config } from '../config/types.js';
import { bitLength, type Format, indexBits } from '../fx/format.js';

/** Integers and widths of one layer `l`, 1..L. Rows are its neurons, columns its inputs. */
export interface LayerPlan {
  /** l, from 1 */
  readonly index: number;
  /** n_(l-1) */
  readonly inputs: number;
  /** n_l */
  readonly outputs: number;
  readonly hidden: boolean;
  readonly weight: Format;
  /** format of the activations that enter the layer, A_(l-1) */
  readonly input: Format;
  /** format of what leaves it: A_l, or the logit for the last layer */
  readonly output: Format;
  readonly error: Format;
  /** requantising shift of `z_l` */
  readonly forwardShift: number;
  /** requantising shift of `b_l * f_l`; null for the last layer */
  readonly backwardShift: number | null;
  /** `s_l = updateShift + k` */
  readonly updateShift: number;
  /** signed bits that hold every `z_l` */
  readonly sumBits: number;
  /** signed bits that hold every `b_l` (null for the last layer) */
  readonly backBits: number | null;
  /** unsigned bits that hold every strength `S_l` */
  readonly strengthBits: number;
  /** index of `w_l,00` when all weights are laid out row by row, layer after layer */
  readonly weightOffset: number;
  readonly lanes: LayerLanes;
}

/**
 * Where a layer lives in the lanes. Group `g` holds rows `2Pg ..`; lane `p` of it rows `2Pg+2p` and `2Pg+2p+1`, in one
 * word at address `base + g * inputs + column`. A last group of at most `P` rows is spread: lane `p` has row `2Pg+p`.
 */
export interface LayerLanes {
  /** ceil(n_l / 2P) */
  readonly groups: number;
  /** first word address of the layer in every lane's weight RAM */
  readonly base: number;
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
  readonly layers: readonly LayerPlan[];
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

/** What only the RTL needs: shared widths, depths and the pipeline's depth. */
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
  /** features in a 32-bit beat */
  readonly featuresPerBeat: number;
  /** widest z, b, strength over the layers */
  readonly sumBits: number;
  readonly backBits: number;
  readonly strengthBits: number;
  /** register stages of the adder and maximum trees over the lanes */
  readonly treeStages: number;
}

const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);

/** Signed bits for every integer of magnitude at most `m`. */
const signedBits = (m: number): number => bitLength(m) + 1;

/** Inputs that one register stage of a tree over the lanes reduces to one. */
export const TREE_RADIX = 4;

/** Register stages that reduce `inputs` to one. */
const treeStages = (inputs: number): number => (inputs > 1 ? 1 + treeStages(ceilDiv(inputs, TREE_RADIX)) : 0);

/** Bits of an exponential, and so of the largest entry of the softmax table. */
export const EXP_BITS = 16;

/**
 * Derives the plan of a validated configuration.
 * Source: the numeric contract (shifts, ranges) and the core's memory layout.
 */
export const plan = (config: Config): Plan => {
  const { layers: sizes, bits, frac, lanes: P } = config;
  const L = sizes.length - 1;
  const layers: LayerPlan[] = [];
  let weightOffset = 0;
  let base = 0;
  let slot = 0;
  let list = 0;
  for (let l = 1; l <= L; l++) {
    const inputs = sizes[l - 1];
    const outputs = sizes[l];
    const hidden = l < L;
    const groups = ceilDiv(outputs, 2 * P);
    const lastRows = outputs - 2 * P * (groups - 1);
    const backFanIn = config.feedback === 'dfa' ? sizes[L] : sizes[l + 1];
    layers.push({
      index: l,
      inputs,
      outputs,
      hidden,
      weight: { bits: bits.weight, frac: frac.weight[l - 1] },
      input: { bits: bits.activation, frac: frac.activation[l - 1] },
      output: hidden ? { bits: bits.activation, frac: frac.activation[l] } : { bits: 16, frac: LOGIT_FRAC },
      error: { bits: bits.error, frac: frac.error[l - 1] },
      forwardShift: forwardShift(config, l),
      backwardShift: hidden ? backwardShift(config, l) : null,
      updateShift: updateShift(config, l, 0),
      sumBits: signedBits(inputs * 2 ** (bits.weight + bits.activation - 2)),
      backBits: hidden ? signedBits(backFanIn * 2 ** (bits.weight + bits.error - 2)) : null,
      strengthBits: bitLength(inputs * 2 ** (bits.weight - 1)),
      weightOffset,
      lanes: { groups, base, slot, lastRows, spread: lastRows <= P, list: hidden ? list : 0 },
    });
    weightOffset += inputs * outputs;
    base += groups * inputs;
    slot += groups;
    if (hidden) list += outputs;
  }
  const hiddenLayers = layers.filter((l) => l.hidden);
  const shifts = rateSteps(config).map((s) => s.shift);
  return {
    config,
    layers,
    classes: sizes[L],
    labelBits: indexBits(sizes[L]),
    rate: { min: Math.min(...shifts), max: Math.max(...shifts) },
    factor: {
      frac: FACTOR_FRAC,
      one: 2 ** FACTOR_FRAC,
      low: config.grapes.clip === 'unit' ? 2 ** FACTOR_FRAC : 0,
      high: 2 ** (FACTOR_FRAC + 1),
      bits: FACTOR_FRAC + 2,
    },
    expSumBits: bitLength(sizes[L] * (2 ** EXP_BITS - 1)),
    hardware: {
      lanes: P,
      depth: base,
      slots: slot,
      hiddenSlots: hiddenLayers.reduce((sum, l) => sum + l.lanes.groups, 0),
      hiddenList: list,
      featuresPerBeat: Math.floor(32 / bits.activation),
      sumBits: Math.max(...layers.map((l) => l.sumBits)),
      backBits: Math.max(1, ...hiddenLayers.map((l) => l.backBits ?? 1)),
      strengthBits: Math.max(1, ...hiddenLayers.map((l) => l.strengthBits)),
      treeStages: treeStages(P),
    },
  };
};
