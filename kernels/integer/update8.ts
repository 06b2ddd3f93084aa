import { Errors, Learning, List, Matrix, Move } from './records';
import { listMoves, MOVE, maskOf, stepWide } from './update';

/** Changes of a strength that add up within a byte. */
const MOST_CHANGE: i32 = 127;

/** Narrows the errors `e` to bytes, and `-1 - e` behind them, which orders rows the other way round and cannot overflow. */
function narrow(errors: Errors, rows: usize, out: usize): void {
  for (let row: usize = 0; row < rows; row += 16) {
    const from = errors.values + (row << 1);
    const error = i8x16.narrow_i16x8_s(v128.load(from), v128.load(from, 16));
    v128.store(out + row, error);
    v128.store(out + rows + row, v128.not(error));
  }
}

/** Adds the pending changes to the strengths. */
function settle(learning: Learning, rows: usize): void {
  const zero = i8x16.splat(0);
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

/** By how much the strengths of 16 rows change. */
function change(old: v128, now: v128): v128 {
  return i8x16.sub(i8x16.abs(now), i8x16.abs(old));
}

/** Subtracts 1 from the weights of a column whose entry in `errors` exceeds `threshold`. */
function lower8(column: usize, threshold: i32, errors: usize, learning: Learning, rows: usize): void {
  const over = i8x16.splat(<i8>threshold);
  const low = i8x16.splat(<i8>learning.low);
  let changes = learning.changes;
  for (const last = column + rows; column < last; column += 32) {
    const old0 = v128.load(column);
    const old1 = v128.load(column, 16);
    const now0 = i8x16.max_s(low, i8x16.add_sat_s(old0, i8x16.gt_s(v128.load(errors), over)));
    const now1 = i8x16.max_s(low, i8x16.add_sat_s(old1, i8x16.gt_s(v128.load(errors, 16), over)));
    v128.store(column, now0);
    v128.store(column, now1, 16);
    v128.store(changes, i8x16.add(v128.load(changes), change(old0, now0)));
    v128.store(changes, i8x16.add(v128.load(changes, 16), change(old1, now1)), 16);
    errors += 32;
    changes += 32;
  }
}

/** Adds 1 to the weights of a column whose entry in `errors` is below `threshold`. */
function raise8(column: usize, threshold: i32, errors: usize, learning: Learning, rows: usize): void {
  const under = i8x16.splat(<i8>threshold);
  const high = i8x16.splat(<i8>learning.high);
  let changes = learning.changes;
  for (const last = column + rows; column < last; column += 32) {
    const old0 = v128.load(column);
    const old1 = v128.load(column, 16);
    const now0 = i8x16.min_s(high, i8x16.sub_sat_s(old0, i8x16.gt_s(under, v128.load(errors))));
    const now1 = i8x16.min_s(high, i8x16.sub_sat_s(old1, i8x16.gt_s(under, v128.load(errors, 16))));
    v128.store(column, now0);
    v128.store(column, now1, 16);
    v128.store(changes, i8x16.add(v128.load(changes), change(old0, now0)));
    v128.store(changes, i8x16.add(v128.load(changes, 16), change(old1, now1)), 16);
    errors += 32;
    changes += 32;
  }
}

/** `(random - error * x) >> shift` of eight rows. */
function step(error: v128, x: v128, random: v128, shift: i32): v128 {
  return i16x8.shr_s(i16x8.sub(random, i16x8.mul(error, x)), shift);
}

/** Updates a column with steps of up to 127, at a shift of up to 14: `random - error * x` stays within 16 bits. */
function step8(move: Move, shift: i32, errors: usize, learning: Learning, rows: usize): void {
  const random = i16x8.splat(<i16>move.random);
  const x = i16x8.splat(<i16>move.x);
  const low = i8x16.splat(<i8>learning.low);
  const high = i8x16.splat(<i8>learning.high);
  let changes = learning.changes;
  let column = move.column;
  for (const last = column + rows; column < last; column += 32) {
    const step0 = step(v128.load(errors), x, random, shift);
    const step1 = step(v128.load(errors, 16), x, random, shift);
    const step2 = step(v128.load(errors, 32), x, random, shift);
    const step3 = step(v128.load(errors, 48), x, random, shift);
    const old0 = v128.load(column);
    const old1 = v128.load(column, 16);
    const sum0 = i8x16.add_sat_s(old0, i8x16.narrow_i16x8_s(step0, step1));
    const sum1 = i8x16.add_sat_s(old1, i8x16.narrow_i16x8_s(step2, step3));
    const now0 = i8x16.max_s(low, i8x16.min_s(high, sum0));
    const now1 = i8x16.max_s(low, i8x16.min_s(high, sum1));
    v128.store(column, now0);
    v128.store(column, now1, 16);
    v128.store(changes, i8x16.add(v128.load(changes), change(old0, now0)));
    v128.store(changes, i8x16.add(v128.load(changes, 16), change(old1, now1)), 16);
    errors += 64;
    changes += 32;
  }
}

/**
 * Updates the listed columns of a matrix of bytes, at a shift of 0..32. Where errors move weights by 1 and one way only, that
 * is a comparison with a threshold: -1 where `error > random / x`, +1 where `-error > (2^shift - 1 - random) / x`; for a
 * negative x the same of `-error` and `-x`, the thresholds moved by one for `-1 - error`.
 */
export function update8(
  matrix: Matrix,
  list: List,
  errors: Errors,
  learning: Learning,
  shift: i32,
  stochastic: bool,
): void {
  const end = listMoves(matrix, list, errors, learning, shift, stochastic);
  if (end === learning.moves) return;
  const rows = <usize>matrix.stride;
  const mask = maskOf(shift);
  narrow(errors, rows, learning.errors);
  let pending = 0;
  for (let at = learning.moves; at < end; at += MOVE) {
    const move = changetype<Move>(at);
    const random = move.random;
    const rest = mask ^ random;
    const drop = move.drop;
    const rise = move.rise;
    const largest = <i32>(<u64>max(drop, rise) >> shift) + 1;
    if (largest > MOST_CHANGE) {
      stepWide(move, 1, shift, errors, learning, rows);
      continue;
    }
    pending += largest;
    if (pending > MOST_CHANGE) {
      settle(learning, rows);
      pending = largest;
    }
    const down = drop > random;
    const up = rise > rest;
    // both ways, or by more than 1: the errors span more than 2^shift, so the shift is at most 14
    if ((down && up) || drop > <u64>random + mask + 1 || rise > <u64>rest + mask + 1) {
      step8(move, shift, errors.values, learning, rows);
      continue;
    }
    if (move.x > 0) {
      const x = <u32>move.x;
      if (down) lower8(move.column, random / x, learning.errors, learning, rows);
      if (up) raise8(move.column, -(<i32>(rest / x)), learning.errors, learning, rows);
    } else {
      const x = <u32>-move.x;
      if (down) lower8(move.column, <i32>(random / x) - 1, learning.errors + rows, learning, rows);
      if (up) raise8(move.column, -(<i32>(rest / x)) - 1, learning.errors + rows, learning, rows);
    }
  }
  settle(learning, rows);
}
