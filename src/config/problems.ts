import type { z } from 'zod';
import { show } from './fields.js';

/** One thing wrong with a configuration: the field, and what to read after it. */
export interface Problem {
  readonly field: string;
  readonly text: string;
}

type Path = readonly PropertyKey[];

const fieldName = (path: Path): string =>
  path.reduce<string>((name, key) => {
    if (typeof key === 'number') return `${name}[${key}]`;
    return name === '' ? String(key) : `${name}.${String(key)}`;
  }, '');

const FIELDS: Readonly<Record<string, string>> = {
  '': 'name, layers, bits, frac, grapes, feedback, learningRateShift, rounding, seed, data, label, classes, scaling, split, constant, lanes, steps, encoding, cell, recurrent, decayShift',
  bits: 'weight, activation, error',
  frac: 'weight, activation, error, recurrent',
  grapes: 'mode, clip',
  split: 'test, seed',
  scaling: 'kind, low, high, offset, scale',
};

const unknownField = (path: Path, key: string, input: unknown): Problem => {
  const legal = FIELDS[fieldName(path)] ?? 'epoch, shift';
  return {
    field: fieldName([...path, key]),
    text: `is ${show(input)}, but there is no such field; remove it or use one of ${legal}`,
  };
};

const at = (input: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );

/** The problems behind zod's issues with `input`: of a union, those of the alternative that was meant. */
export const problemsOf = (issues: readonly z.core.$ZodIssue[], input: unknown, base: Path = []): Problem[] =>
  issues.flatMap((issue): Problem[] => {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownField(path, key, at(input, [...path, key])));
    }
    if (issue.code === 'invalid_union') {
      const value = at(input, path);
      const meant = issue.errors[typeof value === 'number' ? 0 : 1];
      if (meant !== undefined && (typeof value === 'number' || typeof value === 'object')) {
        return problemsOf(meant, input, path);
      }
    }
    return [{ field: fieldName(path) || 'configuration', text: issue.message }];
  });
