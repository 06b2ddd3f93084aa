/** How GRAPES factors act, as in the integers; `uniform` gives every neuron of a layer the layer's mean factor. */
export type FloatMode = 'off' | 'propagating' | 'local' | 'uniform';

/** A float32 network and how it learns. */
export interface FloatOptions {
  /** n_0 .. n_L */
  readonly layers: readonly number[];
  readonly mode: FloatMode;
  /** default bp */
  readonly feedback?: 'bp' | 'fa' | 'dfa';
  /** lower clip of the factors: 1 (unit, the default) or 0 (full); the upper one is 2 */
  readonly clip?: 'unit' | 'full';
  /** samples whose mean gradient makes one update; default 1, online */
  readonly batch?: number;
  /** share of the last update in the next one; default 0 */
  readonly momentum?: number;
  /** of initial weights and feedback; those of the integers with the same seed, before quantisation */
  readonly seed: number;
}
