import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DoesNotFit, type Placement, placeAndRoute, ToolFailure } from '../../src/tools/index.js';
import { temporaryFolder } from '../helpers/folder.js';

const placement: Placement = {
  netlist: 'design.json',
  bitstream: 'design.asc',
  device: 'up5k',
  package: 'sg48',
  frequency: 25,
};

/** Puts a program of that name first in the path. */
const pretend = (script: string): string => {
  const folder = temporaryFolder();
  const file = join(folder, 'nextpnr-ice40');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  return folder;
};

describe('placeAndRoute', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('says what a device has too little of', async () => {
    const folder = pretend(
      [
        "printf 'Info: \\t         ICESTORM_LC:  6367/ 5280   120%%\\n'",
        "printf 'Info: \\t        ICESTORM_RAM:    30/   30   100%%\\n'",
        "echo 'ERROR: Failed to expand region'",
        'exit 1',
      ].join('\n'),
    );
    const result = placeAndRoute(folder, placement);
    await expect(result).rejects.toThrow(DoesNotFit);
    await expect(result).rejects.toThrow(
      /^too large for the UP5K: needs 6367 ICESTORM_LC, has 5280; take fewer lanes, narrower bits or smaller layers$/,
    );
  });

  it('passes on any other failure', async () => {
    const folder = pretend("echo 'ERROR: no such file'\nexit 1");
    await expect(placeAndRoute(folder, placement)).rejects.toThrow(ToolFailure);
  });

  it('gives the slowest clock and what is used', async () => {
    const report = '{"fmax":{"a":{"achieved":30.5},"b":{"achieved":21}},"utilization":{"X":{"used":1,"available":4}}}';
    const folder = pretend(`echo '${report}' > placement.json`);
    expect(await placeAndRoute(folder, placement)).toEqual({
      frequency: 21,
      utilisation: { X: { used: 1, available: 4 } },
    });
  });
});
