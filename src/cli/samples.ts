import chalk from 'chalk';
import { type Config, configFields, featuresOf, parseConfig } from '../config/index.js';
import {
  type DataShape,
  type Dataset,
  type FileOptions,
  isFileKind,
  type LoadedParts,
  loadDataset,
  loadParts,
  type OnRead,
  readAhead,
} from '../data/index.js';
import { requireFeatures } from '../model/index.js';
import { createProgress } from './progress.js';
import { grouped } from './text.js';

/** What a configuration's network asks of its data set. */
export const dataShape = (config: Config): DataShape => {
  const { layers, seed, label, classes, scaling, split, constant } = config;
  return {
    inputs: featuresOf(config),
    stepInputs: layers[0],
    classes: layers[layers.length - 1],
    seed,
    ...(label !== undefined && { label }),
    ...(classes && { classNames: classes }),
    ...(scaling && { scaling }),
    ...(split && { split }),
    ...(constant && { constant }),
  };
};

/** Reads what a set has in files, with progress; a Ctrl-C is heard meanwhile. @throws UserError for files that cannot be read */
export const readFiles = async (set: string, options: FileOptions): Promise<void> => {
  const progress = createProgress();
  const onRead: OnRead = (done, total, unit) =>
    progress.update(`reading: ${grouped(done)} of ${grouped(total)} ${unit}`);
  try {
    await readAhead(set, { ...options, onRead });
  } finally {
    progress.done();
  }
};

/** @throws UserError for features that the encoding can't have */
const requireFit = ({ encoding = 'direct' }: Config, ...parts: readonly Dataset[]): void => {
  for (const { features, inputs } of parts) requireFeatures(encoding, features, inputs);
};

/** Both parts of a data set, and its configuration with all that was found out about the data. */
export interface Loaded extends LoadedParts {
  readonly config: Config;
}

/**
 * Loads the training and test samples of a configuration's data set. Names of classes and the numbers of a scaling, where they
 * are to be found in the data, are in the configuration that comes back; warnings go to standard error.
 * @param count training samples; all where undefined
 * @throws UserError for a data set that isn't there or does not fit the network
 */
export const loadSamples = async (config: Config, count?: number): Promise<Loaded> => {
  const shape = { ...dataShape(config), ...(count !== undefined && { count }) };
  await readFiles(config.data, shape);
  const parts = loadParts(config.data, shape);
  requireFit(config, parts.train, parts.test);
  for (const text of parts.warnings) console.error(`${chalk.yellow('warning:')} ${text}`);
  const { classNames, scaling } = parts;
  const found = { ...(classNames && { classes: [...classNames] }), ...(scaling && { scaling }) };
  const complete = classNames || scaling ? parseConfig({ ...configFields(config), ...found }) : config;
  return { ...parts, config: complete };
};

/**
 * Loads the training samples of a configuration whose data set is known: what was found out about it is in there.
 * @param asked how many; undefined: as many as usual, or all where there are fewer
 */
export const loadTraining = async (config: Config, asked: number | undefined, usual: number): Promise<Dataset> => {
  const shape = { ...dataShape(config), count: asked ?? usual, orAll: asked === undefined };
  await readFiles(config.data, shape);
  const train = loadDataset(config.data, 'train', shape);
  requireFit(config, train);
  return train;
};

/** The configuration with all that is to be found out about data from files. @throws UserError as {@link loadSamples} */
export const withData = async (config: Config): Promise<Config> =>
  isFileKind(config.data.split(':')[0]) ? (await loadSamples(config)).config : config;
