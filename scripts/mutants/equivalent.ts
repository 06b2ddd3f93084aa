// Proofs that several mutants share.
const TIE = 'at equality both choices give the same value';
const SAME_BITS = 'operands and result have one width: the low bits of a sum or product do not depend on the sign';
const IDLE_DIVIDER =
  'quotients are read in the cycle of divide_done only and the next division starts anew, so steps before its first and after its last do not matter';

/** Mutants that no testbench can catch since they behave like the original, by id, each with its proof. */
export const EQUIVALENT: Readonly<Record<string, string>> = {
  'grapes_requantise/comparison/a2ece063': 'for SHIFT_MIN = 0 both give 0',
  'grapes_requantise/constant/2edf40d7': 'SHIFT_MIN is an integer: below 1 and not below 0 is 0, which both give',
  'grapes_requantise/sign/c1b60c42': 'only single bits of it are used, and the right side is signed by its operands',
  'grapes_requantise/arithmetic/e48f03bb': 'bits more than high has, which are cut off again',
  'grapes_update/sign/e617be2c': SAME_BITS,
  'grapes_factor/comparison/ee8c3d9c': TIE,
  'grapes_factor/constant/1bf83dc7': 'a bit more than the values need, which the port cuts off again',
  'grapes_max_tree/comparison/793100e1': TIE,
  'grapes_max_tree/comparison/f122c0bc': TIE,
  'grapes_max_tree/constant/5c75c953': 'only nodes that nobody reads are tied to 0 here',
  'grapes_strength/constant/ae34a294': 'the magnitude of 0 is -0 = 0',
  'grapes_strength/constant/a1559b73': 'the magnitude of 0 is -0 = 0',
  'grapes_loader/constant/9229b707': 'the bit beyond the last is none: it is never set',
  'grapes_streams/constant/7d4207b4': 'the register takes the low 32 bits only',
  'grapes_lane/sign/579ac42d': SAME_BITS,
  'grapes_lane/sign/a5aef313': SAME_BITS,
  'grapes_lane/sign/33d63182': 'features and activations are never negative (numeric contract), so their sign bit is 0',
  'grapes_lane/arithmetic/11d4ce01': 'the 1 is extended to the width of target before it is shifted',
  'grapes_lane/connection/7a788b5b': IDLE_DIVIDER,
  'grapes_scaler/sign/ab7d9efe': SAME_BITS,
  'grapes_softmax/operand/ee5930cc': IDLE_DIVIDER,
  'grapes_softmax/operand/ef991dd3': IDLE_DIVIDER,
  'grapes_softmax/sign/3e0b414c': SAME_BITS,
  'grapes_factors/logic/8b38a4a2': IDLE_DIVIDER,
  'grapes_sequencer/register/a34275ac':
    'differs only while a sample is in the core or in the last cycle of a sweep, when the strengths still count as out of date: idle_o and the memory port do not move in either',
  'grapes_sequencer/operand/f4f282c5':
    'after the last group the group is set to 0, by the next layer, the softmax or the end',
  'grapes_sequencer/register/9834a559': 'the layer goes up or down, never both: layer_d is layer_q still',
  'grapes_sequencer/operand/ef46cacd':
    'above the first layer a pass draws its columns in one go: the state drawn last is the one that was kept',
  'grapes_sequencer/register/10c31024': 'offset_d was set to offset_q above and not changed since',
  'grapes_port/operand/5d0b3319':
    'a request is kept only with valid_i (request_q), and what it carries is taken in the same cycle: what was there before is not used',
  'core/logic/af6e9f58':
    'the products of a column come without gaps, its first restarts the sum, and the sum is taken the cycle after its last: what is added in between is lost',
  'core/operand/62d0bf6c':
    'updates of layer 1 follow those of the other layers in the next cycle, unless no feature is non-zero: then no activation is, and nothing is updated',
  'core/comparison/82359e83': 'the bit beyond the last is none: it is never set',
  'core/comparison/0f458a14': TIE,
  'core/logic/eadfa6c8':
    'an entry is used in the cycle after the read of its operation: what other reads give is not looked at',
  'core/operand/1c29a6fc': 'both_s4 acts only together with update_s4, which is reset',
};
