import type { Plan, Values } from '../../datapath/plan.js';

const magnitude = ({ format: { bits } }: Pick<Values, 'format'>): number => (bits === 1 ? 1 : 2 ** (bits - 1));

/** Bits of sums, back sums with their factor, and strengths that the kernels hold. */
const SUM_BITS = 60;
const STRENGTH_BITS = 31;
const FACTOR_BITS = 9;
/** Widest activations and errors whose sum with a carry fits 16 bits. */
const MOST_BITS = 14;

/** How wide the kernels hold numbers: bytes of a weight and of a sum. */
export interface Width {
  readonly bytes: 1 | 2;
  readonly sum: 4 | 8;
}

/** Width of the kernels for a network in time; null where a number could exceed what they hold. */
export const widthInTime = ({ config, hidden, output, input }: Plan): Width | null => {
  const { weight, activation, error } = config.bits;
  const { steps } = input;
  const most = 2 ** (error - 1);
  const constant = (config.encoding ?? 'direct') === 'direct';
  const total = steps * magnitude(output.source);
  const held =
    Math.max(activation, error) <= MOST_BITS &&
    total <= 2 ** 15 - 1 &&
    most * total < 2 ** 30 &&
    (!constant || steps * most <= 2 ** 15 - 1) &&
    output.values.sumBits <= SUM_BITS &&
    hidden.every(
      ({ source, values, recurrent }) =>
        values.sumBits <= SUM_BITS &&
        values.back.bits + FACTOR_BITS <= SUM_BITS &&
        values.strengthBits <= STRENGTH_BITS &&
        steps * most * Math.max(magnitude(source), recurrent.length > 0 ? magnitude(values) : 0) < 2 ** 30,
    );
  if (!held) return null;
  const most32 = 2 ** 30 / 2 ** (weight - 1);
  const sums32 =
    output.inputs * total <= most32 &&
    output.values.cell.shift >= 0 &&
    hidden.every(
      ({ source, values, inputs, outputs }) =>
        inputs * magnitude(source) <= most32 && outputs * magnitude(values) <= most32 && outputs * most <= most32,
    ) &&
    output.outputs * most <= most32;
  const narrow = sums32 && Math.max(weight, activation, error) <= 8;
  return { bytes: narrow ? 1 : 2, sum: sums32 ? 4 : 8 };
};
