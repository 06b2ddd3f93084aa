import { LAYOUTS, type Layer, type Layout, layoutText } from './layer.js';
import type { Unit } from './names.js';
import { described, matrixOf, refuse, shapeText } from './tensor.js';

/** What is known of a chain beside its tensors. */
export interface ChainOptions {
  readonly layout?: Layout;
  /** names of the matrices in their order, as chosen by a person */
  readonly tensors?: readonly string[];
  /** n_0 .. n_L; inputs may be one more, for a constant feature */
  readonly sizes?: readonly number[];
}

/** Units in an order in which they chain. */
interface Candidate {
  readonly layout: Layout;
  readonly units: readonly Unit[];
}

/** n_(l-1) and n_l of a unit. */
const sizesOf = ({ weight: { shape } }: Unit, layout: Layout): readonly [number, number] =>
  layout === 'out-in' ? [shape[1], shape[0]] : [shape[0], shape[1]];

const chainSizes = ({ units, layout }: Candidate): number[] => [
  sizesOf(units[0], layout)[0],
  ...units.map((unit) => sizesOf(unit, layout)[1]),
];

const fitsItself = (unit: Unit, layout: Layout): boolean =>
  unit.recurrent === null || unit.recurrent.shape[0] === sizesOf(unit, layout)[1];

const collator = new Intl.Collator('en', { numeric: true });

const pattern = ({ name }: Unit): string => name.replace(/\d+/g, '#');

/** Names that differ in their numbers only, such as fc1, fc2: their order is that of the numbers. */
const areNumbered = (units: readonly Unit[]): boolean =>
  units.length === 1 ||
  (new Set(units.map(pattern)).size === 1 && new Set(units.map(({ name }) => name)).size === units.length);

const chains = (units: readonly Unit[], layout: Layout): boolean =>
  units.every(
    (unit, l) => fitsItself(unit, layout) && (l === 0 || sizesOf(units[l - 1], layout)[1] === sizesOf(unit, layout)[0]),
  );

/** Steps after which a search for an order gives up. */
const PATIENCE = 10_000;

/** Two orders at most in which units chain; more need not be known. */
const ordersOf = (units: readonly Unit[], layout: Layout): Unit[][] => {
  const found: Unit[][] = [];
  let steps = 0;
  const extend = (chain: readonly Unit[], rest: readonly Unit[]): void => {
    if (found.length > 1 || steps++ > PATIENCE) return;
    if (rest.length === 0) found.push([...chain]);
    const end = chain.at(-1);
    for (const unit of rest) {
      if (end && sizesOf(end, layout)[1] !== sizesOf(unit, layout)[0]) continue;
      extend(
        [...chain, unit],
        rest.filter((other) => other !== unit),
      );
    }
  };
  if (units.every((unit) => fitsItself(unit, layout))) extend([], units);
  return found;
};

const candidatesOf = (units: readonly Unit[], { layout, tensors }: ChainOptions): Candidate[] => {
  const known = new Set(units.map((unit) => unit.layout));
  const [said] = known;
  const layouts = layout ? [layout] : known.size === 1 && said !== null ? [said] : LAYOUTS;
  if (tensors === undefined && !areNumbered(units)) {
    return layouts.flatMap((one) => ordersOf(units, one).map((order) => ({ layout: one, units: order })));
  }
  const order = tensors === undefined ? [...units].sort((a, b) => collator.compare(a.name, b.name)) : units;
  return layouts.filter((one) => chains(order, one)).map((one) => ({ layout: one, units: order }));
};

/** Says whether sizes are those asked for; a constant feature is one input more. */
const areAsked = (sizes: readonly number[], asked: readonly number[] | undefined): boolean =>
  asked === undefined ||
  (sizes.length === asked.length && sizes.every((size, l) => size === asked[l] || (l === 0 && size + 1 === asked[0])));

const candidateText = (candidate: Candidate): string =>
  `${chainSizes(candidate).join('-')} (${layoutText(candidate.layout)}: ${candidate.units.map(({ weight }) => weight.name).join(', ')})`;

const biasOf = (file: string, { name, biases }: Unit, rows: number): Float64Array | null => {
  if (biases.length === 0) return null;
  const sum = new Float64Array(rows);
  for (const bias of biases) {
    if (bias.values.length !== rows)
      refuse(file, `${described(bias)} has another size than ${name}, must have ${rows}`);
    for (let i = 0; i < rows; i++) sum[i] += bias.values[i];
  }
  return sum;
};

const layerOf = (file: string, unit: Unit, layout: Layout): Layer => {
  const transposed = layout === 'in-out';
  const weight = matrixOf(unit.weight, transposed);
  return {
    name: unit.name,
    weight,
    recurrent: unit.recurrent && matrixOf(unit.recurrent, transposed),
    bias: biasOf(file, unit, weight.rows),
    activation: unit.recurrent ? 'tanh' : null,
  };
};

/**
 * Puts units into the one order and layout in which they chain.
 * @throws UserError where there is none, or more than one
 */
export const chainUnits = (
  file: string,
  units: readonly Unit[],
  options: ChainOptions,
): { readonly layout: Layout; readonly layers: readonly Layer[] } => {
  if (units.length === 0) refuse(file, 'holds no matrices; save the weights of dense layers');
  const all = candidatesOf(units, options);
  const fitting = all.filter((candidate) => areAsked(chainSizes(candidate), options.sizes));
  const matrices = units.map(({ weight }) => described(weight)).join(', ');
  if (all.length === 0) {
    const order = options.tensors || areNumbered(units) ? ' in this order' : '';
    refuse(
      file,
      `its matrices do not chain${order}: ${matrices}; name the ones to use, first layer first, with --tensors, or their --layout`,
    );
  }
  if (fitting.length === 0) {
    refuse(
      file,
      `is ${all.map(candidateText).join(' or ')}, but the layers are ${shapeText(options.sizes ?? [])}; change layers or choose other --tensors`,
    );
  }
  if (fitting.length > 1) {
    refuse(
      file,
      `could be ${fitting.map(candidateText).join(' or ')}; say which with --layout, or name the matrices, first layer first, with --tensors`,
    );
  }
  const [{ layout, units: order }] = fitting;
  return { layout, layers: order.map((unit) => layerOf(file, unit, layout)) };
};
