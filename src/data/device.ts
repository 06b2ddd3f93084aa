import type { Scaling } from './scaling.js';

/** What a device must know to turn what it measures into what the core takes. */
export interface DeviceInput {
  /** prefix of every name */
  readonly name: string;
  /** features of a sample that are measured, without constants */
  readonly features: number;
  /** features that a constant follows; null where none does */
  readonly constantAfter: number | null;
  readonly outputs: number;
  /** a feature v becomes `floor(v * unit + 1/2)`, at least `least` and at most `most` */
  readonly port: { readonly unit: number; readonly least: number; readonly most: number };
  readonly scaling?: Scaling;
  readonly classNames?: readonly string[];
}

const inputsOf = ({ features, constantAfter }: DeviceInput): number =>
  features + (constantAfter === null ? 0 : features / constantAfter);

/** What the core takes for the largest feature, 1: what a constant is. */
const constantOf = ({ port: { unit, most } }: DeviceInput): number => Math.min(most, Math.floor(unit + 0.5));

/** The same as JSON: fields in a fixed order. */
export const inputJson = (input: DeviceInput): object => ({
  features: input.features,
  constant: input.constantAfter === null ? null : { after: input.constantAfter, value: constantOf(input) },
  inputs: inputsOf(input),
  port: input.port,
  scaling: input.scaling ?? null,
  classes: input.classNames ?? Array.from({ length: input.outputs }, (_, c) => String(c)),
});

const PER_LINE = 6;

const cList = (values: readonly string[]): string => {
  const lines = Array.from({ length: Math.ceil(values.length / PER_LINE) }, (_, i) =>
    values.slice(i * PER_LINE, (i + 1) * PER_LINE).join(', '),
  );
  return `{\n    ${lines.join(',\n    ')}}`;
};

/** A number in C, exactly. */
const cNumber = (v: number): string => (Number.isInteger(v) && Math.abs(v) < 2 ** 53 ? v.toFixed(1) : String(v));

const cText = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => (byte >= 32 && byte < 127 && byte !== 34 && byte !== 92 && byte !== 63 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`)).join('')}"`;

/**
 * A C header with a function that makes the core's input of measured features, scaled and rounded, constants among them; and
 * the classes' names. Its doubles give the model's integers.
 */
export const inputHeader = (input: DeviceInput): string => {
  const { name, features, constantAfter, outputs, port, scaling, classNames } = input;
  const upper = name.toUpperCase();
  const names = classNames ?? Array.from({ length: outputs }, (_, c) => String(c));
  const tables = scaling
    ? [
        `static const double ${name}_offset[${features}] = ${cList(scaling.offset.map(cNumber))};`,
        `static const double ${name}_scale[${features}] = ${cList(scaling.scale.map(cNumber))};`,
        '',
      ]
    : [];
  const value = scaling
    ? [
        `    double v = (measured[j] - ${name}_offset[j]) * ${name}_scale[j];`,
        `    v = v < ${cNumber(scaling.low)} ? ${cNumber(scaling.low)} : v > ${cNumber(scaling.high)} ? ${cNumber(scaling.high)} : v;`,
      ]
    : ['    const double v = measured[j];'];
  const measured = scaling
    ? `as in the data that the scaling (${scaling.kind}) was fitted to`
    : 'numbers of -1..1; of a pixel p, p / 255';
  return [
    `/* What the core ${name} takes of a sample, from what a device measures. Written by grapes-hw export. */`,
    `#ifndef ${upper}_INPUT_H`,
    `#define ${upper}_INPUT_H`,
    '',
    '#include <math.h>',
    '#include <stdint.h>',
    '',
    `#define ${upper}_FEATURES ${features} /* measured */`,
    `#define ${upper}_INPUTS ${inputsOf(input)} /* what the core takes${constantAfter === null ? '' : ', constants among them'} */`,
    `#define ${upper}_CLASSES ${names.length}`,
    '',
    ...tables,
    `static const char *const ${name}_class[${names.length}] = ${cList(names.map(cText))};`,
    '',
    `/* measured: ${measured} */`,
    `static inline void ${name}_input(const double measured[${features}], int16_t x[${inputsOf(input)}]) {`,
    '  int i = 0;',
    `  for (int j = 0; j < ${features}; j++) {`,
    ...value,
    `    const double scaled = v * ${cNumber(port.unit)};`,
    '    double r = floor(scaled);',
    '    if (scaled - r >= 0.5) r += 1.0;',
    `    x[i++] = (int16_t)(r < ${cNumber(port.least)} ? ${cNumber(port.least)} : r > ${cNumber(port.most)} ? ${cNumber(port.most)} : r);`,
    ...(constantAfter === null
      ? []
      : [
          `    if ((j + 1) % ${constantAfter} == 0) x[i++] = ${constantOf(input)}; /* the constant, in place of biases */`,
        ]),
    '  }',
    '}',
    '',
    '#endif',
    '',
  ].join('\n');
};
