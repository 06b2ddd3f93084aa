import { Errors, Learning, List, Matrix, Move } from './records';
import { append, MOVE, xorshift } from './update';

/** Updates a column with steps of less than 2^15, at a shift of up to 30. */
function step16(move: Move, shift: i32, errors: Errors, learning: Learning, stride: usize): void {
  const random = i32x4.splat(move.random);
  const x = i16x8.splat(<i16>move.x);
  const low = i16x8.splat(<i16>learning.low);
  const high = i16x8.splat(<i16>learning.high);
  for (let i: usize = 0; i < stride; i += 16) {
    const at = move.column + i;
    const old = v128.load(at);
    const error = v128.load(errors.values + i);
    const step = i16x8.narrow_i32x4_s(
      i32x4.shr_s(i32x4.sub(random, i32x4.extmul_low_i16x8_s(error, x)), shift),
      i32x4.shr_s(i32x4.sub(random, i32x4.extmul_high_i16x8_s(error, x)), shift),
    );
    const now = i16x8.max_s(low, i16x8.min_s(high, i16x8.add_sat_s(old, step)));
    v128.store(at, now);
    const change = i16x8.sub(i16x8.abs(now), i16x8.abs(old));
    const to = learning.strengths + (i << 1);
    v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_s(change)));
    v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extend_high_i16x8_s(change)), 16);
  }
}

/** Updates a column at any shift and step. */
function stepWide(move: Move, shift: i32, errors: Errors, learning: Learning, stride: usize): void {
  for (let i: usize = 0; i < stride; i += 2) {
    const old = <i64>load<i16>(move.column + i);
    const step = (<i64>move.random - <i64>load<i16>(errors.values + i) * <i64>move.x) >> shift;
    const now = max<i64>(learning.low, min<i64>(learning.high, old + step));
    store<i16>(move.column + i, <i16>now);
    const to = learning.strengths + (i << 1);
    store<i32>(to, load<i32>(to) + <i32>(abs(now) - abs(old)));
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
  const unit: u64 = (<u64>1) << shift;
  const mask = <u32>(unit - 1);
  const nearest = <u32>(unit >> 1);
  const first = learning.moves;
  let end = first;
  let y = learning.random;
  for (let c: usize = 0, count = <usize>list.count; c < count; c++) {
    const column = matrix.values + <usize>load<i32>(list.indices + (c << 2)) * stride;
    const x = <i32>load<i16>(list.values + (c << 1));
    if (stochastic) y = xorshift(y);
    const random = stochastic ? <u32>(<u64>y >> (32 - shift)) : nearest;
    const moves = <u32>(errors.most * x) > random || <u32>(-errors.least * x) > (mask ^ random);
    end = append(end, column, random, x, moves);
  }
  learning.random = y;
  for (let at = first; at < end; at += MOVE) {
    const move = changetype<Move>(at);
    const largest = max(errors.most, -errors.least) * move.x;
    if (shift <= 30 && largest >> shift < 0x7fff) step16(move, shift, errors, learning, stride);
    else stepWide(move, shift, errors, learning, stride);
  }
}
