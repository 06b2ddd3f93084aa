import { UserError } from '../fx/error.js';
import { checkConfig } from './check.js';
import { dataFields, orderedDataFields } from './data.js';
import { DEFAULT, defaultData, defaultFrac, defaultRate } from './defaults.js';
import { type Problem, problemsOf } from './problems.js';
import { configSchema, type RawConfig } from './schema.js';
import { DECAY_SHIFT, inTime, needsTime, ownFeaturesOf, type Timing, timingOf } from './time.js';
import type { Config } from './types.js';

const refuse = (problems: readonly Problem[]): never => {
  const lines = problems.map((p) => `${p.field}: ${p.text}`);
  throw new UserError([...new Set(lines)].join('\n'), { field: problems[0].field });
};

/** One value a hidden layer. */
const perHidden = <T>(value: T | readonly T[], layers: readonly number[]): readonly T[] =>
  Array.isArray(value) ? value : layers.slice(1, -1).map(() => value as T);

const timingFrom = (raw: RawConfig): Timing => ({
  steps: raw.steps ?? 1,
  encoding: raw.encoding ?? 'direct',
  cell: perHidden(raw.cell ?? 'relu', raw.layers),
  recurrent: perHidden(raw.recurrent ?? false, raw.layers),
  decayShift: raw.decayShift ?? DECAY_SHIFT,
});

const resolve = (raw: RawConfig): Config => {
  const layers = raw.layers;
  const given = typeof raw.bits === 'object' ? raw.bits : { weight: raw.bits, activation: raw.bits, error: raw.bits };
  const bits = {
    weight: given.weight ?? DEFAULT.bits,
    activation: given.activation ?? DEFAULT.bits,
    error: given.error ?? DEFAULT.bits,
  };
  const mode = raw.grapes?.mode ?? DEFAULT.mode;
  const timing = timingFrom(raw);
  const { encoding, steps } = timing;
  const shape = { layers, bits, mode, ...timing };
  const time = needsTime(timing);
  const frac = defaultFrac(shape);
  return {
    name: raw.name,
    layers,
    bits,
    frac: {
      weight: raw.frac?.weight ?? frac.weight,
      activation: raw.frac?.activation ?? frac.activation,
      error: raw.frac?.error ?? frac.error,
      ...(time && { recurrent: raw.frac?.recurrent ?? frac.recurrent }),
    },
    grapes: { mode, clip: raw.grapes?.clip ?? 'unit' },
    feedback: raw.feedback ?? 'bp',
    learningRateShift: raw.learningRateShift ?? defaultRate(shape),
    rounding: raw.rounding ?? 'stochastic',
    seed: raw.seed ?? DEFAULT.seed,
    data:
      raw.data ??
      defaultData(ownFeaturesOf({ layers, steps, encoding, constant: raw.constant }), layers[layers.length - 1]),
    ...dataFields(raw),
    lanes: raw.lanes ?? DEFAULT.lanes,
    ...(time && timing),
  };
};

/** A dense network of one step has no place for spikes: what asks for them must not be dropped in silence. */
const checkDropped = (raw: RawConfig): Problem[] => {
  const { encoding } = raw;
  if (needsTime(timingFrom(raw)) || (encoding !== 'rate' && encoding !== 'events')) return [];
  return [
    {
      field: 'encoding',
      text: `is "${encoding}", must be direct in a network of one step and relu cells; raise steps or choose another cell`,
    },
  ];
};

/** Fields that the checks beyond the schema do not depend on. */
const INDEPENDENT: ReadonlySet<string> = new Set([
  ...['name', 'rounding', 'seed', 'lanes'],
  ...['data', 'label', 'classes', 'scaling', 'split', 'constant'],
]);

const topField = ({ field }: Problem): string => field.split(/[.[]/)[0];

/** The further problems of an input that the schema refused, as far as its refused fields let them be seen. */
const furtherProblems = (input: unknown, found: readonly Problem[]): Problem[] => {
  if (typeof input !== 'object' || input === null) return [];
  const refused = new Set(found.map(topField));
  const known = Object.entries(input).filter(([key]) => !refused.has(key));
  const rest = configSchema.safeParse({ ...Object.fromEntries(known), name: 'unnamed' });
  const inTheWay = [...refused].some((field) => Object.hasOwn(configSchema.shape, field) && !INDEPENDENT.has(field));
  return rest.success && !inTheWay ? checkConfig(resolve(rest.data)) : [];
};

/**
 * Validates a configuration (parsed JSON) and fills in every default.
 * @throws UserError that lists every problem: field, value, what is legal and how to get there.
 */
export const parseConfig = (input: unknown): Config => {
  const result = configSchema.safeParse(input, { reportInput: true });
  if (!result.success) {
    const found = problemsOf(result.error.issues, input);
    return refuse([...found, ...furtherProblems(input, found)]);
  }
  const config = resolve(result.data);
  const problems = [...checkDropped(result.data), ...checkConfig(config)];
  return problems.length > 0 ? refuse(problems) : config;
};

const timingFields = ({ steps, encoding, cell, recurrent, decayShift }: Timing): Timing => ({
  steps,
  encoding,
  cell: [...cell],
  recurrent: [...recurrent],
  decayShift,
});

/** A resolved configuration with its fields in the order that files have them in. */
export const configFields = (c: Config): Config => ({
  name: c.name,
  layers: [...c.layers],
  bits: { weight: c.bits.weight, activation: c.bits.activation, error: c.bits.error },
  frac: {
    weight: [...c.frac.weight],
    activation: [...c.frac.activation],
    error: [...c.frac.error],
    ...(c.frac.recurrent && { recurrent: [...c.frac.recurrent] }),
  },
  grapes: { mode: c.grapes.mode, clip: c.grapes.clip },
  feedback: c.feedback,
  learningRateShift:
    typeof c.learningRateShift === 'number'
      ? c.learningRateShift
      : c.learningRateShift.map(({ epoch, shift }) => ({ epoch, shift })),
  rounding: c.rounding,
  seed: c.seed,
  data: c.data,
  ...orderedDataFields(c),
  lanes: c.lanes,
  ...(inTime(c) && timingFields(timingOf(c))),
});

const differs = (above: unknown, below: unknown): boolean =>
  above !== undefined && JSON.stringify(above) !== JSON.stringify(below);

/**
 * Lays configurations over one another, later ones on top. New sizes, widths, cells or a new mode drop the fractions
 * below them.
 */
export const mergeConfigs = (...configs: readonly Partial<RawConfig>[]): Partial<RawConfig> =>
  configs.reduce<Partial<RawConfig>>((below, above) => {
    const reshaped =
      differs(above.layers, below.layers) ||
      differs(above.bits, below.bits) ||
      differs(above.encoding, below.encoding) ||
      differs(above.cell, below.cell) ||
      differs(above.recurrent, below.recurrent) ||
      differs(above.grapes?.mode, below.grapes?.mode ?? DEFAULT.mode);
    const { frac: fracBelow, ...rest } = below;
    const frac = reshaped ? above.frac : (above.frac ?? fracBelow) && { ...fracBelow, ...above.frac };
    const grapes = (above.grapes ?? below.grapes) && { ...below.grapes, ...above.grapes };
    return { ...rest, ...above, ...(frac && { frac }), ...(grapes && { grapes }) };
  }, {});
