import { Learning } from './records';
import { longest, maskOf, moves, stepWide } from './update';
import { MOST_CHANGE8, note8, reserve8 } from './update8';
import { MOST_CHANGE16, note16, reserve16 } from './update16';

/** Largest shift at which `random - gradient` stays within 32 bits, for gradients below 2^30. */
const SHORT: i32 = 30;

/** `(random - gradient) >> shift` of eight rows, saturated to 2 bytes. */
function step(gradient: usize, random: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.sub(random, v128.load(gradient)), shift),
    i32x4.shr_s(i32x4.sub(random, v128.load(gradient, 16)), shift),
  );
}

function step8(column: usize, gradient: usize, random: v128, shift: i32, learning: Learning, rows: usize): void {
  const low = i8x16.splat(<i8>learning.low);
  const high = i8x16.splat(<i8>learning.high);
  const strengths = learning.strengths !== 0;
  let changes = learning.changes;
  for (const last = column + rows; column < last; column += 16) {
    const by = i8x16.narrow_i16x8_s(step(gradient, random, shift), step(gradient + 32, random, shift));
    const old = v128.load(column);
    const now = i8x16.max_s(low, i8x16.min_s(high, i8x16.add_sat_s(old, by)));
    v128.store(column, now);
    if (strengths) note8(changes, old, now);
    gradient += 64;
    changes += 16;
  }
}

function step16(column: usize, gradient: usize, random: v128, shift: i32, learning: Learning, rows: usize): void {
  const low = i16x8.splat(<i16>learning.low);
  const high = i16x8.splat(<i16>learning.high);
  const strengths = learning.strengths !== 0;
  let changes = learning.changes;
  for (const last = column + (rows << 1); column < last; column += 16) {
    const old = v128.load(column);
    const now = i16x8.max_s(low, i16x8.min_s(high, i16x8.add_sat_s(old, step(gradient, random, shift))));
    v128.store(column, now);
    if (strengths) note16(changes, old, now);
    gradient += 32;
    changes += 16;
  }
}

/**
 * Updates a column by `w' = sat(w + ((random - gradient) >> shift))`.
 * @param bytes of a weight
 * @param gradient 4 bytes a row
 * @param drop no gradient is greater
 * @param rise no gradient's opposite is greater
 */
export function move(
  column: usize,
  bytes: usize,
  gradient: usize,
  drop: u32,
  rise: u32,
  random: u32,
  shift: i32,
  learning: Learning,
  rows: usize,
): void {
  if (!moves(drop, rise, random, maskOf(shift))) return;
  const most = longest(drop, rise, shift);
  const r = i32x4.splat(<i32>random);
  if (shift <= SHORT && bytes === 1 && most <= MOST_CHANGE8) {
    reserve8(learning, most, rows);
    step8(column, gradient, r, shift, learning, rows);
  } else if (shift <= SHORT && bytes === 2 && most <= MOST_CHANGE16) {
    reserve16(learning, most, rows);
    step16(column, gradient, r, shift, learning, rows);
  } else stepWide(column, bytes, gradient, 0, random, shift, learning, rows);
}
