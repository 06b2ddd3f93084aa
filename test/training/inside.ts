import { stripVTControlCharacters } from 'node:util';
import { vi } from 'vitest';
import { report } from '../../src/cli/failure.js';
import { createProgram } from '../../src/cli/program.js';
import type { Outcome } from '../cli/grapes.js';

/** Runs the command line in a folder, in this process: quicker than a process of its own. */
export const inside = async (folder: string, parameters: readonly string[]): Promise<Outcome> => {
  const before = process.cwd();
  const texts = { stdout: '', stderr: '' };
  const catching = (name: keyof typeof texts) => (text: unknown) => {
    texts[name] += text;
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(catching('stdout')),
    vi.spyOn(process.stderr, 'write').mockImplementation(catching('stderr')),
    vi.spyOn(console, 'log').mockImplementation((text) => catching('stdout')(`${text}\n`)),
    vi.spyOn(console, 'error').mockImplementation((text) => catching('stderr')(`${text}\n`)),
  ];
  process.chdir(folder);
  process.exitCode = 0;
  let code = 0;
  try {
    await createProgram().parseAsync(['node', 'grapes-hw', ...parameters]);
    code = Number(process.exitCode ?? 0);
  } catch (error) {
    code = report(error);
  } finally {
    process.exitCode = 0;
    process.chdir(before);
    for (const spy of spies) spy.mockRestore();
  }
  return { code, stdout: stripVTControlCharacters(texts.stdout), stderr: stripVTControlCharacters(texts.stderr) };
};
