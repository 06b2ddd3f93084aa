import { setImmediate as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { UserError } from '../fx/error.js';
import { execute } from './execute.js';
import type { RunResult, RunSpec } from './spec.js';

/** Carries runs out. */
export interface Pool {
  readonly run: (spec: RunSpec) => Promise<RunResult>;
  readonly close: () => Promise<void>;
}

type Answer = { readonly result: RunResult } | { readonly error: string };

/** The compiled worker. */
const WORKER = new URL('./worker.js', import.meta.url);

/** Whether the sources themselves are run: threads can't load them. */
const UNCOMPILED = import.meta.url.endsWith('.ts');

/** Runs in this thread, one after the other, with a pause for other work before each. */
const here = (): Pool => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (spec) => {
      const next = last.then(() => pause()).then(() => execute(spec));
      last = next.catch(() => {});
      return next;
    },
    close: async () => {},
  };
};

/** A pool of `threads` worker threads; 0, or uncompiled: everything in this thread. */
export const openPool = (threads: number): Pool => {
  if (threads === 0 || UNCOMPILED) return here();
  const all: Worker[] = [];
  const idle: Worker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  const take = (): Promise<Worker> => {
    const worker = idle.pop();
    if (worker !== undefined) return Promise.resolve(worker);
    if (all.length < threads) {
      const fresh = new Worker(WORKER);
      all.push(fresh);
      return Promise.resolve(fresh);
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  const give = (worker: Worker): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(worker);
    else next(worker);
  };
  const ask = (worker: Worker, spec: RunSpec): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const settle = (): void => {
        worker.off('message', answered).off('error', failed);
      };
      const answered = (answer: Answer): void => {
        settle();
        resolve(answer);
      };
      const failed = (error: unknown): void => {
        settle();
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      worker.on('message', answered).on('error', failed).postMessage(spec);
    });
  return {
    run: async (spec) => {
      const worker = await take();
      const answer = await ask(worker, spec);
      give(worker);
      if ('error' in answer) throw new UserError(answer.error);
      return answer.result;
    },
    close: async () => {
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
};
