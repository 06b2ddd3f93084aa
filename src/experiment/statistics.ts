/** Mean of at least one value. */
export const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Sample standard deviation; 0 for a single value. */
export const deviation = (values: readonly number[]): number => {
  if (values.length < 2) return 0;
  const m = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - m) ** 2, 0) / (values.length - 1));
};

/** Mean and standard deviation of values that belong together, such as a configuration's seeds. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
  readonly count: number;
}

export const spread = (values: readonly number[]): Spread => ({
  mean: mean(values),
  deviation: deviation(values),
  count: values.length,
});

/** 97.5 % quantiles of Student's t, by degrees of freedom from 1 on; 1.96 beyond. */
const T975 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262] as const;

/** Difference of two equally long lists, value by value (the same seeds), and half of its 95 % confidence interval. */
export const pairedDifference = (a: readonly number[], b: readonly number[]): { difference: number; half: number } => {
  const differences = a.map((value, i) => value - b[i]);
  const n = differences.length;
  const half = n < 2 ? Number.POSITIVE_INFINITY : ((T975[n - 2] ?? 1.96) * deviation(differences)) / Math.sqrt(n);
  return { difference: mean(differences), half };
};
