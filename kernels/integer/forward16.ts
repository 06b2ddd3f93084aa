import { close } from './lists';
import { List, Matrix, Requantise } from './records';
import { rounded } from './requantise';

/** Pairs of columns whose products with 8 bits of an input each add up within 32 bits. */
const CHUNK: usize = 128;

/** Adds `low + 256 high`, four numbers of 4 bytes each, to the sums of 8 bytes at `sums`. */
function add(sums: usize, low: v128, high: v128): void {
  const first = i64x2.add(i64x2.extend_low_i32x4_s(low), i64x2.shl(i64x2.extend_low_i32x4_s(high), 8));
  const second = i64x2.add(i64x2.extend_high_i32x4_s(low), i64x2.shl(i64x2.extend_high_i32x4_s(high), 8));
  v128.store(sums, i64x2.add(v128.load(sums), first));
  v128.store(sums, i64x2.add(v128.load(sums, 16), second), 16);
}

/**
 * `sums = matrix * vector` for rows of 2 bytes, sums of 8 bytes. Two columns at a time, interleaved, times the low and the
 * high byte of the pair of inputs.
 * @param keep adds to the sums that are there
 */
export function multiply16(matrix: Matrix, list: List, sums: usize, keep: bool): void {
  const stride = <usize>matrix.stride;
  if (!keep) memory.fill(sums, 0, stride << 2);
  const bytes = i16x8.splat(255);
  const last = list.indices + ((<usize>list.count) << 2);
  for (let row: usize = 0; row < stride; row += 32) {
    const base = matrix.values + row;
    const to = sums + (row << 2);
    let value = list.values;
    let at = list.indices;
    while (at < last) {
      let l0 = i32x4.splat(0);
      let l1 = i32x4.splat(0);
      let l2 = i32x4.splat(0);
      let l3 = i32x4.splat(0);
      let h0 = i32x4.splat(0);
      let h1 = i32x4.splat(0);
      let h2 = i32x4.splat(0);
      let h3 = i32x4.splat(0);
      for (const end = min(last, at + (CHUNK << 3)); at < end; at += 8) {
        const x = v128.load32_splat(value);
        const low = v128.and(x, bytes);
        const high = i16x8.shr_s(x, 8);
        value += 4;
        const a = base + <usize>load<i32>(at) * stride;
        const b = base + <usize>load<i32>(at, 4) * stride;
        const a0 = v128.load(a);
        const b0 = v128.load(b);
        const p0 = v128.shuffle<i16>(a0, b0, 0, 8, 1, 9, 2, 10, 3, 11);
        const p1 = v128.shuffle<i16>(a0, b0, 4, 12, 5, 13, 6, 14, 7, 15);
        l0 = i32x4.add(l0, i32x4.dot_i16x8_s(p0, low));
        h0 = i32x4.add(h0, i32x4.dot_i16x8_s(p0, high));
        l1 = i32x4.add(l1, i32x4.dot_i16x8_s(p1, low));
        h1 = i32x4.add(h1, i32x4.dot_i16x8_s(p1, high));
        const a1 = v128.load(a, 16);
        const b1 = v128.load(b, 16);
        const p2 = v128.shuffle<i16>(a1, b1, 0, 8, 1, 9, 2, 10, 3, 11);
        const p3 = v128.shuffle<i16>(a1, b1, 4, 12, 5, 13, 6, 14, 7, 15);
        l2 = i32x4.add(l2, i32x4.dot_i16x8_s(p2, low));
        h2 = i32x4.add(h2, i32x4.dot_i16x8_s(p2, high));
        l3 = i32x4.add(l3, i32x4.dot_i16x8_s(p3, low));
        h3 = i32x4.add(h3, i32x4.dot_i16x8_s(p3, high));
      }
      add(to, l0, h0);
      add(to + 32, l1, h1);
      add(to + 64, l2, h2);
      add(to + 96, l3, h3);
    }
  }
}

/** Requantises `rows` sums of 8 bytes through ReLU and lists the positive ones. Returns how many saturated. */
export function activate16(sums: usize, rows: usize, q: Requantise, list: List): i32 {
  const high: i64 = q.high;
  let n: usize = 0;
  let saturated = 0;
  for (let row: usize = 0; row < rows; row++) {
    const v = rounded(load<i64>(sums + (row << 3)), q);
    store<i32>(list.indices + (n << 2), row);
    store<i16>(list.values + (n << 1), <i16>min(v, high));
    n += <usize>(v > 0);
    saturated += <i32>(v > high);
  }
  close(list, n);
  return saturated;
}
