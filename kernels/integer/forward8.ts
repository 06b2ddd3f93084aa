import { append, close } from './lists';
import { List, Matrix, Requantise } from './records';

/**
 * `sums = matrix * vector` for bytes, sums of 4 bytes. Two columns at a time: interleaved, extended to 16 bits, each pair of
 * weights times the pair of inputs.
 * @param keep adds to the sums that are there
 */
export function multiply8(matrix: Matrix, list: List, sums: usize, keep: bool): void {
  const stride = <usize>matrix.stride;
  const end = list.indices + ((<usize>list.count) << 2);
  const zero = i32x4.splat(0);
  for (let row: usize = 0; row < stride; row += 32) {
    const base = matrix.values + row;
    const to = sums + (row << 2);
    let s0 = keep ? v128.load(to) : zero;
    let s1 = keep ? v128.load(to, 16) : zero;
    let s2 = keep ? v128.load(to, 32) : zero;
    let s3 = keep ? v128.load(to, 48) : zero;
    let s4 = keep ? v128.load(to, 64) : zero;
    let s5 = keep ? v128.load(to, 80) : zero;
    let s6 = keep ? v128.load(to, 96) : zero;
    let s7 = keep ? v128.load(to, 112) : zero;
    let value = list.values;
    for (let at = list.indices; at < end; at += 8) {
      const x = v128.load32_splat(value);
      value += 4;
      const a = base + <usize>load<i32>(at) * stride;
      const b = base + <usize>load<i32>(at, 4) * stride;
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
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
    v128.store(to, s4, 64);
    v128.store(to, s5, 80);
    v128.store(to, s6, 96);
    v128.store(to, s7, 112);
  }
}

/** Eight sums at `from`, rounded by a shift to the right, saturated to 16 bits. */
function rounded8(from: usize, half: v128, right: i32): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(v128.load(from), half), right),
    i32x4.shr_s(i32x4.add(v128.load(from, 16), half), right),
  );
}

/**
 * Requantises sums of 4 bytes, by a shift to the right, through ReLU and lists the positive ones. Sums and half a unit fit 31
 * bits. Returns how many saturated.
 * @param rows padded
 */
export function activate8(sums: usize, rows: usize, q: Requantise, list: List): i32 {
  const half = i32x4.splat((1 << q.right) >> 1);
  const high = i16x8.splat(<i16>q.high);
  const zero = i16x8.splat(0);
  let n: usize = 0;
  let saturated = 0;
  for (let row: usize = 0; row < rows; row += 8) {
    const v = rounded8(sums + (row << 2), half, q.right);
    saturated += popcnt(i16x8.bitmask(i16x8.gt_s(v, high)));
    n = append(list, n, i16x8.bitmask(i16x8.gt_s(v, zero)), <i32>row, i16x8.min_s(v, high));
  }
  close(list, n);
  return saturated;
}
