import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../fx/error.js';
import { runJob } from './job.js';
import type { Answer, Assignment } from './sweep.js';

/** A worker thread: carries its one job out and ends. */
const { job, samples }: Assignment = workerData;
const answer = (message: Answer): void => parentPort?.postMessage(message);

try {
  const result = await runJob(job, samples, { onEvent: (event) => answer({ kind: 'event', event }) });
  answer({ kind: 'done', result });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  answer({ kind: 'refused', message: error.message, exit: error.code, field: error.field });
}
