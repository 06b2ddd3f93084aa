#!/usr/bin/env node
import { onInterrupt } from '../tools/index.js';
import { report } from './failure.js';
import { createProgram } from './program.js';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // a reader that closes the pipe, such as head, is no fault
  process.exit(error.code === 'EPIPE' ? undefined : report(Object.assign(error, { path: 'standard output' })));
});
// where nothing can be said, nothing is
process.stderr.on('error', () => {});

// every command ends on Ctrl-C with a message and the same exit code, also one that has nothing to undo
onInterrupt(() => {});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
  // not before standard output has said whether it took everything
  setImmediate(() => process.exit());
}
