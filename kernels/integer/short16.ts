import { place, totals } from './backward';
import { Errors, List, Matrix } from './records';

/** `sums = matrix * vector` for rows of 2 bytes, sums of 4 bytes, two columns at a time. @param keep adds to the sums that are there */
export function multiplyShort(matrix: Matrix, list: List, sums: usize, keep: bool): void {
  const stride = <usize>matrix.stride;
  const end = list.indices + ((<usize>list.count) << 2);
  const zero = i32x4.splat(0);
  for (let row: usize = 0; row < stride; row += 64) {
    const base = matrix.values + row;
    const to = sums + (row << 1);
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
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.shuffle<i16>(a0, b0, 0, 8, 1, 9, 2, 10, 3, 11), x));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.shuffle<i16>(a0, b0, 4, 12, 5, 13, 6, 14, 7, 15), x));
      const a1 = v128.load(a, 16);
      const b1 = v128.load(b, 16);
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v128.shuffle<i16>(a1, b1, 0, 8, 1, 9, 2, 10, 3, 11), x));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v128.shuffle<i16>(a1, b1, 4, 12, 5, 13, 6, 14, 7, 15), x));
      const a2 = v128.load(a, 32);
      const b2 = v128.load(b, 32);
      s4 = i32x4.add(s4, i32x4.dot_i16x8_s(v128.shuffle<i16>(a2, b2, 0, 8, 1, 9, 2, 10, 3, 11), x));
      s5 = i32x4.add(s5, i32x4.dot_i16x8_s(v128.shuffle<i16>(a2, b2, 4, 12, 5, 13, 6, 14, 7, 15), x));
      const a3 = v128.load(a, 48);
      const b3 = v128.load(b, 48);
      s6 = i32x4.add(s6, i32x4.dot_i16x8_s(v128.shuffle<i16>(a3, b3, 0, 8, 1, 9, 2, 10, 3, 11), x));
      s7 = i32x4.add(s7, i32x4.dot_i16x8_s(v128.shuffle<i16>(a3, b3, 4, 12, 5, 13, 6, 14, 7, 15), x));
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

/** `sums = columns * errors` for the listed columns of 2 bytes a row, each at its place among all columns; they fit 4 bytes. */
export function backShort(matrix: Matrix, list: List, errors: Errors, sums: usize): void {
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
    for (const last = a + stride; a < last; a += 32) {
      const e0 = v128.load(error);
      const e1 = v128.load(error, 16);
      error += 32;
      sa = i32x4.add(sa, i32x4.dot_i16x8_s(v128.load(a), e0));
      sb = i32x4.add(sb, i32x4.dot_i16x8_s(v128.load(b), e0));
      sc = i32x4.add(sc, i32x4.dot_i16x8_s(v128.load(c), e0));
      sd = i32x4.add(sd, i32x4.dot_i16x8_s(v128.load(d), e0));
      sa = i32x4.add(sa, i32x4.dot_i16x8_s(v128.load(a, 16), e1));
      sb = i32x4.add(sb, i32x4.dot_i16x8_s(v128.load(b, 16), e1));
      sc = i32x4.add(sc, i32x4.dot_i16x8_s(v128.load(c, 16), e1));
      sd = i32x4.add(sd, i32x4.dot_i16x8_s(v128.load(d, 16), e1));
      b += 32;
      c += 32;
      d += 32;
    }
    place(at, totals(sa, sb, sc, sd), sums);
  }
}
