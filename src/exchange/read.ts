import { readBytes, readNpy, unzip } from '../files/index.js';
import { type ChainOptions, chainUnits } from './chain.js';
import { ownModel } from './export.js';
import { readHdf5 } from './hdf5.js';
import { kerasH5Model, kerasLayers, kerasModel } from './keras.js';
import type { Layer, Model } from './layer.js';
import { type Unit, unitsOf } from './names.js';
import { readOnnx } from './onnx.js';
import { onnxModel } from './onnxLayers.js';
import { readSafetensors } from './safetensors.js';
import { entriesOf, listed, refuse, type Tensor } from './tensor.js';
import { requireModel } from './validate.js';

const beginsWith = (bytes: Uint8Array, text: string): boolean =>
  Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;

const PICKLE =
  'is a pickle of PyTorch, which can run any program when it is read; save it with safetensors.torch.save_file(model.state_dict(), "model.safetensors")';

/** The array of a .npz archive; none where it holds texts. */
const arrayIn = (bytes: Uint8Array, file: string, name: string): Tensor => {
  const { shape, values } = readNpy(bytes, `${file} (${name})`);
  entriesOf(file, name, shape);
  if (values instanceof Float64Array) return { name, shape, values };
  if (values instanceof Uint8Array) return { name, shape, values: Float64Array.from(values) };
  return refuse(file, `${name} holds texts, must hold numbers; save the weights alone`);
};

/** Layers by the names and shapes of their tensors. */
const byNames = (format: string, tensors: readonly Tensor[], file: string, options: ChainOptions): Model => {
  const named = (units: readonly Unit[]): Model => ({ format, notes: [], ...chainUnits(file, units, options) });
  return named(unitsOf(file, tensors, options.tensors));
};

/** Layers of a known layout in no known order. */
const inSomeOrder = (layers: readonly Layer[], file: string, options: ChainOptions): Model => {
  const units = layers.map(
    ({ name, weight, recurrent, bias }): Unit => ({
      name,
      weight: { name, shape: [weight.rows, weight.columns], values: weight.values },
      recurrent: recurrent && {
        name: `${name} recurrent`,
        shape: [recurrent.rows, recurrent.columns],
        values: recurrent.values,
      },
      biases: bias ? [{ name: `${name} bias`, shape: [bias.length], values: bias }] : [],
      layout: 'out-in',
    }),
  );
  return { format: 'Keras weights', notes: [], ...chainUnits(file, units, options), layout: 'in-out' };
};

const fromZip = async (bytes: Uint8Array, file: string, options: ChainOptions): Promise<Model> => {
  const files = unzip(bytes, file);
  if ([...files.keys()].some((name) => name.endsWith('data.pkl'))) return refuse(file, PICKLE);
  const weights = files.get('model.weights.h5');
  const config = files.get('config.json');
  const text = config && Buffer.from(config).toString('utf8');
  if (weights && text) return kerasModel(text, await readHdf5(weights, file), file);
  const tensors = [...files].flatMap(([name, data]) =>
    name.endsWith('.npy') ? [arrayIn(data, file, name.slice(0, -'.npy'.length))] : [],
  );
  return ownModel('npz', tensors, text, file) ?? byNames('npz', tensors, file, options);
};

const fromHdf5 = async (bytes: Uint8Array, file: string, options: ChainOptions): Promise<Model> => {
  const tree = await readHdf5(bytes, file);
  const model = kerasH5Model(tree, file);
  if (model) return model;
  const layers = kerasLayers(tree, file);
  if (layers.length > 0) return inSomeOrder(layers, file, options);
  return refuse(file, `holds no layers of a Keras model; ${listed([...tree.datasets.values()])}`);
};

const fromSafetensors = (bytes: Uint8Array, file: string, options: ChainOptions): Model => {
  const { tensors, metadata } = readSafetensors(bytes, file);
  return ownModel('safetensors', tensors, metadata.config, file) ?? byNames('safetensors', tensors, file, options);
};

/** By what a file begins with; without a mark it is safetensors or ONNX, as its name says. */
const modelIn = (bytes: Uint8Array, file: string, options: ChainOptions): Model | Promise<Model> => {
  if (bytes.length === 0) return refuse(file, 'is empty; save the model again');
  if (beginsWith(bytes, 'PK\x03\x04') || beginsWith(bytes, 'PK\x05\x06')) return fromZip(bytes, file, options);
  if (beginsWith(bytes, '\x89HDF')) return fromHdf5(bytes, file, options);
  if (beginsWith(bytes, '\x80\x02') || beginsWith(bytes, '\x80\x04')) return refuse(file, PICKLE);
  if (file.endsWith('.onnx')) return onnxModel(readOnnx(bytes, file), file);
  if (file.endsWith('.safetensors')) return fromSafetensors(bytes, file, options);
  return refuse(
    file,
    'is of no known format, must be .safetensors, .npz, .h5, .keras or .onnx; save the model as one of them',
  );
};

/**
 * Reads the layers of a model from a safetensors, npz, Keras (.h5, .keras, .weights.h5) or ONNX file.
 * @throws UserError for a file that can't be read, is cut short, damaged, or holds no network that the core can be
 */
export const readModel = async (file: string, options: ChainOptions = {}): Promise<Model> =>
  requireModel(await modelIn(readBytes(file), file, options), file);
