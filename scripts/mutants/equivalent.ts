// Proofs that several mutants share.
const TIE = 'at equality both choices give the same value';
const SAME_BITS = 'operands and result have one width: the low bits of a sum or product do not depend on the sign';
const OWN_BITS = 'the register takes its own bits only';
const BITWISE = 'only bitwise operators and its sign bit use it';

/** Mutants that no testbench can catch since they behave like the original, by id, each with its proof. */
export const EQUIVALENT: Readonly<Record<string, string>> = {
  'grapes_requantise/comparison/a2ece063': 'for SHIFT_MIN = 0 both give 0',
  'grapes_requantise/constant/2edf40d7': 'SHIFT_MIN is an integer: below 1 and not below 0 is 0, which both give',
  'grapes_requantise/sign/c1b60c42': 'only single bits of it are used, and the right side is signed by its operands',
  'grapes_requantise/arithmetic/e48f03bb': 'bits more than high has, which are cut off again',
  'grapes_update/sign/e617be2c': SAME_BITS,
  'grapes_host/operand/8d1e65fb':
    "a sample is over behind its logits; those wait for every hidden list, whose drain waits for the scan of its layer's strengths",
  'grapes_update/arithmetic/98d3cc88':
    'STEP_BITS are what the shift leaves: the bits in which the shifts differ are cut off',
  'grapes_factor/comparison/ee8c3d9c': TIE,
  'grapes_factor/constant/1bf83dc7': 'a bit more than the values need, which the port cuts off again',
  'grapes_max_tree/comparison/793100e1': TIE,
  'grapes_max_tree/comparison/f122c0bc': TIE,
  'grapes_max_tree/constant/5c75c953': 'only nodes that nobody reads are tied to 0 here',
  'grapes_strength/sign/3f576d3b': BITWISE,
  'grapes_strength/sign/d31bbd34': BITWISE,
  'grapes_strength/constant/ae34a294': 'the magnitude of 0 is -0 = 0',
  'grapes_strength/constant/a1559b73': 'the magnitude of 0 is -0 = 0',
  'grapes_largest/constant/d1c2af9f': 'factors are made of hidden layers only: the output layer is never asked for',
  'grapes_activations/logic/1db3c70d':
    'an entry is used only in the cycle after its own read: another read changes nothing',
  'grapes_activations/operand/2d04790a': 'a sample begins, which clears it, before any factor is made',
  'grapes_activations/constant/b69ea3a7': 'a core without hidden layers has no pass over one of their lists',
  'grapes_errors/arithmetic/cdfd3cf0': OWN_BITS,
  'grapes_errors/constant/18bdbda5': OWN_BITS,
  'grapes_errors/swap/f0b16308': 'all of them are 0',
  'grapes_errors/reset/5e6c560e': 'says only which neuron; whether there is one travels beside it, and is reset',
  'grapes_loader/constant/9229b707': 'the bit beyond the last is none: it is never set',
  'grapes_streams/constant/7d4207b4': 'the register takes the low 32 bits only',
  'grapes_scaler/sign/ab7d9efe': SAME_BITS,
  'grapes_softmax/sign/5ea08deb': SAME_BITS,
  'grapes_port/operand/5d0b3319':
    'a request is kept only with valid_i (request_q), and what it carries is taken in the same cycle: what was there before is not used',
};
