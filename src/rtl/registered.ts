import type { Plan } from '../datapath/plan.js';
import { ports } from './documents.js';
import { emit } from './emit.js';
import { render } from './engine.js';

/** Registers that `<name>_registered` has at the core's ports, bits in all. */
export const portRegisters = (plan: Plan): number => ports(plan).reduce((sum, { bits }) => sum + bits, 0);

/**
 * The design of `emit` with a top `<name>_registered`: the core with a register at every port, for a clock that is the
 * core's own and not that of the way to the pins.
 */
export const emitRegistered = (plan: Plan): ReadonlyMap<string, string> => {
  const files = emit(plan);
  const { name } = plan.config;
  const [header] = (files.get(`${name}_core.sv`) ?? '').split('\n', 1);
  const view = ports(plan).map((port) => ({ name: port.name, last: port.bits - 1, input: port.name.endsWith('_i') }));
  const path = `${name}_registered.sv`;
  return new Map([
    ...files,
    [path, render('registered.sv.hbs', { header, name, ports: view })],
    ['filelist.f', `${files.get('filelist.f')}${path}\n`],
  ]);
};
