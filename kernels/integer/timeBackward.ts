import { back8, back16 } from './backward';
import { listWhere } from './lists';
import { Errors, List, Matrix } from './records';
import { backShort } from './short16';
import { counted, decayed } from './timeCells';
import { overSteps } from './timeForward';
import { BYTES, ERRORS_BYTES, Hidden, SHORT, SNU, WIDE } from './timeRecords';

/** Fraction bits of a factor, and log2 of the greatest one. */
const FACTOR: i32 = 7;

/** `sums = columns * errors` of the listed columns, each at its place: 8 bytes for a WIDE one, else 4. */
function back(width: i32, matrix: Matrix, list: List, errors: Errors, sums: usize): void {
  if (width === BYTES) back8(matrix, list, errors, sums);
  else if (width === SHORT) backShort(matrix, list, errors, sums);
  else back16(matrix, list, errors, sums);
}

function any(errors: Errors): bool {
  return errors.least !== 0 || errors.most !== 0;
}

function errorsAt(first: usize, t: usize): Errors {
  return changetype<Errors>(first + t * ERRORS_BYTES);
}

/** Factors of listed neurons, 4 bytes each: `max(low, floor(256 S / most))`. */
function setFactors(list: List, strengths: usize, most: i32, low: i32, out: usize): void {
  for (let c: usize = 0, count = <usize>list.count; c < count; c++) {
    const j = (<usize>load<i32>(list.indices + (c << 2))) << 2;
    store<i32>(out + j, max(low, <i32>((256.0 * <f64>load<i32>(strengths + j)) / <f64>most)));
  }
}

/** The greatest of eight numbers of 2 bytes. */
function greatest(v: v128): i32 {
  const four = i32x4.max_s(i32x4.extend_low_i16x8_s(v), i32x4.extend_high_i16x8_s(v));
  return max(
    max(i32x4.extract_lane(four, 0), i32x4.extract_lane(four, 1)),
    max(i32x4.extract_lane(four, 2), i32x4.extract_lane(four, 3)),
  );
}

/** Sets the range of errors from the least and the greatest in each lane. */
function setRange(errors: Errors, least: v128, most: v128): void {
  errors.least = ~greatest(v128.not(least));
  errors.most = greatest(most);
}

/** Finds the least and the greatest of errors, 0 included. */
export function range(errors: Errors, rows: usize): void {
  let least = i16x8.splat(0);
  let most = least;
  for (let at: usize = 0, end = rows << 1; at < end; at += 16) {
    const e = v128.load(errors.values + at);
    least = i16x8.min_s(least, e);
    most = i16x8.max_s(most, e);
  }
  setRange(errors, least, most);
}

/** Four sums of errors, aligned. */
function aligned(above: usize, up: i32, own: usize, across: i32, at: usize): v128 {
  const b = above === 0 ? i32x4.splat(0) : i32x4.shl(v128.load(above + at), up);
  return own === 0 ? b : i32x4.add(b, i32x4.shl(v128.load(own + at), across));
}

/**
 * Errors of a step, in lanes of 4 bytes. Returns how many saturated.
 * @param above sums of errors from above, each at its neuron's place; 0: none
 * @param own the same from the layer's own step after
 * @param factors 4 bytes each; 0: none
 * @param right of what is aligned, times its factor: 0 and more
 * @param later errors of the step after, whose carry reaches neurons without a value; 0: none
 */
function setShort(
  layer: Hidden,
  t: usize,
  above: usize,
  own: usize,
  factors: usize,
  right: i32,
  later: usize,
  errors: Errors,
): f64 {
  const rows = <usize>layer.rows;
  const x = layer.x.values + ((t * rows) << 1);
  const open = layer.open + ((t * rows) << 1);
  const zero = i16x8.splat(0);
  const half = i32x4.splat((1 << right) >> 1);
  const some = above !== 0 || own !== 0;
  const up = layer.back.up;
  const across = layer.back.across;
  const low = i16x8.splat(<i16>layer.back.low);
  const high = i16x8.splat(<i16>layer.back.high);
  const decay = layer.cell.decay;
  let least = zero;
  let most = zero;
  let saturated = zero;
  for (let row: usize = 0; row < rows; row += 8) {
    const at = row << 1;
    let v = zero;
    if (some) {
      let a = aligned(above, up, own, across, row << 2);
      let b = aligned(above, up, own, across, (row << 2) + 16);
      if (factors !== 0) {
        a = i32x4.mul(a, v128.load(factors + (row << 2)));
        b = i32x4.mul(b, v128.load(factors + (row << 2), 16));
      }
      a = i32x4.shr_s(i32x4.add(a, half), right);
      b = i32x4.shr_s(i32x4.add(b, half), right);
      v = v128.and(i16x8.narrow_i32x4_s(a, b), v128.load(open + at));
    }
    if (later !== 0) {
      v = i16x8.add_sat_s(v, v128.and(decayed(v128.load(later + at), decay), i16x8.eq(v128.load(x + at), zero)));
    }
    const e = i16x8.min_s(high, i16x8.max_s(low, v));
    saturated = i16x8.add(saturated, i16x8.ne(e, v));
    least = i16x8.min_s(least, e);
    most = i16x8.max_s(most, e);
    v128.store(errors.values + at, e);
  }
  setRange(errors, least, most);
  return counted(saturated);
}

function sumAt(sums: usize, wide: bool, j: usize): i64 {
  return wide ? load<i64>(sums + (j << 3)) : <i64>load<i32>(sums + (j << 2));
}

function rounded(v: i64, right: i32): i64 {
  return right > 0 ? (v + ((<i64>1) << (<i64>(right - 1)))) >> <i64>right : v << (<i64>-right);
}

/** Errors of the listed neurons at a step, whatever their widths; parameters as of `setShort`. Returns how many saturated. */
function setLong(
  layer: Hidden,
  t: usize,
  list: List,
  above: usize,
  own: usize,
  factors: usize,
  later: usize,
  errors: Errors,
): f64 {
  const rows = <usize>layer.rows;
  const x = layer.x.values + ((t * rows) << 1);
  const out = errors.values;
  const zero = i16x8.splat(0);
  const up = layer.back.up;
  const across = layer.back.across;
  const right = layer.back.right;
  for (let at: usize = 0, end = rows << 1; at < end; at += 16) {
    let e = zero;
    if (later !== 0) e = v128.and(decayed(v128.load(later + at), layer.cell.decay), i16x8.eq(v128.load(x + at), zero));
    v128.store(out + at, e);
  }
  const wide = layer.width === WIDE;
  const least: i64 = layer.back.low;
  const greatest: i64 = layer.back.high;
  let saturated = 0;
  for (let c: usize = 0, count = <usize>list.count; c < count; c++) {
    const j = <usize>load<i32>(list.indices + (c << 2));
    let b: i64 = 0;
    if (above !== 0) b = sumAt(above, wide, j) << (<i64>up);
    if (own !== 0) b += sumAt(own, wide, j) << (<i64>across);
    const factor: i64 = factors === 0 ? 1 << FACTOR : load<i32>(factors + (j << 2));
    const v = rounded(b * factor, right) + <i64>load<i16>(out + (j << 1));
    const e = max<i64>(least, min<i64>(greatest, v));
    saturated += <i32>(v !== e);
    store<i16>(out + (j << 1), <i16>e);
  }
  range(errors, rows);
  return <f64>saturated;
}

/**
 * The way back through a hidden layer, the last step first.
 * @param top the output's errors where they reach the layer, the same ones at every step; else 0
 * @param seen records of the errors of the hidden layer above for each step; else 0
 * @param strengths of the neurons, 4 bytes each, the greatest of them, and the least factor; no strengths: all factors are `low`
 * @param split errors without factors as well
 */
export function backwardHidden(
  layer: Hidden,
  top: usize,
  seen: usize,
  strengths: usize,
  most: i32,
  low: i32,
  split: bool,
): void {
  const width = layer.width;
  const list = layer.list;
  const how = layer.back;
  const rows = <usize>layer.rows;
  const steps = <usize>layer.steps;
  const carries = layer.cell.kind === SNU;
  const once = top !== 0 && any(changetype<Errors>(top));
  const modulates = strengths !== 0 || low !== 1 << FACTOR;
  if (once || strengths !== 0) {
    overSteps(layer.open, rows, steps, layer.x.any, layer.x.sum);
    listWhere(layer.x.any, layer.x.any, rows, layer.opened);
  }
  if (strengths !== 0) setFactors(layer.opened, strengths, most, low, layer.factors);
  else if (modulates) for (let j: usize = 0; j < rows; j++) store<i32>(layer.factors + (j << 2), low);
  const factors = modulates ? layer.factors : 0;
  const plain = how.right - FACTOR;
  const short = how.short > (modulates ? 1 : 0) && plain >= 0;
  const shortThrough = how.short > 0 && plain >= 0;
  if (once) back(width, layer.carrier, layer.opened, changetype<Errors>(top), layer.dense);
  for (let t = steps - 1; <isize>t >= 0; t--) {
    const open = layer.open + ((t * rows) << 1);
    const last = t === steps - 1;
    const after = last ? t : t + 1;
    listWhere(open, open, rows, list);
    store<f64>(layer.errorCount, load<f64>(layer.errorCount, 8) + <f64>list.count, 8);
    let above: usize = once ? layer.dense : 0;
    if (seen !== 0 && any(errorsAt(seen, t))) {
      back(width, layer.carrier, list, errorsAt(seen, t), layer.sums);
      above = layer.sums;
    }
    let own: usize = 0;
    if (layer.recurrent !== 0 && !last && any(errorsAt(layer.through, after))) {
      own = layer.own;
      back(width, changetype<Matrix>(layer.recurrent), list, errorsAt(layer.through, after), own);
    }
    for (let pass = 0, passes = split ? 2 : 1; pass < passes; pass++) {
      const to = pass === 0 ? layer.errors : layer.through;
      const before = errorsAt(to, after);
      const later = carries && !last && any(before) ? before.values : 0;
      const by = pass === 0 ? factors : 0;
      const saturated = (pass === 0 ? short : shortThrough)
        ? setShort(layer, t, above, own, by, by === 0 ? plain : how.right, later, errorsAt(to, t))
        : setLong(layer, t, list, above, own, by, later, errorsAt(to, t));
      if (pass === 0) store<f64>(layer.errorCount, load<f64>(layer.errorCount) + saturated);
    }
  }
}

/** `out = (first << up) + (second << across)`, 4 bytes each: strengths of two matrices. */
export function addStrengths(first: usize, up: i32, second: usize, across: i32, rows: usize, out: usize): void {
  for (let at: usize = 0, end = rows << 2; at < end; at += 16) {
    v128.store(out + at, i32x4.add(i32x4.shl(v128.load(first + at), up), i32x4.shl(v128.load(second + at), across)));
  }
}
