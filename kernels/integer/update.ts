import { Move } from './records';

/** Bytes of a move. */
export const MOVE: usize = 12;

/** The state after `y` of a 32-bit xorshift. */
export function xorshift(y: u32): u32 {
  y ^= y << 13;
  y ^= y >> 17;
  return y ^ (y << 5);
}

/** Appends the move unless `take` is 0. Returns the end of the list. */
export function append(end: usize, column: usize, random: u32, x: i32, take: bool): usize {
  const move = changetype<Move>(end);
  move.column = column;
  move.random = random;
  move.x = x;
  return end + (take ? MOVE : 0);
}
