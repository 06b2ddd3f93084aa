import { Command } from 'commander';
import { configFields, type PresetName, parseConfig, presets } from '../../config/index.js';
import { plan } from '../../datapath/plan.js';
import { writeWhole } from '../../files/index.js';
import { UserError } from '../../fx/error.js';
import { isThere } from '../../fx/folder.js';
import { unsupported } from '../../rtl/index.js';
import { presetOption } from '../sources.js';
import { json, shellWord } from '../text.js';

const DEFAULT_FILE = 'grapes.json';

/** A preset with every field; with the fractions only where it sets them, since others are derived from the other fields. */
const starter = (preset: PresetName): string => {
  const fields = configFields(parseConfig(presets[preset]));
  const { frac: _, ...underived } = fields;
  return `${json('frac' in presets[preset] ? fields : underived)}\n`;
};

export const initCommand = (): Command =>
  new Command('init')
    .description('write a configuration to start from')
    .argument('[file]', 'where to write it', DEFAULT_FILE)
    .addOption(presetOption().default('mnist'))
    .addHelpText(
      'after',
      '\nExamples:\n  grapes-hw init\n  grapes-hw init small.json --preset mnist-small\n  grapes-hw init spiking.json --preset snu\n  grapes-hw gen --config small.json',
    )
    .action((file: string, options: { preset: PresetName }) => {
      if (isThere(file))
        throw new UserError(`${file}: exists already; name another file or remove it`, { field: file });
      writeWhole(file, starter(options.preset));
      const design = plan(parseConfig(presets[options.preset]));
      const next = unsupported(design) === null ? 'gen' : 'train';
      console.log(`${file} written; edit it, then: grapes-hw ${next} --config ${shellWord(file)}`);
    });
