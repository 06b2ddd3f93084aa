import { basename } from 'node:path';
import { type Config, mergeConfigs, parseConfig, type RawConfig } from '../config/index.js';
import { type Layer, type Model, withColumn } from '../exchange/index.js';
import { UserError } from '../fx/error.js';
import { type ConfigSources, givenConfig } from './resolve.js';

/** A model as a network of ours, before its formats are chosen. */
export interface Imported {
  /** what the file, the flags and the model say of the configuration */
  readonly given: Partial<RawConfig>;
  readonly config: Config;
  readonly layers: readonly Layer[];
  readonly notes: readonly string[];
}

/** A legal name from a file's. */
const nameOf = (file: string): string => {
  const stem = basename(file).replace(/\..*$/, '');
  const name = stem
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  return name || 'imported';
};

const isObject = (value: unknown): value is Partial<RawConfig> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a model itself says of its configuration. */
const saidBy = ({ config, layers }: Model, file: string): Partial<RawConfig> => {
  if (isObject(config)) return config;
  const hidden = layers.slice(0, -1);
  const cell = hidden.map(({ activation }) => (activation === 'tanh' ? ('tanh' as const) : ('relu' as const)));
  const recurrent = hidden.map((layer) => layer.recurrent !== null);
  const isInTime = cell.includes('tanh') || recurrent.includes(true);
  return { name: nameOf(file), ...(isInTime && { cell, recurrent }) };
};

const sizesOf = (layers: readonly Layer[]): number[] => [
  layers[0].weight.columns,
  ...layers.map(({ weight }) => weight.rows),
];

/** The layers with the column of a constant feature: the first layer's bias, or zeros for one to be learnt. */
const withConstantColumn = (layers: readonly Layer[]): Layer[] => {
  const [first, ...rest] = layers;
  return [withColumn(first, first.bias ?? new Float64Array(first.weight.rows)), ...rest];
};

const NOTES = {
  bias: 'the bias of the first layer became the weights of a constant feature ("constant": true), the last of every sample',
  constant: 'the constant feature starts with weights of 0: the model has no bias',
  relu: 'the file does not say what follows the hidden layers: taken as ReLU',
} as const;

/** The data that a network is for must be known: on synthetic samples no format and no accuracy means anything. */
const requireData = ({ data }: Partial<RawConfig>, config: Config): void => {
  if (data !== undefined || config.data !== 'synthetic') return;
  throw new UserError(
    'data: is not given, must be what the network is for; name it with --data (csv:FILE, npz:FILE, mnist, ...; synthetic if there is none)',
    { field: 'data' },
  );
};

/** A recurrent network is nothing without steps. */
const requireSteps = ({ steps, encoding }: Partial<RawConfig>, layers: readonly Layer[]): void => {
  if (steps !== undefined || !layers.some(({ recurrent }) => recurrent)) return;
  throw new UserError(
    `steps: is not given, must be how many steps a sample of this recurrent network has; set "steps"${encoding ? '' : ' and "encoding", such as "rows",'} in a configuration and name it with --config`,
    { field: 'steps' },
  );
};

/**
 * The configuration of a model: what its file says, below a configuration file and flags; sizes are the model's.
 * @throws UserError for sizes or cells that are not the model's, and for whatever is wrong with the configuration
 */
export const configOf = (model: Model, file: string, sources: ConfigSources): Imported => {
  const said = saidBy(model, file);
  const above = givenConfig(sources, said);
  const biased = model.layers[0].bias !== null;
  const wider = above.constant === true && above.layers?.[0] === model.layers[0].weight.columns + 1;
  const layers = biased || wider ? withConstantColumn(model.layers) : model.layers;
  const sizes = sizesOf(layers);
  if (above.layers !== undefined && String(above.layers) !== String(sizes)) {
    throw new UserError(
      `layers: is ${above.layers.join('-')}, but ${file} holds ${sizes.join('-')}${biased ? ', one input of them the constant feature that stands for its bias' : ''}; leave layers out`,
      { field: 'layers' },
    );
  }
  requireSteps(above, layers);
  const given = { ...above, layers: sizes, ...(biased && { constant: true }) };
  const hidden = layers.slice(0, -1);
  const config = parseConfig(mergeConfigs(given));
  requireData(given, config);
  const unsaid = model.config === undefined && hidden.some(({ activation }) => activation === null);
  const notes = [
    ...model.notes,
    ...(biased ? [NOTES.bias] : wider ? [NOTES.constant] : []),
    ...(unsaid ? [NOTES.relu] : []),
  ];
  return { given, config, layers, notes };
};
