import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { asUserError, UserError } from '../fx/error.js';
import { isThere } from '../fx/folder.js';
import type { EpochMetrics } from '../training/index.js';

/** A file of JSON lines, one an epoch: its seed and its metrics. */
export interface MetricsLog {
  readonly add: (seed: number, metrics: EpochMetrics) => void;
  /** puts the lines in the order of seeds and epochs, so that equal runs give equal files */
  readonly close: () => void;
}

interface Entry {
  readonly seed: number;
  readonly metrics: EpochMetrics;
}

const line = ({ seed, metrics }: Entry): string => `${JSON.stringify({ seed, ...metrics })}\n`;

/** Whether a text is a log's, or empty. */
const isLog = (text: string): boolean => text === '' || /^\{"seed":\d+,"epoch":\d+,/.test(text);

/** Starts a log, empty. @throws UserError for a file that can't be written, or that holds something else */
export const openLog = (file: string): MetricsLog => {
  const entries: Entry[] = [];
  const attempt = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      throw asUserError(error, file);
    }
  };
  attempt(() => {
    if (isThere(file) && !isLog(readFileSync(file, 'utf8')))
      throw new UserError(`${file}: exists and is no log of metrics; choose another file`, { field: file });
    writeFileSync(file, '');
  });
  return {
    add: (seed, metrics) => {
      entries.push({ seed, metrics });
      attempt(() => appendFileSync(file, line({ seed, metrics })));
    },
    close: () => {
      const sorted = entries.toSorted((a, b) => a.seed - b.seed || a.metrics.epoch - b.metrics.epoch);
      attempt(() => writeFileSync(file, sorted.map(line).join('')));
    },
  };
};
