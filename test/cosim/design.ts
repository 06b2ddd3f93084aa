import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/index.js';
import { type Design, goldenRun, type Request, readDesign } from '../../src/cosim/index.js';
import { loadDataset } from '../../src/data/index.js';
import { type Plan, plan } from '../../src/datapath/plan.js';
import { type HostLine, line } from '../../src/golden/host.js';
import { type Manifest, writeGolden } from '../../src/golden/index.js';

export const FAKE = parseConfig({ name: 'fake', layers: [3, 5, 2], bits: 8, data: 'synthetic', lanes: 2 });

export const fakePlan: Plan = plan(FAKE);

/** Golden vectors of the fake design: 6 samples, 4 of them traced. */
export const fakeGolden = (folder: string): Promise<Manifest> => {
  const dataset = loadDataset('synthetic', 'train', { inputs: 3, classes: 2, seed: 1, count: 6 });
  return writeGolden(fakePlan, dataset, { samples: 6, trace: 4 }, join(folder, 'golden'));
};

/** What the host of the fake design does. */
export const HOST: readonly HostLine[] = [
  ...Array.from({ length: 6 }, () => line('train', { value: 7 })),
  ...Array.from({ length: 5 }, (_, row) => line('readStrength', { layer: 1, row })),
  ...[1, 2].map((layer) => line('readStream', { layer })),
  ...Array.from({ length: 6 }, (_, column) => line('readCounter', { column })),
  line('final'),
];

const bench = (lines: readonly string[]): string => `\`default_nettype none
module fake_tb (input wire clk_i);
  wire toggle;
  int cycle = 0;
  string wave;
  fake_core dut (.clk_i, .toggle_o(toggle));
  initial if ($value$plusargs("wave=%s", wave) != 0) begin
    $dumpfile(wave);
    $dumpvars(0, fake_tb);
  end
  always @(posedge clk_i) begin
    cycle <= cycle + 1;
    if (cycle == 5) begin
${lines.map((line) => `      $display("${line}");`).join('\n')}
      $finish;
    end
  end
endmodule
\`default_nettype wire
`;

const CLOCK = `module fake_tb_clock;
  logic clk = 1'b0;
  always #5 clk = !clk;
  fake_tb tb (.clk_i(clk));
endmodule
`;

/** A generated folder whose testbench prints these lines, whatever the core does. */
export const fakeDesign = (folder: string, lines: readonly string[], core = 'fake_core.sv'): Design => {
  const dir = join(folder, 'rtl');
  mkdirSync(join(dir, 'tb'), { recursive: true });
  copyFileSync(join('test', 'cosim', 'fixtures', core), join(dir, 'fake_core.sv'));
  copyFileSync(join('templates', 'tb', 'main.cpp'), join(dir, 'tb', 'main.cpp'));
  writeFileSync(join(dir, 'filelist.f'), '// RTL\nfake_core.sv\n');
  writeFileSync(join(dir, 'tb', 'fake_tb.sv'), bench(lines));
  writeFileSync(join(dir, 'tb', 'fake_tb_clock.sv'), CLOCK);
  return readDesign(dir, 'fake');
};

/** Everything that the vectors in `golden/` of a folder ask for: by the manifest's shapes, factors by what is active. */
export const fullCounts = ({ files, samples }: Manifest, folder: string): Record<string, number> => {
  const values = (pattern: RegExp): number =>
    Object.entries(files)
      .filter(([name]) => pattern.test(name))
      .reduce((sum, [, { shape }]) => sum + shape.reduce((product, size) => product * size, 1), 0);
  const activations = readFileSync(join(folder, 'golden', 'activation1.mem'), 'latin1')
    .trim()
    .split('\n');
  const active = activations.filter((value) => Number.parseInt(value, 16) !== 0).length;
  return {
    activation: values(/^activation/),
    logit: values(/^logit/),
    result: values(/^logit/),
    probability: values(/^probability/),
    prediction: samples,
    error: values(/^error/),
    strength: active,
    factor: active,
    write: values(/^write/),
    digest: samples,
    weight: values(/^weight\d_final/),
    read: 5,
    stream: 2,
    counter: 6,
  };
};

export const countLines = (counts: Readonly<Record<string, number>>, samples: number): string[] => [
  ...Object.entries(counts).map(([kind, compared]) => `GRAPES COUNT kind=${kind} compared=${compared} mismatches=0`),
  'GRAPES CYCLES steps=4 total=300',
  `GRAPES DONE samples=${samples} compared=${Object.values(counts).reduce((sum, n) => sum + n, 0)} mismatches=0`,
];

/** A request for the fake design on Icarus. */
export const request = (
  folder: string,
  design: Design,
  manifest: Manifest,
  changes: Partial<Request> = {},
): Request => ({
  design,
  plan: fakePlan,
  golden: goldenRun(join(folder, 'golden'), manifest, HOST),
  simulators: ['icarus'],
  linters: [],
  modules: false,
  load: 'auto',
  stall: false,
  stallSeed: 1,
  wave: null,
  seed: 1,
  optimise: 'short',
  cache: join(folder, 'cache'),
  timeoutMs: 60_000,
  onProgress: () => {},
  ...changes,
});
