/** What a caller undoes if the process is stopped: synchronous, must not throw. */
export type Cleanup = () => void;

/** Exit codes; Ctrl-C counts as a request that the command could not do, like bad input. */
const SIGNALS = { SIGINT: 2, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof SIGNALS;

const cleanups = new Set<Cleanup>();
let graceful: AbortController | undefined;

const stop = (signal: Signal): void => {
  if (graceful !== undefined && !graceful.signal.aborted) {
    graceful.abort();
    return;
  }
  for (const cleanup of [...cleanups].reverse()) cleanup();
  process.stderr.write(`\nerror: interrupted (${signal}); nothing half-written is left, run it again\n`);
  process.exit(SIGNALS[signal]);
};

const listen = (change: 'on' | 'removeListener'): void => {
  for (const signal of Object.keys(SIGNALS) as Signal[]) process[change](signal, stop);
};

/**
 * Registers what must be undone if Ctrl-C or a termination signal arrives; the newest runs first, then the process ends.
 * Returns the function that takes the registration back.
 */
export const onInterrupt = (cleanup: Cleanup): (() => void) => {
  if (cleanups.size === 0) listen('on');
  cleanups.add(cleanup);
  return () => {
    if (cleanups.delete(cleanup) && cleanups.size === 0) listen('removeListener');
  };
};

/** Aborts on the first Ctrl-C, so that what runs can end in good order; the second ends the process. */
export const interruptible = (): AbortSignal => {
  onInterrupt(() => {});
  graceful = new AbortController();
  return graceful.signal;
};
