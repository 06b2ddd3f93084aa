import { multiply8 } from './forward8';
import { multiply16 } from './forward16';
import { addGroup8, addGroup16, grouped } from './groups';
import { listChanges, listWhere } from './lists';
import { List, Matrix } from './records';
import { multiplyShort } from './short16';
import { counted, fire } from './timeCells';
import { BYTES, Cell, COUNT_BYTES, Count, Hidden, Sequence, SHORT, WIDE } from './timeRecords';

/** `sums = matrix * vector`, of 8 bytes for a WIDE one, else 4. */
export function multiply(width: i32, matrix: Matrix, list: List, sums: usize, keep: bool): void {
  if (width === BYTES) multiply8(matrix, list, sums, keep);
  else if (width === SHORT) multiplyShort(matrix, list, sums, keep);
  else multiply16(matrix, list, sums, keep);
}

/** How many of `rows` values of 2 bytes are not 0; at most 2^15 - 1 in each of eight lanes. */
function nonZero(values: usize, rows: usize): i32 {
  const zero = i16x8.splat(0);
  let count = zero;
  for (let at = values, end = values + (rows << 1); at < end; at += 16) {
    count = i16x8.add(count, i16x8.ne(v128.load(at), zero));
  }
  return <i32>counted(count);
}

/** `sums = matrix * x_t`, from those of the step before where fewer columns have changed since than are in use. */
function proceed(width: i32, matrix: Matrix, x: Sequence, t: usize, sums: usize): void {
  const rows = <usize>x.rows;
  const at = x.values + ((t * rows) << 1);
  if (t > 0) listChanges(at, at - (rows << 1), rows, x.now);
  const changes = t > 0 && x.now.count < nonZero(at, rows);
  if (!changes) listWhere(at, at, rows, x.now);
  multiply(width, matrix, x.now, sums, changes);
}

/** Aligns the sums of a step, rounds them and saturates them to 2 bytes. @param own sums of the recurrent matrix, or 0 */
function align(cell: Cell, sums: usize, own: usize, wide: bool, rows: usize, out: usize): void {
  const up = cell.up;
  const across = cell.across;
  const right = cell.right;
  if (cell.short === 1) {
    const half = i32x4.splat((1 << right) >> 1);
    for (let row: usize = 0; row < rows; row += 8) {
      const from = sums + (row << 2);
      let a = i32x4.add(i32x4.shl(v128.load(from), up), half);
      let b = i32x4.add(i32x4.shl(v128.load(from, 16), up), half);
      if (own !== 0) {
        a = i32x4.add(a, i32x4.shl(v128.load(own + (row << 2)), across));
        b = i32x4.add(b, i32x4.shl(v128.load(own + (row << 2), 16), across));
      }
      v128.store(out + (row << 1), i16x8.narrow_i32x4_s(i32x4.shr_s(a, right), i32x4.shr_s(b, right)));
    }
    return;
  }
  const most: i64 = 0x7fff;
  for (let row: usize = 0; row < rows; row++) {
    let v = (wide ? load<i64>(sums + (row << 3)) : <i64>load<i32>(sums + (row << 2))) << (<i64>up);
    if (own !== 0) v += (wide ? load<i64>(own + (row << 3)) : <i64>load<i32>(own + (row << 2))) << (<i64>across);
    if (right > 0) v = (v + ((<i64>1) << (<i64>(right - 1)))) >> <i64>right;
    else v = max<i64>(-most, min<i64>(most, v)) << (<i64>-right);
    store<i16>(out + (row << 1), <i16>max<i64>(-most - 1, min<i64>(most, v)));
  }
}

/**
 * The forward pass of a hidden layer, all its steps. A source that stays the same is multiplied once; columns of spikes that
 * fire at the same ones of four steps are added up once for all of them.
 */
export function forwardHidden(layer: Hidden): void {
  const source = layer.source;
  const x = layer.x;
  const width = layer.width;
  const rows = <usize>layer.rows;
  const wide = width === WIDE;
  const spikes = grouped(source) && !wide;
  for (let t: usize = 0, steps = <usize>layer.steps; t < steps; t++) {
    let sums = layer.sums;
    const moves = t === 0 || source.constant === 0;
    if (source.constant === 1) {
      if (t === 0) multiply(width, layer.forward, source.total, sums, false);
    } else if (spikes) {
      if ((t & 3) === 0) {
        const count = min<usize>(4, steps - t);
        if (width === BYTES) addGroup8(layer.forward, source, t, count, rows, sums);
        else addGroup16(layer.forward, source, t, count, rows, sums);
      }
      sums += ((t & 3) * rows) << 2;
    } else proceed(width, layer.forward, source, t, sums);
    let own: usize = 0;
    if (t > 0 && layer.recurrent !== 0) {
      own = layer.own;
      proceed(width, changetype<Matrix>(layer.recurrent), x, t - 1, own);
    }
    if (moves || own !== 0) align(layer.cell, sums, own, wide, rows, layer.aligned);
    fire(layer, t, layer.aligned, changetype<Count>(layer.counts + t * COUNT_BYTES));
  }
}

/** Lists the columns that the first `steps` steps use, with the sums of their values. */
export function listUsed(x: Sequence, steps: usize, list: List): void {
  overSteps(x.values, <usize>x.rows, steps, x.any, x.sum);
  listWhere(x.any, x.sum, <usize>x.rows, list);
}

/** `any` is not 0 where a step's value is not 0, `sum` the sum over the steps; 2 bytes a row. */
export function overSteps(values: usize, rows: usize, steps: usize, any: usize, sum: usize): void {
  for (let at: usize = 0, end = rows << 1; at < end; at += 16) {
    let or = i16x8.splat(0);
    let added = or;
    let from = values + at;
    for (let t: usize = 0; t < steps; t++) {
      const v = v128.load(from);
      or = v128.or(or, v);
      added = i16x8.add(added, v);
      from += end;
    }
    v128.store(any + at, or);
    v128.store(sum + at, added);
  }
}
