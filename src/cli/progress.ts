const QUIET_MS = 2000;
const TTY_MS = 100;

/** Tells a person who waits how far a command is. */
export interface Progress {
  /** cheap: may be called for every sample */
  readonly update: (text: string) => void;
  /** takes the last text away from a terminal */
  readonly done: () => void;
}

/**
 * Progress on standard error: one line that is written over on a terminal, elsewhere a plain line every two seconds.
 * Nothing appears in the first two seconds.
 */
export const createProgress = (stream: NodeJS.WriteStream = process.stderr): Progress => {
  let last = performance.now();
  let started = false;
  let shown = '';
  return {
    update: (text) => {
      const now = performance.now();
      if (now - last < (started && stream.isTTY ? TTY_MS : QUIET_MS) || text === shown) return;
      started = true;
      last = now;
      shown = text;
      stream.write(stream.isTTY ? `\r\x1b[2K${text}` : `${text}\n`);
    },
    done: () => {
      if (started && stream.isTTY) stream.write('\r\x1b[2K');
      started = false;
    },
  };
};
