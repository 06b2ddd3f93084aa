import { move } from './gradient';
import { groupAt } from './groups';
import { Errors, Learning } from './records';
import { range } from './timeBackward';
import { BYTES, ERRORS_BYTES, Hidden } from './timeRecords';
import { maskOf, moves, xorshift } from './update';
import { move8, narrow8, settle8 } from './update8';
import { settle16 } from './update16';

/** Bytes of a record of a set, and sets of four steps. */
const RECORD: usize = 16;
const SETS: usize = 16;

/** The errors summed over a set of the four steps from step `first` on; values of 0 in its record: not yet known. */
function setOf(layer: Hidden, first: usize, set: usize): Errors {
  const at = (first >> 2) * SETS + set;
  const known = changetype<Errors>(layer.sets + at * RECORD);
  if (known.values !== 0) return known;
  const bytes = (<usize>layer.rows) << 1;
  const out = layer.setSums + at * bytes;
  memory.fill(out, 0, bytes);
  for (let t = first, left = set; left !== 0; left >>= 1, t++) {
    if ((left & 1) === 0) continue;
    const e = changetype<Errors>(layer.errors + t * ERRORS_BYTES);
    const least = e.least;
    const most = e.most;
    const values = e.values;
    if (least === 0 && most === 0) continue;
    for (let row: usize = 0; row < bytes; row += 16) {
      v128.store(out + row, i16x8.add(v128.load(out + row), v128.load(values + row)));
    }
  }
  known.values = out;
  range(known, <usize>layer.rows);
  narrow8(out, <usize>layer.rows, layer.setBytes + at * (bytes >> 1));
  return known;
}

/** Where the errors of a known set are narrowed. */
function bytesOf(layer: Hidden, set: Errors): usize {
  return layer.setBytes + ((set.values - layer.setSums) >> 1);
}

/** Widens numbers of 2 bytes to 4. */
function widen(from: usize, rows: usize, out: usize): void {
  for (let row: usize = 0; row < rows; row += 8) {
    const v = v128.load(from + (row << 1));
    v128.store(out + (row << 2), i32x4.extend_low_i16x8_s(v));
    v128.store(out + (row << 2), i32x4.extend_high_i16x8_s(v), 16);
  }
}

/**
 * Updates the columns of spikes that are in use. Columns that fire at the same ones of four steps have the same gradient, which
 * is added up once. Errors of all steps add up within 2 bytes.
 */
export function updateGrouped(layer: Hidden, learning: Learning, shift: i32, stochastic: bool): void {
  const source = layer.source;
  const summed = layer.summed;
  const width = layer.width;
  const rows = <usize>layer.rows;
  const steps = <usize>layer.steps;
  const list = source.total;
  const mask = maskOf(shift);
  const nearest = mask ^ (mask >> 1);
  memory.fill(layer.sets, 0, ((steps + 3) >> 2) * SETS * RECORD);
  let y = learning.random;
  for (let c: usize = 0, count = <usize>list.count; c < count; c++) {
    if (stochastic) y = xorshift(y);
    const random = stochastic ? <u32>(<u64>y >> <u64>(32 - shift)) : nearest;
    const j = <usize>load<i32>(list.indices + (c << 2));
    let drop = 0;
    let rise = 0;
    let parts = 0;
    let errors = summed;
    for (let t: usize = 0; t < steps; t += 4) {
      const set = <usize>load<u16>(groupAt(source, t) + (j << 1));
      if (set === 0) continue;
      errors = setOf(layer, t, set);
      drop += errors.most;
      rise -= errors.least;
      parts++;
    }
    if (!moves(drop, rise, random, mask)) continue;
    let narrowed = layer.setBytes;
    if (parts === 1) narrowed = bytesOf(layer, errors);
    else {
      errors = summed;
      memory.fill(errors.values, 0, rows << 1);
      for (let t: usize = 0; t < steps; t += 4) {
        const set = <usize>load<u16>(groupAt(source, t) + (j << 1));
        if (set === 0) continue;
        const part = setOf(layer, t, set).values;
        for (let at: usize = 0, end = rows << 1; at < end; at += 16) {
          const to = errors.values + at;
          v128.store(to, i16x8.add(v128.load(to), v128.load(part + at)));
        }
      }
      errors.least = -rise;
      errors.most = drop;
      narrowed = layer.own;
      if (width === BYTES) narrow8(errors.values, rows, narrowed);
    }
    const column = layer.forward.values + j * <usize>layer.forward.stride;
    if (width === BYTES) move8(column, errors, narrowed, 1, random, shift, learning, rows);
    else {
      widen(errors.values, rows, layer.own);
      move(column, 2, layer.own, drop, rise, random, shift, learning, rows);
    }
  }
  learning.random = y;
  if (width === BYTES) settle8(learning, rows);
  else settle16(learning, rows);
}
