import type { Method } from './solvers.js';

/** A change of one module's text after which a proof must fail. */
export interface Fault {
  /** `grapes_<module>` */
  readonly module: string;
  readonly from: string;
  readonly to: string;
}

/** A small core, for the proofs about its modules together. */
export interface SmallCore {
  readonly layers: readonly number[];
  readonly lanes: number;
  /** learning-rate shifts that samples may have */
  readonly rates?: readonly number[];
}

export interface Proof {
  readonly name: string;
  readonly says: string;
  readonly method: Method;
  /** in a core of this size, with `formal/<name>.sv` inside; else module `<name>_proof` of `formal/<name>.sv` */
  readonly core?: SmallCore;
  /** how faults are searched for, where not by the proof's own method */
  readonly refute?: Method;
  /** each refutes the proof */
  readonly faults: readonly Fault[];
  /** takes a few seconds only */
  readonly quick: boolean;
}

const fault = (module: string, from: string, to: string): Fault => ({ module, from, to });

/** Faults of the schedule, one for each of its interlocks and for each way to lose or invent work. */
const SCHEDULE_FAULTS: readonly Fault[] = [
  fault('grapes_sequencer', 'available = entry_q != count_i', 'available = entry_q != count_i || !complete_i'),
  fault('grapes_sequencer', 'complete_i && next_q == count_i', "complete_i && next_q + 1'b1 >= count_i"),
  fault('grapes_sequencer', '(pass_q.waits_writes && writes_same_i)', "1'b0"),
  fault('grapes_sequencer', '(pass_q.waits_sums && entry_last && sums_busy_i)', "1'b0"),
  fault('grapes_sequencer', '(pass_q.waits_result && entry_last && result_busy_i)', "1'b0"),
  fault('grapes_sequencer', 'pass_q.waits_errors && entry_first && group_first && !half_q && errors_any_i', "1'b0"),
  fault('grapes_sequencer', 'half_q || (back && !active_halves_i[0])', 'half_q'),
  fault('grapes_sequencer', '(update || (back && half_last))', '(update || back)'),
  fault('grapes_sequencer', 'over && pass_waits ? WAIT : RUN', 'RUN'),
  fault('grapes_softmax', 'FLUSH: if (made_last)', 'FLUSH:'),
  fault('grapes_largest', 'WAIT: if (!updates_i)', 'WAIT:'),
  fault('grapes_drain', "pending_q != '0 && go_i", "pending_q != '0"),
  fault('grapes_drain', "pending_q & (pending_q - 1'b1)", "pending_q & (pending_q - 2'd2)"),
  fault('grapes_errors', "due_q != '0", "due_q[ERROR_STAGES-4:0] != '0"),
  fault('grapes_active', "(same ? halves_q : 2'b00)", "2'b00"),
  fault('grapes_active', 'if (!same) count_q', 'count_q'),
];

export const PROOFS: readonly Proof[] = [
  {
    name: 'requantise',
    says: 'sat(rn(v, s)) for all 18-bit v and s = -2..5, and its preview',
    method: { kind: 'inputs' },
    faults: [
      fault('grapes_requantise', "halves + WIDE'(1)", 'halves'),
      fault('grapes_requantise', 'assign saturated_o =', 'assign saturated_o = value_i[0] ^'),
    ],
    quick: true,
  },
  {
    name: 'update',
    says: 'the update cell for all 8-bit operands, random bits and two shifts',
    method: { kind: 'inputs' },
    faults: [fault('grapes_update', "- REDUCED_BITS'(product_i)", "+ REDUCED_BITS'(product_i)")],
    quick: true,
  },
  {
    name: 'factor',
    says: 'both clips, and M = 0',
    method: { kind: 'inputs' },
    faults: [fault('grapes_factor', "BITS'(1) << FRAC", "BITS'(2) << FRAC")],
    quick: true,
  },
  {
    name: 'divider',
    says: 'floor(n * 2^8 / d) for all 6-bit n <= d, a pair in every cycle',
    method: { kind: 'steps', depth: 7 },
    faults: [fault('grapes_divider', 'rest_after >= divisor', 'rest_after > divisor')],
    quick: false,
  },
  {
    name: 'exp',
    says: "the softmax's exponential for all 16-bit distances, its table from 65535 * 2^(-k/64)",
    method: { kind: 'steps', depth: 6 },
    faults: [
      fault('grapes_exp', "mantissa = 16'd42494", "mantissa = 16'd42495"),
      fault('grapes_exp', "LOG2_E = 25'd369", "LOG2_E = 25'd370"),
    ],
    quick: true,
  },
  {
    name: 'xorshift',
    says: 'bit by bit, and that no stream dies',
    method: { kind: 'inputs' },
    faults: [fault('grapes_xorshift', 'left >> 17', 'left >> 16')],
    quick: true,
  },
  {
    name: 'scaler',
    says: 'a column of up to three 4-bit sums, times its factor, requantised',
    method: { kind: 'always' },
    faults: [fault('grapes_scaler', 'if (valid_i) back_q <= (first_i', 'if (valid_i) back_q <= (!first_i')],
    quick: true,
  },
  {
    name: 'loader',
    says: 'no feature lost, invented, misplaced or overwritten while its sample is in work',
    method: { kind: 'always' },
    faults: [
      fault('grapes_loader', 'over = remaining', 'over = pending_q == pending_q || remaining'),
      fault('grapes_loader', 'present_q[load_q] || hold_i', 'hold_i'),
      fault('grapes_loader', 'beat_q && last_q && over', 'beat_q && last_q && over && write_o'),
    ],
    quick: true,
  },
  {
    name: 'lists',
    says: 'no entry of a hidden list lost, moved or overwritten; count and completeness',
    method: { kind: 'always' },
    faults: [
      fault('grapes_lists', "ADDRESS_BITS'(count[append_list_i])", "ADDRESS_BITS'(count[read_list_i])"),
      fault('grapes_lists', 'if (append_i && mine)', 'if (append_i)'),
    ],
    quick: true,
  },
  {
    name: 'drain',
    says: 'every row asked for given once, in order, with its sum; the end of group and layer',
    method: { kind: 'always' },
    faults: [
      fault('grapes_drain', 'else if (go_i) pending_q', 'else pending_q'),
      fault('grapes_drain', 'exists_i : positive_i', 'exists_i : exists_i'),
      fault('grapes_drain', 'active_q && over && final_q', 'active_q && final_q'),
    ],
    quick: true,
  },
  {
    name: 'pending',
    says: 'an interlock knows exactly what entered within its stages, and for which slot',
    method: { kind: 'always' },
    faults: [
      fault('grapes_pending', 's < STAGES; s++) begin : g_same', 's < STAGES - 1; s++) begin : g_same'),
      fault('grapes_pending', 'present[s-1] && !rst_i', 'present[s-1]'),
    ],
    quick: true,
  },
  {
    name: 'port',
    says: 'a memory request served once, an answer held until taken, no strength before its recount',
    method: { kind: 'always' },
    faults: [
      fault('grapes_port', 'else if (ready_i) response_q', 'else response_q'),
      fault('grapes_port', '&& !fetch_q && !response_q', '&& !fetch_q'),
    ],
    quick: true,
  },
  {
    name: 'result',
    says: 'beats hold until taken, in order, and the prediction is the first of the largest',
    method: { kind: 'always' },
    faults: [
      fault('grapes_softmax', 'logit_i > maximum_q', 'logit_i >= maximum_q'),
      fault('grapes_softmax', 'else if (result_q && result_ready_i)', 'else if (result_q)'),
    ],
    quick: true,
  },
  {
    name: 'bytes',
    says: 'bytes become commands, words become bytes: none lost, all held until taken',
    method: { kind: 'always' },
    faults: [
      fault('grapes_bytes', 'state_q != REQUEST && state_q != OFFER', 'state_q != REQUEST'),
      fault('grapes_bytes', 'free && !result_valid_i', 'free'),
    ],
    quick: true,
  },
  {
    name: 'samples',
    says: 'a 2-3-2 core: what an operation of a sample uses came with that sample',
    method: { kind: 'always' },
    core: { layers: [2, 3, 2], lanes: 1, rates: [3, 6] },
    refute: { kind: 'cycles', depth: 70 },
    faults: [
      fault(
        'grapes_issue',
        "6'(rate_s1) + 6'd1 > 6'(RATE_MIN) ? 6'(rate_s1)",
        "6'(rate_i) + 6'd1 > 6'(RATE_MIN) ? 6'(rate_i)",
      ),
      fault('grapes_issue', '<= {update_shift_s1_o, update_shift_s2}', '<= {2{update_shift_s1_o}}'),
      fault('grapes_core', '.label_i(label)', '.label_i(sample_label_i)'),
      fault('grapes_divisions', '.train_i(train_q)', '.train_i'),
      fault('grapes_loader', 'assign label_o = label[work_q]', 'assign label_o = label[load_q]'),
      fault('grapes_loader', 'assign train_o = train[work_q]', 'assign train_o = train[~work_q]'),
    ],
    quick: false,
  },
  {
    name: 'ports',
    says: 'no path from any input of a core to any output within a cycle',
    method: { kind: 'ports' },
    core: { layers: [2, 3, 2], lanes: 1 },
    faults: [fault('grapes_loader', 'assign ready_o = over', 'assign ready_o = valid_i && over')],
    quick: true,
  },
  {
    name: 'schedule',
    says: 'a 2-3-2 core: no phase reads what is not written, no entry is lost or used twice, nothing is overwritten in use',
    method: { kind: 'always' },
    core: { layers: [2, 3, 2], lanes: 1 },
    refute: { kind: 'cycles', depth: 70 },
    faults: SCHEDULE_FAULTS,
    quick: false,
  },
];
