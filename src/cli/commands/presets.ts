import chalk from 'chalk';
import { Command } from 'commander';
import { configFields, parseConfig, presets } from '../../config/index.js';
import { weightCount } from '../../datapath/memories.js';
import { plan } from '../../datapath/plan.js';
import { inTime, timingOf } from '../../datapath/rate.js';
import { timeText } from '../../report/timing.js';
import { grouped, json } from '../text.js';

export const presetsCommand = (): Command =>
  new Command('presets')
    .description('list the ready configurations')
    .option('--json', 'every preset with all its fields')
    .addHelpText('after', '\nExamples:\n  grapes-hw presets\n  grapes-hw presets --json')
    .action((options: { json?: boolean }) => {
      const all = Object.entries(presets).map(([preset, raw]) => [preset, parseConfig(raw)] as const);
      if (options.json) {
        console.log(json(Object.fromEntries(all.map(([preset, config]) => [preset, configFields(config)]))));
        return;
      }
      for (const [preset, config] of all) {
        const { layers, bits, lanes, data } = config;
        const time = inTime(config) ? `, ${timeText(timingOf(config))}` : '';
        console.log(
          `${chalk.bold(preset.padEnd(12))} ${layers.join('-').padEnd(26)} ${bits.weight} bits, ${String(lanes).padStart(2)} lanes, ${grouped(weightCount(plan(config))).padStart(7)} weights, data ${data}${time}`,
        );
      }
    });
