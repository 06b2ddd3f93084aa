import { Errors, Learning, List, Matrix, Move } from './records';
import { listMoves, MOVE, stepWide } from './update';

/** Changes of a strength that add up within 16 bits. */
const MOST_CHANGE: i32 = 0x7fff;
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
function settle(learning: Learning, rows: usize): void {
  const zero = i16x8.splat(0);
  for (let row: usize = 0; row < rows; row += 8) {
    const change = v128.load(learning.changes + (row << 1));
    v128.store(learning.changes + (row << 1), zero);
    const to = learning.strengths + (row << 2);
    v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_s(change)));
    v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extend_high_i16x8_s(change)), 16);
  }
}

/** `(random - error * x) >> shift` of eight rows. */
function step(errors: usize, x: v128, random: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.sub(random, i32x4.dot_i16x8_s(v128.load(errors), x)), shift),
    i32x4.shr_s(i32x4.sub(random, i32x4.dot_i16x8_s(v128.load(errors, 16), x)), shift),
  );
}

/** By how much the strengths of eight rows change. */
function change(old: v128, now: v128): v128 {
  return i16x8.sub(i16x8.abs(now), i16x8.abs(old));
}

/** Updates a column with steps of up to MOST_CHANGE, at a shift of up to SHORT. */
function step16(move: Move, shift: i32, learning: Learning, rows: usize): void {
  const random = i32x4.splat(move.random);
  const x = i32x4.splat(move.x & 0xffff);
  const low = i16x8.splat(<i16>learning.low);
  const high = i16x8.splat(<i16>learning.high);
  let errors = learning.errors;
  let changes = learning.changes;
  let column = move.column;
  for (const last = column + (rows << 1); column < last; column += 32) {
    const old0 = v128.load(column);
    const old1 = v128.load(column, 16);
    const sum0 = i16x8.add_sat_s(old0, step(errors, x, random, shift));
    const sum1 = i16x8.add_sat_s(old1, step(errors + 32, x, random, shift));
    const now0 = i16x8.max_s(low, i16x8.min_s(high, sum0));
    const now1 = i16x8.max_s(low, i16x8.min_s(high, sum1));
    v128.store(column, now0);
    v128.store(column, now1, 16);
    v128.store(changes, i16x8.add(v128.load(changes), change(old0, now0)));
    v128.store(changes, i16x8.add(v128.load(changes, 16), change(old1, now1)), 16);
    errors += 64;
    changes += 32;
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
  const end = listMoves(matrix, list, errors, learning, shift, stochastic);
  if (end === learning.moves) return;
  const rows = <usize>matrix.stride >> 1;
  widen(errors, rows, learning.errors);
  let pending = 0;
  for (let at = learning.moves; at < end; at += MOVE) {
    const move = changetype<Move>(at);
    const largest = (<i32>max(move.drop, move.rise) >> min(shift, 31)) + 1;
    if (shift > SHORT || largest > MOST_CHANGE) {
      stepWide(move, 2, shift, errors, learning, rows);
      continue;
    }
    pending += largest;
    if (pending > MOST_CHANGE) {
      settle(learning, rows);
      pending = largest;
    }
    step16(move, shift, learning, rows);
  }
  settle(learning, rows);
}
