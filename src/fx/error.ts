/** What a {@link UserError} may carry beside its message. */
export interface UserErrorOptions {
  /** exit code of the command, 2 by default */
  readonly exit?: number;
  /** the configuration field or file at fault */
  readonly field?: string;
  readonly cause?: unknown;
}

/** A mistake that the person at the keyboard can correct: its message says what, where and how, and needs no stack. */
export class UserError extends Error {
  /** exit code of the command */
  readonly code: number;
  readonly field?: string;

  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.code = options.exit ?? 2;
    if (options.field !== undefined) this.field = options.field;
  }
}

const SYSTEM_MESSAGES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space and run again',
  EDQUOT: 'the disk quota is used up; free some space and run again',
  EACCES: 'permission denied; choose another folder or change its permissions',
  EPERM: 'permission denied; choose another folder or change its permissions',
  EROFS: 'the file system is read-only; choose another folder',
  ENOENT: 'does not exist; check the path',
  ENOTDIR: 'a part of the path is not a folder; check the path',
  EISDIR: 'is a folder, must be a file; check the path',
  EEXIST: 'exists already; choose another path',
  EMFILE: 'too many open files; raise the limit (ulimit -n) and run again',
  ENAMETOOLONG: 'the name is too long; choose a shorter one',
};

/**
 * Turns an error of the file system on `file` into a {@link UserError}; any other error comes back as it is.
 */
export const asUserError = (error: unknown, file: string): unknown => {
  if (!(error instanceof Error) || error instanceof UserError || !('code' in error)) return error;
  const text = SYSTEM_MESSAGES[String(error.code)];
  return text === undefined ? error : new UserError(`${file}: ${text}`, { field: file, cause: error });
};
