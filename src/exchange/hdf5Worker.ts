import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../fx/error.js';
import type { Hdf5Answer } from './hdf5.js';
import { hdf5Tree } from './hdf5Tree.js';

/** A worker thread: reads its one file and ends. */
const { bytes, file }: { readonly bytes: Uint8Array; readonly file: string } = workerData;

const read = (): Hdf5Answer => {
  try {
    return { tree: hdf5Tree(bytes, file) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { refused: error.message };
  }
};

parentPort?.postMessage(read());
