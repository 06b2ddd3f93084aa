import type { Plan } from '../datapath/plan.js';
import { featuresOf } from '../datapath/rate.js';
import { emit } from './emit.js';
import { render, templateText } from './engine.js';

/**
 * The design of `emit` with a top of 22 pins, `<name>_bytes`: the core behind two byte streams. For boards whose package
 * has too few pins for the core's ports.
 */
export const emitBytes = (plan: Plan): ReadonlyMap<string, string> => {
  const files = emit(plan);
  const { config, hardware } = plan;
  const { name } = config;
  const core = files.get(`${name}_core.sv`) ?? '';
  // The first line of every file says whose it is.
  const [header] = core.split('\n', 1);
  const ports = [...core.matchAll(/ (trace_\w+_o),?$/gm)].map(([, port]) => port);
  const view = {
    header,
    name,
    beats: Math.ceil(featuresOf(config) / hardware.featuresPerBeat),
    tracePorts: ports.map((port, at) => ({ port, comma: at === ports.length - 1 ? '' : ',' })),
  };
  const added: readonly [string, string][] = [
    ['grapes_bytes.sv', `${header}\n//\n${templateText('grapes_bytes.sv')}`],
    [`${name}_bytes.sv`, render('bytes.sv.hbs', view)],
  ];
  const list = `${files.get('filelist.f')}${added.map(([path]) => `${path}\n`).join('')}`;
  return new Map([...files, ...added, ['filelist.f', list]]);
};
