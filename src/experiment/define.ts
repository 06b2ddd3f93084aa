import type { Lab } from './lab.js';
import type { Report } from './report.js';

/** A question about GRAPES, and how its answer is measured. */
export interface Experiment {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly run: (lab: Lab) => Promise<Report>;
}
