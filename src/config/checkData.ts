import type { Problem } from './problems.js';
import { ownFeaturesOf, timingOf } from './time.js';
import type { Config } from './types.js';

const DIGITS = /^(permuted-)?(fashion-)?mnist$/;
const PIXELS = 784;
const CLASSES = 10;

/** Images of digits or clothes have 784 pixels and 10 classes. */
const checkDigits = (c: Config): Problem[] => {
  if (!DIGITS.test(c.data.split(':')[0])) return [];
  const last = c.layers.length - 1;
  const constants = c.constant ? 1 : 0;
  const [inputs, features] = [c.layers[0] - constants, ownFeaturesOf(c)];
  const also = c.constant ? ', the constant not counted' : '';
  const fix = `set layers[0] to ${PIXELS + constants} and layers[${last}] to ${CLASSES}, or data to "synthetic"`;
  if (features !== PIXELS && features !== inputs) {
    const { steps } = timingOf(c);
    const rows =
      PIXELS % steps === 0
        ? `set layers[0] to ${PIXELS / steps + constants}`
        : `choose steps that divide ${PIXELS}, such as 28`;
    const text = `is ${steps} with layers[0] ${c.layers[0]}: ${features} features a sample${also}, but "${c.data}" has ${PIXELS}; ${rows}`;
    return [{ field: 'steps', text }];
  }
  const expected = [
    { index: 0, size: PIXELS, found: features, what: 'inputs', also },
    { index: last, size: CLASSES, found: c.layers[last], what: 'classes', also: '' },
  ];
  return expected
    .filter(({ found, size }) => found !== size)
    .map(({ index, size, found, what, also: counted }) => ({
      field: 'data',
      text: `is "${c.data}" with ${size} ${what}, but layers[${index}] is ${found}${counted}, must be ${size}; ${fix}`,
    }));
};

const checkConstant = ({ constant, layers }: Config): Problem[] =>
  constant && layers[0] < 2
    ? [{ field: 'layers[0]', text: `is ${layers[0]}, must be at least 2: the constant is one of them; raise it` }]
    : [];

const checkClasses = ({ classes = [], layers }: Config): Problem[] => {
  const outputs = layers[layers.length - 1];
  const twice = classes.find((name, at) => classes.indexOf(name) !== at);
  return [
    ...(classes.length > outputs
      ? [
          {
            field: 'classes',
            text: `has ${classes.length} names, must have at most ${outputs}, one a neuron of the last layer`,
          },
        ]
      : []),
    ...(twice === undefined ? [] : [{ field: 'classes', text: `has "${twice}" twice, must have each name once` }]),
  ];
};

const checkScaling = (c: Config): Problem[] => {
  const { scaling, encoding } = c;
  if (scaling === undefined) return [];
  const kind = typeof scaling === 'string' ? scaling : scaling.kind;
  const signed =
    encoding === 'rate' && kind !== 'minmax'
      ? [{ field: 'scaling', text: `is "${kind}", must be minmax with encoding rate: spikes take features of [0, 1]` }]
      : [];
  if (typeof scaling === 'string') return signed;
  const own = ownFeaturesOf(c);
  const lengths = (['offset', 'scale'] as const)
    .filter((list) => scaling[list].length !== own)
    .map((list) => ({
      field: `scaling.${list}`,
      text: `has ${scaling[list].length} entries, must have ${own}, one a feature; set scaling to "${kind}" to fit it again`,
    }));
  return [...signed, ...lengths];
};

/** What a configuration says of its data. */
export const checkData = (c: Config): Problem[] => [
  ...checkDigits(c),
  ...checkConstant(c),
  ...checkClasses(c),
  ...checkScaling(c),
];
