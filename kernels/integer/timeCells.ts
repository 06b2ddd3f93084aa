import { Cell, Count, Hidden, RELU, TANH } from './timeRecords';

/** How many numbers of eight lanes were counted down. */
export function counted(lanes: v128): f64 {
  const sums = i32x4.extadd_pairwise_i16x8_s(lanes);
  return -(<f64>(
    (i32x4.extract_lane(sums, 0) +
      i32x4.extract_lane(sums, 1) +
      i32x4.extract_lane(sums, 2) +
      i32x4.extract_lane(sums, 3))
  ));
}

function count(counts: Count, active: v128, open: v128, saturated: v128): void {
  counts.active += counted(active);
  counts.open += counted(open);
  counts.saturated += counted(saturated);
}

function relu(v: usize, rows: usize, cell: Cell, x: usize, open: usize, counts: Count): void {
  const most = i16x8.splat(<i16>cell.high);
  const zero = i16x8.splat(0);
  let active = zero;
  let saturated = zero;
  for (let at: usize = 0, end = rows << 1; at < end; at += 16) {
    const all = v128.load(v + at);
    const is = i16x8.gt_s(all, zero);
    v128.store(x + at, v128.and(is, i16x8.min_s(all, most)));
    v128.store(open + at, is);
    active = i16x8.add(active, is);
    saturated = i16x8.add(saturated, i16x8.gt_s(all, most));
  }
  count(counts, active, active, saturated);
}

/** Hard tanh; `size` rows are not padding. */
function tanh(v: usize, rows: usize, size: usize, cell: Cell, x: usize, open: usize, counts: Count): void {
  const least = i16x8.splat(<i16>cell.low);
  const most = i16x8.splat(<i16>cell.high);
  const zero = i16x8.splat(0);
  let active = zero;
  let opened = zero;
  for (let row: usize = 0; row < rows; row += 8) {
    const all = v128.load(v + (row << 1));
    const value = i16x8.min_s(most, i16x8.max_s(least, all));
    let is = i16x8.eq(all, value);
    if (row + 8 > size) {
      is = v128.and(is, i16x8.lt_s(i16x8(0, 1, 2, 3, 4, 5, 6, 7), i16x8.splat(<i16>(<i32>size - <i32>row))));
    }
    v128.store(x + (row << 1), value);
    v128.store(open + (row << 1), is);
    active = i16x8.add(active, i16x8.ne(value, zero));
    opened = i16x8.add(opened, is);
  }
  count(counts, active, opened, zero);
  counts.saturated += <f64>size - counted(opened);
}

/** `v - rn(v, shift)` of eight numbers. */
export function decayed(v: v128, shift: i32): v128 {
  const half = (1 << shift) >> 1;
  return i16x8.sub(v, i16x8.shr_s(i16x8.add(v, i16x8.splat(<i16>half)), shift));
}

/** Spikes and membranes. @param before membranes of the step before, or 0; with `fired` */
function snu(
  v: usize,
  rows: usize,
  cell: Cell,
  before: usize,
  fired: usize,
  membrane: usize,
  x: usize,
  open: usize,
  counts: Count,
): void {
  const zero = i16x8.splat(0);
  const low = i16x8.splat(<i16>cell.low);
  const high = i16x8.splat(<i16>cell.high);
  const threshold = i16x8.splat(<i16>cell.threshold);
  const window = i16x8.splat(<i16>cell.window);
  let active = zero;
  let opened = zero;
  let saturated = zero;
  for (let at: usize = 0, end = rows << 1; at < end; at += 16) {
    let sum = v128.load(v + at);
    if (before !== 0) {
      const kept = decayed(v128.load(before + at), cell.decay);
      sum = i16x8.add_sat_s(sum, v128.and(kept, i16x8.eq(v128.load(fired + at), zero)));
    }
    const s = i16x8.min_s(high, i16x8.max_s(low, sum));
    const spike = i16x8.ge_s(s, threshold);
    const is = i16x8.lt_s(i16x8.abs(i16x8.sub(s, threshold)), window);
    v128.store(membrane + at, s);
    v128.store(x + at, i16x8.shr_u(spike, 15));
    v128.store(open + at, is);
    active = i16x8.add(active, spike);
    opened = i16x8.add(opened, is);
    saturated = i16x8.add(saturated, i16x8.ne(s, sum));
  }
  count(counts, active, opened, saturated);
}

/** Values, membranes and masks of what is open of a layer's step from its sums at `v`, 2 bytes each. */
export function fire(layer: Hidden, t: usize, v: usize, counts: Count): void {
  const rows = <usize>layer.rows;
  const at = (t * rows) << 1;
  const x = layer.x.values + at;
  const open = layer.open + at;
  const cell = layer.cell;
  if (cell.kind === RELU) relu(v, rows, cell, x, open, counts);
  else if (cell.kind === TANH) tanh(v, rows, <usize>layer.size, cell, x, open, counts);
  else {
    const before: usize = t === 0 ? 0 : layer.membrane + at - (rows << 1);
    snu(v, rows, cell, before, x - (rows << 1), layer.membrane + at, x, open, counts);
  }
}
