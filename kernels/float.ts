// The float32 reference's loops. A matrix lies column by column, each column padded with 0 to a multiple of 16 rows;
// vectors over rows are padded alike. Lists have 4-byte indices and float32 values.

/** Bytes of a block of rows. */
const BLOCK: usize = 64;

/** `sums = matrix * list`. `bytes`: from one column to the next. */
export function multiply(matrix: usize, bytes: usize, indices: usize, values: usize, count: i32, sums: usize): void {
  const end = indices + ((<usize>count) << 2);
  for (let row: usize = 0; row < bytes; row += BLOCK) {
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    const base = matrix + row;
    let value = values;
    for (let at = indices; at < end; at += 4) {
      const a = base + <usize>load<i32>(at) * bytes;
      const x = v128.load32_splat(value);
      value += 4;
      s0 = f32x4.add(s0, f32x4.mul(v128.load(a), x));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), x));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(a, 32), x));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(a, 48), x));
    }
    v128.store(sums + row, s0);
    v128.store(sums + row, s1, 16);
    v128.store(sums + row, s2, 32);
    v128.store(sums + row, s3, 48);
  }
}

/** Lists the positive ones of `rows` sums. Returns how many. */
export function rectify(sums: usize, rows: i32, indices: usize, values: usize): i32 {
  let n: usize = 0;
  for (let i = 0; i < rows; i++) {
    const v = load<f32>(sums + ((<usize>i) << 2));
    store<i32>(indices + (n << 2), i);
    store<f32>(values + (n << 2), v);
    n += <usize>(v > 0);
  }
  return <i32>n;
}

/** Lists the features `p / 255` of `count` pixels `p` that are not 0. Returns how many. */
export function features(pixels: usize, count: i32, indices: usize, values: usize): i32 {
  let n: usize = 0;
  for (let j = 0; j < count; j++) {
    const p = load<u8>(pixels + j);
    store<i32>(indices + (n << 2), j);
    store<f32>(values + (n << 2), <f32>p / 255);
    n += <usize>(p > 0);
  }
  return <i32>n;
}

/** Sets `out[j]`, for each of the listed columns `j`, to the column's inner product with `errors`. */
export function back(matrix: usize, bytes: usize, indices: usize, count: i32, errors: usize, out: usize): void {
  const end = indices + ((<usize>count) << 2);
  for (let at = indices; at < end; at += 4) {
    const j = <usize>load<i32>(at);
    const a = matrix + j * bytes;
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    for (let row: usize = 0; row < bytes; row += 32) {
      s0 = f32x4.add(s0, f32x4.mul(v128.load(a + row), v128.load(errors + row)));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(a + row, 16), v128.load(errors + row, 16)));
    }
    const s = f32x4.add(s0, s1);
    const sum =
      f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
    store<f32>(out + (j << 2), sum);
  }
}

/** `matrix += scale * errors * list`; adds what each row's magnitudes grow by to `changes`. */
export function learn(
  matrix: usize,
  bytes: usize,
  indices: usize,
  values: usize,
  count: i32,
  errors: usize,
  scale: f32,
  changes: usize,
): void {
  const end = indices + ((<usize>count) << 2);
  let value = values;
  for (let at = indices; at < end; at += 4) {
    const a = matrix + <usize>load<i32>(at) * bytes;
    const x = f32x4.splat(scale * load<f32>(value));
    value += 4;
    for (let row: usize = 0; row < bytes; row += 16) {
      const old = v128.load(a + row);
      const fresh = f32x4.add(old, f32x4.mul(v128.load(errors + row), x));
      v128.store(a + row, fresh);
      const change = f32x4.sub(f32x4.abs(fresh), f32x4.abs(old));
      v128.store(changes + row, f32x4.add(v128.load(changes + row), change));
    }
  }
}

/** `matrix += errors * list`. */
export function accumulate(
  matrix: usize,
  bytes: usize,
  indices: usize,
  values: usize,
  count: i32,
  errors: usize,
): void {
  const end = indices + ((<usize>count) << 2);
  let value = values;
  for (let at = indices; at < end; at += 4) {
    const a = matrix + <usize>load<i32>(at) * bytes;
    const x = v128.load32_splat(value);
    value += 4;
    for (let row: usize = 0; row < bytes; row += 16) {
      v128.store(a + row, f32x4.add(v128.load(a + row), f32x4.mul(v128.load(errors + row), x)));
    }
  }
}

/** `velocity = momentum * velocity - rate * gradient; weights += velocity; gradient = 0`, over `size` bytes. */
export function descend(weights: usize, gradient: usize, velocity: usize, size: usize, rate: f32, momentum: f32): void {
  const r = f32x4.splat(rate);
  const m = f32x4.splat(momentum);
  const zero = f32x4.splat(0);
  for (let at: usize = 0; at < size; at += 16) {
    const v = f32x4.sub(f32x4.mul(m, v128.load(velocity + at)), f32x4.mul(r, v128.load(gradient + at)));
    v128.store(velocity + at, v);
    v128.store(weights + at, f32x4.add(v128.load(weights + at), v));
    v128.store(gradient + at, zero);
  }
}

/** `weights -= rate * gradient; gradient = 0`, over `size` bytes. */
export function descendPlain(weights: usize, gradient: usize, size: usize, rate: f32): void {
  const r = f32x4.splat(rate);
  const zero = f32x4.splat(0);
  for (let at: usize = 0; at < size; at += 16) {
    v128.store(weights + at, f32x4.sub(v128.load(weights + at), f32x4.mul(r, v128.load(gradient + at))));
    v128.store(gradient + at, zero);
  }
}

/** Sets `sums` to the sum of each row's magnitudes. */
export function strengths(matrix: usize, bytes: usize, columns: i32, sums: usize): void {
  for (let row: usize = 0; row < bytes; row += 16) {
    let s = f32x4.splat(0);
    let a = matrix + row;
    for (let j = 0; j < columns; j++) {
      s = f32x4.add(s, f32x4.abs(v128.load(a)));
      a += bytes;
    }
    v128.store(sums + row, s);
  }
}
