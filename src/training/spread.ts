/** Mean and standard deviation (of the sample, divided by n - 1; 0 for one value). */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

export const spread = (values: readonly number[]): Spread => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
};
