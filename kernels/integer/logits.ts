import { Requantise } from './records';
import { rounded } from './requantise';

/**
 * Requantises sums to logits of 2 bytes. Returns how many saturated.
 * @param wide sums of 8 bytes instead of 4
 */
export function logits(sums: usize, wide: bool, rows: usize, q: Requantise, out: usize): i32 {
  let saturated = 0;
  for (let row: usize = 0; row < rows; row++) {
    const v = rounded(wide ? load<i64>(sums + (row << 3)) : <i64>load<i32>(sums + (row << 2)), q);
    const clamped = max<i64>(q.low, min<i64>(q.high, v));
    store<i16>(out + (row << 1), <i16>clamped);
    saturated += <i32>(v !== clamped);
  }
  return saturated;
}
