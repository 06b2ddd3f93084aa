import { datasetAt } from './hdf5.js';
import type { Hdf5 } from './hdf5Tree.js';
import { type Activation, activationOf, type Layer, type Model } from './layer.js';
import { matrixOf, refuse, shapeText, type Tensor } from './tensor.js';

/** The weights of a Keras layer. */
interface Variables {
  readonly kernel?: Tensor;
  readonly recurrent?: Tensor;
  readonly bias?: Tensor;
}

/** A layer of a Keras model's configuration. */
interface Described {
  readonly kind: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];

/** Layers that hold no weights and change no number, or only the order of the inputs. */
const PASS: ReadonlySet<string> = new Set(['InputLayer', 'Flatten', 'Dropout', 'Reshape', 'GlobalAveragePooling1D']);

/** Layers that are an activation. */
const ACTIVATION: Readonly<Record<string, (settings: Described['settings']) => string>> = {
  Activation: ({ activation }) => String(activation),
  ReLU: () => 'relu',
  Softmax: () => 'softmax',
};

const HAS_WEIGHTS: ReadonlySet<string> = new Set(['Dense', 'SimpleRNN']);

/** @throws UserError where a model is no chain of layers */
const describedIn = (file: string, config: unknown): Described[] => {
  const kind = isObject(config) ? String(config.class_name) : 'unknown';
  const inner = isObject(config) && isObject(config.config) ? config.config.layers : undefined;
  if (!['Sequential', 'Functional', 'Model'].includes(kind) || !Array.isArray(inner)) {
    return refuse(
      file,
      `is a Keras model of class ${kind}, must be Sequential; save its weights as .weights.h5 or .npz`,
    );
  }
  return inner.filter(isObject).map((layer) => {
    const settings = isObject(layer.config) ? layer.config : {};
    return { kind: String(layer.class_name), name: String(settings.name ?? layer.name), settings };
  });
};

const matrixIn = (file: string, layer: string, tensor: Tensor | undefined) => {
  if (tensor === undefined) return refuse(file, `${layer} has no kernel; save the model again`);
  if (tensor.shape.length !== 2)
    refuse(file, `${layer} has a kernel of shape ${shapeText(tensor.shape)}, must be a matrix`);
  return matrixOf(tensor, true);
};

const layerOf = (file: string, name: string, found: Variables, activation: Activation | null): Layer => ({
  name,
  weight: matrixIn(file, name, found.kernel),
  recurrent: found.recurrent ? matrixIn(file, name, found.recurrent) : null,
  bias: found.bias?.values ?? null,
  activation,
});

const recurrentNote = ({ name, settings }: Described): string[] =>
  settings.return_sequences === true ? [] : [`${name} gives its last step; the core sums over all steps`];

/** Follows the layers of a configuration. */
const chainOf = (file: string, described: readonly Described[], variables: (at: Described) => Variables): Model => {
  const layers: Layer[] = [];
  const notes: string[] = [];
  for (const layer of described) {
    const { kind, name, settings } = layer;
    if (HAS_WEIGHTS.has(kind)) {
      const activation = activationOf(file, name, String(settings.activation));
      layers.push(layerOf(file, name, variables(layer), activation));
      if (kind === 'SimpleRNN') notes.push(...recurrentNote(layer));
    } else if (Object.hasOwn(ACTIVATION, kind)) {
      const last = layers.pop() ?? refuse(file, `${name} comes before any layer with weights`);
      layers.push({ ...last, activation: activationOf(file, name, ACTIVATION[kind](settings)) });
    } else if (!PASS.has(kind)) {
      const known = [...HAS_WEIGHTS, ...Object.keys(ACTIVATION), ...PASS];
      refuse(file, `${name} is a layer of class ${kind}, which the core does not have; it has ${known.join(', ')}`);
    }
  }
  return { format: 'Keras', layout: 'in-out', layers, notes };
};

/** Variables by the last part of their names, as Keras 2 and legacy files have them: `dense/kernel:0`. */
const legacyVariables = (tree: Hdf5, file: string, root: string, layer: string): Variables => {
  const group = root === '' ? layer : `${root}/${layer}`;
  const found = new Map(
    texts(tree.attributes.get(group)?.weight_names).map((name) => [
      name.split('/').at(-1)?.split(':')[0],
      datasetAt(tree, file, `${group}/${name}`),
    ]),
  );
  const [kernel, recurrent, bias] = ['kernel', 'recurrent_kernel', 'bias'].map((name) => found.get(name));
  return { ...(kernel && { kernel }), ...(recurrent && { recurrent }), ...(bias && { bias }) };
};

const jsonIn = (file: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(file, 'has a configuration that is no JSON; save the model again');
  }
};

/** The model of a legacy .h5 file, with its configuration or weights alone. */
const legacyModel = (tree: Hdf5, file: string, root: string): Model => {
  const config = tree.attributes.get('')?.model_config;
  const variables = (layer: string): Variables => legacyVariables(tree, file, root, layer);
  if (typeof config === 'string') {
    return chainOf(file, describedIn(file, jsonIn(file, config)), ({ name }) => variables(name));
  }
  const names = texts(tree.attributes.get(root)?.layer_names).filter((name) => variables(name).kernel);
  const layers = names.map((name) => layerOf(file, name, variables(name), null));
  return { format: 'Keras', layout: 'in-out', layers, notes: [] };
};

/** Keras 3 numbers the layers of a class: dense, dense_1, ...; a recurrent layer keeps its variables in its cell. */
const cellOf = (tree: Hdf5, group: string): string =>
  tree.datasets.has(`layers/${group}/cell/vars/0`) ? `layers/${group}/cell/vars` : `layers/${group}/vars`;

/** Variables in the order in which a layer makes them. */
const numberedVariables = (tree: Hdf5, file: string, group: string, recurrent: boolean): Variables => {
  const folder = cellOf(tree, group);
  const kernel = datasetAt(tree, file, `${folder}/0`);
  const second = tree.datasets.get(`${folder}/1`);
  const third = tree.datasets.get(`${folder}/2`);
  if (!recurrent) return { kernel, ...(second && { bias: second }) };
  return { kernel, ...(second && { recurrent: second }), ...(third && { bias: third }) };
};

const SNAKE: Readonly<Record<string, string>> = { Dense: 'dense', SimpleRNN: 'simple_rnn' };

/** The model of a .keras archive: its configuration and its weights. */
export const kerasModel = (config: string, tree: Hdf5, file: string): Model => {
  const seen = new Map<string, number>();
  return chainOf(file, describedIn(file, jsonIn(file, config)), ({ kind }) => {
    const count = seen.get(kind) ?? 0;
    seen.set(kind, count + 1);
    return numberedVariables(tree, file, count === 0 ? SNAKE[kind] : `${SNAKE[kind]}_${count}`, kind === 'SimpleRNN');
  });
};

/** Layers of a .weights.h5 file of Keras 3, which has no configuration: in no known order. */
export const kerasLayers = (tree: Hdf5, file: string): Layer[] => {
  const groups = new Set([...tree.datasets.keys()].flatMap((path) => /^layers\/([^/]+)\//.exec(path)?.[1] ?? []));
  return [...groups].map((group) => {
    const recurrent = tree.datasets.has(`layers/${group}/cell/vars/0`);
    return layerOf(file, group, numberedVariables(tree, file, group, recurrent), null);
  });
};

/** The model of a .h5 file with layers in a known order; undefined for weights of Keras 3. */
export const kerasH5Model = (tree: Hdf5, file: string): Model | undefined => {
  const root = ['model_weights', ''].find((path) => tree.attributes.get(path)?.layer_names !== undefined);
  return root === undefined ? undefined : legacyModel(tree, file, root);
};
