import type { LayerPlan, Plan } from '../datapath/plan.js';
import { KINDS, type Kind, type ValueFormat } from '../golden/kinds.js';
import type { Mismatch } from './lines.js';

/** One value three ways; `integer` and `real` are null where the simulator has no value (x or z). */
export interface Shown {
  readonly hex: string;
  readonly integer: number | null;
  /** null too where the value is no fraction */
  readonly real: number | null;
}

/** The first difference, ready for a person. Samples, rows and columns count from 0, layers from 1; null: does not apply. */
export interface Difference {
  readonly kind: string;
  readonly phase: string;
  readonly sample: number | null;
  readonly layer: number | null;
  readonly row: number | null;
  readonly column: number | null;
  readonly expected: Shown;
  readonly actual: Shown;
  readonly cycle: number;
}

const show = (hex: string, bits: number, { signed, frac }: ValueFormat): Shown => {
  if (!/^[0-9a-f]+$/.test(hex)) return { hex, integer: null, real: null };
  const raw = Number.parseInt(hex, 16);
  const integer = signed && raw >= 2 ** (bits - 1) ? raw - 2 ** bits : raw;
  return { hex, integer, real: frac === null ? null : integer / 2 ** frac };
};

const PLAIN: ValueFormat = { signed: false, frac: null };

const kindOf = (name: string): Kind | undefined => (KINDS as Readonly<Record<string, Kind>>)[name];

/** The last layer's values carry no layer number in some testbench lines; this is the layer they belong to. */
const layerOf = ({ layers }: Plan, layer: number): LayerPlan => layers[layer - 1] ?? layers[layers.length - 1];

const index = (value: number): number | null => (value >= 0 ? value : null);

/** Reads a testbench's MISMATCH line by the formats of the plan. */
export const localise = (plan: Plan, mismatch: Mismatch): Difference => {
  const kind = kindOf(mismatch.kind);
  const format = kind?.format?.(layerOf(plan, mismatch.layer), plan) ?? PLAIN;
  return {
    kind: mismatch.kind,
    phase: kind?.phase ?? mismatch.kind,
    sample: index(mismatch.sample),
    layer: index(mismatch.layer),
    row: index(mismatch.row),
    column: index(mismatch.column),
    expected: show(mismatch.expected, mismatch.bits, format),
    actual: show(mismatch.actual, mismatch.bits, format),
    cycle: mismatch.cycle,
  };
};

const shown = ({ hex, integer, real }: Shown): string =>
  [integer === null ? 'unknown (x)' : String(integer), `0x${hex}`, ...(real === null ? [] : [String(real)])].join(
    ' = ',
  );

/** The block that a person reads, one fact a line, without the waveform's command. */
export const describe = (difference: Difference): string[] => {
  const facts: readonly (readonly [string, string | number | null])[] = [
    ['sample', difference.sample],
    ['phase', difference.phase],
    ['layer', difference.layer],
    ['row', difference.row],
    ['column', difference.column],
    ['expected', shown(difference.expected)],
    ['actual', shown(difference.actual)],
    ['cycle', difference.cycle],
  ];
  return facts.filter(([, value]) => value !== null).map(([name, value]) => `${name.padEnd(9)} ${value}`);
};
