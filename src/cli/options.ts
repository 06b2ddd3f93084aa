import { InvalidArgumentError } from 'commander';
import { CELLS, type CellName, type RateStep } from '../config/index.js';

/** Parsers of what follows a flag; each throws what commander turns into one clear line. */

const integer =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`Must be a whole number, ${least} to ${most}.`);
    return value;
  };

/** A number that the configuration's own check judges: only its form is checked here. */
export const wholeNumber = integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

export const positive = integer(1, 2 ** 31 - 1);

export const speedGrade = integer(6, 8);

/** Epochs of which each leaves files behind. */
export const fewEpochs = integer(1, 100_000);

export const natural = integer(0, 2 ** 31 - 1);

/** `784,256,256,10` */
export const sizes = (text: string): number[] => {
  const parts = text.split(',').map((part) => part.trim());
  if (!parts.every((part) => /^-?\d+$/.test(part)))
    throw new InvalidArgumentError('Must be whole numbers with commas between, such as 784,256,256,10.');
  return parts.map(Number);
};

/** `snu`, or `snu,tanh`: one for all hidden layers, or one each */
export const cells = (text: string): CellName | CellName[] => {
  const names = text.split(',').map((part) => CELLS.find((cell) => cell === part.trim()));
  if (!names.every((name) => name !== undefined))
    throw new InvalidArgumentError(`Must be one of ${CELLS.join(', ')}, or one a hidden layer such as snu,tanh.`);
  return names.length === 1 ? names[0] : names;
};

/** `0.2`, or `0.2:7`: the share to test with, and the seed that decides which samples that are */
export const share = (text: string): { test: number; seed?: number } => {
  const [, test, seed] = /^(0?\.\d+)(?::(\d+))?$/.exec(text) ?? [];
  if (test === undefined || Number(test) === 0)
    throw new InvalidArgumentError('Must be a number above 0 and below 1 such as 0.2, or with a seed 0.2:7.');
  return { test: Number(test), ...(seed !== undefined && { seed: Number(seed) }) };
};

/** `7`, or `0:7,5:8`: learning-rate shifts by the epoch they hold from */
export const rates = (text: string): number | RateStep[] => {
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^\d+:\d+(,\d+:\d+)*$/.test(text))
    throw new InvalidArgumentError('Must be a whole number such as 7, or epoch:shift pairs such as 0:7,5:8.');
  return text.split(',').map((pair) => {
    const [epoch, shift] = pair.split(':').map(Number);
    return { epoch, shift };
  });
};
