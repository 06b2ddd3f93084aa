import { UserError } from '../fx/error.js';
import { PURPOSE, scale, stream } from '../fx/random.js';
import type { Dataset, Split } from './dataset.js';

/** Size of a synthetic set. */
export interface SyntheticShape {
  readonly inputs: number;
  readonly classes: number;
  readonly seed: number;
  /** samples; default 10,000 to train, 1,000 to test */
  readonly count?: number;
}

const TRAIN_COUNT = 10_000;
const MAX_PIXELS = 2 ** 27;
const TEST_COUNT = 1_000;

/** One pixel in this many is replaced by noise. */
const NOISE = 8;

/**
 * A seeded set that a net can learn: each class has a pattern of pixels, half of them dark, the others between 64 and 255 with
 * the top value frequent; a sample is its class's pattern with jitter and noise, labels uniform. All draws come from one
 * stream: patterns, test samples, training samples, so that a larger training set starts with the smaller one.
 */
export const synthetic = (split: Split, { inputs, classes, seed, count }: SyntheticShape): Dataset => {
  const most = Math.max(1, Math.floor(MAX_PIXELS / inputs));
  if (count !== undefined && count > most) {
    throw new UserError(`samples: is ${count}, must be at most ${most} (synthetic, ${inputs} inputs); ask for fewer`, {
      field: 'samples',
    });
  }
  const next = stream(seed, PURPOSE.syntheticData);
  const draw = (n: number): number => scale(next(), n);
  const light = (): number => Math.min(255, 64 + draw(288));
  const patterns = Uint8Array.from({ length: classes * inputs }, () => (draw(2) === 0 ? 0 : light()));
  const generate = (samples: number, name: Split): Dataset => {
    const features = new Uint8Array(samples * inputs);
    const labels = new Uint16Array(samples);
    for (let n = 0; n < samples; n++) {
      const label = draw(classes);
      labels[n] = label;
      for (let j = 0; j < inputs; j++) {
        const pattern = patterns[label * inputs + j];
        const noisy = draw(NOISE) === 0;
        const jitter = draw(32) - 16;
        if (noisy) features[n * inputs + j] = pattern === 0 ? 128 + jitter * 4 : 0;
        else if (pattern > 0) features[n * inputs + j] = pattern === 255 ? 255 : Math.min(255, pattern + jitter);
      }
    }
    return { name: 'synthetic', split: name, inputs, classes, count: samples, features, labels };
  };
  const test = generate(split === 'test' ? (count ?? TEST_COUNT) : TEST_COUNT, 'test');
  return split === 'test' ? test : generate(count ?? Math.min(TRAIN_COUNT, most), 'train');
};
