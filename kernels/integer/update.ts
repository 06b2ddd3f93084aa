import { Errors, Learning } from './records';

/** The state after `y` of a 32-bit xorshift. */
export function xorshift(y: u32): u32 {
  y ^= y << 13;
  y ^= y >> 17;
  return y ^ (y << 5);
}

/** Bits that are set in the largest random number of a shift of 0..32. */
export function maskOf(shift: i32): u32 {
  return <u32>(((<u64>1) << shift) - 1);
}

/** Greatest `error * x` of all rows and 0. */
export function dropOf(errors: Errors, x: i32): u32 {
  return <u32>(x < 0 ? errors.least * x : errors.most * x);
}

/** Greatest `-error * x` of all rows and 0. */
export function riseOf(errors: Errors, x: i32): u32 {
  return <u32>-(x < 0 ? errors.most * x : errors.least * x);
}

/** Whether the error farthest from 0 moves a weight; if not, `(random - error * x) >> shift` is 0 in all rows. */
export function moves(drop: u32, rise: u32, random: u32, mask: u32): bool {
  return drop > random || rise > (mask ^ random);
}

/** No step of a column is longer. */
export function longest(drop: u32, rise: u32, shift: i32): i32 {
  return <i32>min<u64>(0x7fffffff, (<u64>max(drop, rise) >> <u64>shift) + 1);
}

/**
 * `w' = sat(w + ((random - gradient) >> shift))` of a column whatever its widths, one row at a time; the strengths follow.
 * @param bytes of a weight
 * @param x the gradient is `x` times the numbers of 2 bytes at `gradient`; 0: it is the numbers of 4 bytes there
 */
export function stepWide(
  column: usize,
  bytes: usize,
  gradient: usize,
  x: i32,
  random: u32,
  shift: i32,
  learning: Learning,
  rows: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    const at = column + row * bytes;
    const old = bytes === 1 ? <i64>load<i8>(at) : <i64>load<i16>(at);
    const drop = x === 0 ? <i64>load<i32>(gradient + (row << 2)) : <i64>load<i16>(gradient + (row << 1)) * <i64>x;
    const now = max<i64>(learning.low, min<i64>(learning.high, old + ((<i64>random - drop) >> <i64>shift)));
    if (bytes === 1) store<i8>(at, <i8>now);
    else store<i16>(at, <i16>now);
    if (learning.strengths === 0) continue;
    const strength = learning.strengths + (row << 2);
    store<i32>(strength, load<i32>(strength) + <i32>(abs(now) - abs(old)));
  }
}
