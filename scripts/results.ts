import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many checks of a stage of `make test` passed and failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** what each failed check said */
  readonly failures?: readonly string[];
}

/** The folder of the counts. */
export const RESULTS = join('build', 'results');

const fileOf = (stage: string): string => join(RESULTS, `${stage}.json`);

/** Leaves a stage's counts for `scripts/test.ts` to add up. */
export const writeResults = (stage: string, counts: Counts): void => {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(fileOf(stage), JSON.stringify(counts));
};

export const clearResults = (): void => rmSync(RESULTS, { recursive: true, force: true });

/** The counts that a stage left; null if it left none. */
export const readResults = (stage: string): Counts | null =>
  existsSync(fileOf(stage)) ? JSON.parse(readFileSync(fileOf(stage), 'utf8')) : null;
