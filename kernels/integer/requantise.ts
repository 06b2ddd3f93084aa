import { Requantise } from './records';

/** `rn(v, shift)`, not clamped. */
export function rounded(v: i64, q: Requantise): i64 {
  const right = <i64>q.right;
  return ((v << (<i64>q.left)) + (((<i64>1) << right) >> 1)) >> right;
}
