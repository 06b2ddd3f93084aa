import { Command } from 'commander';
import { calibrateCommand } from './commands/calibrate.js';
import { dataCommand } from './commands/data.js';
import { doctorCommand } from './commands/doctor.js';
import { experimentCommand } from './commands/experiment.js';
import { exportCommand } from './commands/export.js';
import { genCommand } from './commands/gen.js';
import { importCommand } from './commands/import.js';
import { initCommand } from './commands/init.js';
import { presetsCommand } from './commands/presets.js';
import { reportCommand } from './commands/report.js';
import { schemaCommand } from './commands/schema.js';
import { trainCommand } from './commands/train.js';
import { verifyCommand } from './commands/verify.js';
import { packageVersion } from './version.js';

const COMMANDS = [
  genCommand,
  verifyCommand,
  reportCommand,
  dataCommand,
  trainCommand,
  calibrateCommand,
  exportCommand,
  importCommand,
  experimentCommand,
  initCommand,
  schemaCommand,
  presetsCommand,
  doctorCommand,
] as const;

const HELP = `
Exit codes: 0 ok, 1 a value differs, 2 anything else (bad input, Ctrl-C, a full disk), 3 a program is missing.

Examples:
  grapes-hw gen --bits 8                the 784-256-256-10 core and vectors from MNIST
  grapes-hw verify mnist                train it in both simulators, compare every value
  grapes-hw report memory --preset deep
`;

/** Errors are thrown, not printed and exited on, in every command. */
const throwErrors = (command: Command): Command => {
  command.exitOverride();
  for (const sub of command.commands) throwErrors(sub);
  return command;
};

/** The whole command line. */
export const createProgram = (): Command => {
  const program = new Command('grapes-hw')
    .description(
      'SystemVerilog cores that train neural networks on chip with GRAPES, and the proof that they are exact',
    )
    .version(packageVersion())
    .showHelpAfterError('(--help shows the flags and examples)')
    .addHelpText('after', HELP);
  for (const command of COMMANDS)
    program.addCommand(command().showHelpAfterError('(--help shows the flags and examples)'));
  return throwErrors(program);
};
