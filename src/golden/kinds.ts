import { matrixName } from '../datapath/matrix.js';
import type { HiddenLayer, LayerPlan, OutputLayer, Plan } from '../datapath/plan.js';
import { inTime } from '../datapath/rate.js';
import type { StepValues } from '../model/index.js';

/** How to read the integer of a value: `signed` two's complement; `frac` null where it is a plain number, not a fraction. */
export interface ValueFormat {
  readonly signed: boolean;
  readonly frac: number | null;
}

/** What the rows of a file are: all samples, the traced ones, what the write files hold, or so many rows of a matrix. */
export type Rows = 'samples' | 'trace' | 'writes' | number;

/** A file `<name>.mem` of a golden directory; its shape is the rows, then `tail`. */
export interface KindFile {
  readonly name: string;
  readonly bits: number;
  readonly rows: Rows;
  readonly tail: readonly number[];
}

/** A run of the core's testbench, as far as it decides how many values are compared. */
export interface RunShape {
  readonly plan: Plan;
  /** samples presented, and those of them that train */
  readonly samples: number;
  readonly trained: number;
  /** the same of the samples whose every value is compared */
  readonly traced: number;
  readonly tracedTrained: number;
  /** factors made in the traced steps: of each active neuron one; none where GRAPES is off */
  readonly factors: number;
  /** weight writes that are compared */
  readonly writes: number;
  /** all weights are compared after the last sample */
  readonly final: boolean;
  /** reads through the memory port whose answers are compared */
  readonly reads: Readonly<Record<'read' | 'stream' | 'counter', number>>;
}

/** A kind of value: what a golden directory holds of it, how a comparison counts and names it. */
export interface Kind {
  /** the part of a training step that a message names */
  readonly phase: string;
  /** how a value of a layer is read; null: a plain number */
  readonly format: ((layer: LayerPlan, plan: Plan) => ValueFormat) | null;
  /** what the documentation says of the files: name, shape, bits; null: the kind has none */
  readonly document: readonly [string, string, string] | null;
  readonly files: (plan: Plan) => readonly KindFile[];
  /** a traced step's values, file by file */
  readonly trace: ((values: StepValues) => readonly ArrayLike<number>[]) | null;
  /** how many values of the kind a run compares; null: it is never compared on purpose */
  readonly compared: ((run: RunShape) => number) | null;
}

const signed = (frac: number): ValueFormat => ({ signed: true, frac });
const unsigned = (frac: number): ValueFormat => ({ signed: false, frac });

const hiddenOf = ({ hidden }: Plan): readonly HiddenLayer[] => hidden;
const spiking = ({ hidden }: Plan): readonly HiddenLayer[] => hidden.filter(({ values }) => values.cell.kind === 'snu');
const lastOf = ({ output }: Plan): OutputLayer => output;
const rowsOf = (layers: readonly LayerPlan[]): number => layers.reduce((sum, layer) => sum + layer.outputs, 0);

const one =
  (name: string, bits: (plan: Plan) => number, rows: Rows, tail: (plan: Plan) => readonly number[]): Kind['files'] =>
  (plan) => [{ name, bits: bits(plan), rows, tail: tail(plan) }];

/** A file a layer, a row a neuron's value. */
const perLayer =
  <L extends LayerPlan>(
    name: string,
    layersOf: (plan: Plan) => readonly L[],
    bits: (layer: L, plan: Plan) => number,
  ): Kind['files'] =>
  (plan) =>
    layersOf(plan).map((layer) => ({
      name: `${name}${layer.index}`,
      bits: bits(layer, plan),
      rows: 'trace',
      tail: [layer.outputs],
    }));

/** Steps of a sample, where a network is in time: the second dimension of what every step has. */
const stepsOf = ({ config, input }: Plan): readonly number[] => (inTime(config) ? [input.steps] : []);

/** A file a layer, a row a neuron's value; step after step where the network is in time. */
const perStep =
  <L extends LayerPlan>(
    name: string,
    layersOf: (plan: Plan) => readonly L[],
    bits: (layer: L, plan: Plan) => number,
  ): Kind['files'] =>
  (plan) =>
    perLayer(name, layersOf, bits)(plan).map((file) => ({ ...file, tail: [...stepsOf(plan), ...file.tail] }));

const weights =
  (suffix: string): Kind['files'] =>
  ({ matrices }) =>
    matrices.map((matrix) => ({
      name: `${matrixName(matrix)}_${suffix}`,
      bits: matrix.format.bits,
      rows: matrix.rows,
      tail: [matrix.columns],
    }));

const feedback: Kind['files'] = (plan) =>
  hiddenOf(plan).flatMap(({ index, outputs, matrix }) => {
    if (plan.config.feedback === 'bp') return [];
    const above = plan.config.feedback === 'fa';
    const rows = above ? plan.layers[index].outputs : plan.classes;
    return [{ name: `feedback${above ? index + 1 : index}`, bits: matrix.format.bits, rows, tail: [outputs] }];
  });

/** A core in time shows its factors in the errors alone. */
const perFactor = ({ plan, factors }: RunShape): number => (inTime(plan.config) ? 0 : factors);

const PLAIN: ValueFormat = { signed: false, frac: null };

const NONE = { document: null, files: () => [], trace: null } as const;

/** Every kind of value, in the order in which a manifest lists the files. */
export const KINDS = {
  input: {
    phase: 'sample, feature',
    format: (layer) => signed(layer.source.format.frac),
    document: ['`input.mem`', 'N x n_0; in time N x steps x n_0', '`ba`; spikes 1'],
    files: one(
      'input',
      ({ input }) => input.format.bits,
      'samples',
      (plan) => [...stepsOf(plan), plan.input.size],
    ),
    trace: null,
    compared: null,
  },
  pixel: {
    phase: 'sample, probability of a spike',
    format: null,
    document: ['`pixel.mem` (encoding `rate`)', 'N x n_0', '8, unsigned; of 255'],
    files: ({ config, input }) =>
      config.encoding === 'rate' ? [{ name: 'pixel', bits: 8, rows: 'samples', tail: [input.size] }] : [],
    trace: null,
    compared: null,
  },
  label: {
    phase: 'sample, label',
    format: null,
    document: ['`label.mem`', 'N', 'bit length of `n_L - 1`, at least 1'],
    files: one(
      'label',
      ({ labelBits }) => labelBits,
      'samples',
      () => [],
    ),
    trace: null,
    compared: null,
  },
  prediction: {
    phase: 'prediction',
    format: null,
    document: ['`prediction.mem`', 'N', 'as `label.mem`'],
    files: one(
      'prediction',
      ({ labelBits }) => labelBits,
      'samples',
      () => [],
    ),
    trace: null,
    compared: ({ samples }) => samples,
  },
  initial: {
    phase: 'before the first sample, weight',
    format: (layer) => signed(layer.matrix.format.frac),
    document: ['`weight<l>_init.mem`, l = 1..L; `recurrent<l>_init.mem`', 'n_l x n_(l-1); n_l x n_l', '`bw`'],
    files: weights('init'),
    trace: null,
    compared: null,
  },
  weight: {
    phase: 'after the last sample, weight',
    format: (layer) => signed(layer.matrix.format.frac),
    document: ['`weight<l>_final.mem`, l = 1..L; `recurrent<l>_final.mem`', 'n_l x n_(l-1); n_l x n_l', '`bw`'],
    files: weights('final'),
    trace: null,
    compared: ({ plan, final }) =>
      final ? plan.matrices.reduce((sum, { rows, columns }) => sum + rows * columns, 0) : 0,
  },
  activation: {
    phase: 'forward, activation',
    format: (layer) => signed(layer.values.format.frac),
    document: ['`activation<l>.mem`, l = 1..L-1', 'T x n_l; in time T x steps x n_l', '`ba`; spikes 1'],
    files: perStep('activation', hiddenOf, (layer) => layer.values.format.bits),
    trace: (values) => values.activation,
    compared: ({ plan, traced }) => traced * plan.input.steps * rowsOf(hiddenOf(plan)),
  },
  membrane: {
    phase: 'forward, membrane',
    format: ({ values }) => (values.cell.kind === 'snu' ? signed(values.cell.membrane.frac) : PLAIN),
    document: ['`membrane<l>.mem`, layers of snu cells', 'T x steps x n_l', '`ba`'],
    files: perStep('membrane', spiking, (_, { config }) => config.bits.activation),
    trace: ({ membrane }) => membrane.filter(({ length }) => length > 0),
    compared: ({ plan, traced }) => traced * plan.input.steps * rowsOf(spiking(plan)),
  },
  logit: {
    phase: 'forward, logit',
    format: (layer) => signed(layer.values.format.frac),
    document: ['`logit.mem`', 'T x n_L', '16'],
    files: one(
      'logit',
      (plan) => lastOf(plan).values.format.bits,
      'trace',
      ({ classes }) => [classes],
    ),
    trace: (values) => [values.logit],
    compared: ({ plan, traced }) => traced * plan.classes,
  },
  probability: {
    phase: 'softmax, probability',
    format: (layer) => unsigned(layer.values.error.frac),
    document: ['`probability.mem`', 'T x n_L', '`be + 1`, unsigned'],
    files: one(
      'probability',
      (plan) => lastOf(plan).values.error.bits + 1,
      'trace',
      ({ classes }) => [classes],
    ),
    trace: (values) => [values.probability],
    compared: ({ plan, tracedTrained }) => tracedTrained * plan.classes,
  },
  error: {
    phase: 'backward, error',
    format: (layer) => signed(layer.values.error.frac),
    document: ['`error<l>.mem`, l = 1..L', 'T x n_l; in time T x steps x n_l', '`be`; the error that updates layer l'],
    files: perStep(
      'error',
      ({ layers }) => layers,
      (layer) => layer.values.error.bits,
    ),
    trace: (values) => values.error,
    compared: ({ plan, tracedTrained }) => tracedTrained * plan.input.steps * rowsOf(plan.layers),
  },
  uerror: {
    phase: 'backward, error through time',
    format: (layer) => signed(layer.values.error.frac),
    document: ['`uerror<l>.mem`, l = 1..L-1 (in time)', 'T x steps x n_l', '`be`; without factors, whatever the mode'],
    files: perStep(
      'uerror',
      ({ config, hidden }) => (inTime(config) ? hidden : []),
      (layer) => layer.values.error.bits,
    ),
    trace: ({ uerror }) => uerror.filter(({ length }) => length > 0),
    compared: null,
  },
  strength: {
    phase: 'GRAPES, strength of a neuron',
    format: (layer) => unsigned(layer.matrix.format.frac),
    document: [
      '`strength<l>.mem`, l = 1..L-1',
      'T x n_l',
      "bit length of `n_(l-1) * 2^(bw-1)`, in time of the largest aligned sum; unsigned; before the step's update",
    ],
    files: perLayer('strength', hiddenOf, (layer) => layer.values.strengthBits),
    trace: (values) => values.strength,
    compared: perFactor,
  },
  factor: {
    phase: 'GRAPES, factor of a neuron',
    format: (_, plan) => unsigned(plan.factor.frac),
    document: ['`factor<l>.mem`, l = 1..L-1', 'T x n_l', '9, unsigned; mode `off`: all 128'],
    files: perLayer('factor', hiddenOf, (_, plan) => plan.factor.bits),
    trace: (values) => values.factor,
    compared: perFactor,
  },
  write: {
    phase: 'update, weight written',
    format: (layer) => signed(layer.matrix.format.frac),
    document: [
      '`write<l>.mem`, l = 1..L',
      'first `writes` samples, one after the other',
      "`bw`; every `w'` of a row with an error, columns in use ascending, rows ascending within a column",
    ],
    files: ({ layers }) =>
      layers.map(({ index, matrix }) => ({
        name: `write${index}`,
        bits: matrix.format.bits,
        rows: 'writes',
        tail: [],
      })),
    trace: null,
    compared: ({ writes }) => writes,
  },
  digest: {
    phase: "update, digest of the sample's writes",
    format: null,
    document: ['`digest.mem`', 'N', '32'],
    files: one(
      'digest',
      () => 32,
      'samples',
      () => [],
    ),
    trace: null,
    compared: ({ trained }) => trained,
  },
  feedback: {
    phase: 'feedback, weight',
    format: (layer) => signed(layer.matrix.format.frac),
    document: ['`feedback<l>.mem`', '`fa`: l = 2..L, n_l x n_(l-1); `dfa`: l = 1..L-1, n_L x n_l', '`bw`'],
    files: feedback,
    trace: null,
    compared: null,
  },
  result: {
    ...NONE,
    phase: 'result port, logit',
    format: (layer) => signed(layer.values.format.frac),
    compared: ({ plan, traced }) => traced * plan.classes,
  },
  read: {
    ...NONE,
    phase: 'memory port, weight or strength read',
    format: (layer) => signed(layer.matrix.format.frac),
    compared: ({ reads }) => reads.read,
  },
  stream: {
    ...NONE,
    phase: "memory port, state of the layer's random stream",
    format: null,
    compared: ({ reads }) => reads.stream,
  },
  counter: {
    ...NONE,
    phase: 'memory port, counter (column: its number)',
    format: null,
    compared: ({ reads }) => reads.counter,
  },
  protocol: {
    ...NONE,
    phase: 'protocol of the ports (row: number of the rule)',
    format: null,
    compared: null,
  },
  timeout: { ...NONE, phase: 'no progress', format: null, compared: null },
} satisfies Readonly<Record<string, Kind>> as Readonly<Record<KindName, Kind>>;

export type KindName =
  | 'input'
  | 'pixel'
  | 'label'
  | 'prediction'
  | 'initial'
  | 'weight'
  | 'activation'
  | 'membrane'
  | 'logit'
  | 'probability'
  | 'error'
  | 'uerror'
  | 'strength'
  | 'factor'
  | 'write'
  | 'digest'
  | 'feedback'
  | 'result'
  | 'read'
  | 'stream'
  | 'counter'
  | 'protocol'
  | 'timeout';
