import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const FIXTURES = 'test/exchange/fixtures';

export const fixture = (name: string): string => join(FIXTURES, name);

/** What a model's own library says of MNIST's test digits. */
export interface Expected {
  readonly accuracy: number;
  /** of the first samples */
  readonly logits: readonly (readonly number[])[];
}

export const EXPECTED: Readonly<Record<string, Expected>> = JSON.parse(readFileSync(fixture('expected.json'), 'utf8'));
