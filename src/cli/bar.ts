const WIDTH = 24;

/** A bar of fixed width for a share 0..1, with its percentage: `[######......]  50 %`. */
export const bar = (share: number): string => {
  const done = Math.round(share * WIDTH);
  return `[${'#'.repeat(done)}${'.'.repeat(WIDTH - done)}] ${String(Math.floor(100 * share)).padStart(3)} %`;
};
