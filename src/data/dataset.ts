/** Which part of a data set. */
export type Split = 'train' | 'test';

/** Labelled samples. A pixel `p` stands for the feature `p / 255`. */
export interface Dataset {
  readonly name: string;
  readonly split: Split;
  /** features a sample */
  readonly inputs: number;
  readonly classes: number;
  /** samples */
  readonly count: number;
  /** count x inputs */
  readonly pixels: Uint8Array;
  /** count values 0..classes-1 */
  readonly labels: Uint16Array;
}
