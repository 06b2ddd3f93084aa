import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onInterrupt } from './interrupt.js';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** stop the program, and all that it started, after this long; default: no limit */
  readonly timeoutMs?: number;
  /** stop the program, and all that it started, when this is aborted */
  readonly signal?: AbortSignal;
  /** each line as it appears, standard output and standard error alike */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  /** exit status; null if a signal ended it */
  readonly code: number | null;
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
 * Runs a program in a process group of its own, which ends with it: on a time-out and on Ctrl-C the whole group is killed.
 * Rejects only if the program can't be started.
 */
export const runProgram = async (
  command: string,
  parameters: readonly string[],
  { cwd, env, timeoutMs, signal, onLine }: RunOptions = {},
): Promise<RunResult> => {
  const child = spawn(command, parameters, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
  });
  const release = onInterrupt(() => killGroup(child));
  const abort = (): void => killGroup(child);
  signal?.addEventListener('abort', abort);
  let timedOut = false;
  const expire = (): void => {
    timedOut = true;
    killGroup(child);
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
  const lines: string[] = [];
  const read = (stream: NodeJS.ReadableStream): Promise<unknown> => {
    const reader = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    reader.on('line', (line) => {
      lines.push(line);
      onLine?.(line);
    });
    return once(reader, 'close');
  };
  try {
    const [[code]] = await Promise.all([once(child, 'close'), read(child.stdout), read(child.stderr)]);
    return { code: code as number | null, output: lines.map((line) => `${line}\n`).join(''), timedOut };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    release();
  }
};
