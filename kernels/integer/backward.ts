import { Errors, List, Matrix, Requantise } from './records';
import { rounded } from './requantise';

/** The sums of the four numbers of `a`, of `b`, of `c` and of `d`. */
export function totals(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

/** Puts four sums of 4 bytes where the four columns that a list names from `at` on have theirs. */
export function place(at: usize, sum: v128, sums: usize): void {
  v128.store32_lane(sums + ((<usize>load<i32>(at)) << 2), sum, 0);
  v128.store32_lane(sums + ((<usize>load<i32>(at, 4)) << 2), sum, 1);
  v128.store32_lane(sums + ((<usize>load<i32>(at, 8)) << 2), sum, 2);
  v128.store32_lane(sums + ((<usize>load<i32>(at, 12)) << 2), sum, 3);
}

/** Products of 16 rows of bytes with the errors of the first eight and the other eight. */
function dot8(column: usize, low: v128, high: v128): v128 {
  return i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(column), low), i32x4.dot_i16x8_s(v128.load8x8_s(column, 8), high));
}

/** `sums = columns * errors` for the listed columns of bytes, each at its place among all columns, 4 bytes each. */
export function back8(matrix: Matrix, list: List, errors: Errors, sums: usize): void {
  const stride = <usize>matrix.stride;
  const end = list.indices + ((<usize>list.count) << 2);
  for (let at = list.indices; at < end; at += 16) {
    let a = matrix.values + <usize>load<i32>(at) * stride;
    let b = matrix.values + <usize>load<i32>(at, 4) * stride;
    let c = matrix.values + <usize>load<i32>(at, 8) * stride;
    let d = matrix.values + <usize>load<i32>(at, 12) * stride;
    let sa = i32x4.splat(0);
    let sb = i32x4.splat(0);
    let sc = i32x4.splat(0);
    let sd = i32x4.splat(0);
    let error = errors.values;
    for (const last = a + stride; a < last; a += 16) {
      const low = v128.load(error);
      const high = v128.load(error, 16);
      error += 32;
      sa = i32x4.add(sa, dot8(a, low, high));
      sb = i32x4.add(sb, dot8(b, low, high));
      sc = i32x4.add(sc, dot8(c, low, high));
      sd = i32x4.add(sd, dot8(d, low, high));
      b += 16;
      c += 16;
      d += 16;
    }
    place(at, totals(sa, sb, sc, sd), sums);
  }
}

/** Blocks of eight rows whose products with 8 bits of an error each add up within 32 bits, over all of four lanes. */
const CHUNK: usize = 32;

/** `low + 256 high` of two numbers of 8 bytes. */
function joined(low: v128, high: v128): v128 {
  return i64x2.add(low, i64x2.shl(high, 8));
}

/**
 * `sums = columns * errors` for the listed columns of 2 bytes a row, each at its place among all columns, 8 bytes each. Each weight times the low and the high byte of the error.
 */
export function back16(matrix: Matrix, list: List, errors: Errors, sums: usize): void {
  const stride = <usize>matrix.stride;
  const bytes = i16x8.splat(255);
  const zero = i64x2.splat(0);
  const end = list.indices + ((<usize>list.count) << 2);
  for (let at = list.indices; at < end; at += 16) {
    let a = matrix.values + <usize>load<i32>(at) * stride;
    let b = matrix.values + <usize>load<i32>(at, 4) * stride;
    let c = matrix.values + <usize>load<i32>(at, 8) * stride;
    let d = matrix.values + <usize>load<i32>(at, 12) * stride;
    let error = errors.values;
    let first = zero;
    let second = zero;
    const last = a + stride;
    while (a < last) {
      let la = i32x4.splat(0);
      let lb = i32x4.splat(0);
      let lc = i32x4.splat(0);
      let ld = i32x4.splat(0);
      let ha = i32x4.splat(0);
      let hb = i32x4.splat(0);
      let hc = i32x4.splat(0);
      let hd = i32x4.splat(0);
      for (const until = min(last, a + (CHUNK << 4)); a < until; a += 16) {
        const e = v128.load(error);
        const low = v128.and(e, bytes);
        const high = i16x8.shr_s(e, 8);
        error += 16;
        const wa = v128.load(a);
        const wb = v128.load(b);
        const wc = v128.load(c);
        const wd = v128.load(d);
        la = i32x4.add(la, i32x4.dot_i16x8_s(wa, low));
        lb = i32x4.add(lb, i32x4.dot_i16x8_s(wb, low));
        lc = i32x4.add(lc, i32x4.dot_i16x8_s(wc, low));
        ld = i32x4.add(ld, i32x4.dot_i16x8_s(wd, low));
        ha = i32x4.add(ha, i32x4.dot_i16x8_s(wa, high));
        hb = i32x4.add(hb, i32x4.dot_i16x8_s(wb, high));
        hc = i32x4.add(hc, i32x4.dot_i16x8_s(wc, high));
        hd = i32x4.add(hd, i32x4.dot_i16x8_s(wd, high));
        b += 16;
        c += 16;
        d += 16;
      }
      const low = totals(la, lb, lc, ld);
      const high = totals(ha, hb, hc, hd);
      first = i64x2.add(first, joined(i64x2.extend_low_i32x4_s(low), i64x2.extend_low_i32x4_s(high)));
      second = i64x2.add(second, joined(i64x2.extend_high_i32x4_s(low), i64x2.extend_high_i32x4_s(high)));
    }
    v128.store64_lane(sums + ((<usize>load<i32>(at)) << 3), first, 0);
    v128.store64_lane(sums + ((<usize>load<i32>(at, 4)) << 3), first, 1);
    v128.store64_lane(sums + ((<usize>load<i32>(at, 8)) << 3), second, 0);
    v128.store64_lane(sums + ((<usize>load<i32>(at, 12)) << 3), second, 1);
  }
}

/** The greatest of the strengths. @param rows padded */
export function strongest(strengths: usize, rows: usize): i32 {
  let most = i32x4.splat(0);
  for (let row: usize = 0; row < rows; row += 8) {
    const at = strengths + (row << 2);
    most = i32x4.max_s(most, i32x4.max_s(v128.load(at), v128.load(at, 16)));
  }
  return max(
    max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1)),
    max(i32x4.extract_lane(most, 2), i32x4.extract_lane(most, 3)),
  );
}

/**
 * Sets the errors of the listed neurons from their back sums, all others to 0. Returns how many saturated.
 * @param wide sums of 8 bytes instead of 4
 * @param strengths of all neurons, to modulate by: `f = max(low, floor(256 S / most))`; 0: every factor is `low`
 * @param rows of the layer, padded
 */
export function modulate(
  list: List,
  sums: usize,
  wide: bool,
  strengths: usize,
  most: i32,
  low: i32,
  q: Requantise,
  errors: Errors,
  rows: usize,
): i32 {
  const zero = i64x2.splat(0);
  for (let row: usize = 0; row < rows; row += 8) v128.store(errors.values + (row << 1), zero);
  let saturated = 0;
  let least: i64 = 0;
  let greatest: i64 = 0;
  for (let c: usize = 0, count = <usize>list.count; c < count; c++) {
    const j = <usize>load<i32>(list.indices + (c << 2));
    const factor = strengths === 0 ? low : max(low, <i32>((256.0 * <f64>load<i32>(strengths + (j << 2))) / <f64>most));
    const b = wide ? load<i64>(sums + (j << 3)) : <i64>load<i32>(sums + (j << 2));
    const v = rounded(b * <i64>factor, q);
    const clamped = max<i64>(q.low, min<i64>(q.high, v));
    saturated += <i32>(v !== clamped);
    least = min(least, clamped);
    greatest = max(greatest, clamped);
    store<i16>(errors.values + (j << 1), <i16>clamped);
  }
  errors.least = <i32>least;
  errors.most = <i32>greatest;
  return saturated;
}
