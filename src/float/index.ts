export { type FloatNetwork, floatNetwork } from './network.js';
export type { FloatMode, FloatOptions } from './options.js';
