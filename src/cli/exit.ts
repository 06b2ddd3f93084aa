/** What the process's exit code says. */
export const EXIT = {
  ok: 0,
  /** a value differs; nothing else gives this code */
  different: 1,
  /** anything else that kept a command from its end: bad input, Ctrl-C, a lint complaint, a fault of the machine */
  failed: 2,
  missingTool: 3,
} as const;
