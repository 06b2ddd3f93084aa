export { type FloatNetwork, floatNetwork } from './network.js';
export type { FloatMode, FloatOptions } from './options.js';
export { type FloatTimeNetwork, floatTimeNetwork } from './time/network.js';
export type { FloatCell, FloatTimeOptions } from './time/options.js';
