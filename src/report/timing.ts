import type { Timing } from '../datapath/rate.js';

/** One word where all layers agree, else one a layer. */
const perLayer = (words: readonly string[]): string => (new Set(words).size === 1 ? words[0] : words.join(' '));

/** How a network runs in time, for a heading: `recurrent tanh, 28 steps, rows`. */
export const timeText = ({ steps, encoding, cell, recurrent }: Timing): string => {
  const names = cell.map((name, i) => (recurrent[i] ? `recurrent ${name}` : name));
  const cells = names.length === 0 ? [] : [perLayer(names)];
  return [...cells, `${steps} ${steps === 1 ? 'step' : 'steps'}`, encoding].join(', ');
};
