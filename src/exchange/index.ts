export type { ChainOptions } from './chain.js';
export { EXCHANGE_FORMATS, type ExchangeFormat, isExchangeFile, writeExchange } from './export.js';
export { floatAccuracy, floatLogits, realFeatures } from './forward.js';
export { LAYOUTS, type Layer, type Layout, layoutText, type Model } from './layer.js';
export { matricesIn, type QuantisationCost, type Quantised, quantiseLayers } from './quantise.js';
export { readModel } from './read.js';
export { withColumn } from './validate.js';
