import { UserError } from '../fx/error.js';
import { checkConfig } from './check.js';
import { DEFAULT, defaultData, defaultFrac, defaultRate } from './defaults.js';
import { type Problem, problemsOf } from './problems.js';
import { configSchema, type RawConfig } from './schema.js';
import type { Config } from './types.js';

const refuse = (problems: readonly Problem[]): never => {
  const lines = problems.map((p) => `${p.field}: ${p.text}`);
  throw new UserError([...new Set(lines)].join('\n'), { field: problems[0].field });
};

const resolve = (raw: RawConfig): Config => {
  const layers = raw.layers;
  const given = typeof raw.bits === 'object' ? raw.bits : { weight: raw.bits, activation: raw.bits, error: raw.bits };
  const bits = {
    weight: given.weight ?? DEFAULT.bits,
    activation: given.activation ?? DEFAULT.bits,
    error: given.error ?? DEFAULT.bits,
  };
  const mode = raw.grapes?.mode ?? DEFAULT.mode;
  const shape = { layers, bits, mode };
  const frac = defaultFrac(shape);
  return {
    name: raw.name,
    layers,
    bits,
    frac: {
      weight: raw.frac?.weight ?? frac.weight,
      activation: raw.frac?.activation ?? frac.activation,
      error: raw.frac?.error ?? frac.error,
    },
    grapes: { mode, clip: raw.grapes?.clip ?? 'unit' },
    feedback: raw.feedback ?? 'bp',
    learningRateShift: raw.learningRateShift ?? defaultRate(shape),
    rounding: raw.rounding ?? 'stochastic',
    seed: raw.seed ?? DEFAULT.seed,
    data: raw.data ?? defaultData(layers),
    lanes: raw.lanes ?? DEFAULT.lanes,
  };
};

/** Fields that the checks beyond the schema do not depend on. */
const INDEPENDENT: ReadonlySet<string> = new Set(['name', 'rounding', 'seed', 'data', 'lanes']);

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
  const problems = checkConfig(config);
  return problems.length > 0 ? refuse(problems) : config;
};

/** A resolved configuration with its fields in the order that files have them in. */
export const configFields = (c: Config): Config => ({
  name: c.name,
  layers: [...c.layers],
  bits: { weight: c.bits.weight, activation: c.bits.activation, error: c.bits.error },
  frac: { weight: [...c.frac.weight], activation: [...c.frac.activation], error: [...c.frac.error] },
  grapes: { mode: c.grapes.mode, clip: c.grapes.clip },
  feedback: c.feedback,
  learningRateShift:
    typeof c.learningRateShift === 'number'
      ? c.learningRateShift
      : c.learningRateShift.map(({ epoch, shift }) => ({ epoch, shift })),
  rounding: c.rounding,
  seed: c.seed,
  data: c.data,
  lanes: c.lanes,
});

const differs = (above: unknown, below: unknown): boolean =>
  above !== undefined && JSON.stringify(above) !== JSON.stringify(below);

/** Lays configurations over one another, later ones on top. New sizes, widths or a new mode drop the fractions below them. */
export const mergeConfigs = (...configs: readonly Partial<RawConfig>[]): Partial<RawConfig> =>
  configs.reduce<Partial<RawConfig>>((below, above) => {
    const reshaped =
      differs(above.layers, below.layers) ||
      differs(above.bits, below.bits) ||
      differs(above.grapes?.mode, below.grapes?.mode ?? DEFAULT.mode);
    const { frac: fracBelow, ...rest } = below;
    const frac = reshaped ? above.frac : (above.frac ?? fracBelow) && { ...fracBelow, ...above.frac };
    const grapes = (above.grapes ?? below.grapes) && { ...below.grapes, ...above.grapes };
    return { ...rest, ...above, ...(frac && { frac }), ...(grapes && { grapes }) };
  }, {});
