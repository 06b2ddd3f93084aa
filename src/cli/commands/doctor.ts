import chalk from 'chalk';
import { Command } from 'commander';
import { EnvironmentFault, installCommand, requireTemporary, toolStatus, untested } from '../../tools/index.js';
import { EXIT } from '../exit.js';
import { json } from '../text.js';
import { packageVersion } from '../version.js';

/** What is wrong with the machine; null where nothing is. */
const faultOf = (): string | null => {
  try {
    requireTemporary();
    return null;
  } catch (error) {
    if (error instanceof EnvironmentFault) return error.message;
    throw error;
  }
};

export const doctorCommand = (): Command =>
  new Command('doctor')
    .description(
      'say which external programs are there, which are missing or untested, and what is wrong with the machine',
    )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExit code: 0 all that is needed is there, 2 something is wrong with the machine, 3 something is missing.\n\nExamples:\n  grapes-hw doctor\n  grapes-hw doctor --json',
    )
    .action(async (options: { json?: boolean }) => {
      const tools = await toolStatus();
      const strange = untested(tools);
      const fault = faultOf();
      const missing = tools.filter((tool) => tool.version === null);
      const needed = missing.filter((tool) => tool.needed);
      const install = missing.length > 0 ? installCommand(missing.map((tool) => tool.name)) : null;
      if (needed.length > 0) process.exitCode = EXIT.missingTool;
      else if (fault !== null) process.exitCode = EXIT.failed;
      if (options.json) {
        console.log(
          json({
            version: packageVersion(),
            node: process.versions.node,
            ok: needed.length === 0 && fault === null,
            tools,
            untested: strange,
            fault,
            install,
          }),
        );
        return;
      }
      console.log(`grapes-hw ${packageVersion()}, Node ${process.versions.node}`);
      for (const { name, version, needed: must, purpose, package: holds, from } of tools) {
        const state = version ?? (must ? chalk.red('missing') : chalk.yellow('missing, optional'));
        const source = version === null ? ` (${from === 'debian' ? 'Debian package' : 'PyPI wheel'} ${holds})` : '';
        console.log(`  ${name.padEnd(19)} ${state.padEnd(10)} ${chalk.dim(purpose)}${source}`);
      }
      for (const { name, version, tested } of strange)
        console.log(
          `\n${chalk.yellow('untested:')} ${name} ${version}; tried with ${tested.join(' and ')}: verify tells whether it will do`,
        );
      if (fault !== null) console.log(`\n${chalk.red('wrong:')} ${fault}`);
      if (install !== null) console.log(`\nTo get what is missing:\n  ${install}`);
      else console.log('\nNothing is missing.');
    });
