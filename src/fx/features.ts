/** Features of samples: bytes `p` stand for `p / 255`, numbers for themselves, in [-1, 1]. */
export type Features = Uint8Array | Float64Array;
