/** The plan's widths of networks in time against ranges derived here from operands, fan-in, alignment and steps. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/index.js';
import { plan } from '../../../src/datapath/plan.js';
import { RUN_SEED } from '../../arbitrary/config.js';
import { type RawTimeConfig, rawTimeConfig } from '../../arbitrary/time.js';
import { plus, product, type Range, shifted, signed, signedBits, sumOf, unsignedBits } from '../ranges.js';
import {
  alignedOf,
  type CellName,
  fixedInputFraction,
  fractionsOf,
  isTimeLegal,
  resolveTime,
  type TimeConfig,
} from './resolve.js';

const SPIKE: Range = { low: 0n, high: 1n };

const CELL_RANGE: Readonly<Record<CellName, (ba: number) => Range>> = {
  relu: (ba) => ({ low: 0n, high: signed(ba).high }),
  tanh: signed,
  snu: () => SPIKE,
};

/** What the values of layer l can be, 0 the input. */
const valuesOf = ({ bits, cell, encoding }: TimeConfig, l: number): Range => {
  if (l > 0) return CELL_RANGE[cell[l - 1]](bits.activation);
  return fixedInputFraction(encoding) === null ? signed(bits.activation) : SPIKE;
};

/** Signed bits that the exact sums of a configuration need. */
const needed = (config: TimeConfig) => {
  const { layers: n, bits, steps, feedback, recurrent } = config;
  const L = n.length - 1;
  const { fw, fa, fe, fh } = fractionsOf(config);
  const { fz, fb, fS } = alignedOf(config);
  const [w, e] = [signed(bits.weight), signed(bits.error)];
  const hidden = Array.from({ length: L - 1 }, (_, at) => {
    const l = at + 1;
    const h = recurrent[at] ? (fh(l) ?? 0) : null;
    const from = feedback === 'dfa' ? L : l + 1;
    const both = (below: Range, own: Range | null): Range => (own === null ? below : plus(below, own));
    const z = both(
      shifted(sumOf(n[l - 1], product(w, valuesOf(config, l - 1))), fz(l) - fw(l) - fa(l - 1)),
      h === null ? null : shifted(sumOf(n[l], product(w, valuesOf(config, l))), fz(l) - h - fa(l)),
    );
    const b = both(
      shifted(sumOf(n[from], product(w, e)), fb(l) - fw(from) - fe(from)),
      h === null ? null : shifted(sumOf(n[l], product(w, e)), fb(l) - h - fe(l)),
    );
    const S = (BigInt(n[l - 1]) << BigInt(fS(l) - fw(l))) + (h === null ? 0n : BigInt(n[l]) << BigInt(fS(l) - h));
    return { sum: signedBits(z), back: signedBits(b), strength: unsignedBits(S * -w.low) };
  });
  const Z = sumOf(n[L - 1] * steps, product(w, valuesOf(config, L - 1)));
  return { hidden, output: signedBits(Z) };
};

const holds = (what: string, given: number, need: number): void => {
  expect(given, `${what} has too few bits`).toBeGreaterThanOrEqual(need);
  expect(given, `${what} has bits to spare`).toBeLessThanOrEqual(need + 1);
};

const check = (raw: RawTimeConfig): void => {
  const config = resolveTime(raw);
  const made = plan(parseConfig(raw));
  const { hidden, output } = needed(config);
  expect(made.hidden).toHaveLength(hidden.length);
  made.hidden.forEach(({ values }, at) => {
    holds(`sumBits ${at + 1}`, values.sumBits, hidden[at].sum);
    holds(`back.bits ${at + 1}`, values.back.bits, hidden[at].back);
    holds(`strengthBits ${at + 1}`, values.strengthBits, hidden[at].strength);
  });
  holds('sumBits of the logits', made.output.values.sumBits, output);
};

describe('accumulators of networks in time hold every value', () => {
  it('of random configurations', () => {
    fc.assert(fc.property(rawTimeConfig(), check), { numRuns: 300, seed: RUN_SEED });
    fc.assert(fc.property(rawTimeConfig({ size: 'middling' }), check), { numRuns: 100, seed: RUN_SEED });
  });

  it('of wide layers, at fan-ins around powers of two, all steps', () => {
    const every = [1, 2, 3, 255, 256, 257, 784, 1024, 1025].flatMap((n) =>
      [1, 2, 3, 4, 28, 63, 64].flatMap((steps) =>
        (['tanh', 'snu'] as const).flatMap((cell) =>
          [false, true].flatMap((recurrent) =>
            [8, { weight: 12, activation: 8, error: 8 }, { weight: 10, activation: 13, error: 9 }].map(
              (bits): RawTimeConfig => ({
                name: 'wide',
                layers: [n, 3, n, 10],
                steps,
                cell,
                recurrent,
                encoding: 'rows',
                bits,
                learningRateShift: 12,
              }),
            ),
          ),
        ),
      ),
    );
    const legal = every.filter((raw) => isTimeLegal(resolveTime(raw)));
    expect(legal.length).toBeGreaterThan(every.length / 2);
    legal.forEach(check);
  });
});
