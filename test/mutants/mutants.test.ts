import { describe, expect, it } from 'vitest';
import { faultMutants, quickFaults } from '../../scripts/mutants/faults.js';
import { allMutants, sampleMutants } from '../../scripts/mutants/generate.js';
import { difference, findPlace, type Mutant, placeOf } from '../../scripts/mutants/mutant.js';
import { OPERATOR_NAMES } from '../../scripts/mutants/operators.js';
import { packageMutants } from '../../scripts/mutants/package.js';
import { tokenise } from '../../scripts/mutants/tokens.js';
import { parseConfig } from '../../src/config/index.js';
import { plan } from '../../src/datapath/plan.js';
import { emit } from '../../src/rtl/index.js';

const files = emit(plan(parseConfig({ name: 'dut', layers: [9, 11, 5, 3], lanes: 2, data: 'synthetic' })));
const modules = [...files]
  // Contracts are checks of what mutants break.
  .filter(([path]) => /^\w+\.sv$/.test(path) && path !== 'grapes_rule.sv')
  .map(([path, text]) => [path.replace(/\.sv$|^dut_/g, ''), text] as const);
const textOf = new Map(modules);
const byOperator = modules.filter(([module]) => module !== 'pkg').map(([module, text]) => allMutants(module, text));
const generated = [
  ...packageMutants(textOf.get('pkg') ?? ''),
  ...byOperator.flatMap((all) => [...all.values()].flat()),
];

const SNIPPET = `module small #(parameter int N = 4) (input wire logic clk_i, input wire logic signed [N-1:0] a_i);
  // a < b && c
  wire [N-1:0] b_s1 = a_i > 3 ? a_i + 1'b1 : '0;
  wire [N-1:0] b_s2 = {b_s1[N-1:0], a_i[0], !a_i};
  always_ff @(posedge clk_i) if (b_s1 == 0 && a_i[1]) b_q <= $signed(b_s2[i]) <<< 2;
endmodule
`;

/** The snippet's mutants by what they make of its lines. */
const linesOf = (mutants: readonly Mutant[]): string[] =>
  mutants.map(
    ({ apply }) =>
      difference(SNIPPET, apply(SNIPPET) ?? '')
        .lines[1]?.slice(2)
        .trim() ?? '',
  );

const made = (operator: (typeof OPERATOR_NAMES)[number]): string[] =>
  linesOf(allMutants('small', SNIPPET).get(operator) ?? []);

describe('mutation operators', () => {
  it('change operators, operands, conditions and constants', () => {
    expect(made('arithmetic')).toContain("wire [N-1:0] b_s1 = a_i > 3 ? a_i - 1'b1 : '0;");
    expect(made('comparison')).toContain("wire [N-1:0] b_s1 = a_i >= 3 ? a_i + 1'b1 : '0;");
    expect(made('constant')).toContain("wire [N-1:0] b_s1 = a_i > 4 ? a_i + 1'b1 : '0;");
    expect(made('choice')).toContain("wire [N-1:0] b_s1 = !(a_i > 3) ? a_i + 1'b1 : '0;");
    expect(made('operand')).toContain('always_ff @(posedge clk_i) if (b_s1 == 0 ) b_q <= $signed(b_s2[i]) <<< 2;');
    expect(made('condition')).toContain(
      "always_ff @(posedge clk_i) if ((b_s1 == 0 && a_i[1]) && 1'b0) b_q <= $signed(b_s2[i]) <<< 2;",
    );
  });

  it('take a value from another stage, another place, or not at all', () => {
    expect(made('stage')).toContain(
      'always_ff @(posedge clk_i) if (b_s2 == 0 && a_i[1]) b_q <= $signed(b_s2[i]) <<< 2;',
    );
    expect(made('swap')).toContain('wire [N-1:0] b_s2 = {a_i[0], b_s1[N-1:0], !a_i};');
    expect(made('index')).toContain(
      "always_ff @(posedge clk_i) if (b_s1 == 0 && a_i[1]) b_q <= $signed(b_s2[i + 1'b1]) <<< 2;",
    );
    expect(made('statement')).toContain('always_ff @(posedge clk_i) if (b_s1 == 0 && a_i[1]) begin end');
    expect(made('negation')).toContain('wire [N-1:0] b_s2 = {b_s1[N-1:0], a_i[0], a_i};');
    expect(made('sign')).toHaveLength(2);
    expect(made('arithmetic').join()).not.toContain('N+1');
  });

  it('leave comments, parameters and declared widths alone', () => {
    const untouched = [...allMutants('small', SNIPPET)]
      .filter(([operator]) => operator !== 'sign')
      .flatMap(([, mutants]) => mutants)
      .map(({ apply }) => apply(SNIPPET)?.split('\n').slice(0, 2));
    for (const lines of untouched) expect(lines).toEqual(SNIPPET.split('\n').slice(0, 2));
    expect(tokenise(SNIPPET).some(({ text }) => text === 'c')).toBe(false);
  });

  it.each(OPERATOR_NAMES)('%s finds places in the emitted modules and changes them', (operator) => {
    expect(byOperator.flatMap((all) => all.get(operator) ?? []).length).toBeGreaterThan(0);
  });
});

describe('mutants', () => {
  it('are many, of every module, and each changes its module', () => {
    expect(new Set(generated.map(({ module }) => module))).toEqual(new Set(textOf.keys()));
    const idle = generated.filter(({ module, apply }) => apply(textOf.get(module) ?? '') === textOf.get(module));
    expect(idle.map(({ id }) => id)).toEqual([]);
    expect(generated.length).toBeGreaterThan(1000);
  });

  it('have names of their own', () => {
    const ids = [...generated, ...faultMutants()].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are sampled the same way every time, and independently of other lines', () => {
    const [module, text] = modules.find(([name]) => name === 'grapes_lane') ?? ['', ''];
    const ids = sampleMutants(module, text).map(({ id }) => id);
    expect(sampleMutants(module, text).map(({ id }) => id)).toEqual(ids);
    const longer = text.replace('endmodule', '  wire more = 1;\nendmodule');
    const again = new Set(sampleMutants(module, longer).map(({ id }) => id));
    expect(ids.filter((id) => again.has(id)).length).toBeGreaterThan(0.9 * ids.length);
  });

  it('find their place in another design', () => {
    const other = emit(plan(parseConfig({ name: 'dut', layers: [4, 3, 2], lanes: 3, data: 'synthetic' })));
    const core = other.get('dut_core.sv') ?? '';
    const mutants = sampleMutants('core', textOf.get('core') ?? '');
    expect(mutants.filter(({ apply }) => apply(core) !== null).length).toBe(mutants.length);
  });
});

describe('faults written by hand', () => {
  it.each(faultMutants().map((mutant) => [mutant.id, mutant] as const))('%s has its place', (_, { module, apply }) => {
    const text = textOf.get(module) ?? '';
    expect(apply(text)).not.toBeNull();
    expect(apply(text)).not.toBe(text);
  });

  it('are at least 30 in the quick run, from many modules', () => {
    expect(quickFaults().length).toBeGreaterThanOrEqual(30);
    expect(new Set(quickFaults().map(({ module }) => module)).size).toBeGreaterThan(10);
  });
});

describe('places', () => {
  it('tell equal lines apart', () => {
    const text = 'a;\nb;\na;\n';
    const place = placeOf(text, 7);
    expect(place).toEqual({ line: 'a;', occurrence: 1, column: 1 });
    expect(findPlace(`c;\n${text}`, place)).toBe(10);
    expect(findPlace('a;\n', place)).toBeNull();
  });
});
