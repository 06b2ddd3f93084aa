import { Errors, Learning, List, Matrix } from './records';
import { dropOf, longest, maskOf, moves, riseOf, stepWide, xorshift } from './update';

/** Changes of a strength that add up within a byte. */
export const MOST_CHANGE8: i32 = 127;
/** Largest shift at which `random - error * x` stays within 32 bits. */
const SHORT: i32 = 30;

/** Narrows errors to bytes, those beyond them to the farthest ones. */
export function narrow8(errors: usize, rows: usize, out: usize): void {
  for (let row: usize = 0; row < rows; row += 16) {
    const from = errors + (row << 1);
    v128.store(out + row, i8x16.narrow_i16x8_s(v128.load(from), v128.load(from, 16)));
  }
}

/** `-1 - e` of bytes, which orders them the other way round and cannot overflow. */
function mirror(errors: usize, rows: usize, out: usize): void {
  for (let row: usize = 0; row < rows; row += 16) v128.store(out + row, v128.not(v128.load(errors + row)));
}

/** Adds the pending changes to the strengths. */
export function settle8(learning: Learning, rows: usize): void {
  if (learning.pending === 0) return;
  learning.pending = 0;
  const zero = i16x8.splat(0);
  for (let row: usize = 0; row < rows; row += 16) {
    const change = v128.load(learning.changes + row);
    v128.store(learning.changes + row, zero);
    const low = i16x8.extend_low_i8x16_s(change);
    const high = i16x8.extend_high_i8x16_s(change);
    const to = learning.strengths + (row << 2);
    v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_s(low)));
    v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extend_high_i16x8_s(low)), 16);
    v128.store(to, i32x4.add(v128.load(to, 32), i32x4.extend_low_i16x8_s(high)), 32);
    v128.store(to, i32x4.add(v128.load(to, 48), i32x4.extend_high_i16x8_s(high)), 48);
  }
}

/** Makes room for changes of the strengths by up to `most` in each row. */
export function reserve8(learning: Learning, most: i32, rows: usize): void {
  if (learning.strengths === 0) return;
  if (learning.pending + most > MOST_CHANGE8) settle8(learning, rows);
  learning.pending += most;
}

/** Notes by how much the strengths of 16 rows change. */
export function note8(changes: usize, old: v128, now: v128): void {
  v128.store(changes, i8x16.add(v128.load(changes), i8x16.sub(i8x16.abs(now), i8x16.abs(old))));
}

/** Lowers the weights of a column whose error is above `over` by 1, and raises those whose error is below `under`. */
function nudge(column: usize, over: i32, under: i32, errors: usize, learning: Learning, rows: usize): void {
  const above = i8x16.splat(<i8>over);
  const below = i8x16.splat(<i8>under);
  const low = i8x16.splat(<i8>learning.low);
  const high = i8x16.splat(<i8>learning.high);
  if (learning.strengths === 0) {
    for (const last = column + rows; column < last; column += 32) {
      const e0 = v128.load(errors);
      const e1 = v128.load(errors, 16);
      const w0 = i8x16.sub_sat_s(i8x16.add_sat_s(v128.load(column), i8x16.gt_s(e0, above)), i8x16.gt_s(below, e0));
      const w1 = i8x16.sub_sat_s(i8x16.add_sat_s(v128.load(column, 16), i8x16.gt_s(e1, above)), i8x16.gt_s(below, e1));
      v128.store(column, i8x16.max_s(low, i8x16.min_s(high, w0)));
      v128.store(column, i8x16.max_s(low, i8x16.min_s(high, w1)), 16);
      errors += 32;
    }
    return;
  }
  let changes = learning.changes;
  for (const last = column + rows; column < last; column += 16) {
    const e = v128.load(errors);
    const old = v128.load(column);
    const w = i8x16.sub_sat_s(i8x16.add_sat_s(old, i8x16.gt_s(e, above)), i8x16.gt_s(below, e));
    const now = i8x16.max_s(low, i8x16.min_s(high, w));
    v128.store(column, now);
    note8(changes, old, now);
    errors += 16;
    changes += 16;
  }
}

/** `(random - error * x) >> shift` of eight rows, saturated to 2 bytes. */
function step(errors: usize, x: v128, random: v128, shift: i32): v128 {
  const error = v128.load(errors);
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.sub(random, i32x4.extmul_low_i16x8_s(error, x)), shift),
    i32x4.shr_s(i32x4.sub(random, i32x4.extmul_high_i16x8_s(error, x)), shift),
  );
}

/** Updates a column with steps of up to MOST_CHANGE8, at a shift of up to SHORT. */
function step8(column: usize, errors: usize, x: i32, random: i32, shift: i32, learning: Learning, rows: usize): void {
  const r = i32x4.splat(random);
  const by = i16x8.splat(<i16>x);
  const low = i8x16.splat(<i8>learning.low);
  const high = i8x16.splat(<i8>learning.high);
  const strengths = learning.strengths !== 0;
  let changes = learning.changes;
  for (const last = column + rows; column < last; column += 16) {
    const old = v128.load(column);
    const steps = i8x16.narrow_i16x8_s(step(errors, by, r, shift), step(errors + 16, by, r, shift));
    const now = i8x16.max_s(low, i8x16.min_s(high, i8x16.add_sat_s(old, steps)));
    v128.store(column, now);
    if (strengths) note8(changes, old, now);
    errors += 32;
    changes += 16;
  }
}

/**
 * Updates a column of bytes by `w' = sat(w + ((random - error * x) >> shift))`. Steps of 1 at most are comparisons with thresholds:
 * -1 where `error > random / x`, +1 where `-error > (2^shift - 1 - random) / x`; for a negative x the same of `-error` and `-x`,
 * the thresholds moved by one for `-1 - error`.
 * @param bytes the errors narrowed; mirrored ones behind them where x is negative
 */
export function move8(
  column: usize,
  errors: Errors,
  bytes: usize,
  x: i32,
  random: u32,
  shift: i32,
  learning: Learning,
  rows: usize,
): void {
  const mask = maskOf(shift);
  const drop = dropOf(errors, x);
  const rise = riseOf(errors, x);
  const rest = mask ^ random;
  if (!moves(drop, rise, random, mask)) return;
  const most = longest(drop, rise, shift);
  if (drop <= <u64>random + mask + 1 && rise <= <u64>rest + mask + 1) {
    const down = <i64>(random / <u32>abs(x));
    const up = <i64>(rest / <u32>abs(x));
    // narrowed errors tell where thresholds are within a byte, or errors are
    const near = errors.most <= 127 && errors.least >= -128;
    if (near || ((down < 127 || drop <= random) && (up < 127 || rise <= rest))) {
      reserve8(learning, 1, rows);
      const over = <i32>min<i64>(127, x > 0 ? down : down - 1);
      const under = <i32>max<i64>(-128, x > 0 ? -up : -up - 1);
      nudge(column, over, under, x > 0 ? bytes : bytes + rows, learning, rows);
      return;
    }
  }
  if (most <= MOST_CHANGE8 && shift <= SHORT) {
    reserve8(learning, most, rows);
    step8(column, errors.values, x, <i32>random, shift, learning, rows);
  } else {
    stepWide(column, 1, errors.values, x, random, shift, learning, rows);
  }
}

/** Updates the listed columns of a matrix of bytes, at a shift of 0..32. */
export function update8(
  matrix: Matrix,
  list: List,
  errors: Errors,
  learning: Learning,
  shift: i32,
  stochastic: bool,
): void {
  const stride = <usize>matrix.stride;
  const mask = maskOf(shift);
  const nearest = mask ^ (mask >> 1);
  narrow8(errors.values, stride, learning.errors);
  mirror(learning.errors, stride, learning.errors + stride);
  let y = learning.random;
  for (let c: usize = 0, count = <usize>list.count; c < count; c++) {
    if (stochastic) y = xorshift(y);
    const random = stochastic ? <u32>(<u64>y >> (32 - shift)) : nearest;
    const x = <i32>load<i16>(list.values + (c << 1));
    const column = matrix.values + <usize>load<i32>(list.indices + (c << 2)) * stride;
    move8(column, errors, learning.errors, x, random, shift, learning, stride);
  }
  learning.random = y;
  settle8(learning, stride);
}
