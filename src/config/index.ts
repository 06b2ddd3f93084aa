export { configFields, mergeConfigs, parseConfig } from './parse.js';
export { type PresetName, presets } from './presets.js';
export { configSchema, DATA_SETS, jsonSchema, type RawConfig } from './schema.js';
export { featuresOf } from './time.js';
export type { CellName, Config, Encoding, GrapesMode, RateStep } from './types.js';
