export { DATA_SETS } from './dataSchema.js';
export { configFields, mergeConfigs, parseConfig } from './parse.js';
export { type PresetName, presets } from './presets.js';
export { CELLS, configSchema, ENCODINGS, jsonSchema, type RawConfig } from './schema.js';
export { featuresOf } from './time.js';
export type { CellName, Config, ConfigScaling, DataFields, Encoding, GrapesMode, RateStep } from './types.js';
