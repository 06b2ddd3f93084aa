import { listWhere } from './lists';
import { List, Matrix } from './records';
import { Sequence } from './timeRecords';

// Columns whose spikes fall on the same ones of four steps are alike: their weights are added up once for all of these steps.

/** Sets of up to four steps, and columns of one set that are added up before they are widened. */
const SETS: usize = 16;
const MOST: usize = 255;

/** Sets of steps are numbers of 4 bits: how many columns have each, and where those behind it begin among all columns. */
const COUNTS = memory.data(64, 16);
const ENDS = memory.data(64, 16);

export function grouped(x: Sequence): bool {
  return x.spikes === 1 && x.constant === 0;
}

/** The group of four steps from step `t` on: for each column, at which of them it fires. */
export function groupAt(x: Sequence, t: usize): usize {
  return x.groups + (((t >> 2) * <usize>x.rows) << 1);
}

/** Groups `count` steps from step `t` on, and lists the columns that fire, sets for values. */
function group(x: Sequence, t: usize, count: usize): List {
  const rows = <usize>x.rows;
  const bytes = rows << 1;
  const out = groupAt(x, t);
  for (let at: usize = 0; at < bytes; at += 16) {
    let set = i16x8.splat(0);
    let from = x.values + t * bytes + at;
    for (let s: usize = 0; s < count; s++) {
      set = v128.or(set, i16x8.shl(v128.load(from), <i32>s));
      from += bytes;
    }
    v128.store(out + at, set);
  }
  listWhere(out, out, rows, x.now);
  return x.now;
}

/** Orders the columns of a list of sets by their set, at the indices of `to`. */
function order(from: List, to: List): void {
  const end = <usize>from.count;
  memory.fill(COUNTS, 0, SETS << 2);
  for (let c: usize = 0; c < end; c++) {
    const set = COUNTS + ((<usize>load<u16>(from.values + (c << 1))) << 2);
    store<i32>(set, load<i32>(set) + 1);
  }
  let sum = 0;
  for (let set: usize = 0; set < SETS; set++) {
    store<i32>(ENDS + (set << 2), sum);
    sum += load<i32>(COUNTS + (set << 2));
  }
  for (let c: usize = 0; c < end; c++) {
    const set = ENDS + ((<usize>load<u16>(from.values + (c << 1))) << 2);
    const at = load<i32>(set);
    store<i32>(set, at + 1);
    store<i32>(to.indices + ((<usize>at) << 2), load<i32>(from.indices + (c << 2)));
  }
}

/** Adds four numbers to those at `to`. */
function add(to: usize, v: v128): void {
  v128.store(to, i32x4.add(v128.load(to), v));
}

/** Adds sums of a set's columns, 32 rows of 2 bytes, to the sums of its steps. */
function share8(sums: usize, rows: usize, set: usize, a: v128, b: v128, c: v128, d: v128): void {
  for (let to = sums; set !== 0; set >>= 1, to += rows << 2) {
    if ((set & 1) === 0) continue;
    add(to, i32x4.extend_low_i16x8_s(a));
    add(to + 16, i32x4.extend_high_i16x8_s(a));
    add(to + 32, i32x4.extend_low_i16x8_s(b));
    add(to + 48, i32x4.extend_high_i16x8_s(b));
    add(to + 64, i32x4.extend_low_i16x8_s(c));
    add(to + 80, i32x4.extend_high_i16x8_s(c));
    add(to + 96, i32x4.extend_low_i16x8_s(d));
    add(to + 112, i32x4.extend_high_i16x8_s(d));
  }
}

/** `sums = matrix * x` of `count` steps from step `t` on, up to four, for bytes; sums of 4 bytes, step after step. */
export function addGroup8(matrix: Matrix, x: Sequence, t: usize, count: usize, rows: usize, sums: usize): void {
  order(group(x, t, count), x.changes);
  memory.fill(sums, 0, (count * rows) << 2);
  const stride = <usize>matrix.stride;
  for (let row: usize = 0; row < rows; row += 32) {
    const base = matrix.values + row;
    let at = x.changes.indices;
    for (let set: usize = 1; set < SETS; set++) {
      for (const last = x.changes.indices + ((<usize>load<i32>(ENDS + (set << 2))) << 2); at < last; ) {
        let a = i16x8.splat(0);
        let b = a;
        let c = a;
        let d = a;
        for (const end = min(last, at + (MOST << 2)); at < end; at += 4) {
          const column = base + <usize>load<i32>(at) * stride;
          a = i16x8.add(a, v128.load8x8_s(column));
          b = i16x8.add(b, v128.load8x8_s(column, 8));
          c = i16x8.add(c, v128.load8x8_s(column, 16));
          d = i16x8.add(d, v128.load8x8_s(column, 24));
        }
        share8(sums + (row << 2), rows, set, a, b, c, d);
      }
    }
  }
}

/** The same for rows of 2 bytes. */
export function addGroup16(matrix: Matrix, x: Sequence, t: usize, count: usize, rows: usize, sums: usize): void {
  order(group(x, t, count), x.changes);
  memory.fill(sums, 0, (count * rows) << 2);
  const stride = <usize>matrix.stride;
  for (let row: usize = 0; row < rows; row += 16) {
    const base = matrix.values + (row << 1);
    let at = x.changes.indices;
    for (let set: usize = 1; set < SETS; set++) {
      const last = x.changes.indices + ((<usize>load<i32>(ENDS + (set << 2))) << 2);
      if (at === last) continue;
      let a = i32x4.splat(0);
      let b = a;
      let c = a;
      let d = a;
      for (; at < last; at += 4) {
        const column = base + <usize>load<i32>(at) * stride;
        a = i32x4.add(a, v128.load16x4_s(column));
        b = i32x4.add(b, v128.load16x4_s(column, 8));
        c = i32x4.add(c, v128.load16x4_s(column, 16));
        d = i32x4.add(d, v128.load16x4_s(column, 24));
      }
      let to = sums + (row << 2);
      for (let steps = set; steps !== 0; steps >>= 1, to += rows << 2) {
        if ((steps & 1) === 0) continue;
        add(to, a);
        add(to + 16, b);
        add(to + 32, c);
        add(to + 48, d);
      }
    }
  }
}
