import { List } from './records';

/** Entries of one block of a scan. */
const BLOCK = 16;

/**
 * For each set of the lanes of eight numbers of 2 bytes: which bytes bring them together at the front, for `swizzle`; the rest
 * become 0.
 */
const GATHER = memory.data(256 << 4, 16);

for (let set: usize = 0; set < 256; set++) {
  let to = GATHER + (set << 4);
  for (let lane: usize = 0; lane < 8; lane++) {
    if (((set >> lane) & 1) === 0) continue;
    store<u16>(to, <u16>((lane << 1) | (((lane << 1) | 1) << 8)));
    to += 2;
  }
  for (const end = GATHER + ((set + 1) << 4); to < end; to += 2) store<u16>(to, 0x8080);
}

/**
 * Writes those of eight values that are in a set behind a list's first `n` entries, their indices counted from `first`, and
 * gives how many entries there are then. Overwrites room for eight.
 */
export function append(list: List, n: usize, set: i32, first: i32, values: v128): usize {
  const gather = v128.load(GATHER + ((<usize>set) << 4));
  const lanes = i8x16.swizzle(i16x8(0, 1, 2, 3, 4, 5, 6, 7), gather);
  const base = i32x4.splat(first);
  v128.store(list.indices + (n << 2), i32x4.add(base, i32x4.extend_low_i16x8_u(lanes)));
  v128.store(list.indices + (n << 2), i32x4.add(base, i32x4.extend_high_i16x8_u(lanes)), 16);
  v128.store(list.values + (n << 1), i8x16.swizzle(values, gather));
  return n + <usize>popcnt(set);
}

/** Ends a list after `count` entries, with the ones of value 0 behind it. */
export function close(list: List, count: usize): void {
  list.count = <i32>count;
  v128.store(list.indices + (count << 2), i32x4.splat(0));
  store<i64>(list.values + (count << 1), 0);
}

/** Lists the rows whose entry of 2 bytes in `mask` is not 0, with their values of 2 bytes; `rows` padded. */
export function listWhere(mask: usize, values: usize, rows: usize, list: List): void {
  const zero = i16x8.splat(0);
  let n: usize = 0;
  for (let row: usize = 0; row < rows; row += 8) {
    const set = i16x8.bitmask(i16x8.ne(v128.load(mask + (row << 1)), zero));
    n = append(list, n, set, <i32>row, v128.load(values + (row << 1)));
  }
  close(list, n);
}

/** Lists the rows in which values differ from those of before, with their differences; 2 bytes each. */
export function listChanges(values: usize, before: usize, rows: usize, list: List): void {
  const zero = i16x8.splat(0);
  let n: usize = 0;
  for (let row: usize = 0; row < rows; row += 8) {
    const change = i16x8.sub(v128.load(values + (row << 1)), v128.load(before + (row << 1)));
    n = append(list, n, i16x8.bitmask(i16x8.ne(change, zero)), <i32>row, change);
  }
  close(list, n);
}

/**
 * Lists the non-zero ones of `count` features of 2 bytes, padded with 0 to a whole block.
 */
export function listFeatures(features: usize, count: usize, list: List): void {
  listWhere(features, features, (count + BLOCK - 1) & ~(BLOCK - 1), list);
}

/**
 * Lists the non-zero features of `count` pixels of 1 byte, padded with 0 to a whole block.
 * @param table the feature of each pixel value, 2 bytes each, that of 0 being 0
 */
export function listPixels(pixels: usize, count: usize, table: usize, list: List): void {
  const zero = i8x16.splat(0);
  let n: usize = 0;
  for (let from: usize = 0; from < count; from += BLOCK) {
    const block = v128.load(pixels + from);
    if (!v128.any_true(block)) continue;
    const set = i8x16.bitmask(i8x16.ne(block, zero));
    n = append(list, n, set & 255, <i32>from, i16x8.extend_low_i8x16_u(block));
    n = append(list, n, set >> 8, <i32>from + 8, i16x8.extend_high_i8x16_u(block));
  }
  let kept: usize = 0;
  for (let c: usize = 0; c < n; c++) {
    const v = load<i16>(table + ((<usize>load<u16>(list.values + (c << 1))) << 1));
    store<i32>(list.indices + (kept << 2), load<i32>(list.indices + (c << 2)));
    store<i16>(list.values + (kept << 1), v);
    kept += <usize>(v !== 0);
  }
  close(list, kept);
}

/** The features of `steps` rows of `size` pixels of 1 byte each, every row of features padded to `rows`; 2 bytes each. */
export function spreadPixels(pixels: usize, size: usize, steps: usize, table: usize, rows: usize, out: usize): void {
  for (let t: usize = 0; t < steps; t++) {
    for (let j: usize = 0; j < size; j++) {
      store<i16>(out + (j << 1), load<i16>(table + ((<usize>load<u8>(pixels + j)) << 1)));
    }
    pixels += size;
    out += rows << 1;
  }
}
