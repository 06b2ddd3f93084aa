import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../src/data/index.js';
import { UserError } from '../../src/fx/error.js';
import { temporaryFolder } from '../helpers/folder.js';

const shape = { inputs: 3, classes: 4 };

const fileWith = (text: string): string => {
  const file = join(temporaryFolder(), 'set.csv');
  writeFileSync(file, text);
  return file;
};

describe('samples as CSV', () => {
  it.each([
    { what: 'plain', text: '3,0,128,255\n0,1,2,3\n' },
    { what: 'without a last newline', text: '3,0,128,255\n0,1,2,3' },
    {
      what: 'with names, blanks, empty lines and carriage returns',
      text: 'label,a,b,c\r\n 3, 0 ,128,255\r\n\r\n0,1,2,3\r\n\r\n',
    },
  ])('$what', ({ text }) => {
    const { count, inputs, features, labels } = readCsv(fileWith(text), shape);
    expect({ count, inputs }).toEqual({ count: 2, inputs: 3 });
    expect([...features]).toEqual([0, 128, 255, 1, 2, 3]);
    expect([...labels]).toEqual([3, 0]);
  });

  it.each([
    { text: '1,2,3\n', message: 'line 1 has 2 features, must have 3 after the label; change layers[0] or the file' },
    { text: '1,2,3,4\n1,2,3,4,5\n', message: 'line 2 has 4 features, must have 3 after the label' },
    { text: '4,2,3,4\n', message: 'line 1 has "4" as its label, must be a whole number 0..3' },
    { text: 'x,a,b,c\n1,2,256,4\n', message: 'line 2 has "256" as feature 2, must be a whole number 0..255' },
    { text: '1,2,0.5,4\n', message: 'line 1 has "0.5" as feature 2, must be a whole number 0..255' },
    { text: '1,2,-3,4\n', message: 'line 1 has "-3" as feature 2, must be a whole number 0..255' },
    { text: '1,2,,4\n', message: 'line 1 has "" as feature 2, must be a whole number 0..255' },
    { text: '1,2,3,4\n1,2,3', message: 'line 2 has 2 features, must have 3' },
    { text: '', message: 'holds no samples, must hold at least one' },
    { text: 'label,a,b,c\n', message: 'holds no samples, must hold at least one' },
  ])('is refused: $message', ({ text, message }) => {
    const read = () => readCsv(fileWith(text), shape);
    expect(read).toThrow(UserError);
    expect(read).toThrow(message);
  });
});
