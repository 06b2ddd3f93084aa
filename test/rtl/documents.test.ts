import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plan } from '../../src/datapath/plan.js';
import { constraintsView, readmeView } from '../../src/rtl/documents.js';
import { render } from '../../src/rtl/engine.js';
import { tinyConfig } from '../datapath/sample.js';

const design = plan(tinyConfig());
const core = readFileSync(new URL('../../templates/core.sv.hbs', import.meta.url), 'utf8');

/** Ports of the core's template without clock and trace, in order. */
const declared = [...core.matchAll(/^ {2}(?:input|output) +(?:wire )?logic .*?(\w+),?$/gm)]
  .map(([, name]) => name)
  .filter((name) => name !== 'clk_i' && !name.startsWith('trace_'));

describe('the description of a design', () => {
  const text = render('readme.md.hbs', readmeView(design));

  it('lists the ports that the core declares, in order', () => {
    expect([...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(declared);
  });

  it('says where the layers are', () => {
    expect(text).toContain('| 1 | 5 | 7 | 2 | 1 | yes | 0 | 0 |');
    expect(text).toContain('| 2 | 3 | 5 | 1 | 3 | no | 14 | 2 |');
  });

  it('says what a column costs', () => {
    // layer 1: two groups, twice; layer 2: one group forward, two rows a lane back
    expect(text).toContain('| 1 | 2 | 2 |\n| 2 | 1 | 2 |');
  });

  it('says what a host does to samples', () => {
    expect(text).not.toMatch(/constant|scaled|Classes/);
    const scaling = { kind: 'minmax', low: 0, high: 1, offset: [1, 2, 3, 4, 5, 6], scale: [1, 1, 1, 1, 1, 1] } as const;
    const own = plan(tinyConfig({ constant: true, scaling, classes: ['ant', 'bee', 'cat'] }));
    const said = render('readme.md.hbs', readmeView(own));
    expect(said).toMatch(/is a constant, .*Features are scaled before; .*Classes: 0 ant, 1 bee, 2 cat\./);
  });

  it('has no factors in mode off', () => {
    const off = render('readme.md.hbs', readmeView(plan(tinyConfig({ grapes: { mode: 'off', clip: 'unit' } }))));
    expect(off).toContain('GRAPES is off');
    expect(off).not.toContain('| strength |');
  });
});

it('timing constraints name every port but the clock and the trace once', () => {
  const text = render('constraints.sdc.hbs', constraintsView(design));
  const named = [...text.matchAll(/get_ports \{ (.*) \}/g)].flatMap(([, list]) => list.split(' '));
  expect(named.map((port) => port.replace('[*]', '')).sort()).toEqual([...declared].sort());
});
