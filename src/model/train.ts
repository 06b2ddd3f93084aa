import { setImmediate as pause } from 'node:timers/promises';
import { rateAt } from '../datapath/rate.js';
import { UserError } from '../fx/error.js';
import type { Network } from './network.js';
import { accuracy, epochOrder, type Samples, samplePixels } from './samples.js';

export interface TrainOptions {
  readonly epochs: number;
  /** visit the samples in a new order each epoch; default true */
  readonly shuffle?: boolean;
  /** called every 500 samples */
  readonly onProgress?: (progress: TrainProgress) => void;
  /** ends the run early */
  readonly signal?: AbortSignal;
}

export interface TrainProgress {
  /** from 0 */
  readonly epoch: number;
  readonly sample: number;
  readonly samples: number;
  /** share predicted rightly before each update, this epoch so far */
  readonly trainAccuracy: number;
}

export interface EpochResult {
  /** from 0 */
  readonly epoch: number;
  /** learning-rate shift */
  readonly k: number;
  /** share of the epoch's samples predicted rightly, each before its update */
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
  /** share of errors that saturated this epoch, layer l at [l-1] */
  readonly saturatedErrors: readonly number[];
  /** seconds spent training, without the test */
  readonly seconds: number;
}

const PROGRESS_EVERY = 500;

/**
 * Trains `network` online, an epoch a result. Gives way to other work between samples, so that progress shows and a
 * signal is heard.
 * @throws UserError when interrupted
 */
export async function* trainEpochs(
  network: Network,
  train: Samples,
  test: Samples,
  { epochs, shuffle = true, onProgress, signal }: TrainOptions,
): AsyncGenerator<EpochResult> {
  const { config } = network.plan;
  const shuffled = epochOrder(train.count, config.seed);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffle ? shuffled() : undefined;
    const k = rateAt(config, epoch);
    const before = network.saturations().error;
    let right = 0;
    const start = performance.now();
    for (let n = 0; n < train.count; n++) {
      const at = order?.[n] ?? n;
      const label = train.labels[at];
      if (network.step(network.quantise(samplePixels(train, at)), label, { k }).prediction === label) right++;
      if ((n + 1) % PROGRESS_EVERY === 0) {
        onProgress?.({ epoch, sample: n + 1, samples: train.count, trainAccuracy: right / (n + 1) });
        await pause();
        if (signal?.aborted) throw new UserError(`training: interrupted in epoch ${epoch}; run it again`);
      }
    }
    const seconds = (performance.now() - start) / 1000;
    const saturatedErrors = network
      .saturations()
      .error.map((now, i) => (now.saturated - before[i].saturated) / Math.max(1, now.total - before[i].total));
    const trainAccuracy = right / train.count;
    yield { epoch, k, trainAccuracy, testAccuracy: accuracy(network, test), saturatedErrors, seconds };
  }
}
