import { parentPort } from 'node:worker_threads';
import { execute } from './execute.js';
import type { RunSpec } from './spec.js';

/** A worker thread of the pool: takes runs one at a time, answers each with its result or what went wrong. */
parentPort?.on('message', async (spec: RunSpec) => {
  try {
    parentPort?.postMessage({ result: await execute(spec) });
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
});
