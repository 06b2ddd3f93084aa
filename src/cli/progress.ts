/** Tells a person who waits how far a command is. */
export interface Progress {
  /** cheap: may be called for every sample */
  readonly update: (text: string) => void;
  /** takes the last text away from a terminal */
  readonly done: () => void;
}

/** When a text appears, in ms: on a terminal it is written over, elsewhere each is a line of its own. */
const PACE = {
  terminal: { first: 2000, changed: 100, same: 1000 },
  plain: { first: 2000, changed: 2000, same: 15_000 },
} as const;

/**
 * Progress on standard error. Nothing appears in the first two seconds; a text that stays the same comes again now and
 * then with the seconds it has been true.
 */
export const createProgress = (stream: NodeJS.WriteStream = process.stderr): Progress => {
  const pace = stream.isTTY ? PACE.terminal : PACE.plain;
  let text = '';
  let shown = '';
  let since = performance.now();
  let last = since;
  let started = false;
  const show = (): void => {
    const now = performance.now();
    const wait = !started ? pace.first : text === shown ? pace.same : pace.changed;
    if (text === '' || now - last < wait) return;
    const line = text === shown ? `${text} (${Math.round((now - since) / 1000)} s)` : text;
    started = true;
    last = now;
    shown = text;
    stream.write(stream.isTTY ? `\r\x1b[2K${line}` : `${line}\n`);
  };
  setInterval(show, 500).unref();
  return {
    update: (next) => {
      if (next !== text) since = performance.now();
      text = next;
      show();
    },
    done: () => {
      text = '';
      if (started && stream.isTTY) stream.write('\r\x1b[2K');
    },
  };
};
