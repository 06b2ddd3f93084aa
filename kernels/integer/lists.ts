import { List } from './records';

/** Entries of one block of a scan. */
const BLOCK = 16;

/** Ends a list after `count` entries, with the ones of value 0 behind it. */
export function close(list: List, count: usize): void {
  list.count = <i32>count;
  v128.store(list.indices + (count << 2), i32x4.splat(0));
  store<i64>(list.values + (count << 1), 0);
}

/**
 * Lists the non-zero ones of `count` features of 2 bytes, padded with 0 to a whole block. The list needs room for four
 * entries more than it takes.
 */
export function listFeatures(features: usize, count: usize, list: List): void {
  let n: usize = 0;
  for (let from: usize = 0; from < count; from += BLOCK) {
    const block = features + (from << 1);
    if (!v128.any_true(v128.or(v128.load(block), v128.load(block, 16)))) continue;
    for (let j = from; j < from + BLOCK; j++) {
      const v = <i32>load<i16>(features + (j << 1));
      store<i32>(list.indices + (n << 2), j);
      store<i16>(list.values + (n << 1), v);
      n += <usize>(v !== 0);
    }
  }
  close(list, n);
}

/**
 * Lists the non-zero features of `count` pixels of 1 byte, padded with 0 to a whole block.
 * @param table the feature of each pixel value, 2 bytes each, that of 0 being 0
 */
export function listPixels(pixels: usize, count: usize, table: usize, list: List): void {
  let n: usize = 0;
  for (let from: usize = 0; from < count; from += BLOCK) {
    if (!v128.any_true(v128.load(pixels + from))) continue;
    for (let j = from; j < from + BLOCK; j++) {
      const v = load<i16>(table + ((<usize>load<u8>(pixels + j)) << 1));
      store<i32>(list.indices + (n << 2), j);
      store<i16>(list.values + (n << 1), v);
      n += <usize>(v !== 0);
    }
  }
  close(list, n);
}
