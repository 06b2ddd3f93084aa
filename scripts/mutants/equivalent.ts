/** Mutants that no testbench can catch since they behave like the original, by id, each with its proof. */
export const EQUIVALENT: Readonly<Record<string, string>> = {};
