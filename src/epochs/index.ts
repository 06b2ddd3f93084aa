export { PARTS_PER_EPOCH } from './parts.js';
export type { EpochSamples } from './record.js';
export { type EpochOutcome, type EpochsMismatch, type EpochsOutcome, verifyEpochs } from './verify.js';
