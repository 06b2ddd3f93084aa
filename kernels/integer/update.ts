import { Errors, Learning, List, Matrix, Move } from './records';

/** Bytes of a move. */
export const MOVE: usize = 20;

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

/**
 * Lists the moves of an update at a shift of 0..32: the listed columns in which the error farthest from 0 moves a weight; in
 * all others `(random - error * x) >> shift` is 0. Advances the stream once for each listed column. Returns the end of the
 * moves.
 */
export function listMoves(
  matrix: Matrix,
  list: List,
  errors: Errors,
  learning: Learning,
  shift: i32,
  stochastic: bool,
): usize {
  const stride = <usize>matrix.stride;
  const mask = maskOf(shift);
  const nearest = mask ^ (mask >> 1);
  const most = errors.most;
  const least = -errors.least;
  let y = learning.random;
  let end = learning.moves;
  for (let c: usize = 0, count = <usize>list.count; c < count; c++) {
    if (stochastic) y = xorshift(y);
    const random = stochastic ? <u32>(<u64>y >> (32 - shift)) : nearest;
    const x = <i32>load<i16>(list.values + (c << 1));
    const move = changetype<Move>(end);
    move.column = matrix.values + <usize>load<i32>(list.indices + (c << 2)) * stride;
    move.random = random;
    move.x = x;
    let drop = <u32>(most * x);
    let rise = <u32>(least * x);
    if (x < 0) {
      drop = <u32>(least * -x);
      rise = <u32>(most * -x);
    }
    move.drop = drop;
    move.rise = rise;
    end += i32(drop > random) | i32(rise > (mask ^ random)) ? MOVE : 0;
  }
  learning.random = y;
  return end;
}

/** Updates a column whatever its steps; `bytes` of a weight. */
export function stepWide(move: Move, bytes: usize, shift: i32, errors: Errors, learning: Learning, rows: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    const at = move.column + row * bytes;
    const old = bytes === 1 ? <i64>load<i8>(at) : <i64>load<i16>(at);
    const step = (<i64>move.random - <i64>load<i16>(errors.values + (row << 1)) * <i64>move.x) >> shift;
    const now = max<i64>(learning.low, min<i64>(learning.high, old + step));
    if (bytes === 1) store<i8>(at, <i8>now);
    else store<i16>(at, <i16>now);
    const strength = learning.strengths + (row << 2);
    store<i32>(strength, load<i32>(strength) + <i32>(abs(now) - abs(old)));
  }
}
