import type { Dataset } from './dataset.js';
import type { Description } from './describe.js';

/** Fewer features than this can hardly stand in for the biases that the networks do without. */
const FEW = 64;

/** Fewer samples of a class than this say little of it. */
const RARE = 10;

/** Whether a constant feature is likely to help: few features, none of which does its work. */
const wantsConstant = (features: readonly Pick<Description['features'][number], 'min' | 'max'>[]): boolean =>
  features.length < FEW && !features.some(({ min, max }) => min === max && min !== 0);

/** Whether samples show that they want a constant feature. */
export const lacksConstant = ({ features, inputs, count }: Pick<Dataset, 'features' | 'inputs' | 'count'>): boolean => {
  const range = Array.from({ length: inputs }, () => ({
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
  }));
  if (inputs >= FEW) return false;
  for (let at = 0; at < count * inputs; at++) {
    const one = range[at % inputs];
    one.min = Math.min(one.min, features[at]);
    one.max = Math.max(one.max, features[at]);
  }
  return wantsConstant(range);
};

const listed = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');

/** A column that counts the samples: its values are spread evenly from the first to the last. */
const countsRows = ({ min, max, deviation }: Description['features'][number], samples: number): boolean => {
  const span = max - min + 1;
  return span >= samples && span <= 1.5 * samples && Math.abs(deviation - span / Math.sqrt(12)) < span / 50;
};

/** Pixels are of 0..255: features that stay below this lose much of what a format can tell apart. */
const SMALL = 64;

/** Features that a pixel's range is too large for: of few any, of many (an image's margins are dark) all. */
const tooSmall = (features: Description['features']): Description['features'] => {
  const varying = features.filter(({ min, max }) => min !== max);
  const small = varying.filter(({ max }) => max < SMALL);
  return features.length < FEW || small.length === varying.length ? small : [];
};

/** Sentences on what is worth a thought before training, the first the most important. */
export const adviceOn = ({ classes, features, taken, scaling, train, test, ownTest }: Description): string[] => {
  const isImage = taken === 'pixels' && features.length >= FEW;
  // its margins may stay dark
  const still = isImage ? [] : features.filter(({ min, max }) => min === max).map(({ name }) => name);
  const rows = features.filter((feature) => countsRows(feature, train + (ownTest ? 0 : test))).map(({ name }) => name);
  const small = taken === 'pixels' ? tooSmall(features).map(({ name }) => name) : [];
  const rare = classes.filter((one) => one.train < RARE);
  return [
    ...(classes.length === 1 ? [`${classes[0].name} is the only class: there is nothing to tell apart`] : []),
    ...(taken === 'refused'
      ? [`the features are neither pixels (0..255) nor within -1..1: they need --scaling, such as ${scaling}`]
      : []),
    ...(small.length > 0
      ? [`${listed(small)}: below ${SMALL} of a pixel's 255; --scaling minmax gives each feature its whole range`]
      : []),
    ...(wantsConstant(features)
      ? ['the networks have no biases: with few features --constant, one more for the first layer, often helps a lot']
      : []),
    ...(rows.length > 0 ? [`${listed(rows)}: looks like a number of the row; leave such a column out`] : []),
    ...(still.length > 0 ? [`${listed(still)}: never varies; leave it out`] : []),
    ...(rare.length > 0
      ? [`few training samples of ${listed(rare.map(({ name, train: n }) => `${name} (${n})`))}: expect little of them`]
      : []),
    ...(!ownTest && test < 100
      ? [`few samples to test with (${test}): an accuracy is only known to some per cent`]
      : []),
  ];
};
