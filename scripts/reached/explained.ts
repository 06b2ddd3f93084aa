/** Lines that no testbench reaches, or not all of whose branches, by module and text, each with its reason. */
export const EXPLAINED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  grapes_factors: {
    'default: state_q <= DONE;':
      'three of the eight codes are no state: only an arbitrary register before the first reset can hold one',
  },
};
