import { isAbsolute } from 'node:path';
import chalk from 'chalk';
import { CommanderError } from 'commander';
import { asUserError } from '../fx/error.js';
import { shownPath } from '../fx/folder.js';
import { EXIT } from './exit.js';

const pathOf = (error: Error): string => {
  const path = 'dest' in error ? error.dest : 'path' in error ? error.path : undefined;
  return typeof path === 'string' ? (isAbsolute(path) ? shownPath(path) : path) : 'file system';
};

/** An error that says what the person at the keyboard can do; `code` is then the exit code. */
const isExpected = (error: unknown): error is Error & { readonly code: number } =>
  error instanceof Error && 'code' in error && typeof error.code === 'number';

/** Prints what went wrong, without a stack for anything that a person can put right, and gives the exit code. */
export const report = (thrown: unknown): number => {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.failed;
  const error = thrown instanceof Error ? asUserError(thrown, pathOf(thrown)) : thrown;
  if (isExpected(error)) {
    console.error(`${chalk.red('error:')} ${error.message}`);
    return error.code;
  }
  const text = error instanceof Error ? error.message : String(error);
  console.error(`${chalk.red('error:')} ${text}`);
  if (process.env.GRAPES_DEBUG) console.error(error);
  else console.error('This is a fault of grapes-hw; GRAPES_DEBUG=1 shows where it happened.');
  return EXIT.failed;
};
