import { close } from './lists';
import { Errors, List } from './records';

/** Appends the rows of a mask's bits to a list, with the values of 2 bytes at `values`, and gives the new end. */
function append(list: List, n: usize, bits: i32, first: usize, values: usize): usize {
  while (bits !== 0) {
    const row = first + <usize>ctz(bits);
    bits &= bits - 1;
    store<i32>(list.indices + (n << 2), <i32>row);
    store<i16>(list.values + (n << 1), load<i16>(values + (row << 1)));
    n++;
  }
  return n;
}

/** Lists the rows whose entry of 2 bytes in `mask` is not 0, with their values; `rows` padded. */
export function listWhere(mask: usize, values: usize, rows: usize, list: List): void {
  const zero = i16x8.splat(0);
  let n: usize = 0;
  for (let row: usize = 0; row < rows; row += 8) {
    const bits = i16x8.bitmask(i16x8.ne(v128.load(mask + (row << 1)), zero));
    n = append(list, n, bits, row, values);
  }
  close(list, n);
}

/** `out |= OR of steps`, `sums = sum of steps`, of `rows` values of 2 bytes a step. */
export function overSteps(values: usize, rows: usize, steps: usize, mask: usize, sums: usize): void {
  for (let at: usize = 0, end = rows << 1; at < end; at += 16) {
    let any = i16x8.splat(0);
    let sum = any;
    let from = values + at;
    for (let t: usize = 0; t < steps; t++) {
      const v = v128.load(from);
      any = v128.or(any, v);
      sum = i16x8.add(sum, v);
      from += end;
    }
    v128.store(mask + at, any);
    v128.store(sums + at, sum);
  }
}

/**
 * `out = rn((sums << up) + (own << across), right)` as 4 bytes, clamped to 30 bits; a negative `right` shifts to the left.
 * @param own sums of a second matrix, or 0
 * @param wide sums of 8 bytes instead of 4
 * @param short what is aligned, with half a unit, fits 31 bits, and is shifted to the right
 */
export function combine(
  sums: usize,
  own: usize,
  wide: bool,
  short: bool,
  rows: usize,
  up: i32,
  across: i32,
  right: i32,
  out: usize,
): void {
  if (short && !wide) {
    const half = i32x4.splat((1 << right) >> 1);
    for (let at: usize = 0, end = rows << 2; at < end; at += 16) {
      let v = i32x4.add(i32x4.shl(v128.load(sums + at), up), half);
      if (own !== 0) v = i32x4.add(v, i32x4.shl(v128.load(own + at), across));
      v128.store(out + at, i32x4.shr_s(v, right));
    }
    return;
  }
  const most: i64 = (1 << 29) - 1;
  for (let row: usize = 0; row < rows; row++) {
    let v = (wide ? load<i64>(sums + (row << 3)) : <i64>load<i32>(sums + (row << 2))) << (<i64>up);
    if (own !== 0) v += (wide ? load<i64>(own + (row << 3)) : <i64>load<i32>(own + (row << 2))) << (<i64>across);
    if (right > 0) v = (v + ((<i64>1) << (<i64>(right - 1)))) >> <i64>right;
    else v = max<i64>(-most, min<i64>(most, v)) << (<i64>-right);
    store<i32>(out + (row << 2), <i32>max<i64>(-most, min<i64>(most, v)));
  }
}

/** How often values were not 0 and derivatives were not 0, and how many saturated; 8 bytes each. */
@unmanaged
export class Count {
  active: f64;
  open: f64;
  saturated: f64;
}

function counted(count: Count, active: i32, open: i32, saturated: i32): void {
  count.active += <f64>active;
  count.open += <f64>open;
  count.saturated += <f64>saturated;
}

/** ReLU of sums of 4 bytes: values and masks of what is open, 2 bytes each. `rows` padded, with sums of 0. */
export function fireRelu(v: usize, rows: usize, high: i32, x: usize, open: usize, count: Count): void {
  const most = i16x8.splat(<i16>high);
  const zero = i16x8.splat(0);
  let active = 0;
  let saturated = 0;
  for (let row: usize = 0; row < rows; row += 8) {
    const all = i16x8.narrow_i32x4_s(v128.load(v + (row << 2)), v128.load(v + (row << 2), 16));
    const is = i16x8.gt_s(all, zero);
    const over = v128.or(i32x4.gt_s(v128.load(v + (row << 2)), i32x4.splat(high)), i32x4.splat(0));
    const over2 = i32x4.gt_s(v128.load(v + (row << 2), 16), i32x4.splat(high));
    saturated += popcnt(i32x4.bitmask(over)) + popcnt(i32x4.bitmask(over2));
    v128.store(x + (row << 1), v128.and(is, i16x8.min_s(all, most)));
    v128.store(open + (row << 1), is);
    active += popcnt(i16x8.bitmask(is));
  }
  counted(count, active, active, saturated);
}

/** Hard tanh of sums of 4 bytes; `size` rows are not padding. */
export function fireTanh(
  v: usize,
  rows: usize,
  size: usize,
  low: i32,
  high: i32,
  x: usize,
  open: usize,
  count: Count,
): void {
  const least = i32x4.splat(low);
  const most = i32x4.splat(high);
  const zero = i16x8.splat(0);
  let active = 0;
  let opened = 0;
  for (let row: usize = 0; row < rows; row += 8) {
    const a = v128.load(v + (row << 2));
    const b = v128.load(v + (row << 2), 16);
    const ca = i32x4.min_s(most, i32x4.max_s(least, a));
    const cb = i32x4.min_s(most, i32x4.max_s(least, b));
    const value = i16x8.narrow_i32x4_s(ca, cb);
    let is = i16x8.narrow_i32x4_s(i32x4.eq(a, ca), i32x4.eq(b, cb));
    if (row + 8 > size) {
      is = v128.and(is, i16x8.lt_s(i16x8(0, 1, 2, 3, 4, 5, 6, 7), i16x8.splat(<i16>(<i32>size - <i32>row))));
    }
    v128.store(x + (row << 1), value);
    v128.store(open + (row << 1), is);
    active += popcnt(i16x8.bitmask(i16x8.ne(value, zero)));
    opened += popcnt(i16x8.bitmask(is));
  }
  counted(count, active, opened, <i32>size - opened);
}

/** What a spiking neural unit's cell is made of. */
@unmanaged
export class Unit {
  low: i32;
  high: i32;
  threshold: i32;
  window: i32;
  decay: i32;
}

/** `v - rn(v, shift)` of eight numbers. */
function decayed(v: v128, shift: i32): v128 {
  const half = (1 << shift) >> 1;
  return i16x8.sub(v, i16x8.shr_s(i16x8.add(v, i16x8.splat(<i16>half)), shift));
}

/** Spikes, membranes and what is open from sums of 4 bytes. @param before membranes of the step before, or 0; with `fired` */
export function fireSnu(
  v: usize,
  rows: usize,
  unit: Unit,
  before: usize,
  fired: usize,
  membrane: usize,
  x: usize,
  open: usize,
  count: Count,
): void {
  const zero = i16x8.splat(0);
  const low = i16x8.splat(<i16>unit.low);
  const high = i16x8.splat(<i16>unit.high);
  const threshold = i16x8.splat(<i16>unit.threshold);
  const window = i16x8.splat(<i16>unit.window);
  const one = i16x8.splat(1);
  let active = 0;
  let opened = 0;
  let saturated = 0;
  for (let row: usize = 0; row < rows; row += 8) {
    const at = row << 1;
    let sum = i16x8.narrow_i32x4_s(v128.load(v + (row << 2)), v128.load(v + (row << 2), 16));
    if (before !== 0) {
      const kept = decayed(v128.load(before + at), unit.decay);
      sum = i16x8.add_sat_s(sum, v128.and(kept, i16x8.eq(v128.load(fired + at), zero)));
    }
    const s = i16x8.min_s(high, i16x8.max_s(low, sum));
    const spike = i16x8.ge_s(s, threshold);
    const is = i16x8.lt_s(i16x8.abs(i16x8.sub(s, threshold)), window);
    v128.store(membrane + at, s);
    v128.store(x + at, v128.and(spike, one));
    v128.store(open + at, is);
    active += popcnt(i16x8.bitmask(spike));
    opened += popcnt(i16x8.bitmask(is));
    saturated += popcnt(i16x8.bitmask(i16x8.ne(s, sum)));
  }
  counted(count, active, opened, saturated);
}

/** Sets the entries of a vector of 8 bytes that a list names. */
export function scatter(list: List, sums: usize, out: usize): void {
  for (let c: usize = 0, count = <usize>list.count; c < count; c++) {
    store<i64>(out + ((<usize>load<i32>(list.indices + (c << 2))) << 3), load<i64>(sums + (c << 3)));
  }
}

/** `out = (first << up) + (second << across)`, 4 bytes each: strengths of two matrices. */
export function addStrengths(first: usize, up: i32, second: usize, across: i32, rows: usize, out: usize): void {
  for (let at: usize = 0, end = rows << 2; at < end; at += 16) {
    v128.store(out + at, i32x4.add(i32x4.shl(v128.load(first + at), up), i32x4.shl(v128.load(second + at), across)));
  }
}

/** How errors come back to a layer. */
@unmanaged
export class Back {
  up: i32;
  across: i32;
  /** of what is aligned and modulated; to the left where it is negative */
  right: i32;
  low: i32;
  high: i32;
  /** shift of a membrane's leak */
  decay: i32;
}

function rounded(v: i64, right: i32): i64 {
  return right > 0 ? (v + ((<i64>1) << (<i64>(right - 1)))) >> <i64>right : v << (<i64>-right);
}

/**
 * Errors of a layer at one step. Returns how many saturated.
 * @param sums from above, of the listed rows in order, or of all rows where `all`; 8 bytes; 0: none
 * @param own from the layer's own step after, of the listed rows in order; 0: none
 * @param strengths to modulate by, as in `modulate`
 * @param later errors of the step after, whose carry reaches neurons without a value in `x`; 0: none
 */
export function errorsAt(
  open: List,
  sums: usize,
  all: bool,
  own: usize,
  back: Back,
  strengths: usize,
  most: i32,
  low: i32,
  later: usize,
  x: usize,
  errors: Errors,
  rows: usize,
): i32 {
  const out = errors.values;
  const zero = i16x8.splat(0);
  for (let at: usize = 0, end = rows << 1; at < end; at += 16) {
    let e = zero;
    if (later !== 0) e = v128.and(decayed(v128.load(later + at), back.decay), i16x8.eq(v128.load(x + at), zero));
    v128.store(out + at, e);
  }
  const least: i64 = back.low;
  const greatest: i64 = back.high;
  let saturated = 0;
  if (sums !== 0 || own !== 0) {
    for (let c: usize = 0, count = <usize>open.count; c < count; c++) {
      const j = <usize>load<i32>(open.indices + (c << 2));
      let b: i64 = 0;
      if (sums !== 0) b = load<i64>(sums + ((all ? j : c) << 3)) << (<i64>back.up);
      if (own !== 0) b += load<i64>(own + (c << 3)) << (<i64>back.across);
      const factor =
        strengths === 0 ? low : max(low, <i32>((256.0 * <f64>load<i32>(strengths + (j << 2))) / <f64>most));
      const v = rounded(b * <i64>factor, back.right) + <i64>load<i16>(out + (j << 1));
      const e = max<i64>(least, min<i64>(greatest, v));
      saturated += <i32>(v !== e);
      store<i16>(out + (j << 1), <i16>e);
    }
  }
  range(errors, rows);
  return saturated;
}

/** Finds the least and the greatest of errors, 0 included. */
export function range(errors: Errors, rows: usize): void {
  let least = i16x8.splat(0);
  let most = least;
  for (let at: usize = 0, end = rows << 1; at < end; at += 16) {
    const e = v128.load(errors.values + at);
    least = i16x8.min_s(least, e);
    most = i16x8.max_s(most, e);
  }
  least = i32x4.min_s(i32x4.extend_low_i16x8_s(least), i32x4.extend_high_i16x8_s(least));
  most = i32x4.max_s(i32x4.extend_low_i16x8_s(most), i32x4.extend_high_i16x8_s(most));
  errors.least = min(
    min(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 1)),
    min(i32x4.extract_lane(least, 2), i32x4.extract_lane(least, 3)),
  );
  errors.most = max(
    max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1)),
    max(i32x4.extract_lane(most, 2), i32x4.extract_lane(most, 3)),
  );
}
