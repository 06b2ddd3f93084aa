import { maxOf, minOf } from '../fx/format.js';

/** A requantising step made ready: `sat(rn(v, shift), bits)`. Doubles scale by powers of two exactly. */
export interface Requantise {
  readonly half: number;
  readonly scale: number;
  readonly min: number;
  readonly max: number;
}

/** Prepares `sat(rn(v, shift), bits)`. */
export const requantise = (shift: number, bits: number): Requantise => ({
  half: shift > 0 ? 2 ** (shift - 1) : 0,
  scale: 2 ** -shift,
  min: minOf(bits),
  max: maxOf(bits),
});

/** `rn(v, shift)`, not yet saturated. */
export const rounded = (v: number, { half, scale }: Requantise): number => Math.floor((v + half) * scale);

/** `rounded` saturated. */
export const clamp = (v: number, { min, max }: Requantise): number => (v > max ? max : v < min ? min : v);
