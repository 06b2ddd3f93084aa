import { z } from 'zod';
import { dataShape } from './dataSchema.js';
import { fault, integer, objectError, oneOf } from './fields.js';

/** Largest legal layer: every strength then fits 32 bits. */
export const MAX_LAYER = 65535;

const bits = integer(4, 16, 'choose a width in that range');
const frac = integer(-16, 32, 'choose a fraction in that range');
const rate = integer(0, 31, 'the rate is 2^-shift');

const fractions = z.array(frac, {
  error: fault('a list of integers', 'give one fraction a layer or leave the field out'),
});

const widths = z.strictObject(
  { weight: bits.optional(), activation: bits.optional(), error: bits.optional() },
  { error: fault('a number or an object', 'give one width, or { weight, activation, error }') },
);

const rateStep = z.strictObject(
  { epoch: integer(0, 2 ** 31 - 1, 'epochs count from 0'), shift: rate },
  { error: fault('{ epoch, shift }', 'say from which epoch on the shift holds') },
);

const schedule = z
  .array(rateStep, { error: fault('an integer 0..31 or a schedule', 'give one shift, or [{ epoch, shift }, ...]') })
  .min(1, { error: fault('a schedule of at least one entry', 'start it with { "epoch": 0, "shift": 7 }') });

export const CELLS = ['relu', 'tanh', 'snu'] as const;
export const ENCODINGS = ['direct', 'rate', 'rows', 'events'] as const;

/** One value for all hidden layers, or a list of one each. */
const perHiddenLayer = <T extends z.ZodType>(one: T, legal: string, fix: string) =>
  z.union([one, z.array(one, { error: fault(legal, fix) })], { error: fault(legal, fix) });

/** Most steps of a sample. */
const MAX_STEPS = 64;

/** The configuration as it may be written in JSON. */
export const configSchema = z
  .strictObject(
    {
      name: z
        .string({ error: fault('a string', 'give the design a name') })
        .regex(/^[a-z][a-z0-9_]*$/, {
          error: fault(
            'a lower-case letter, then lower-case letters, digits and underscores',
            'it becomes the prefix of every module',
          ),
        })
        .regex(/^(?!grapes(_|$))/, {
          error: fault(
            'neither grapes nor begin with grapes_',
            'the modules that all designs share are called so; choose another name',
          ),
        })
        .describe('Prefix of every generated module and name of the output folder.'),
      layers: z
        .array(integer(1, MAX_LAYER, 'a layer has at least one neuron'), {
          error: fault('a list of integers', 'give the sizes n_0 .. n_L, for example [784, 256, 256, 10]'),
        })
        .min(2, { error: fault('a list of at least two sizes', 'give inputs and outputs, for example [784, 10]') })
        .describe('Neurons a layer, n_0 (inputs) to n_L (classes).'),
      bits: z
        .union([bits, widths], {
          error: fault('a number or an object', 'give one width, or { weight, activation, error }'),
        })
        .optional()
        .describe('Width of weights, activations and errors: one number for all, or one each. Default 8.'),
      frac: z
        .strictObject(
          {
            weight: fractions.optional().describe('fw_1 .. fw_L'),
            activation: fractions.optional().describe('fa_0 .. fa_(L-1)'),
            error: fractions.optional().describe('fe_1 .. fe_L'),
            recurrent: z
              .array(frac.nullable(), {
                error: fault('a list of integers and nulls', 'give one a hidden layer, null where it is not recurrent'),
              })
              .optional()
              .describe('fh_1 .. fh_(L-1), null where a layer is not recurrent.'),
          },
          { error: objectError('weight, activation, error, recurrent') },
        )
        .optional()
        .describe('Fraction bits a layer; what is left out follows from sizes and widths.'),
      grapes: z
        .strictObject(
          {
            mode: oneOf(['propagating', 'local', 'off', 'uniform']).optional(),
            clip: oneOf(['unit', 'full']).optional(),
          },
          { error: objectError('mode, clip') },
        )
        .optional()
        .describe('How the factors act. uniform exists in the model only; clip unit is [1,2], full is [0,2].'),
      feedback: oneOf(['bp', 'fa', 'dfa']).optional().describe('What carries the error back.'),
      learningRateShift: z
        .union([rate, schedule], {
          error: fault('an integer 0..31 or a schedule', 'give one shift, or [{ epoch, shift }, ...]'),
        })
        .optional()
        .describe('k: the learning rate is 2^-k; or a schedule that starts at epoch 0.'),
      rounding: oneOf(['stochastic', 'nearest']).optional().describe('Rounding of weight updates.'),
      seed: integer(0, 2 ** 32 - 1, 'choose a seed in that range')
        .optional()
        .describe('Seed of every random stream.'),
      ...dataShape,
      lanes: integer(1, 1024, 'choose a number of lanes in that range')
        .optional()
        .describe('Hardware only: lanes of two multipliers each. Never changes a number.'),
      steps: integer(1, MAX_STEPS, 'choose a number of steps in that range')
        .optional()
        .describe('T: steps of a sample. Default 1.'),
      encoding: oneOf(ENCODINGS)
        .optional()
        .describe(
          'How steps get their features: direct, the same in all; rate, random spikes; rows, the next n_0 features each; events, the same where features are spikes.',
        ),
      cell: perHiddenLayer(oneOf(CELLS), `${CELLS.join(', ')}, or a list`, 'choose one, or one a hidden layer')
        .optional()
        .describe('What hidden neurons do: relu, tanh (hard) or snu (spiking). One for all, or one each.'),
      recurrent: perHiddenLayer(
        z.boolean({ error: fault('true or false', 'choose one of them') }),
        'true, false, or a list',
        'choose one, or one a hidden layer',
      )
        .optional()
        .describe('Hidden layers see their own values of the step before. One for all, or one each.'),
      decayShift: integer(1, 8, 'a membrane loses 2^-decayShift of itself a step')
        .optional()
        .describe('Leak of snu membranes: 2^-decayShift of them a step. Default 3.'),
    },
    { error: fault('a JSON object', 'give at least { "name": ..., "layers": [...] }') },
  )
  .describe('Configuration of grapes-hw');

/** A configuration before defaults are filled in. */
export type RawConfig = z.input<typeof configSchema>;

/** The JSON Schema of a configuration file. */
export const jsonSchema = (): object => z.toJSONSchema(configSchema, { io: 'input' });
