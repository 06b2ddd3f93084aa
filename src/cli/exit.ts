/** What the process's exit code says. */
export const EXIT = {
  ok: 0,
  /** values differ, or a check failed */
  mismatch: 1,
  badInput: 2,
  missingTool: 3,
} as const;
