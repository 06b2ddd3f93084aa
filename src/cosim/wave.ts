import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Simulation time of a clock cycle, in the testbenches' units. */
const CYCLE_TIME = 10;

/** What is seen to the left of the marker. */
const CYCLES_BEFORE = 40;

const ZOOM = -5;

/** The GTKWave save file that belongs to a waveform. */
export const saveFileOf = (wave: string): string => wave.replace(/(\.\w+)?$/, '.gtkw');

/** Writes the save file that opens a waveform at a cycle: the marker on it, the testbench's clock and cycle on show. */
export const writeSaveFile = (wave: string, name: string, cycle: number): void => {
  const time = cycle * CYCLE_TIME;
  const scopes = [`TOP.${name}_tb`, `${name}_tb_clock.tb`];
  writeFileSync(
    saveFileOf(wave),
    [
      `[dumpfile] "${basename(wave)}"`,
      `[timestart] ${Math.max(0, time - CYCLES_BEFORE * CYCLE_TIME)}`,
      `*${ZOOM.toFixed(6)} ${time}${' -1'.repeat(26)}`,
      ...scopes.flatMap((scope) => ['@28', `${scope}.clk_i`, '@24', `${scope}.now[31:0]`]),
      '',
    ].join('\n'),
  );
};
