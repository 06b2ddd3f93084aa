/** Aborts on the first Ctrl-C, so that what runs can end in good order; the second ends the process. */
export const interruptible = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => controller.abort());
  return controller.signal;
};
