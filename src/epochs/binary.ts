import type { Plan } from '../datapath/plan.js';
import type { Network, Samples } from '../model/index.js';
import { sampleFeatures } from '../model/index.js';

/** 32-bit words as little-endian bytes. */
const words = (values: ArrayLike<number>): Uint8Array => {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++) view.setUint32(4 * i, values[i], true);
  return new Uint8Array(view.buffer);
};

/** Samples as the core takes them: features of a sample in beats of 32 bits, the first in the low bits. */
export const beatsOf = (plan: Plan, network: Network, samples: Samples): Uint8Array => {
  const { featureBits: bits, featuresPerBeat } = plan.hardware;
  const beats = Math.ceil(samples.inputs / featuresPerBeat);
  const mask = 2 ** bits - 1;
  const out = new Uint32Array(samples.count * beats);
  for (let n = 0; n < samples.count; n++) {
    const features = network.quantise(sampleFeatures(samples, n));
    for (let j = 0; j < features.length; j++)
      out[n * beats + Math.floor(j / featuresPerBeat)] |= (features[j] & mask) << (bits * (j % featuresPerBeat));
  }
  return words(out);
};

/** What is expected of a sample. */
export interface Expected {
  /** place in the data set */
  readonly index: number;
  readonly label: number;
  readonly prediction: number;
  /** of the writes of its training step; 0 for a test sample */
  readonly digest: number;
}

/** Everything that is expected of a part. */
export const encodePart = (rate: number, samples: readonly Expected[], tests: readonly Expected[]): Uint8Array =>
  words([
    rate,
    samples.length,
    tests.length,
    ...[...samples, ...tests].flatMap(({ index, label, prediction, digest }) => [index, label, prediction, digest]),
  ]);

/** Labels and predictions of the test samples of a part, as the bytes of {@link encodePart} hold them. */
export const testsOf = (part: Uint8Array): { readonly label: number; readonly prediction: number }[] => {
  const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
  const [samples, tests] = [view.getUint32(4, true), view.getUint32(8, true)];
  return Array.from({ length: tests }, (_, n) => {
    const at = 4 * (3 + 4 * (samples + n));
    return { label: view.getUint32(at + 4, true), prediction: view.getUint32(at + 8, true) };
  });
};

/** Digests of the training samples of a part, as the bytes of {@link encodePart} hold them. */
export const digestsOf = (part: Uint8Array): Uint8Array => {
  const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
  const count = view.getUint32(4, true);
  return words(Array.from({ length: count }, (_, n) => view.getUint32(4 * (3 + 4 * n + 3), true)));
};

/** Stream states and weights between two steps. */
export interface State {
  /** of every matrix, unsigned 32 bits; with `rate` the encoder's last */
  readonly rngState: readonly number[];
  /** of every matrix, row by row */
  readonly weights: readonly Int16Array[];
}

export const stateOf = (network: Network): State => ({
  rngState: network.rngState(),
  weights: network.matrices(),
});

export const encodeState = ({ rngState, weights }: State): Uint8Array => {
  const streams = words(rngState);
  const count = weights.reduce((sum, w) => sum + w.length, 0);
  const view = new DataView(new ArrayBuffer(streams.length + 2 * count));
  new Uint8Array(view.buffer).set(streams);
  let at = streams.length;
  for (const w of weights)
    for (const v of w) {
      view.setInt16(at, v, true);
      at += 2;
    }
  return new Uint8Array(view.buffer);
};

export const decodeState = (plan: Plan, bytes: Uint8Array): State => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const streams = plan.matrices.length + (plan.config.encoding === 'rate' ? 1 : 0);
  const rngState = Array.from({ length: streams }, (_, i) => view.getUint32(4 * i, true));
  const base = 4 * streams;
  const weights = plan.matrices.map(({ rows, columns, offset }) =>
    Int16Array.from({ length: rows * columns }, (_, i) => view.getInt16(base + 2 * (offset + i), true)),
  );
  return { rngState, weights };
};
