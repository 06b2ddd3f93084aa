/**
 * Defaults and legality of a configuration, a second time: straight from the numeric contract and the file formats,
 * sharing nothing with the product.
 */

export interface RateEntry {
  epoch: number;
  shift: number;
}

/** A configuration as a user writes it. */
export interface RawConfig {
  name: string;
  layers: number[];
  bits?: number | { weight?: number; activation?: number; error?: number };
  frac?: { weight?: number[]; activation?: number[]; error?: number[] };
  grapes?: { mode?: string; clip?: string };
  feedback?: string;
  learningRateShift?: number | RateEntry[];
  rounding?: string;
  seed?: number;
  data?: string;
  lanes?: number;
}

/** Every field present. */
export interface ResolvedConfig {
  name: string;
  layers: number[];
  bits: { weight: number; activation: number; error: number };
  frac: { weight: number[]; activation: number[]; error: number[] };
  grapes: { mode: string; clip: string };
  feedback: string;
  learningRateShift: number | RateEntry[];
  rounding: string;
  seed: number;
  data: string;
  lanes: number;
}

/** ceil(log2(R * sqrt(6 / n))): the least c with 4^c * n >= 6 R^2, in integers. */
const rangeBits = (bw: number, n: number): number => {
  const R = bw <= 8 ? 4n : bw <= 11 ? 8n : 16n;
  const scale = 4n ** 40n;
  let c = -40n;
  while (4n ** (c + 40n) * BigInt(n) < 6n * R * R * scale) c++;
  return Number(c);
};

/** The default fractions of a network. */
export const defaultFractions = (
  layers: readonly number[],
  bits: ResolvedConfig['bits'],
  mode: string,
): ResolvedConfig['frac'] => {
  const L = layers.length - 1;
  const deeper = extraHidden(L, mode);
  const columns = layers.slice(0, -1);
  return {
    weight: columns.map((n) => bits.weight - 1 - rangeBits(bits.weight, n)),
    activation: columns.map((_, l) => bits.activation - (l === 0 ? 1 : 3)),
    error: columns.map((_, at) => bits.error - 1 - (at === L - 1 ? 0 : deeper)),
  };
};

/** Hidden layers beyond the second, in the modes whose factors multiply along the way back. */
const extraHidden = (L: number, mode: string): number =>
  mode === 'propagating' || mode === 'uniform' ? Math.max(0, L - 1 - 2) : 0;

export const resolve = (raw: RawConfig): ResolvedConfig => {
  const given = typeof raw.bits === 'number' ? { weight: raw.bits, activation: raw.bits, error: raw.bits } : raw.bits;
  const bits = {
    weight: given?.weight ?? 8,
    activation: given?.activation ?? 8,
    error: given?.error ?? 8,
  };
  const { layers } = raw;
  const L = layers.length - 1;
  const mode = raw.grapes?.mode ?? 'propagating';
  const fractions = defaultFractions(layers, bits, mode);
  return {
    name: raw.name,
    layers,
    bits,
    frac: {
      weight: raw.frac?.weight ?? fractions.weight,
      activation: raw.frac?.activation ?? fractions.activation,
      error: raw.frac?.error ?? fractions.error,
    },
    grapes: { mode, clip: raw.grapes?.clip ?? 'unit' },
    feedback: raw.feedback ?? 'bp',
    learningRateShift: raw.learningRateShift ?? 7 + extraHidden(L, mode),
    rounding: raw.rounding ?? 'stochastic',
    seed: raw.seed ?? 1,
    data: raw.data ?? (layers[0] === 784 && layers[L] === 10 ? 'mnist' : 'synthetic'),
    lanes: raw.lanes ?? 32,
  };
};

/** Every k of the configuration. */
export const ratesOf = (c: Pick<ResolvedConfig, 'learningRateShift'>): number[] =>
  typeof c.learningRateShift === 'number' ? [c.learningRateShift] : c.learningRateShift.map((e) => e.shift);

const within = (v: number, low: number, high: number): boolean => Number.isInteger(v) && v >= low && v <= high;

/** Every shift of the configuration: the requantising ones (-8..40) and the updates' (0..32, for every k). */
export const shiftsOf = (c: ResolvedConfig): { forward: number[]; backward: number[]; update: number[] } => {
  const L = c.layers.length - 1;
  const all = Array.from({ length: L }, (_, i) => i + 1);
  const fw = (l: number): number => c.frac.weight[l - 1];
  const fa = (l: number): number => c.frac.activation[l];
  const fe = (l: number): number => c.frac.error[l - 1];
  const from = (l: number): number => (c.feedback === 'dfa' ? L : l + 1);
  return {
    forward: all.map((l) => fw(l) + fa(l - 1) - (l === L ? 8 : fa(l))),
    backward: all.slice(0, -1).map((l) => fw(from(l)) + fe(from(l)) + 7 - fe(l)),
    update: ratesOf(c).flatMap((k) => all.map((l) => fe(l) + fa(l - 1) + k - fw(l))),
  };
};

/** Whether the contract allows the numbers of this configuration. */
export const isLegal = (c: ResolvedConfig): boolean => {
  const L = c.layers.length - 1;
  const { weight, activation, error } = c.frac;
  const shifts = shiftsOf(c);
  return (
    L >= 1 &&
    c.layers.every((n) => within(n, 1, 2 ** 20)) &&
    Object.values(c.bits).every((b) => within(b, 4, 16)) &&
    [weight, activation, error].every((f) => f.length === L && f.every((v) => within(v, -16, 32))) &&
    within(error[L - 1], 0, c.bits.error) &&
    ratesOf(c).every((k) => within(k, 0, 31)) &&
    [...shifts.forward, ...shifts.backward].every((s) => within(s, -8, 40)) &&
    shifts.update.every((s) => within(s, 0, 32)) &&
    within(c.seed, 0, 2 ** 32 - 1)
  );
};
