import type { Plan } from '../../src/datapath/plan.js';
import { stream } from '../../src/fx/random.js';
import { Network, type Samples, sampleFeatures } from '../../src/model/index.js';

const READ = 0;
const WRITE = 1;
const INFER = 2;
const TRAIN = 3;

const STRENGTHS = 2 ** 30;
const STREAMS = 2 * 2 ** 30;
const COUNTERS = 3 * 2 ** 30;

/** The lowest `count` bytes of a number, least first. */
const bytes = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.floor(value / 256 ** i) & 255);

/** Where the core keeps weight (row, column) of a layer: lane, word and which half of it. */
const placeOf = (plan: Plan, layer: Plan['layers'][number], row: number, column: number) => {
  const { lanes: P } = plan.hardware;
  const { groups, spread } = layer.lanes;
  const group = Math.floor(row / (2 * P));
  const inGroup = row % (2 * P);
  const oneARow = spread && group === groups - 1;
  return {
    lane: oneARow ? inGroup : inGroup >> 1,
    half: oneARow ? 0 : inGroup & 1,
    word: layer.matrix.base + group * layer.inputs + column,
    slot: layer.lanes.slot + group,
  };
};

/** Words of all weights by address, {second row, first row} of 16 bits each. */
const weightWords = (plan: Plan, network: Network): Map<number, number[]> => {
  const words = new Map<number, number[]>();
  for (const layer of plan.layers) {
    network.weights(layer.index).forEach((weight, at) => {
      const { lane, half, word } = placeOf(plan, layer, Math.floor(at / layer.inputs), at % layer.inputs);
      const address = lane * 2 ** 20 + word;
      const pair = words.get(address) ?? [0, 0];
      pair[half] = weight & 0xffff;
      words.set(address, pair);
    });
  }
  return words;
};

/**
 * A session with a core behind byte streams, what to send and what must come back: its initial weights are loaded; `count`
 * samples are trained on, each at a rate of its own, with inferences at any rate and label and reads of the memories in
 * between, drawn from `seed`; then weights, strengths, streams and counters are read.
 */
export const session = (
  plan: Plan,
  samples: Samples,
  count: number,
  seed = 1,
): { send: number[]; expected: number[] } => {
  const network = new Network(plan);
  const next = stream(seed, 7);
  /** an integer 0..most */
  const draw = (most: number): number => next() % (most + 1);
  const send: number[] = [];
  const expected: number[] = [];
  const read = (address: number, value: number): void => {
    send.push(READ, ...bytes(address, 4));
    expected.push(...bytes(value, 4));
  };
  let done = 0;

  for (const [address, [first, second]] of weightWords(plan, network))
    send.push(WRITE, ...bytes(address, 4), ...bytes(second * 2 ** 16 + first, 4));

  const { featuresPerBeat } = plan.hardware;
  const { bits } = plan.layers[0].source.format;
  const sample = (command: number, input: Int16Array, rate: number, label: number): void => {
    send.push(command, rate, ...bytes(label, 2));
    for (let at = 0; at < input.length; at += featuresPerBeat) {
      const word = [...input.subarray(at, at + featuresPerBeat)].reduce((sum, v, i) => sum + v * 2 ** (bits * i), 0);
      send.push(...bytes(word, 4));
    }
    const { prediction, logits } = network.infer(input);
    logits.forEach((logit, row) => {
      const last = row === logits.length - 1 ? 2 ** 15 : 0;
      expected.push(...bytes(logit & 0xffff, 2), ...bytes(last + prediction, 2));
    });
    done++;
  };
  const readWeights = (): void => {
    for (const [address, [first, second]] of weightWords(plan, network)) read(address, second * 2 ** 16 + first);
  };
  const readStrengths = (): void => {
    for (const layer of plan.hidden) {
      network.strengths(layer.index).forEach((strength, row) => {
        const { lane, half, slot } = placeOf(plan, layer, row, 0);
        read(STRENGTHS + lane * 2 ** 20 + 2 * slot + half, strength);
      });
    }
  };
  const readStreams = (): void => {
    network.rngState().forEach((state, l) => {
      read(STREAMS + l, state);
    });
  };
  const readCount = (): void => read(COUNTERS, done);
  /** What no table has reads as 0: halves without a row by `readWeights`, words without one, and what lies just outside. */
  const readOutside = (): void => {
    const { lanes, depth, hiddenSlots } = plan.hardware;
    const lane = 2 ** 20;
    const strengthWords = Math.max(1, hiddenSlots) * 2;
    for (const address of [
      depth,
      lane - 1,
      lanes * lane,
      STRENGTHS + strengthWords,
      STRENGTHS + lanes * lane,
      STREAMS + plan.layers.length,
      STREAMS + lane,
      COUNTERS + 2 + 2 * plan.layers.length,
      COUNTERS + lane,
    ])
      read(address, 0);
    const words = weightWords(plan, network);
    for (let p = 0; p < lanes; p++)
      for (let word = 0; word < depth; word++) if (!words.has(p * lane + word)) read(p * lane + word, 0);
  };
  const memories = [readWeights, readStrengths, readStreams, readCount, readOutside];

  for (let n = 0; n < count; n++) {
    const input = network.quantise(sampleFeatures(samples, n));
    if (draw(1) === 0) sample(INFER, input, draw(31), draw(2 ** plan.labelBits - 1));
    const k = plan.rate.min + draw(plan.rate.max - plan.rate.min);
    sample(TRAIN, input, k, samples.labels[n]);
    network.step(input, samples.labels[n], { k });
    if (draw(3) === 0) memories[draw(memories.length - 1)]();
  }
  for (const readAll of memories) readAll();
  return { send, expected };
};

/** Bytes as `$readmemh` reads them. */
export const memOf = (values: readonly number[]): string =>
  `${values.map((v) => v.toString(16).padStart(2, '0')).join('\n')}\n`;
