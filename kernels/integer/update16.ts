import { Errors, Learning, List, Matrix } from './records';
import { dropOf, longest, maskOf, moves, riseOf, stepWide, xorshift } from './update';

/** Changes of a strength that add up within 16 bits. */
export const MOST_CHANGE16: i32 = 0x7fff;
/** Largest shift at which `random - error * x` stays within 32 bits. */
const SHORT: i32 = 30;

/** Widens the errors to 4 bytes, the upper two 0. */
function widen(errors: Errors, rows: usize, out: usize): void {
  for (let row: usize = 0; row < rows; row += 8) {
    const error = v128.load(errors.values + (row << 1));
    v128.store(out + (row << 2), i32x4.extend_low_i16x8_u(error));
    v128.store(out + (row << 2), i32x4.extend_high_i16x8_u(error), 16);
  }
}

/** Adds the pending changes to the strengths. */
export function settle16(learning: Learning, rows: usize): void {
  if (learning.pending === 0) return;
  learning.pending = 0;
  const zero = i16x8.splat(0);
  for (let row: usize = 0; row < rows; row += 8) {
    const change = v128.load(learning.changes + (row << 1));
    v128.store(learning.changes + (row << 1), zero);
    const to = learning.strengths + (row << 2);
    v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_s(change)));
    v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extend_high_i16x8_s(change)), 16);
  }
}

/** Makes room for changes of the strengths by up to `most` in each row. */
export function reserve16(learning: Learning, most: i32, rows: usize): void {
  if (learning.strengths === 0) return;
  if (learning.pending + most > MOST_CHANGE16) settle16(learning, rows);
  learning.pending += most;
}

/** Notes by how much the strengths of eight rows change. */
export function note16(changes: usize, old: v128, now: v128): void {
  v128.store(changes, i16x8.add(v128.load(changes), i16x8.sub(i16x8.abs(now), i16x8.abs(old))));
}

/** `(random - error * x) >> shift` of eight rows. */
function step(errors: usize, x: v128, random: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.sub(random, i32x4.dot_i16x8_s(v128.load(errors), x)), shift),
    i32x4.shr_s(i32x4.sub(random, i32x4.dot_i16x8_s(v128.load(errors, 16), x)), shift),
  );
}

/** Updates a column with steps of up to MOST_CHANGE16, at a shift of up to SHORT. @param errors widened */
function step16(column: usize, errors: usize, by: i32, r: i32, shift: i32, learning: Learning, rows: usize): void {
  const random = i32x4.splat(r);
  const x = i32x4.splat(by & 0xffff);
  const low = i16x8.splat(<i16>learning.low);
  const high = i16x8.splat(<i16>learning.high);
  const strengths = learning.strengths !== 0;
  let changes = learning.changes;
  for (const last = column + (rows << 1); column < last; column += 16) {
    const old = v128.load(column);
    const now = i16x8.max_s(low, i16x8.min_s(high, i16x8.add_sat_s(old, step(errors, x, random, shift))));
    v128.store(column, now);
    if (strengths) note16(changes, old, now);
    errors += 32;
    changes += 16;
  }
}

/** Updates the listed columns of a matrix of 2 bytes a row, at a shift of 0..32. */
export function update16(
  matrix: Matrix,
  list: List,
  errors: Errors,
  learning: Learning,
  shift: i32,
  stochastic: bool,
): void {
  const stride = <usize>matrix.stride;
  const rows = stride >> 1;
  const mask = maskOf(shift);
  const nearest = mask ^ (mask >> 1);
  widen(errors, rows, learning.errors);
  let y = learning.random;
  for (let c: usize = 0, count = <usize>list.count; c < count; c++) {
    if (stochastic) y = xorshift(y);
    const random = stochastic ? <u32>(<u64>y >> (32 - shift)) : nearest;
    const x = <i32>load<i16>(list.values + (c << 1));
    const column = matrix.values + <usize>load<i32>(list.indices + (c << 2)) * stride;
    const drop = dropOf(errors, x);
    const rise = riseOf(errors, x);
    if (!moves(drop, rise, random, mask)) continue;
    const most = longest(drop, rise, shift);
    if (shift > SHORT || most > MOST_CHANGE16) {
      stepWide(column, 2, errors.values, x, random, shift, learning, rows);
      continue;
    }
    reserve16(learning, most, rows);
    step16(column, learning.errors, x, <i32>random, shift, learning, rows);
  }
  learning.random = y;
  settle16(learning, rows);
}
