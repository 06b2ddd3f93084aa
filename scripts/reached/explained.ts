/** Lines that no testbench reaches, or not all of whose branches, by module and text, each with its reason. */
export const EXPLAINED: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
