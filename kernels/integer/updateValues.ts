import { move } from './gradient';
import { Errors, Learning, List, Matrix } from './records';
import { BYTES, Hidden, Sequence } from './timeRecords';
import { maskOf, moves, xorshift } from './update';
import { settle8 } from './update8';
import { settle16 } from './update16';

/** The sum of four numbers. */
function total(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

/** Bytes of all steps of one row where they are turned: whole blocks of eight, and one more on either side. */
function turnedBytes(steps: usize): usize {
  return (((steps + 7) & ~7) + 16) << 1;
}

/** Puts the steps of each row one behind the other. Those before the first one and behind the last are 0. */
function turn(x: Sequence, steps: usize): void {
  const rows = <usize>x.rows;
  const bytes = turnedBytes(steps);
  const step = rows << 1;
  const zero = i16x8.splat(0);
  for (let row: usize = 0; row < rows; row += 8) {
    for (let t: usize = 0; t < steps; t += 8) {
      const from = x.values + t * step + (row << 1);
      const left = steps - t;
      const a = v128.load(from);
      const b = left > 1 ? v128.load(from + step) : zero;
      const c = left > 2 ? v128.load(from + 2 * step) : zero;
      const d = left > 3 ? v128.load(from + 3 * step) : zero;
      const e = left > 4 ? v128.load(from + 4 * step) : zero;
      const f = left > 5 ? v128.load(from + 5 * step) : zero;
      const g = left > 6 ? v128.load(from + 6 * step) : zero;
      const h = left > 7 ? v128.load(from + 7 * step) : zero;
      const ab = v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
      const ab4 = v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
      const cd = v128.shuffle<i16>(c, d, 0, 8, 1, 9, 2, 10, 3, 11);
      const cd4 = v128.shuffle<i16>(c, d, 4, 12, 5, 13, 6, 14, 7, 15);
      const ef = v128.shuffle<i16>(e, f, 0, 8, 1, 9, 2, 10, 3, 11);
      const ef4 = v128.shuffle<i16>(e, f, 4, 12, 5, 13, 6, 14, 7, 15);
      const gh = v128.shuffle<i16>(g, h, 0, 8, 1, 9, 2, 10, 3, 11);
      const gh4 = v128.shuffle<i16>(g, h, 4, 12, 5, 13, 6, 14, 7, 15);
      const abcd = v128.shuffle<i32>(ab, cd, 0, 4, 1, 5);
      const abcd2 = v128.shuffle<i32>(ab, cd, 2, 6, 3, 7);
      const abcd4 = v128.shuffle<i32>(ab4, cd4, 0, 4, 1, 5);
      const abcd6 = v128.shuffle<i32>(ab4, cd4, 2, 6, 3, 7);
      const efgh = v128.shuffle<i32>(ef, gh, 0, 4, 1, 5);
      const efgh2 = v128.shuffle<i32>(ef, gh, 2, 6, 3, 7);
      const efgh4 = v128.shuffle<i32>(ef4, gh4, 0, 4, 1, 5);
      const efgh6 = v128.shuffle<i32>(ef4, gh4, 2, 6, 3, 7);
      const to = x.turned + row * bytes + ((t + 8) << 1);
      v128.store(to, v128.shuffle<i64>(abcd, efgh, 0, 2));
      v128.store(to + bytes, v128.shuffle<i64>(abcd, efgh, 1, 3));
      v128.store(to + 2 * bytes, v128.shuffle<i64>(abcd2, efgh2, 0, 2));
      v128.store(to + 3 * bytes, v128.shuffle<i64>(abcd2, efgh2, 1, 3));
      v128.store(to + 4 * bytes, v128.shuffle<i64>(abcd4, efgh4, 0, 2));
      v128.store(to + 5 * bytes, v128.shuffle<i64>(abcd4, efgh4, 1, 3));
      v128.store(to + 6 * bytes, v128.shuffle<i64>(abcd6, efgh6, 0, 2));
      v128.store(to + 7 * bytes, v128.shuffle<i64>(abcd6, efgh6, 1, 3));
    }
  }
}

/** Rows of one block of paired errors, and bytes of them and of one pair of steps. */
const BLOCK: usize = 16;
const PAIR: usize = BLOCK << 2;

/**
 * Pairs the errors of step `first` with those of the next one, and so on up to step `last`: block after block of rows, pair after
 * pair of steps, in each row the two errors. An odd last step is paired with 0.
 */
function pairErrors(layer: Hidden, first: usize, last: usize): void {
  const rows = <usize>layer.rows;
  const bytes = rows << 1;
  const errors = changetype<Errors>(layer.errors).values;
  const zero = i16x8.splat(0);
  let to = layer.pairs;
  for (let row: usize = 0; row < rows; row += BLOCK) {
    for (let t = first; t <= last; t += 2) {
      const from = errors + t * bytes + (row << 1);
      const a = v128.load(from);
      const b = v128.load(from, 16);
      const c = t < last ? v128.load(from + bytes) : zero;
      const d = t < last ? v128.load(from + bytes, 16) : zero;
      v128.store(to, v128.shuffle<i16>(a, c, 0, 8, 1, 9, 2, 10, 3, 11));
      v128.store(to, v128.shuffle<i16>(a, c, 4, 12, 5, 13, 6, 14, 7, 15), 16);
      v128.store(to, v128.shuffle<i16>(b, d, 0, 8, 1, 9, 2, 10, 3, 11), 32);
      v128.store(to, v128.shuffle<i16>(b, d, 4, 12, 5, 13, 6, 14, 7, 15), 48);
      to += PAIR;
    }
  }
}

/** Gradients of two columns, 4 bytes a row: paired errors times the values from `a` and from `b` on, 2 bytes each. */
function multiplyPairs(pairs: usize, count: usize, rows: usize, a: usize, b: usize, first: usize, second: usize): void {
  for (let at: usize = 0, end = rows << 2; at < end; at += PAIR) {
    let a0 = i32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    for (let x: usize = 0, last = count << 2; x < last; x += 4) {
      const xa = v128.load32_splat(a + x);
      const xb = v128.load32_splat(b + x);
      const e0 = v128.load(pairs);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(e0, xa));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(e0, xb));
      const e1 = v128.load(pairs, 16);
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(e1, xa));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(e1, xb));
      const e2 = v128.load(pairs, 32);
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(e2, xa));
      b2 = i32x4.add(b2, i32x4.dot_i16x8_s(e2, xb));
      const e3 = v128.load(pairs, 48);
      a3 = i32x4.add(a3, i32x4.dot_i16x8_s(e3, xa));
      b3 = i32x4.add(b3, i32x4.dot_i16x8_s(e3, xb));
      pairs += PAIR;
    }
    v128.store(first + at, a0);
    v128.store(first + at, a1, 16);
    v128.store(first + at, a2, 32);
    v128.store(first + at, a3, 48);
    v128.store(second + at, b0);
    v128.store(second + at, b1, 16);
    v128.store(second + at, b2, 32);
    v128.store(second + at, b3, 48);
  }
}

/** A column that moves. */
@unmanaged
class Moving {
  weights: usize;
  /** where its values are turned */
  values: usize;
  random: u32;
  drop: u32;
  rise: u32;
}

/**
 * Updates the columns of values that are in use: `gradient = sum over t of error_t * x_(t - lag)`, from step `first` to `last`, the
 * ones that have errors; none where `first` is beyond `last`. Gradients stay below 2^30.
 */
export function updateValues(
  layer: Hidden,
  matrix: Matrix,
  learning: Learning,
  x: Sequence,
  used: List,
  lag: usize,
  first: usize,
  last: usize,
  shift: i32,
  stochastic: bool,
): void {
  const rows = <usize>layer.rows;
  const bytes: usize = layer.width === BYTES ? 1 : 2;
  const mask = maskOf(shift);
  const nearest = mask ^ (mask >> 1);
  const zero = i16x8.splat(0);
  const row = turnedBytes(<usize>layer.steps);
  const some = first <= last;
  if (some) {
    turn(x, <usize>layer.steps);
    pairErrors(layer, first, last);
  }
  let y = learning.random;
  let end = layer.moving;
  for (let c: usize = 0, count = <usize>used.count; c < count; c++) {
    if (stochastic) y = xorshift(y);
    if (!some) continue;
    const random = stochastic ? <u32>(<u64>y >> <u64>(32 - shift)) : nearest;
    const j = <usize>load<i32>(used.indices + (c << 2));
    const steps = x.turned + j * row + ((8 - lag) << 1);
    let drops = i32x4.splat(0);
    let rises = drops;
    for (let t = first; t <= last; t += 8) {
      const v = v128.load(steps + (t << 1));
      const least = v128.load(layer.least + (t << 1));
      const most = v128.load(layer.most + (t << 1));
      const over = i16x8.max_s(v, zero);
      const under = i16x8.min_s(v, zero);
      drops = i32x4.add(drops, i32x4.add(i32x4.dot_i16x8_s(over, most), i32x4.dot_i16x8_s(under, least)));
      rises = i32x4.add(rises, i32x4.add(i32x4.dot_i16x8_s(over, least), i32x4.dot_i16x8_s(under, most)));
    }
    const one = changetype<Moving>(end);
    one.weights = matrix.values + j * <usize>matrix.stride;
    one.values = steps + (first << 1);
    one.random = random;
    one.drop = <u32>total(drops);
    one.rise = <u32>-total(rises);
    if (moves(one.drop, one.rise, random, mask)) end += offsetof<Moving>();
  }
  learning.random = y;
  const pairs = (last + 2 - first) >> 1;
  for (let at = layer.moving; at < end; at += offsetof<Moving>() << 1) {
    const a = changetype<Moving>(at);
    const next = at + offsetof<Moving>();
    const b = changetype<Moving>(next < end ? next : at);
    multiplyPairs(layer.pairs, pairs, rows, a.values, b.values, layer.own, layer.dense);
    move(a.weights, bytes, layer.own, a.drop, a.rise, a.random, shift, learning, rows);
    if (next < end) move(b.weights, bytes, layer.dense, b.drop, b.rise, b.random, shift, learning, rows);
  }
  if (bytes === 1) settle8(learning, rows);
  else settle16(learning, rows);
}
