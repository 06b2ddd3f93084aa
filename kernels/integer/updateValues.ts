import { move } from './gradient';
import { append, close } from './lists';
import { Learning, List, Matrix } from './records';
import { multiplyShort } from './short16';
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

/** Sums the errors from each step to the last one that has any. */
function sumTails(layer: Hidden, first: usize, last: usize): void {
  const bytes = (<usize>layer.rows) << 1;
  const from = layer.perStep.values;
  const out = layer.tails.values;
  memory.copy(out + last * bytes, from + last * bytes, bytes);
  for (let t = last; t > first; t--) {
    for (let at = (t - 1) * bytes, end = t * bytes; at < end; at += 16) {
      v128.store(out + at, i16x8.add(v128.load(out + at + bytes), v128.load(from + at)));
    }
  }
}

/**
 * Updates the columns of values that are in use: `gradient = sum over t of error_t * x_(t - lag)`, from step `first` to `last`, the
 * ones that have errors; none where `first` is beyond `last`. Where fewer values change than differ from 0, that is the sum of
 * changes of x times sums of errors from there on. Gradients stay below 2^30.
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
  const tails = layer.adds === 1;
  const zero = i16x8.splat(0);
  const lanes = i16x8(0, 1, 2, 3, 4, 5, 6, 7);
  const gradient = layer.own;
  const row = turnedBytes(<usize>layer.steps);
  const some = first <= last;
  if (some) turn(x, <usize>layer.steps);
  if (some && tails) sumTails(layer, first, last);
  let y = learning.random;
  for (let c: usize = 0, count = <usize>used.count; c < count; c++) {
    if (stochastic) y = xorshift(y);
    if (!some) continue;
    const random = stochastic ? <u32>(<u64>y >> <u64>(32 - shift)) : nearest;
    const j = <usize>load<i32>(used.indices + (c << 2));
    const steps = x.turned + j * row + ((8 - lag) << 1);
    let drops = i32x4.splat(0);
    let rises = drops;
    let values: usize = 0;
    let changes: usize = 0;
    for (let t = first; t <= last; t += 8) {
      const v = v128.load(steps + (t << 1));
      const least = v128.load(layer.least + (t << 1));
      const most = v128.load(layer.most + (t << 1));
      const over = i16x8.max_s(v, zero);
      const under = i16x8.min_s(v, zero);
      drops = i32x4.add(drops, i32x4.add(i32x4.dot_i16x8_s(over, most), i32x4.dot_i16x8_s(under, least)));
      rises = i32x4.add(rises, i32x4.add(i32x4.dot_i16x8_s(over, least), i32x4.dot_i16x8_s(under, most)));
      const erring = v128.and(v128.or(i16x8.ne(least, zero), i16x8.ne(most, zero)), i16x8.ne(v, zero));
      values = append(x.now, values, i16x8.bitmask(erring), <i32>t, v);
      if (!tails) continue;
      let before = v128.load(steps + (t << 1) - 2);
      if (t === first) before = v128.and(before, i16x8(0, -1, -1, -1, -1, -1, -1, -1));
      const change = i16x8.sub(v, before);
      const within = i16x8.le_s(lanes, i16x8.splat(<i16>min<usize>(7, last - t)));
      changes = append(x.changes, changes, i16x8.bitmask(v128.and(within, i16x8.ne(change, zero))), <i32>t, change);
    }
    const drop = <u32>total(drops);
    const rise = <u32>-total(rises);
    if (!moves(drop, rise, random, mask)) continue;
    if (tails && changes < values) {
      close(x.changes, changes);
      multiplyShort(layer.tails, x.changes, gradient, false);
    } else {
      close(x.now, values);
      multiplyShort(layer.perStep, x.now, gradient, false);
    }
    move(matrix.values + j * <usize>matrix.stride, bytes, gradient, drop, rise, random, shift, learning, rows);
  }
  learning.random = y;
  if (bytes === 1) settle8(learning, rows);
  else settle16(learning, rows);
}
