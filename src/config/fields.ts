import { z } from 'zod';

/** A value as it appears in an error message: JSON, cut short. */
export const show = (value: unknown): string => {
  if (value === undefined) return 'missing';
  const text = typeof value === 'number' && !Number.isFinite(value) ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

/** The message of a value that is not `legal`, and how to mend it. */
export const fault = (legal: string, fix: string) => (issue: { readonly input?: unknown }) =>
  `is ${show(issue.input)}, must be ${legal}; ${fix}`;

/** An integer of `min..max`. */
export const integer = (min: number, max: number, fix: string) => {
  const error = fault(`an integer ${min}..${max}`, fix);
  return z.int({ error }).min(min, { error }).max(max, { error });
};

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T, fix = 'choose one of them') =>
  z.enum(values, { error: fault(values.join(', '), fix) });

export const objectError = (fields: string) => fault('an object', `give { ${fields} } or leave the field out`);
