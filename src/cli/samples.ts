import chalk from 'chalk';
import { type Config, configFields, featuresOf, parseConfig } from '../config/index.js';
import { type DataShape, type Dataset, isFileKind, type LoadedParts, loadDataset, loadParts } from '../data/index.js';
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

/** Loads with progress on what takes long. */
const shown = <T>(load: (onRead: NonNullable<DataShape['onRead']>) => T): T => {
  const progress = createProgress();
  try {
    return load((done, total, unit) => progress.update(`reading: ${grouped(done)} of ${grouped(total)} ${unit}`));
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
export const loadSamples = (config: Config, count?: number): Loaded => {
  const shape = { ...dataShape(config), ...(count !== undefined && { count }) };
  const parts = shown((onRead) => loadParts(config.data, { ...shape, onRead }));
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
export const loadTraining = (config: Config, asked: number | undefined, usual: number): Dataset => {
  const shape = { ...dataShape(config), count: asked ?? usual, orAll: asked === undefined };
  const train = shown((onRead) => loadDataset(config.data, 'train', { ...shape, onRead }));
  requireFit(config, train);
  return train;
};

/** The configuration with all that is to be found out about data from files. @throws UserError as {@link loadSamples} */
export const withData = (config: Config): Config =>
  isFileKind(config.data.split(':')[0]) ? loadSamples(config).config : config;
