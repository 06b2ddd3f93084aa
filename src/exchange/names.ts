import type { Layout } from './layer.js';
import { described, refuse, type Tensor } from './tensor.js';

/** The tensors of a layer, as names put them together. */
export interface Unit {
  readonly name: string;
  readonly weight: Tensor;
  readonly recurrent: Tensor | null;
  /** summed, they are the layer's bias */
  readonly biases: readonly Tensor[];
  /** what the names say of it; null: nothing */
  readonly layout: Layout | null;
}

type Role = 'weight' | 'recurrent' | 'bias';

/** What a tensor's name says: the layer's name is what the groups catch. */
interface Convention {
  readonly pattern: RegExp;
  readonly role: Role;
  readonly layout: Layout | null;
}

const PYTORCH = 'out-in';
const KERAS = 'in-out';

const CONVENTIONS: readonly Convention[] = [
  { pattern: /^(.*?)\.?weight_ih(?:_(l\d+))?$/, role: 'weight', layout: PYTORCH },
  { pattern: /^(.*?)\.?weight_hh(?:_(l\d+))?$/, role: 'recurrent', layout: PYTORCH },
  { pattern: /^(.*?)\.?bias_[ih]h(?:_(l\d+))?$/, role: 'bias', layout: PYTORCH },
  { pattern: /^(?:(.*)\.)?weight$/, role: 'weight', layout: PYTORCH },
  { pattern: /^(?:(.*)[./])?kernel(?::0)?$/, role: 'weight', layout: KERAS },
  { pattern: /^(?:(.*)[./])?recurrent_kernel(?::0)?$/, role: 'recurrent', layout: KERAS },
  { pattern: /^(?:(.*)[./])?bias(?::0)?$/, role: 'bias', layout: null },
];

interface Named {
  readonly tensor: Tensor;
  readonly layer: string;
  readonly role: Role;
  readonly layout: Layout | null;
}

const namedOf = (tensor: Tensor): Named => {
  for (const { pattern, role, layout } of CONVENTIONS) {
    const found = pattern.exec(tensor.name);
    if (found) return { tensor, layer: found.slice(1).filter(Boolean).join('.'), role, layout };
  }
  return { tensor, layer: tensor.name, role: 'weight', layout: null };
};

const isZero = ({ values }: Tensor): boolean => values.every((v) => v === 0);

const unitOf = (file: string, layer: string, parts: readonly Named[]): Unit[] => {
  const of = (role: Role): Named[] => parts.filter((part) => part.role === role);
  const [weight, second] = of('weight');
  if (second)
    refuse(
      file,
      `${weight.tensor.name} and ${second.tensor.name} are of one layer; name the ones to use with --tensors`,
    );
  const biases = of('bias').map(({ tensor }) => tensor);
  if (weight === undefined) {
    const rest = parts.filter(({ role, tensor }) => role !== 'bias' || !isZero(tensor));
    if (rest.length === 0) return [];
    return refuse(file, `${described(rest[0].tensor)} belongs to no matrix; name the matrices to use with --tensors`);
  }
  return [
    {
      name: layer || weight.tensor.name,
      weight: weight.tensor,
      recurrent: of('recurrent')[0]?.tensor ?? null,
      biases,
      layout: weight.layout,
    },
  ];
};

/** @throws UserError for tensors that no layer of the core has */
const requireMatrices = (file: string, units: readonly Unit[]): void => {
  for (const { weight, recurrent } of units) {
    for (const tensor of recurrent ? [weight, recurrent] : [weight]) {
      if (tensor.shape.length !== 2) {
        refuse(
          file,
          `${described(tensor)} is no matrix; the core has dense and simple recurrent layers. Name the matrices to use with --tensors`,
        );
      }
      if (tensor.name.endsWith('_reverse'))
        refuse(file, `${tensor.name} runs backward; the core has no bidirectional layers`);
    }
    const [rows, columns] = recurrent?.shape ?? [1, 1];
    if (recurrent && rows !== columns) {
      const gated = rows === 4 * columns ? ' (an LSTM has four)' : rows === 3 * columns ? ' (a GRU has three)' : '';
      refuse(file, `${described(recurrent)} is not square${gated}; the core has simple recurrent layers with tanh`);
    }
  }
};

/**
 * Puts tensors together by their names: those of PyTorch (`fc.weight`, `rnn.weight_ih_l0`), Keras and Flax (`dense/kernel`);
 * any other matrix is a layer of its own.
 * @param chosen names of the matrices to use, first layer first; undefined: all
 * @throws UserError for tensors that belong to no layer, or to one that the core does not have
 */
export const unitsOf = (file: string, tensors: readonly Tensor[], chosen?: readonly string[]): Unit[] => {
  const layers = new Map<string, Named[]>();
  for (const tensor of tensors) {
    if (chosen === undefined && tensor.shape.length === 1 && isZero(tensor)) continue;
    const named = namedOf(tensor);
    layers.set(named.layer, [...(layers.get(named.layer) ?? []), named]);
  }
  const group = (name: string): readonly [string, readonly Named[]] => {
    const tensor = tensors.find((one) => one.name === name);
    if (tensor === undefined)
      return refuse(file, `has no tensor ${name} (--tensors); there are ${tensors.map(described).join(', ')}`);
    const named = namedOf(tensor);
    const parts = layers.get(named.layer) ?? [];
    return [named.layer, parts.filter((part) => part.role !== 'weight' || part.tensor === tensor)];
  };
  const groups = chosen === undefined ? [...layers] : chosen.map(group);
  const units = groups.flatMap(([layer, named]) => unitOf(file, layer, named));
  requireMatrices(file, units);
  return units;
};
