import { close } from './lists';
import { List, Matrix, Requantise } from './records';
import { rounded } from './requantise';

/** Writes four sums of 4 bytes as 8 bytes each. */
function put(sums: usize, v: v128): void {
  v128.store(sums, i64x2.extend_low_i32x4_s(v));
  v128.store(sums, i64x2.extend_high_i32x4_s(v), 16);
}

/** Adds four sums of 4 bytes to those of 8 bytes at `sums`. */
function add(sums: usize, v: v128): void {
  v128.store(sums, i64x2.add(v128.load(sums), i64x2.extend_low_i32x4_s(v)));
  v128.store(sums, i64x2.add(v128.load(sums, 16), i64x2.extend_high_i32x4_s(v)), 16);
}

/**
 * `sums = matrix * vector` for bytes, sums of 8 bytes. Two columns at a time: interleaved, extended to 16 bits, each pair of
 * weights times the pair of inputs.
 */
export function multiply8(matrix: Matrix, list: List, sums: usize): void {
  const stride = matrix.stride;
  const end = list.indices + ((<usize>list.count) << 2);
  for (let row = 0; row < stride; row += 32) {
    const base = matrix.values + row;
    let s0 = i32x4.splat(0);
    let s1 = i32x4.splat(0);
    let s2 = i32x4.splat(0);
    let s3 = i32x4.splat(0);
    let s4 = i32x4.splat(0);
    let s5 = i32x4.splat(0);
    let s6 = i32x4.splat(0);
    let s7 = i32x4.splat(0);
    let value = list.values;
    for (let at = list.indices; at < end; at += 8) {
      const x = v128.load32_splat(value);
      value += 4;
      const a = base + load<i32>(at) * stride;
      const b = base + load<i32>(at, 4) * stride;
      const a0 = v128.load(a);
      const b0 = v128.load(b);
      const low0 = v128.shuffle<i8>(a0, b0, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const high0 = v128.shuffle<i8>(a0, b0, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(low0), x));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(low0), x));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(high0), x));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(high0), x));
      const a1 = v128.load(a, 16);
      const b1 = v128.load(b, 16);
      const low1 = v128.shuffle<i8>(a1, b1, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const high1 = v128.shuffle<i8>(a1, b1, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      s4 = i32x4.add(s4, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(low1), x));
      s5 = i32x4.add(s5, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(low1), x));
      s6 = i32x4.add(s6, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(high1), x));
      s7 = i32x4.add(s7, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(high1), x));
    }
    const out = sums + ((<usize>row) << 3);
    put(out, s0);
    put(out + 32, s1);
    put(out + 64, s2);
    put(out + 96, s3);
    put(out + 128, s4);
    put(out + 160, s5);
    put(out + 192, s6);
    put(out + 224, s7);
  }
}

/**
 * `sums = matrix * vector` for rows of 2 bytes, sums of 8 bytes.
 * @param chunk pairs of columns whose products add up within 32 bits
 */
export function multiply16(matrix: Matrix, list: List, sums: usize, chunk: i32): void {
  const stride = matrix.stride;
  memory.fill(sums, 0, (<usize>stride) << 2);
  const last = list.indices + ((<usize>list.count) << 2);
  for (let row = 0; row < stride; row += 32) {
    const base = matrix.values + row;
    const out = sums + ((<usize>row) << 2);
    let value = list.values;
    let at = list.indices;
    while (at < last) {
      const end = min(last, at + ((<usize>chunk) << 3));
      let s0 = i32x4.splat(0);
      let s1 = i32x4.splat(0);
      let s2 = i32x4.splat(0);
      let s3 = i32x4.splat(0);
      for (; at < end; at += 8) {
        const x = v128.load32_splat(value);
        value += 4;
        const a = base + load<i32>(at) * stride;
        const b = base + load<i32>(at, 4) * stride;
        const a0 = v128.load(a);
        const b0 = v128.load(b);
        const a1 = v128.load(a, 16);
        const b1 = v128.load(b, 16);
        s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.shuffle<i16>(a0, b0, 0, 8, 1, 9, 2, 10, 3, 11), x));
        s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.shuffle<i16>(a0, b0, 4, 12, 5, 13, 6, 14, 7, 15), x));
        s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v128.shuffle<i16>(a1, b1, 0, 8, 1, 9, 2, 10, 3, 11), x));
        s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v128.shuffle<i16>(a1, b1, 4, 12, 5, 13, 6, 14, 7, 15), x));
      }
      add(out, s0);
      add(out + 32, s1);
      add(out + 64, s2);
      add(out + 96, s3);
    }
  }
}

/** Requantises `rows` sums through ReLU and lists the positive ones. Returns how many saturated. */
export function activate(sums: usize, rows: i32, q: Requantise, list: List): i32 {
  const high: i64 = q.high;
  let n: usize = 0;
  let saturated = 0;
  for (let i = 0; i < rows; i++) {
    const v = rounded(load<i64>(sums + ((<usize>i) << 3)), q);
    store<i32>(list.indices + (n << 2), i);
    store<i16>(list.values + (n << 1), <i16>min(v, high));
    n += <usize>(v > 0);
    saturated += <i32>(v > high);
  }
  close(list, n);
  return saturated;
}

/** Requantises `rows` sums into `out`, 2 bytes each. Returns how many saturated. */
export function logits(sums: usize, rows: i32, q: Requantise, out: usize): i32 {
  let saturated = 0;
  for (let i = 0; i < rows; i++) {
    const v = rounded(load<i64>(sums + ((<usize>i) << 3)), q);
    const clamped = max<i64>(q.low, min<i64>(q.high, v));
    store<i16>(out + ((<usize>i) << 1), <i16>clamped);
    saturated += <i32>(v !== clamped);
  }
  return saturated;
}
