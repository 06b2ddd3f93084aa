import { Errors, Learning, List, Matrix } from './records';
import { maskOf, xorshift } from './update';

/** Largest shift at which `random - A` stays within 32 bits, for gradients below 2^30. */
const SHORT: i32 = 30;

/** `sums += errors * x` of `rows` rows, 4 bytes a sum. */
function accumulate(errors: usize, x: i32, rows: usize, sums: usize): void {
  const by = i16x8.splat(<i16>x);
  for (let row: usize = 0; row < rows; row += 8) {
    const e = v128.load(errors + (row << 1));
    const to = sums + (row << 2);
    v128.store(to, i32x4.add(v128.load(to), i32x4.extmul_low_i16x8_s(e, by)));
    v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extmul_high_i16x8_s(e, by)), 16);
  }
}

/** `sat(old + ((random - sums) >> shift))` of four rows, whose sums are then 0; the strengths follow. */
function moved(old: v128, sums: usize, random: v128, shift: i32, low: v128, high: v128, strengths: usize): v128 {
  const step = i32x4.shr_s(i32x4.sub(random, v128.load(sums)), shift);
  const now = i32x4.min_s(high, i32x4.max_s(low, i32x4.add(old, step)));
  v128.store(sums, i32x4.splat(0));
  v128.store(strengths, i32x4.add(v128.load(strengths), i32x4.sub(i32x4.abs(now), i32x4.abs(old))));
  return now;
}

function apply8(column: usize, sums: usize, random: i32, shift: i32, learning: Learning, rows: usize): void {
  const r = i32x4.splat(random);
  const low = i32x4.splat(learning.low);
  const high = i32x4.splat(learning.high);
  let strengths = learning.strengths;
  for (const last = column + rows; column < last; column += 16) {
    const old = v128.load(column);
    const front = i16x8.extend_low_i8x16_s(old);
    const back = i16x8.extend_high_i8x16_s(old);
    const a = moved(i32x4.extend_low_i16x8_s(front), sums, r, shift, low, high, strengths);
    const b = moved(i32x4.extend_high_i16x8_s(front), sums + 16, r, shift, low, high, strengths + 16);
    const c = moved(i32x4.extend_low_i16x8_s(back), sums + 32, r, shift, low, high, strengths + 32);
    const d = moved(i32x4.extend_high_i16x8_s(back), sums + 48, r, shift, low, high, strengths + 48);
    v128.store(column, i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)));
    sums += 64;
    strengths += 64;
  }
}

function apply16(column: usize, sums: usize, random: i32, shift: i32, learning: Learning, rows: usize): void {
  const r = i32x4.splat(random);
  const low = i32x4.splat(learning.low);
  const high = i32x4.splat(learning.high);
  let strengths = learning.strengths;
  for (const last = column + (rows << 1); column < last; column += 16) {
    const old = v128.load(column);
    const a = moved(i32x4.extend_low_i16x8_s(old), sums, r, shift, low, high, strengths);
    const b = moved(i32x4.extend_high_i16x8_s(old), sums + 16, r, shift, low, high, strengths + 16);
    v128.store(column, i16x8.narrow_i32x4_s(a, b));
    sums += 32;
    strengths += 32;
  }
}

function applyWide(
  column: usize,
  bytes: usize,
  sums: usize,
  random: u32,
  shift: i32,
  learning: Learning,
  rows: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    const at = column + row * bytes;
    const old = bytes === 1 ? <i64>load<i8>(at) : <i64>load<i16>(at);
    const step = (<i64>random - <i64>load<i32>(sums + (row << 2))) >> <i64>shift;
    const now = max<i64>(learning.low, min<i64>(learning.high, old + step));
    if (bytes === 1) store<i8>(at, <i8>now);
    else store<i16>(at, <i16>now);
    store<i32>(sums + (row << 2), 0);
    const strength = learning.strengths + (row << 2);
    store<i32>(strength, load<i32>(strength) + <i32>(abs(now) - abs(old)));
  }
}

/**
 * Updates the listed columns of a matrix from `steps` errors and as many values of each column; all rows are written.
 * Gradients stay below 2^30.
 * @param errors records of the errors, `errorsSize` bytes from one step to the next
 * @param x values of the first step, 2 bytes each, `width` bytes from one step to the next; 0: the list's own, of one step
 * @param sums room for 4 bytes a row, all 0
 */
export function updateSteps(
  matrix: Matrix,
  list: List,
  errors: usize,
  errorsSize: usize,
  steps: usize,
  x: usize,
  width: usize,
  learning: Learning,
  shift: i32,
  stochastic: bool,
  wide: bool,
  sums: usize,
): void {
  const bytes: usize = wide ? 2 : 1;
  const stride = <usize>matrix.stride;
  const rows = wide ? stride >> 1 : stride;
  const mask = maskOf(shift);
  const nearest = mask ^ (mask >> 1);
  let y = learning.random;
  for (let c: usize = 0, count = <usize>list.count; c < count; c++) {
    if (stochastic) y = xorshift(y);
    const random = stochastic ? <u32>(<u64>y >> <u64>(32 - shift)) : nearest;
    const j = <usize>load<i32>(list.indices + (c << 2));
    let drop: i64 = 0;
    let rise: i64 = 0;
    for (let t: usize = 0; t < steps; t++) {
      const v = <i32>load<i16>(x === 0 ? list.values + (c << 1) : x + t * width + (j << 1));
      if (v === 0) continue;
      const e = changetype<Errors>(errors + t * errorsSize);
      drop += v < 0 ? e.least * v : e.most * v;
      rise -= v < 0 ? e.most * v : e.least * v;
    }
    // the error farthest from 0 moves no weight
    if (drop <= <i64>random && rise <= <i64>(mask ^ random)) continue;
    for (let t: usize = 0; t < steps; t++) {
      const v = <i32>load<i16>(x === 0 ? list.values + (c << 1) : x + t * width + (j << 1));
      if (v === 0) continue;
      const e = changetype<Errors>(errors + t * errorsSize);
      if (e.least !== 0 || e.most !== 0) accumulate(e.values, v, rows, sums);
    }
    const column = matrix.values + j * stride;
    if (shift > SHORT) applyWide(column, bytes, sums, random, shift, learning, rows);
    else if (wide) apply16(column, sums, <i32>random, shift, learning, rows);
    else apply8(column, sums, <i32>random, shift, learning, rows);
  }
  learning.random = y;
}
