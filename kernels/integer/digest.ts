import { Errors, List, Matrix } from './records';

/** The 32-bit finaliser of MurmurHash3, in four lanes. */
function mix(v: v128): v128 {
  const first = i32x4.mul(v128.xor(v, i32x4.shr_u(v, 16)), i32x4.splat(0x85ebca6b));
  const second = i32x4.mul(v128.xor(first, i32x4.shr_u(first, 13)), i32x4.splat(0xc2b2ae35));
  return v128.xor(second, i32x4.shr_u(second, 16));
}

/** Four weights as they are stored, each in a lane, the upper bits 0. */
function four(at: usize, wide: bool): v128 {
  return i32x4.extend_low_i16x8_u(wide ? v128.load64_zero(at) : i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
}

/** All bits set for each of four errors of 2 bytes that is not 0. */
function erring(at: usize): v128 {
  return i32x4.ne(i32x4.extend_low_i16x8_s(v128.load64_zero(at)), i32x4.splat(0));
}

/**
 * A layer's share of a sample's digest: of every listed column the rows with an error, of weights of `bits` bits.
 * `offset` is the index of the layer's first weight and `columns` how far apart two rows are in it.
 */
export function digest(
  matrix: Matrix,
  list: List,
  errors: Errors,
  rows: i32,
  columns: i32,
  offset: i32,
  bits: i32,
  wide: bool,
): i32 {
  const mask = i32x4.splat((1 << bits) - 1);
  const lanes = i32x4.mul(i32x4(0, 1, 2, 3), i32x4.splat(columns));
  const stride = <usize>matrix.stride;
  const quad: usize = wide ? 8 : 4;
  let sum = i32x4.splat(0);
  for (let c: usize = 0, count = <usize>list.count; c < count; c++) {
    const column = load<i32>(list.indices + (c << 2));
    let index = i32x4.add(i32x4.splat(offset + column), lanes);
    let at = matrix.values + <usize>column * stride;
    for (let row = 0; row < rows; row += 4) {
      const written = erring(errors.values + ((<usize>row) << 1));
      if (v128.any_true(written)) {
        sum = i32x4.add(sum, v128.and(written, mix(v128.xor(index, mix(v128.and(four(at, wide), mask))))));
      }
      index = i32x4.add(index, i32x4.splat(4 * columns));
      at += quad;
    }
  }
  return (
    i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)
  );
}
