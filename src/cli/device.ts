import { type Config, featuresOf } from '../config/index.js';
import { type DeviceInput, inputHeader, inputJson } from '../data/index.js';
import { maxOf, minOf } from '../fx/format.js';
import { json } from './text.js';

/** What the core's port takes of a feature: probabilities of spikes, spikes, or the first layer's format. */
const portOf = ({ encoding, bits, frac }: Config): DeviceInput['port'] => {
  if (encoding === 'rate') return { unit: 255, least: 0, most: 255 };
  if (encoding === 'events') return { unit: 1, least: 0, most: 1 };
  return { unit: 2 ** frac.activation[0], least: minOf(bits.activation), most: maxOf(bits.activation) };
};

const inputOf = (config: Config): DeviceInput => {
  const { name, layers, constant, scaling, classes } = config;
  const own = layers[0] - (constant ? 1 : 0);
  return {
    name,
    features: (featuresOf(config) / layers[0]) * own,
    constantAfter: constant ? own : null,
    outputs: layers[layers.length - 1],
    port: portOf(config),
    ...(typeof scaling === 'object' && { scaling }),
    ...(classes && { classNames: classes }),
  };
};

/** Files that say what a device must do with what it measures, by name. */
export const deviceFiles = (config: Config): ReadonlyMap<string, string> => {
  const input = inputOf(config);
  return new Map([
    [`${config.name}_input.h`, inputHeader(input)],
    [`${config.name}_input.json`, `${json(inputJson(input))}\n`],
  ]);
};

/** Says of a path inside a folder of weights that an export writes such a file. */
export const isDeviceFile = (file: string): boolean => /^[a-z][a-z0-9_]*_input\.(h|json)$/.test(file);
