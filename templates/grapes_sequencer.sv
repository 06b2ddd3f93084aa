// Walks the program: issues at most one operation a cycle to the lanes.
//
//   forward     group by group over the pass's list, two rows a lane
//   backUpdate  column by column over the list, row by row over the groups with errors: backward sum and update at once
//   update      group with errors by group over the list, two rows a lane
//   sweep       group by group over every column, to recount the strengths
//
// A forward pass follows its list while it grows. What has no entry (an empty list, or one that ended after its last
// entry was issued) is closed by an operation without a value.
// An inference ends with the pass that answers, a training step and a sweep with the pass that ends, and a training step
// with a pass that learns but has no entry or no group with errors: there is nothing left to learn.

`default_nettype none

module grapes_sequencer #(
  parameter int LAYERS = 3,
  parameter int LAYER_BITS = 2,
  parameter int PASSES = 8,
  parameter int PASS_BITS = 3,
  parameter int SWEEP_PASS = 6,
  parameter int COLUMN_BITS = 10,
  parameter int COUNT_BITS = 10,
  parameter int GROUP_BITS = 2,
  parameter int SLOT_BITS = 4,
  parameter int ADDRESS_BITS = 13,
  // the package says how a pass is written
  parameter logic [PASSES*(2*LAYER_BITS+10)-1:0] PROGRAM = '0,
  // tables, layer 0 in the low bits
  parameter logic [LAYERS*COUNT_BITS-1:0] INPUT_COUNTS = '0,
  parameter logic [LAYERS*GROUP_BITS-1:0] LAST_GROUPS = '0,
  parameter logic [LAYERS-1:0] SPREADS = '0,
  parameter logic [LAYERS*SLOT_BITS-1:0] SLOT_BASES = '0
) (
  input  wire logic                    clk_i,
  input  wire logic                    rst_i,
  // the samples
  input  wire logic                    sample_i,
  input  wire logic                    next_sample_i,
  input  wire logic                    train_i,
  // the pass's list
  input  wire logic [COUNT_BITS-1:0]   count_i,
  input  wire logic                    complete_i,
  // what operations wait for
  input  wire logic                    memory_busy_i,
  input  wire logic                    sweep_needed_i,
  input  wire logic                    sweep_request_i,
  input  wire logic                    softmax_ready_i,
  input  wire logic                    errors_any_i,
  input  wire logic                    writes_same_i,
  input  wire logic                    sums_busy_i,
  input  wire logic                    result_busy_i,
  // entry index_o of the layer's list of groups with errors
  output      logic [GROUP_BITS-1:0]   index_o,
  input  wire logic [GROUP_BITS-1:0]   active_group_i,
  input  wire logic [1:0]              active_halves_i,
  input  wire logic [ADDRESS_BITS-1:0] active_offset_i,
  input  wire logic                    active_last_i,
  input  wire logic                    active_empty_i,
  input  wire logic                    active_updates_i,
  // the operation
  output      logic                    forward_o,
  output      logic                    back_o,
  output      logic                    update_o,
  output      logic                    sweep_o,
  output      logic                    valued_o,
  // of a sum: of a group's forward, of a column's backward one
  output      logic                    first_o,
  output      logic                    last_o,
  // the pass's last
  output      logic                    close_o,
  // the operation is the first of its weight word in the pass; it completes the word's new weights
  output      logic                    open_o,
  output      logic                    write_o,
  // its logits answer the sample
  output      logic                    answers_o,
  output      logic [LAYER_BITS-1:0]   layer_o,
  output      logic                    takes_input_o,
  output      logic [LAYER_BITS-1:0]   source_o,
  output      logic [GROUP_BITS-1:0]   group_o,
  output      logic                    group_last_o,
  output      logic                    spread_o,
  output      logic [SLOT_BITS-1:0]    slot_o,
  output      logic                    half_o,
  output      logic [COLUMN_BITS-1:0]  entry_o,
  // group_o times the layer's inputs
  output      logic [ADDRESS_BITS-1:0] offset_o,
  // the layer's stream advances with this operation: from where it was before the sample, and for good
  output      logic                    draw_o,
  output      logic                    draw_restart_o,
  output      logic                    draw_keep_o,
  // a sample begins; it is over
  output      logic                    start_o,
  output      logic                    release_o,
  output      logic                    swept_o,
  output      logic                    idle_o
);
  // ---- the program and the tables

  localparam logic [1:0] FORWARD = 2'd0;
  localparam logic [1:0] BACK_UPDATE = 2'd1;
  localparam logic [1:0] UPDATE = 2'd2;

  typedef struct packed {
    logic [1:0]            operation;
    logic [LAYER_BITS-1:0] layer;
    logic                  takes_input;
    logic [LAYER_BITS-1:0] source;
    logic                  waits_softmax;
    logic                  waits_errors;
    logic                  waits_writes;
    logic                  waits_sums;
    logic                  waits_result;
    logic                  answers;
    logic                  ends;
  } pass_t;
  localparam int WIDTH = 2 * LAYER_BITS + 10;

  wire [WIDTH-1:0] passes[PASSES];
  wire [SLOT_BITS-1:0] first_slot[PASSES];
  for (genvar s = 0; s < PASSES; s++) begin : g_pass
    localparam int LAYER = 32'(PROGRAM[s*WIDTH+LAYER_BITS+8+:LAYER_BITS]);
    assign passes[s] = PROGRAM[s*WIDTH+:WIDTH];
    assign first_slot[s] = SLOT_BASES[LAYER*SLOT_BITS+:SLOT_BITS];
  end

  wire [COUNT_BITS-1:0] inputs[LAYERS];
  wire [GROUP_BITS-1:0] last_group[LAYERS];
  for (genvar l = 0; l < LAYERS; l++) begin : g_layer
    assign inputs[l] = INPUT_COUNTS[l*COUNT_BITS+:COUNT_BITS];
    assign last_group[l] = LAST_GROUPS[l*GROUP_BITS+:GROUP_BITS];
  end

  // ---- where it is

  localparam logic [1:0] IDLE = 2'd0;
  localparam logic [1:0] WAIT = 2'd1;
  localparam logic [1:0] RUN = 2'd2;

  logic [1:0] state_q, state_d;
  logic [PASS_BITS-1:0] index_q, index_d;
  // always passes[index_q]
  pass_t pass_q;
  // of passes that learn, an index in the list of groups with errors
  logic [GROUP_BITS-1:0] group_q, group_d;
  logic [SLOT_BITS-1:0] slot_q, slot_d;
  // the word's first half was issued
  logic half_q, half_d;
  logic [COUNT_BITS-1:0] entry_q, entry_d;
  // always entry_q + 1
  logic [COUNT_BITS-1:0] next_q, next_d;
  logic [ADDRESS_BITS-1:0] offset_q, offset_d;

  wire forward = pass_q.operation == FORWARD;
  wire back = pass_q.operation == BACK_UPDATE;
  wire update = pass_q.operation == UPDATE;
  wire sweep = !forward && !back && !update;
  wire learns = back || update;

  // ---- the operation

  wire [COUNT_BITS-1:0] columns = inputs[pass_q.layer];
  wire [GROUP_BITS-1:0] group = learns ? active_group_i : group_q;
  wire layer_last = group == last_group[pass_q.layer];
  wire group_first = group_q == '0;
  wire group_last = learns ? active_last_i : layer_last;
  wire half = half_q || (back && !active_halves_i[0]);
  wire half_last = half || !active_halves_i[1];
  wire entry_first = entry_q == '0;
  // An entry is never beyond the list's end.
  wire available = entry_q != count_i;
  wire exhausted = complete_i && !available;
  wire entry_last = sweep ? next_q == columns
                  : available ? complete_i && next_q == count_i : exhausted;

  // Going back, a column is one sum over the groups; else a group is one over the columns.
  wire sum_first = back ? group_first && !half_q : entry_first;
  wire sum_last = back ? half_last && group_last : entry_last;
  wire last = entry_last && group_last && (!back || half_last);

  wire errors_due = pass_q.waits_errors && entry_first && group_first && !half_q && errors_any_i;
  wire nothing = learns && !errors_due && (count_i == '0 || active_empty_i);
  wire blocked = errors_due
              || (pass_q.waits_writes && writes_same_i)
              || (pass_q.waits_sums && entry_last && sums_busy_i)
              || (pass_q.waits_result && entry_last && result_busy_i);
  wire issue = state_q == RUN && !nothing && (sweep || available || exhausted) && !blocked;
  wire over = (state_q == RUN && nothing) || (issue && last);
  wire finish = over && (nothing || pass_q.ends || (pass_q.answers && !train_i));

  assign forward_o = issue && forward;
  assign back_o = issue && back;
  assign update_o = issue && update;
  assign sweep_o = issue && sweep;
  assign valued_o = available || sweep;
  assign first_o = sum_first;
  assign last_o = sum_last;
  assign close_o = last;
  assign write_o = issue && (update || (back && half_last));
  assign open_o = !half_q;
  // In mode `local` a layer may carry errors and have none of its own.
  assign draw_o = issue && active_updates_i && (update || (back && sum_first));
  assign draw_restart_o = back || entry_first;
  assign draw_keep_o = back || group_last;
  assign answers_o = issue && last && pass_q.answers;

  assign release_o = finish && !sweep;
  assign swept_o = finish && sweep;

  // ---- what comes next

  wire idle = state_q == IDLE;
  wire sweep_begins = idle && (memory_busy_i ? sweep_request_i : sample_i && sweep_needed_i);
  wire begins = idle && !memory_busy_i && sample_i && !sweep_needed_i;
  assign start_o = begins || (release_o && next_sample_i);

  pass_t pass_d;
  assign index_d = sweep_begins ? PASS_BITS'(SWEEP_PASS) : finish ? '0 : index_q + PASS_BITS'(over);
  assign pass_d = passes[index_d];
  wire pass_waits = pass_d.waits_softmax;
  wire unused_waits = pass_q.waits_softmax;

  always_comb begin
    case (state_q)
      IDLE: state_d = sweep_begins || begins ? RUN : IDLE;
      WAIT: state_d = softmax_ready_i ? RUN : WAIT;
      default: state_d = finish && !start_o ? IDLE : over && pass_waits ? WAIT : RUN;
    endcase
  end

  always_comb begin
    group_d = group_q;
    slot_d = slot_q;
    half_d = half_q;
    entry_d = entry_q;
    next_d = next_q;
    offset_d = offset_q;
    if (idle || over) begin
      group_d = '0;
      slot_d = first_slot[index_d];
      half_d = 1'b0;
      entry_d = '0;
      next_d = COUNT_BITS'(1);
      offset_d = '0;
    end else if (issue) begin
      half_d = back && !half_last;
      if (back ? half_last : entry_last) begin
        group_d = group_q + 1'b1;
        slot_d = slot_q + 1'b1;
        offset_d = offset_q + ADDRESS_BITS'(columns);
      end
      if (back ? sum_last : !entry_last) begin
        entry_d = next_q;
        next_d = next_q + 1'b1;
      end
      if (back && sum_last) group_d = '0;
      if (!back && entry_last) begin
        entry_d = '0;
        next_d = COUNT_BITS'(1);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= IDLE;
      index_q <= '0;
      pass_q <= passes[0];
      group_q <= '0;
      slot_q <= first_slot[0];
      half_q <= 1'b0;
      entry_q <= '0;
      next_q <= COUNT_BITS'(1);
      offset_q <= '0;
    end else begin
      state_q <= state_d;
      index_q <= index_d;
      pass_q <= pass_d;
      group_q <= group_d;
      slot_q <= slot_d;
      half_q <= half_d;
      entry_q <= entry_d;
      next_q <= next_d;
      offset_q <= offset_d;
    end
  end

  assign layer_o = pass_q.layer;
  assign takes_input_o = pass_q.takes_input;
  assign source_o = pass_q.source;
  assign index_o = group_q;
  assign group_o = group;
  assign group_last_o = layer_last;
  assign spread_o = SPREADS[pass_q.layer] && layer_last;
  assign slot_o = learns ? first_slot[index_q] + SLOT_BITS'(active_group_i) : slot_q;
  assign half_o = half;
  assign entry_o = entry_q[COLUMN_BITS-1:0];
  assign offset_o = learns ? active_offset_i : offset_q;
  assign idle_o = idle;

  // ---- contract

  grapes_rule #(
    .RULE("grapes_sequencer: no entry is beyond the list's end")
  ) entry_in_list (
    .clk_i,
    .rst_i,
    .holds_i(!(state_q == RUN && !sweep && entry_q > count_i))
  );

  grapes_rule #(
    .RULE("grapes_sequencer: no group is beyond the last")
  ) group_in_layer (
    .clk_i,
    .rst_i,
    .holds_i(!(state_q == RUN && group_q > last_group[pass_q.layer]))
  );
endmodule

`default_nettype wire
