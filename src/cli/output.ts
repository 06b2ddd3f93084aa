import { lstatSync } from 'node:fs';
import { filesOf, openStage, type Stage } from '../files/index.js';
import { UserError } from '../fx/error.js';
import { shownPath } from '../fx/folder.js';
import { onInterrupt } from '../tools/index.js';

const SHOWN = 3;

/** A folder that a command writes. */
export interface Output {
  readonly target: string;
  /** says of a file in an existing target, by its path inside, that it may be replaced */
  readonly ours: (file: string) => boolean;
  /** the flag that chooses another target, for the message */
  readonly option: string;
}

/** @throws UserError if the target exists and holds a file that is not ours */
const refuseOthers = ({ target, ours, option }: Output): void => {
  const there = lstatSync(target, { throwIfNoEntry: false });
  if (there === undefined) return;
  const shown = shownPath(target);
  if (!there.isDirectory())
    throw new UserError(`${shown} is not a folder; move it away or choose another folder with ${option}`, {
      field: shown,
    });
  const others = filesOf(target).filter((file) => !ours(file));
  if (others.length === 0) return;
  const names = [...others.slice(0, SHOWN), ...(others.length > SHOWN ? [`${others.length - SHOWN} more`] : [])];
  throw new UserError(
    `${shown} holds files that grapes-hw did not write: ${names.join(', ')}; move them away or choose another folder with ${option}`,
    { field: shown },
  );
};

/**
 * Opens an output folder in the making; on Ctrl-C what has been made of it is taken away.
 * @throws UserError if the target holds anything that is not ours
 */
export const openOutput = (output: Output): Stage => {
  refuseOthers(output);
  const stage = openStage(output.target);
  const release = onInterrupt(stage.discard);
  return {
    ...stage,
    discard: () => {
      stage.discard();
      release();
    },
  };
};
