import { NUMBERS, type NumberName, numbersIn } from '../files/index.js';
import { bytesOf, floatOf, integerOf, integersOf, type Message, messageOf, textOf, textsOf } from './protobuf.js';
import { entriesOf, refuse, type Tensor } from './tensor.js';

/** An operation of an ONNX graph. */
export interface OnnxNode {
  readonly operation: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly integers: ReadonlyMap<string, number>;
  readonly floats: ReadonlyMap<string, number>;
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** the value of a Constant */
  readonly tensor: Message | undefined;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  /** names of the inputs, initialisers among them in old files */
  readonly inputs: readonly string[];
  readonly initialisers: ReadonlyMap<string, Message>;
}

/** Numbers of the fields that are read. Source: onnx.proto, IR version 3 and on. */
const FIELD = {
  model: { graph: 7 },
  graph: { node: 1, initializer: 5, input: 11 },
  value: { name: 1 },
  node: { input: 1, output: 2, name: 3, operation: 4, attribute: 5 },
  attribute: { name: 1, float: 2, integer: 3, tensor: 5, text: 4, texts: 9 },
  tensor: { dims: 1, type: 2, floats: 4, int32s: 5, int64s: 7, name: 8, raw: 9, doubles: 10, location: 14 },
} as const;

/** TensorProto.DataType. */
const TYPES: Readonly<Record<number, NumberName>> = {
  1: 'F32',
  2: 'U8',
  3: 'I8',
  5: 'I16',
  6: 'I32',
  7: 'I64',
  10: 'F16',
  11: 'F64',
  16: 'BF16',
};

const byName = <T>(attributes: readonly Message[], of: (attribute: Message) => T | undefined): ReadonlyMap<string, T> =>
  new Map(
    attributes.flatMap((attribute) => {
      const value = of(attribute);
      return value === undefined ? [] : [[textOf(attribute, FIELD.attribute.name), value] as const];
    }),
  );

const nodeOf = (message: Message): OnnxNode => {
  const attributes = bytesOf(message, FIELD.node.attribute).map(messageOf);
  const tensor = attributes.flatMap((attribute) => bytesOf(attribute, FIELD.attribute.tensor)).at(0);
  return {
    operation: textOf(message, FIELD.node.operation),
    name: textOf(message, FIELD.node.name),
    inputs: textsOf(message, FIELD.node.input),
    outputs: textsOf(message, FIELD.node.output),
    integers: byName(attributes, (attribute) => integerOf(attribute, FIELD.attribute.integer)),
    floats: byName(attributes, (attribute) => floatOf(attribute, FIELD.attribute.float)),
    texts: byName(attributes, (attribute) => [
      ...textsOf(attribute, FIELD.attribute.text),
      ...textsOf(attribute, FIELD.attribute.texts),
    ]),
    tensor: tensor && messageOf(tensor),
  };
};

/**
 * The graph of an ONNX file.
 * @throws UserError for a file that is no ONNX, or cut short
 */
export const readOnnx = (bytes: Uint8Array, file: string): OnnxGraph => {
  try {
    const [first] = bytesOf(messageOf(bytes), FIELD.model.graph);
    const graph = messageOf(first);
    const tensors = bytesOf(graph, FIELD.graph.initializer).map(messageOf);
    return {
      nodes: bytesOf(graph, FIELD.graph.node).map((node) => nodeOf(messageOf(node))),
      inputs: bytesOf(graph, FIELD.graph.input).map((value) => textOf(messageOf(value), FIELD.value.name)),
      initialisers: new Map(tensors.map((tensor) => [textOf(tensor, FIELD.tensor.name), tensor])),
    };
  } catch {
    return refuse(file, 'is no ONNX model, cut short or damaged; export it again');
  }
};

/** Where the numbers of a type lie if not in raw_data: 16-bit floats as the integers of their bits. */
const listed = (tensor: Message, type: NumberName): Float64Array => {
  if (type === 'F32' || type === 'F64') {
    const field = type === 'F32' ? FIELD.tensor.floats : FIELD.tensor.doubles;
    const loose = tensor.get(field)?.flatMap((entry) => (entry.wire === 'float' ? [entry.value] : [])) ?? [];
    return loose.length > 0
      ? Float64Array.from(loose)
      : numbersIn(Buffer.concat(bytesOf(tensor, field)), NUMBERS[type]);
  }
  const values = integersOf(tensor, type === 'I64' ? FIELD.tensor.int64s : FIELD.tensor.int32s);
  if (type !== 'F16' && type !== 'BF16') return Float64Array.from(values, Number);
  const bits = Uint16Array.from(values, Number);
  return numbersIn(new Uint8Array(bits.buffer), NUMBERS[type]);
};

/**
 * The numbers of an initialiser.
 * @throws UserError for a type that is not numbers, numbers in another file, too few or too many
 */
export const onnxTensor = (file: string, name: string, tensor: Message): Tensor => {
  if ((integerOf(tensor, FIELD.tensor.location) ?? 0) !== 0) {
    refuse(
      file,
      `${name} lies in a file beside it; export with external_data=False, or save the weights as safetensors`,
    );
  }
  const number = integerOf(tensor, FIELD.tensor.type) ?? 0;
  const type = TYPES[number];
  if (type === undefined) {
    refuse(file, `${name} is of ONNX type ${number}, must be ${Object.values(TYPES).join(', ')}; convert it`);
  }
  const shape = integersOf(tensor, FIELD.tensor.dims).map(Number);
  const count = entriesOf(file, name, shape);
  const raw = bytesOf(tensor, FIELD.tensor.raw).at(-1);
  const whole = raw === undefined || raw.length === count * NUMBERS[type].bytes;
  const values = raw === undefined || !whole ? listed(tensor, type) : numbersIn(raw, NUMBERS[type]);
  if (!whole || values.length !== count) {
    refuse(
      file,
      `${name} has ${raw?.length ?? values.length} ${raw ? 'bytes' : 'numbers'}, must have ${count * (raw ? NUMBERS[type].bytes : 1)}; it is cut short or damaged`,
    );
  }
  return { name, shape, values };
};
