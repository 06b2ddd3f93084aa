import { Errors, List, Matrix, Requantise } from './records';
import { rounded } from './requantise';

/** The sums of the four numbers of `a`, of `b`, of `c` and of `d`. */
function totals(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

function dot8(column: usize, low: v128, high: v128): v128 {
  return i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(column), low), i32x4.dot_i16x8_s(v128.load8x8_s(column, 8), high));
}

/** `sums = columns * errors` for the listed columns of bytes, in the list's order, up to three more; sums of 8 bytes. */
export function back8(matrix: Matrix, list: List, errors: Errors, sums: usize): void {
  const stride = matrix.stride;
  const end = list.indices + ((<usize>list.count) << 2);
  for (let at = list.indices; at < end; at += 16) {
    let a = matrix.values + load<i32>(at) * stride;
    let b = matrix.values + load<i32>(at, 4) * stride;
    let c = matrix.values + load<i32>(at, 8) * stride;
    let d = matrix.values + load<i32>(at, 12) * stride;
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
    const sum = totals(sa, sb, sc, sd);
    v128.store(sums, i64x2.extend_low_i32x4_s(sum));
    v128.store(sums, i64x2.extend_high_i32x4_s(sum), 16);
    sums += 32;
  }
}

function widened(sum: v128, v: v128): v128 {
  return i64x2.add(sum, i64x2.add(i64x2.extend_low_i32x4_s(v), i64x2.extend_high_i32x4_s(v)));
}

function total(sum: v128): i64 {
  return i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1);
}

/**
 * `sums = columns * errors` for the listed columns of 2 bytes a row, in the list's order, up to three more; sums of 8 bytes.
 * A chunk's products may add up to 2^31, one more than 32 bits hold, but not to -2^31: each chunk starts at -1.
 * @param chunk blocks of eight rows whose products add up to within 2^31
 */
export function back16(matrix: Matrix, list: List, errors: Errors, sums: usize, chunk: i32): void {
  const stride = matrix.stride;
  const end = list.indices + ((<usize>list.count) << 2);
  const span = (<usize>min(chunk, 1 << 20)) << 4;
  const less = i32x4.splat(-1);
  for (let at = list.indices; at < end; at += 16) {
    let a = matrix.values + load<i32>(at) * stride;
    let b = matrix.values + load<i32>(at, 4) * stride;
    let c = matrix.values + load<i32>(at, 8) * stride;
    let d = matrix.values + load<i32>(at, 12) * stride;
    let wa = i64x2.splat(0);
    let wb = i64x2.splat(0);
    let wc = i64x2.splat(0);
    let wd = i64x2.splat(0);
    let bias: i64 = 0;
    let error = errors.values;
    const last = a + stride;
    while (a < last) {
      let sa = less;
      let sb = less;
      let sc = less;
      let sd = less;
      for (const until = min(last, a + span); a < until; a += 16) {
        const e = v128.load(error);
        error += 16;
        sa = i32x4.add(sa, i32x4.dot_i16x8_s(v128.load(a), e));
        sb = i32x4.add(sb, i32x4.dot_i16x8_s(v128.load(b), e));
        sc = i32x4.add(sc, i32x4.dot_i16x8_s(v128.load(c), e));
        sd = i32x4.add(sd, i32x4.dot_i16x8_s(v128.load(d), e));
        b += 16;
        c += 16;
        d += 16;
      }
      wa = widened(wa, sa);
      wb = widened(wb, sb);
      wc = widened(wc, sc);
      wd = widened(wd, sd);
      bias += 4;
    }
    store<i64>(sums, total(wa) + bias);
    store<i64>(sums, total(wb) + bias, 8);
    store<i64>(sums, total(wc) + bias, 16);
    store<i64>(sums, total(wd) + bias, 24);
    sums += 32;
  }
}

/** The greatest of `rows` strengths. */
export function strongest(strengths: usize, rows: i32): i32 {
  let most = 0;
  for (let i = 0; i < rows; i++) most = max(most, load<i32>(strengths + ((<usize>i) << 2)));
  return most;
}

/**
 * Sets the errors of the listed neurons from their back sums, all others to 0. Returns how many saturated.
 * @param strengths of all neurons, to modulate by: `f = max(low, floor(256 S / most))`; 0: every factor is `low`
 * @param rows of the layer, padded
 */
export function modulate(
  list: List,
  sums: usize,
  strengths: usize,
  most: i32,
  low: i32,
  q: Requantise,
  errors: Errors,
  rows: i32,
): i32 {
  memory.fill(errors.values, 0, (<usize>rows) << 1);
  let saturated = 0;
  let least: i64 = 0;
  let greatest: i64 = 0;
  for (let c: usize = 0, count = <usize>list.count; c < count; c++) {
    const j = <usize>load<i32>(list.indices + (c << 2));
    const factor = strengths === 0 ? low : max(low, <i32>((256.0 * <f64>load<i32>(strengths + (j << 2))) / <f64>most));
    const v = rounded(load<i64>(sums + (c << 3)) * <i64>factor, q);
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
