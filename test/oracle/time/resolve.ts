/**
 * Defaults and legality of a configuration in time, a second time: straight from the numeric contract, on top of the
 * second reading of what dense networks have.
 */
import { defaultFractions, type RawConfig, type ResolvedConfig, ratesOf, resolve } from '../resolve.js';

export const CELLS = ['relu', 'tanh', 'snu'] as const;
export type CellName = (typeof CELLS)[number];

export const ENCODINGS = ['direct', 'rate', 'rows', 'events'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** A configuration as a user writes it. */
export interface RawTimeConfig extends Omit<RawConfig, 'frac'> {
  frac?: RawConfig['frac'] & { recurrent?: (number | null)[] };
  steps?: number;
  encoding?: Encoding;
  cell?: CellName | CellName[];
  recurrent?: boolean | boolean[];
  decayShift?: number;
}

/** Every field present; what may be a list is one, hidden layer l at [l-1]. */
export interface TimeConfig extends Omit<ResolvedConfig, 'frac'> {
  frac: ResolvedConfig['frac'] & { recurrent: (number | null)[] };
  steps: number;
  encoding: Encoding;
  cell: CellName[];
  recurrent: boolean[];
  decayShift: number;
}

/** More than one step, a cell that is not relu or a recurrent layer. */
export const isInTime = ({ steps, cell, recurrent }: Pick<TimeConfig, 'steps' | 'cell' | 'recurrent'>): boolean =>
  steps > 1 || cell.some((c) => c !== 'relu') || recurrent.some((r) => r);

/** ceil(log2(R * sqrt(3 / n))): the least c with 4^c * n >= 3 R^2, in integers. */
const recurrentRangeBits = (bw: number, n: number): number => {
  const R = bw <= 8 ? 4n : bw <= 11 ? 8n : 16n;
  let c = -40;
  while (4n ** BigInt(c + 40) * BigInt(n) < 3n * R * R * 4n ** 40n) c++;
  return c;
};

const each = <T>(value: T | T[], hidden: number): T[] =>
  Array.isArray(value) ? value : Array.from({ length: hidden }, () => value);

/** Fraction bits that a layer's values have whatever the user may wish; null: as the configuration says. */
export const fixedFraction = (cell: CellName, ba: number): number | null =>
  cell === 'snu' ? 0 : cell === 'tanh' ? ba - 1 : null;

/** The input's: spikes have none. */
export const fixedInputFraction = (encoding: Encoding): number | null =>
  encoding === 'rate' || encoding === 'events' ? 0 : null;

type Fractions = TimeConfig['frac'];

export const defaultTimeFractions = (
  layers: readonly number[],
  { bits, grapes, cell, recurrent, encoding }: Pick<TimeConfig, 'bits' | 'grapes' | 'cell' | 'recurrent' | 'encoding'>,
): Fractions => {
  const { weight, activation, error } = defaultFractions(layers, bits, grapes.mode);
  return {
    weight,
    activation: activation.map(
      (fa, l) => (l === 0 ? fixedInputFraction(encoding) : fixedFraction(cell[l - 1], bits.activation)) ?? fa,
    ),
    error: error.map((fe, at) => (recurrent[at] ? fe - 2 : fe)),
    recurrent: recurrent.map((is, at) =>
      is ? bits.weight - 1 - recurrentRangeBits(bits.weight, layers[at + 1]) : null,
    ),
  };
};

export const resolveTime = (raw: RawTimeConfig): TimeConfig => {
  const { frac, steps = 1, encoding = 'direct', cell = 'relu', recurrent = false, decayShift = 3, ...dense } = raw;
  const { frac: _, ...shared } = resolve(dense);
  const hidden = raw.layers.length - 2;
  const inputs = raw.layers[0] * (encoding === 'rows' || encoding === 'events' ? steps : 1);
  const fields = {
    ...shared,
    data: raw.data ?? (inputs === 784 && raw.layers[hidden + 1] === 10 ? 'mnist' : 'synthetic'),
    steps,
    encoding,
    cell: each<CellName>(cell, hidden),
    recurrent: each(recurrent, hidden),
    decayShift,
  };
  return { ...fields, frac: { ...defaultTimeFractions(raw.layers, fields), ...frac } };
};

/** Fractions by the page's names; l from 1, fa from 0. `fh` is null where there is no H. */
export const fractionsOf = (c: TimeConfig) => ({
  fw: (l: number): number => c.frac.weight[l - 1],
  fa: (l: number): number => c.frac.activation[l],
  fe: (l: number): number => c.frac.error[l - 1],
  fh: (l: number): number | null => c.frac.recurrent[l - 1] ?? null,
});

const larger = (a: number, b: number | null): number => (b === null ? a : Math.max(a, b));

/** Fractions of the aligned sums of layer l: fz, fb (hidden layers), fS. */
export const alignedOf = (c: TimeConfig) => {
  const { fw, fa, fe, fh } = fractionsOf(c);
  const L = c.layers.length - 1;
  const source = (l: number): number => (c.feedback === 'dfa' ? L : l + 1);
  const plus = (f: number | null, by: number): number | null => (f === null ? null : f + by);
  return {
    fz: (l: number): number => (l === L ? fw(l) + fa(l - 1) : larger(fw(l) + fa(l - 1), plus(fh(l), fa(l)))),
    fb: (l: number): number => larger(fw(source(l)) + fe(source(l)), plus(fh(l), fe(l))),
    fS: (l: number): number => larger(fw(l), fh(l)),
  };
};

/** ceil(log2 T) */
export const stepBits = (T: number): number => (T - 1 === 0 ? 0 : (T - 1).toString(2).length);

/** Fraction bits of a membrane. */
export const membraneFraction = (c: TimeConfig): number => c.bits.activation - 3;

/** Every shift of the configuration: requantising ones (-8..40) and the updates' (0..32, for every k). */
export const timeShiftsOf = (c: TimeConfig): { forward: number[]; backward: number[]; update: number[] } => {
  const L = c.layers.length - 1;
  const { fw, fa, fe, fh } = fractionsOf(c);
  const { fz, fb } = alignedOf(c);
  const all = Array.from({ length: L }, (_, i) => i + 1);
  const hidden = all.slice(0, -1);
  return {
    forward: all.map((l) => {
      if (l === L) return fz(l) - 8 + stepBits(c.steps);
      return fz(l) - (c.cell[l - 1] === 'snu' ? membraneFraction(c) : fa(l));
    }),
    backward: hidden.map((l) => fb(l) + 7 - fe(l)),
    update: ratesOf(c).flatMap((k) =>
      all.flatMap((l) => {
        const h = fh(l);
        return [fe(l) + fa(l - 1) + k - fw(l), ...(h === null ? [] : [fe(l) + fa(l) + k - h])];
      }),
    ),
  };
};

const within = (v: number, low: number, high: number): boolean => Number.isInteger(v) && v >= low && v <= high;

/** Whether the contract allows the numbers of this configuration. */
export const isTimeLegal = (c: TimeConfig): boolean => {
  const L = c.layers.length - 1;
  const { weight, activation, error, recurrent } = c.frac;
  const shifts = timeShiftsOf(c);
  const fixed = activation.map((_, l) =>
    l === 0 ? fixedInputFraction(c.encoding) : fixedFraction(c.cell[l - 1], c.bits.activation),
  );
  return (
    L >= 1 &&
    c.layers.every((n) => within(n, 1, 2 ** 20)) &&
    Object.values(c.bits).every((b) => within(b, 4, 16)) &&
    within(c.steps, 1, 64) &&
    within(c.decayShift, 1, 8) &&
    c.cell.length === L - 1 &&
    c.recurrent.length === L - 1 &&
    [weight, activation, error].every((f) => f.length === L && f.every((v) => within(v, -16, 32))) &&
    activation.every((fa, l) => fixed[l] === null || fa === fixed[l]) &&
    recurrent.length === L - 1 &&
    recurrent.every((fh, at) =>
      fh === null ? !c.recurrent[at] : c.recurrent[at] && within(fh, -16, 32) && Math.abs(weight[at] - fh) <= 8,
    ) &&
    within(error[L - 1], 0, c.bits.error) &&
    ratesOf(c).every((k) => within(k, 0, 31)) &&
    [...shifts.forward, ...shifts.backward].every((s) => within(s, -8, 40)) &&
    shifts.update.every((s) => within(s, 0, 32)) &&
    within(c.seed, 0, 2 ** 32 - 1)
  );
};
