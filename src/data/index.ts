export type { Dataset, Split } from './dataset.js';
export { type Idx, readIdx } from './idx.js';
export { loadDataset } from './load.js';
export { loadMnist } from './mnist.js';
export { type SyntheticShape, synthetic } from './synthetic.js';
