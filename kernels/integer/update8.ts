import { Errors, Learning, List, Matrix, Move } from './records';
import { append, MOVE, xorshift } from './update';

/** Columns whose changes of strength, at most 1 each, add up within a byte. */
const CHUNK: usize = 126;

/** Narrows the errors to bytes, each XORed with `flip`. */
function narrow(errors: Errors, flip: i32, rows: usize, out: usize): void {
  const mask = i8x16.splat(<i8>flip);
  for (let i: usize = 0; i < rows; i += 16) {
    const from = errors.values + (i << 1);
    v128.store(out + i, v128.xor(mask, i8x16.narrow_i16x8_s(v128.load(from), v128.load(from, 16))));
  }
}

/** Adds the pending changes to the strengths. */
function settle(learning: Learning, rows: usize): void {
  const zero = i8x16.splat(0);
  for (let i: usize = 0; i < rows; i += 16) {
    const change = v128.load(learning.changes + i);
    v128.store(learning.changes + i, zero);
    const low = i16x8.extend_low_i8x16_s(change);
    const high = i16x8.extend_high_i8x16_s(change);
    const to = learning.strengths + (i << 2);
    v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_s(low)));
    v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extend_high_i16x8_s(low)), 16);
    v128.store(to, i32x4.add(v128.load(to, 32), i32x4.extend_low_i16x8_s(high)), 32);
    v128.store(to, i32x4.add(v128.load(to, 48), i32x4.extend_high_i16x8_s(high)), 48);
  }
}

/**
 * Moves by `unit` (1 or -1) the weights of the columns whose error, flipped for 1, exceeds the move's threshold. Two columns
 * at a time: the list ends with a move of a column that no one reads.
 */
function shift8(first: usize, end: usize, unit: i32, learning: Learning, rows: usize): void {
  const step = i8x16.splat(<i8>unit);
  const low = i8x16.splat(<i8>learning.low);
  const high = i8x16.splat(<i8>learning.high);
  const up = unit > 0 ? 1 : 0;
  while (first < end) {
    const until = min(end, first + CHUNK * MOVE);
    for (; first < until; first += 2 * MOVE) {
      const one = changetype<Move>(first);
      const two = changetype<Move>(first + MOVE);
      const a = one.column;
      const b = two.column;
      const overA = i8x16.splat(<i8>(one.random / one.x - up));
      const overB = i8x16.splat(<i8>(two.random / two.x - up));
      for (let i: usize = 0; i < rows; i += 16) {
        const error = v128.load(learning.errors + i);
        const oldA = v128.load(a + i);
        const oldB = v128.load(b + i);
        const newA = i8x16.max_s(
          low,
          i8x16.min_s(high, i8x16.add_sat_s(oldA, v128.and(step, i8x16.gt_s(error, overA)))),
        );
        const newB = i8x16.max_s(
          low,
          i8x16.min_s(high, i8x16.add_sat_s(oldB, v128.and(step, i8x16.gt_s(error, overB)))),
        );
        v128.store(a + i, newA);
        v128.store(b + i, newB);
        const changeA = i8x16.sub(i8x16.abs(newA), i8x16.abs(oldA));
        const changeB = i8x16.sub(i8x16.abs(newB), i8x16.abs(oldB));
        v128.store(learning.changes + i, i8x16.add(v128.load(learning.changes + i), i8x16.add(changeA, changeB)));
      }
    }
    settle(learning, rows);
  }
}

/** Updates a column by the full expression. Shifts up to 13: `random - error * x` stays within 16 bits. */
function step8(move: Move, shift: i32, errors: Errors, learning: Learning, rows: usize): void {
  const random = i16x8.splat(<i16>move.random);
  const x = i16x8.splat(<i16>move.x);
  const low = i8x16.splat(<i8>learning.low);
  const high = i8x16.splat(<i8>learning.high);
  for (let i: usize = 0; i < rows; i += 16) {
    const from = errors.values + (i << 1);
    const at = move.column + i;
    const old0 = v128.load8x8_s(at);
    const old1 = v128.load8x8_s(at, 8);
    const step0 = i16x8.shr_s(i16x8.sub(random, i16x8.mul(v128.load(from), x)), shift);
    const step1 = i16x8.shr_s(i16x8.sub(random, i16x8.mul(v128.load(from, 16), x)), shift);
    const sum = i8x16.narrow_i16x8_s(i16x8.add(old0, step0), i16x8.add(old1, step1));
    const now = i8x16.max_s(low, i8x16.min_s(high, sum));
    v128.store(at, now);
    const change0 = i16x8.sub(i16x8.abs(i16x8.extend_low_i8x16_s(now)), i16x8.abs(old0));
    const change1 = i16x8.sub(i16x8.abs(i16x8.extend_high_i8x16_s(now)), i16x8.abs(old1));
    const to = learning.strengths + (i << 2);
    v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_s(change0)));
    v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extend_high_i16x8_s(change0)), 16);
    v128.store(to, i32x4.add(v128.load(to, 32), i32x4.extend_low_i16x8_s(change1)), 32);
    v128.store(to, i32x4.add(v128.load(to, 48), i32x4.extend_high_i16x8_s(change1)), 48);
  }
}

/**
 * Updates the listed columns of a matrix of bytes, at a shift of 0..32. Most columns have one random number for which no
 * error moves a weight, or some move it by 1 one way: those become comparisons with a threshold, `error > random / x` for -1
 * and `-error > (2^shift - 1 - random) / x` for +1.
 */
export function update8(
  matrix: Matrix,
  list: List,
  errors: Errors,
  learning: Learning,
  shift: i32,
  stochastic: bool,
): void {
  const rows = <usize>matrix.stride;
  const room = <usize>(matrix.columns + 1) * MOVE;
  const unit: u64 = (<u64>1) << shift;
  const mask = <u32>(unit - 1);
  const nearest = <u32>(unit >> 1);
  let y = learning.random;
  const firstDown = learning.moves;
  const firstUp = firstDown + room;
  const firstFar = firstUp + room;
  let down = firstDown;
  let up = firstUp;
  let far = firstFar;
  for (let c: usize = 0, count = <usize>list.count; c < count; c++) {
    const column = matrix.values + <usize>load<i32>(list.indices + (c << 2)) * rows;
    const x = <i32>load<i16>(list.values + (c << 1));
    if (stochastic) y = xorshift(y);
    const random = stochastic ? <u32>(<u64>y >> (32 - shift)) : nearest;
    const rest = mask ^ random;
    const drop = <u32>(errors.most * x);
    const rise = <u32>(-errors.least * x);
    const beyond = <u64>drop > <u64>random + unit || <u64>rise > <u64>rest + unit;
    down = append(down, column, random, x, drop > random && !beyond);
    up = append(up, column, rest, x, rise > rest && !beyond);
    far = append(far, column, random, x, beyond);
  }
  learning.random = y;
  const unused = matrix.values + <usize>matrix.columns * rows;
  append(down, unused, 127, 1, true);
  append(up, unused, 128, 1, true);
  if (down > firstDown) {
    narrow(errors, 0, rows, learning.errors);
    shift8(firstDown, down, -1, learning, rows);
  }
  if (up > firstUp) {
    narrow(errors, -1, rows, learning.errors);
    shift8(firstUp, up, 1, learning, rows);
  }
  for (; firstFar < far; far -= MOVE) step8(changetype<Move>(far - MOVE), shift, errors, learning, rows);
}
