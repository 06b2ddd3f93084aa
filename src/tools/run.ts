import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findExecutable } from './find.js';
import { onInterrupt } from './interrupt.js';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** stop the program, and all that it started, after this long; default: no limit */
  readonly timeoutMs?: number;
  /** stop the program, and all that it started, when this is aborted */
  readonly signal?: AbortSignal;
  /** each line as it appears, standard output and standard error alike; what it throws ends the program */
  readonly onLine?: (line: string) => void;
}

/** How a program ended. */
export interface Ended {
  /** exit status; null if a signal ended it */
  readonly code: number | null;
  /** the signal that ended it */
  readonly signal: string | null;
  /** standard output and standard error, lines in the order of arrival */
  readonly output: string;
  readonly timedOut: boolean;
}

const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
};

/**
 * Becomes the program; beside it, a watch ends the whole process group when the other end of a pipe closes, which the kernel
 * does however this process ends.
 */
const WATCHED = '(cat >/dev/null; kill -KILL 0) <&3 3<&- >/dev/null 2>&1 & exec 3<&-; exec "$0" "$@"';

const start = (command: string, parameters: readonly string[], { cwd, env }: RunOptions): ChildProcess => {
  const path = findExecutable(command);
  if (path === null)
    throw Object.assign(new Error(`spawn ${command} ENOENT`), { code: 'ENOENT', path: command, syscall: 'spawn' });
  return spawn('/bin/sh', ['-c', WATCHED, path, ...parameters], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
  });
};

/**
 * Runs a program in a process group of its own, which ends with it: on a time-out, on Ctrl-C and when this process is gone,
 * the whole group is killed.
 * Rejects only if the program can't be started, or with what `onLine` throws.
 */
export const runProgram = async (
  command: string,
  parameters: readonly string[],
  options: RunOptions = {},
): Promise<Ended> => {
  const { timeoutMs, signal, onLine } = options;
  const child = start(command, parameters, options);
  const watch = child.stdio[3];
  const end = (): void => killGroup(child);
  const release = onInterrupt(end);
  signal?.addEventListener('abort', end);
  let timedOut = false;
  const expire = (): void => {
    timedOut = true;
    end();
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
  const lines: string[] = [];
  let thrown: { readonly error: unknown } | undefined;
  const take = (line: string): void => {
    lines.push(line);
    if (thrown !== undefined) return;
    try {
      onLine?.(line);
    } catch (error) {
      thrown = { error };
      end();
    }
  };
  const read = (stream: NodeJS.ReadableStream | null): Promise<unknown> => {
    if (stream === null) return Promise.resolve();
    const reader = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    reader.on('line', take);
    return once(reader, 'close');
  };
  try {
    child.once('exit', () => watch?.destroy());
    if (signal?.aborted) end();
    const [[code, ended]] = await Promise.all([once(child, 'close'), read(child.stdout), read(child.stderr)]);
    if (thrown !== undefined) throw thrown.error;
    return { code, signal: ended, output: lines.map((line) => `${line}\n`).join(''), timedOut };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    release();
  }
};
