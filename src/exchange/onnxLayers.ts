import { activationOf, type Layer, type Model } from './layer.js';
import { type OnnxGraph, type OnnxNode, onnxTensor } from './onnx.js';
import { type Matrix, matrixOf, refuse, shapeText, type Tensor } from './tensor.js';

/** The chain as far as the graph has been followed. */
interface Chain {
  readonly file: string;
  readonly tensors: ReadonlyMap<string, () => Tensor>;
  /** names of the values that depend on the input */
  readonly live: Set<string>;
  /** names of the value at the end of the chain */
  current: ReadonlySet<string>;
  readonly layers: Layer[];
  readonly notes: string[];
}

type Rule = (chain: Chain, node: OnnxNode) => void;

const titleOf = ({ operation, name, outputs }: OnnxNode): string => `${operation} ${name || outputs[0] || ''}`.trim();

const fail = ({ file }: Chain, node: OnnxNode, text: string): never => refuse(file, `${titleOf(node)} ${text}`);

/** @throws UserError for a name that is no tensor in the file */
const constantOf = (chain: Chain, node: OnnxNode, name: string): Tensor =>
  chain.tensors.get(name)?.() ??
  fail(chain, node, `needs ${name || 'an input'}, which is no tensor in the file; export the model in one`);

const matrixAt = (chain: Chain, node: OnnxNode, name: string, transposed: boolean): Matrix => {
  const tensor = constantOf(chain, node, name);
  return tensor.shape.length === 2
    ? matrixOf(tensor, transposed)
    : fail(chain, node, `has weights of shape ${shapeText(tensor.shape)}, must have a matrix`);
};

const dense = (name: string, weight: Matrix, bias: Float64Array | null): Layer => ({
  name,
  weight,
  recurrent: null,
  bias,
  activation: 'linear',
});

const addMatMul: Rule = (chain, node) => {
  const [left, right] = node.inputs;
  if (chain.live.has(left) && chain.live.has(right)) fail(chain, node, 'multiplies two activations; the core can not');
  const first = chain.live.has(left);
  const name = first ? right : left;
  chain.layers.push(dense(name, matrixAt(chain, node, name, first), null));
};

const addGemm: Rule = (chain, node) => {
  const [data, weight, bias] = node.inputs;
  const { integers, floats } = node;
  const plain =
    (integers.get('transA') ?? 0) === 0 && (floats.get('alpha') ?? 1) === 1 && (floats.get('beta') ?? 1) === 1;
  if (!chain.live.has(data) || !plain) fail(chain, node, 'scales or transposes its input, must be x W + b');
  const matrix = matrixAt(chain, node, weight, (integers.get('transB') ?? 0) === 0);
  chain.layers.push(dense(weight, matrix, bias ? constantOf(chain, node, bias).values : null));
};

const addBias: Rule = (chain, node) => {
  const name = node.inputs.find((input) => !chain.live.has(input));
  const layer = chain.layers.at(-1);
  if (name === undefined) return fail(chain, node, 'adds two activations; the core has one chain of layers');
  if (layer === undefined || layer.activation !== 'linear' || layer.bias !== null) {
    return fail(chain, node, 'adds a constant that is no bias of a layer; do that to the data instead');
  }
  const { values } = constantOf(chain, node, name);
  const bias = values.length === 1 ? new Float64Array(layer.weight.rows).fill(values[0]) : values;
  chain.layers[chain.layers.length - 1] = { ...layer, bias };
};

/** The one direction of an RNN's tensor. */
const direction = (chain: Chain, node: OnnxNode, name: string): Tensor => {
  const { shape, values } = constantOf(chain, node, name);
  return shape[0] === 1
    ? { name, shape: shape.slice(1), values }
    : fail(chain, node, 'runs in two directions, must run forward');
};

const addRnn: Rule = (chain, node) => {
  const [, weight, recurrent, bias, , initial] = node.inputs;
  const activations = node.texts.get('activations') ?? [];
  if ((node.texts.get('direction')?.[0] ?? 'forward') !== 'forward')
    fail(chain, node, 'runs backward, must run forward');
  if (
    initial &&
    chain.tensors
      .get(initial)?.()
      .values.some((v) => v !== 0)
  ) {
    fail(chain, node, 'starts from a state that is not 0; the core starts from 0');
  }
  const both = bias ? direction(chain, node, bias).values : null;
  const half = both && both.length / 2;
  chain.layers.push({
    name: node.name || weight,
    weight: matrixOf(direction(chain, node, weight), false),
    recurrent: matrixOf(direction(chain, node, recurrent), false),
    bias: both && Float64Array.from(both.subarray(0, half ?? 0), (v, i) => v + both[i + (half ?? 0)]),
    activation: activationOf(chain.file, titleOf(node), (activations[0] || 'Tanh').toLowerCase()),
  });
};

const activate: Rule = (chain, node) => {
  const layer = chain.layers.at(-1);
  if (layer === undefined) return fail(chain, node, 'comes before any layer');
  const name = node.operation === 'LogSoftmax' ? 'softmax' : node.operation.toLowerCase();
  chain.layers[chain.layers.length - 1] = { ...layer, activation: activationOf(chain.file, titleOf(node), name) };
};

const pass: Rule = () => {};

const part: Rule = (chain, node) => {
  chain.notes.push(`${titleOf(node)} takes a part of its input, such as the last step; the core sums over all steps`);
};

const RULES: Readonly<Record<string, Rule>> = {
  MatMul: addMatMul,
  Gemm: addGemm,
  Add: addBias,
  RNN: addRnn,
  Relu: activate,
  Tanh: activate,
  Softmax: activate,
  LogSoftmax: activate,
  Slice: part,
  Gather: part,
  ...Object.fromEntries(
    [
      'Identity',
      'Cast',
      'Flatten',
      'Reshape',
      'Squeeze',
      'Unsqueeze',
      'Transpose',
      'Dropout',
      'ReduceMean',
      'ReduceSum',
    ].map((operation) => [operation, pass]),
  ),
};

const unknown: Rule = (chain, node) => {
  fail(chain, node, `is no operation of the core's, must be one of ${Object.keys(RULES).join(', ')}`);
};

const follow = (chain: Chain, node: OnnxNode): void => {
  const used = node.inputs.filter((input) => chain.live.has(input));
  if (used.length === 0 || node.operation === 'Shape') return;
  const rule = Object.hasOwn(RULES, node.operation) ? RULES[node.operation] : unknown;
  if (!used.every((input) => chain.current.has(input)))
    fail(chain, node, 'makes a branch; the core has one chain of layers');
  rule(chain, node);
  for (const output of node.outputs) chain.live.add(output);
  chain.current = new Set(node.outputs);
};

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/**
 * The layers of an ONNX graph, by following it from its input.
 * @throws UserError for an operation that the core does not have, a branch, tensors that are missing or damaged
 */
export const onnxModel = ({ nodes, inputs, initialisers }: OnnxGraph, file: string): Model => {
  const constants = nodes.flatMap(({ operation, outputs, tensor }) =>
    operation === 'Constant' && tensor ? [[outputs[0], tensor] as const] : [],
  );
  const tensors = new Map(
    [...initialisers, ...constants].map(([name, tensor]) => [name, once(() => onnxTensor(file, name, tensor))]),
  );
  const live = inputs.filter((name) => !initialisers.has(name));
  const chain: Chain = { file, tensors, live: new Set(live), current: new Set(live), layers: [], notes: [] };
  for (const node of nodes) follow(chain, node);
  return { format: 'ONNX', layout: 'out-in', layers: chain.layers, notes: chain.notes };
};
