import type { Features } from '../fx/features.js';

/** Which part of a data set. */
export type Split = 'train' | 'test';

/** Labelled samples. */
export interface Dataset {
  readonly name: string;
  readonly split: Split;
  /** features a sample */
  readonly inputs: number;
  readonly classes: number;
  /** samples */
  readonly count: number;
  /** count x inputs */
  readonly features: Features;
  /** count values 0..classes-1 */
  readonly labels: Uint16Array;
}
