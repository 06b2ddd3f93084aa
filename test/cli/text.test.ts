import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { shellWord } from '../../src/cli/text.js';

describe('a word of a command that is shown', () => {
  test.each(['csv:iris.csv,test.csv', 'run', '../a-b/c_d=1', '0:7,5:8'])('%s stays as it is', (word) => {
    expect(shellWord(word)).toBe(word);
  });

  test.each(['my data.csv', "it's", '', 'Prüfstand', '$HOME', 'a;b', '"q"', '*'])(
    '%j reaches a shell whole',
    (word) => {
      expect(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' })).toBe(word);
    },
  );
});
