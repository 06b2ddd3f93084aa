import { setImmediate as pause } from 'node:timers/promises';

/** Something long that is read a part at a time: it pauses between them, and others may do their work. */
export type Reading<T> = Generator<undefined, T, undefined>;

/** Reads all at one go. */
export const finish = <T>(reading: Reading<T>): T => {
  for (;;) {
    const { done, value } = reading.next();
    if (done) return value;
  }
};

/** Reads all, and lets others (a Ctrl-C, say) have their turn in the pauses. */
export const finishInTurns = async <T>(reading: Reading<T>): Promise<T> => {
  for (;;) {
    const { done, value } = reading.next();
    if (done) return value;
    await pause();
  }
};
