#!/usr/bin/env node
import { report } from './failure.js';
import { createProgram } from './program.js';

// a reader that closes the pipe, such as head, is no fault
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
