import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, written down so that another one can tell later whether it still runs. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
  /** when it started, in the kernel's ticks, since numbers of processes come again; null where the system does not say */
  readonly started: number | null;
}

/** State and start of a process by `/proc`, whose second field, a name in brackets, may hold anything. */
const statusOf = (pid: number): { readonly state: string; readonly started: number } | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], started: Number(fields[19]) };
  } catch {
    return null;
  }
};

/** This process. */
export const thisProcess = (): Owner => ({
  host: hostname(),
  pid: process.pid,
  started: statusOf(process.pid)?.started ?? null,
});

const isOwner = (value: unknown): value is Owner =>
  typeof value === 'object' && value !== null && 'host' in value && 'pid' in value && typeof value.pid === 'number';

/** The owner that a file's JSON names; null where the file is not there or holds something else. */
export const readOwner = (file: string): Owner | null => {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isOwner(value) ? value : null;
  } catch {
    return null;
  }
};

/** Whether a process may still run; one of another machine may. */
export const mayRun = ({ host, pid, started }: Owner): boolean => {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const status = statusOf(pid);
  return status === null || (status.state !== 'Z' && (started === null || status.started === started));
};
