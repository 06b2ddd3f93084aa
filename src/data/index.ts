export { readCsv } from './csv.js';
export type { Dataset, Split } from './dataset.js';
export { loadFashion } from './fashion.js';
export { type Idx, readIdx } from './idx.js';
export type { Labelled } from './images.js';
export { loadDataset } from './load.js';
export { loadMnist } from './mnist.js';
export { permuted } from './permuted.js';
export { type SyntheticShape, synthetic } from './synthetic.js';
