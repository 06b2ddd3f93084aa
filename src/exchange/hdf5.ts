import { Worker } from 'node:worker_threads';
import { UserError } from '../fx/error.js';
import type { Hdf5 } from './hdf5Tree.js';
import { hdf5Tree } from './hdf5Tree.js';
import { refuse } from './tensor.js';

/** What the thread answers. */
export type Hdf5Answer = { readonly tree: Hdf5 } | { readonly refused: string };

/** Threads need the compiled worker: where the sources themselves are run, the file is read here. */
const COMPILED = import.meta.url.endsWith('.js');
const WORKER = new URL('./hdf5Worker.js', import.meta.url);

/** Far more than an honest file takes: the format has addresses that a hostile one can bend into a circle. */
const LIMITS = { seconds: 60, megabytes: 2048 } as const;

const inThread = (bytes: Uint8Array, file: string): Promise<Hdf5> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, {
      workerData: { bytes, file },
      // jsfive prints what it does not know
      stdout: true,
      resourceLimits: { maxOldGenerationSizeMb: LIMITS.megabytes },
    });
    const fail = (text: string): void => reject(new UserError(`${file}: ${text}`, { field: file }));
    const timer = setTimeout(() => {
      fail(`takes more than ${LIMITS.seconds} s to read; it is damaged, save it again`);
      void worker.terminate();
    }, LIMITS.seconds * 1000);
    worker.on('message', (answer: Hdf5Answer) => {
      if ('tree' in answer) resolve(answer.tree);
      else reject(new UserError(answer.refused, { field: file }));
    });
    worker.on('error', () => fail('takes too much memory to read; it is damaged, save it again'));
    worker.on('exit', () => {
      clearTimeout(timer);
      fail('can not be read; it is damaged, save it again');
    });
  });

/**
 * Reads an HDF5 file's groups, attributes and arrays of numbers, in a thread that ends when a damaged file keeps it.
 * @throws UserError for a file that is cut short, damaged or compressed
 */
export const readHdf5 = (bytes: Uint8Array, file: string): Promise<Hdf5> =>
  COMPILED ? inThread(bytes, file) : Promise.resolve(hdf5Tree(bytes, file));

/** @throws UserError where there is no array of that path */
export const datasetAt = ({ datasets }: Hdf5, file: string, path: string) =>
  datasets.get(path) ?? refuse(file, `has no array ${path}; it is damaged, save it again`);
