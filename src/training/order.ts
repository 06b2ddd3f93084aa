import { firstState, identity, PURPOSE, shuffle, xorshift } from '../fx/random.js';

/** The order of an epoch's samples, and the state of the stream that shuffles it further. */
export interface Order {
  readonly permutation: Uint32Array;
  readonly random: number;
}

/** File order, before the first epoch. */
export const initialOrder = (count: number, seed: number): Order => ({
  permutation: identity(count),
  random: firstState(seed, PURPOSE.shuffle),
});

/** The order of the next epoch; shuffles the permutation in place. Source: the numeric contract, Update. */
export const nextOrder = ({ permutation, random }: Order): Order => {
  let y = random;
  shuffle(permutation, () => {
    y = xorshift(y);
    return y;
  });
  return { permutation, random: y };
};
