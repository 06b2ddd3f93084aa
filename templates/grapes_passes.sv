// Walks the program of a network in time and fetches the words of bits that its columns come from, at most one a cycle.
//
//   forward  step, group, word of the values below that are not 0, then of the layer's own a step before
//   top      word of the rows that are open in any step: the output layer's errors go back once
//   back     step from the last down: word of the rows open in that step, before it the group's errors carried; of all
//            groups where the layer sees itself
//   update   group that has an error, word of the values that are not 0 in any step
//   sweep    group, word of all columns: strengths counted anew
//
// Passes that go back, and updates, are left out where no error is carried. All that is on its way belongs to one pass:
// the next begins when the last is over, so that a pass's fields hold for every stage behind this one.

`default_nettype none

module grapes_passes #(
  parameter int LAYERS = 3,
  parameter int LAYER_BITS = 2,
  parameter int MATRIX_BITS = 2,
  parameter int LANES = 32,
  parameter int ROWS_BITS = 7,
  parameter int STEPS = 4,
  parameter int STEP_BITS = 2,
  parameter int PASSES = 10,
  parameter int PASS_BITS = 4,
  parameter int SWEEP_PASS = 8,
  parameter int GROUPS = 4,
  parameter int GROUP_BITS = 2,
  parameter int SLOTS = 9,
  parameter int SLOT_BITS = 4,
  parameter int COLUMN_BITS = 10,
  // bits of a word of columns; words of a step of the input
  parameter int WORD = 64,
  parameter int INPUTS = 784,
  parameter int INPUT_WORDS = 13,
  parameter int WORD_INDEX_BITS = 4,
  parameter bit CONSTANT = 1'b1,
  // the package says how a pass is written
  parameter logic [PASSES*(2*LAYER_BITS+MATRIX_BITS+6)-1:0] PROGRAM = '0,
  // tables, layer 0 in the low bits
  parameter logic [LAYERS*GROUP_BITS-1:0] LAST_GROUPS = '0,
  parameter logic [LAYERS*ROWS_BITS-1:0] LAST_ROWS = '0,
  parameter logic [LAYERS-1:0] SPREADS = '0,
  parameter logic [LAYERS*SLOT_BITS-1:0] SLOT_BASES = '0,
  localparam int ROWS = 2 * LANES
) (
  input  wire logic                       clk_i,
  input  wire logic                       rst_i,
  // the samples
  input  wire logic                       sample_i,
  input  wire logic                       train_i,
  output      logic                       begin_o,
  output      logic                       release_o,
  output      logic                       idle_o,
  // strengths anew
  input  wire logic                       memory_busy_i,
  input  wire logic                       sweep_needed_i,
  input  wire logic                       sweep_request_i,
  output      logic                       swept_o,
  // what passes wait for: nothing on its way; the output's errors and the largest strengths are known
  input  wire logic                       quiet_i,
  input  wire logic                       errors_ready_i,
  // a group's step is over
  input  wire logic                       closed_i,
  // groups that have errors, as the layer itself learns and as they are carried on
  input  wire logic [SLOTS-1:0]           learning_i,
  input  wire logic [SLOTS-1:0]           carrying_i,
  // the pass
  output      logic                       forward_o,
  output      logic                       top_o,
  output      logic                       back_o,
  output      logic                       update_o,
  output      logic                       sweep_o,
  output      logic [LAYER_BITS-1:0]      layer_o,
  output      logic [MATRIX_BITS-1:0]     matrix_o,
  output      logic [LAYER_BITS-1:0]      source_o,
  output      logic                       input_o,
  output      logic                       recurrent_o,
  output      logic                       single_o,
  // the words: asked for in a cycle, there in the next
  output      logic                       read_o,
  output      logic [STEP_BITS-1:0]       read_step_o,
  output      logic [SLOT_BITS-1:0]       read_slot_o,
  output      logic [WORD_INDEX_BITS-1:0] read_word_o,
  input  wire logic [WORD-1:0]            input_word_i,
  input  wire logic [WORD-1:0]            input_used_i,
  input  wire logic [ROWS-1:0]            nonzero_i,
  input  wire logic [ROWS-1:0]            open_i,
  input  wire logic [ROWS-1:0]            used_i,
  input  wire logic [ROWS-1:0]            earlier_i,
  input  wire logic [ROWS-1:0]            opened_i,
  // a word on its way to grapes_columns
  input  wire logic                       ready_i,
  output      logic                       valid_o,
  output      logic [WORD-1:0]            word_o,
  output      logic [ROWS-1:0]            nonzero_o,
  output      logic                       carry_o,
  output      logic                       flush_o,
  output      logic                       own_o,
  output      logic                       close_o,
  output      logic [GROUP_BITS-1:0]      group_o,
  output      logic                       group_first_o,
  output      logic                       group_final_o,
  output      logic [STEP_BITS-1:0]       step_o,
  output      logic [SLOT_BITS-1:0]       slot_o,
  output      logic [COLUMN_BITS-1:0]     column_o,
  output      logic                       spread_o
);
  localparam logic [2:0] FORWARD = 3'd0;
  localparam logic [2:0] TOP = 3'd1;
  localparam logic [2:0] BACK = 3'd2;
  localparam logic [2:0] UPDATE = 3'd3;

  typedef struct packed {
    logic [2:0]             operation;
    logic [LAYER_BITS-1:0]  layer;
    logic [MATRIX_BITS-1:0] matrix;
    logic [LAYER_BITS-1:0]  source;
    logic                   from_input;
    logic                   recurrent;
    logic                   single;
  } pass_t;
  localparam int WIDTH = 2 * LAYER_BITS + MATRIX_BITS + 6;

  wire [WIDTH-1:0] program_row[PASSES];
  for (genvar s = 0; s < PASSES; s++) begin : g_pass
    assign program_row[s] = PROGRAM[s*WIDTH+:WIDTH];
  end
  wire [GROUP_BITS-1:0] last_group[LAYERS];
  wire [ROWS_BITS-1:0] last_rows[LAYERS];
  wire [SLOT_BITS-1:0] first_slot[LAYERS];
  wire [GROUPS-1:0] learning[LAYERS];
  wire [GROUPS-1:0] carrying[LAYERS];
  wire [GROUPS-1:0] all_groups[LAYERS];
  for (genvar l = 0; l < LAYERS; l++) begin : g_layer
    localparam int FIRST = 32'(SLOT_BASES[l*SLOT_BITS+:SLOT_BITS]);
    localparam int COUNT = 32'(LAST_GROUPS[l*GROUP_BITS+:GROUP_BITS]) + 1;
    assign last_group[l] = LAST_GROUPS[l*GROUP_BITS+:GROUP_BITS];
    assign last_rows[l] = LAST_ROWS[l*ROWS_BITS+:ROWS_BITS];
    assign first_slot[l] = SLOT_BITS'(FIRST);
    assign all_groups[l] = GROUPS'({COUNT{1'b1}});
    assign learning[l] = GROUPS'(learning_i[FIRST+:COUNT]);
    assign carrying[l] = GROUPS'(carrying_i[FIRST+:COUNT]);
  end

  // ---- where it is

  localparam logic [2:0] IDLE = 3'd0;
  localparam logic [2:0] CHECK = 3'd1;
  localparam logic [2:0] RUN = 3'd2;
  localparam logic [2:0] DRAIN = 3'd3;

  // of a step back: its errors are carried, its columns follow; after the first step the errors' sum is completed
  localparam logic [1:0] CARRY = 2'd0;
  localparam logic [1:0] COLUMNS = 2'd1;
  localparam logic [1:0] FLUSH = 2'd2;

  logic [2:0] state_q;
  logic [PASS_BITS-1:0] index_q;
  pass_t pass_q;
  logic [STEP_BITS-1:0] step_q;
  logic own_q;
  logic [1:0] phase_q;
  logic [GROUPS-1:0] groups_q;
  logic group_first_q;
  logic [WORD_INDEX_BITS-1:0] word_q;

  wire forward = pass_q.operation == FORWARD;
  wire top = pass_q.operation == TOP;
  wire back = pass_q.operation == BACK;
  wire update = pass_q.operation == UPDATE;
  wire sweep = !forward && !top && !back && !update;

  logic [GROUP_BITS-1:0] group;
  always_comb begin
    group = '0;
    for (int g = GROUPS - 1; g >= 0; g--) if (groups_q[g]) group = GROUP_BITS'(g);
  end
  wire [GROUPS-1:0] other_groups = groups_q & (groups_q - 1'b1);
  wire group_final = other_groups == '0;

  // ---- the word asked for

  wire takes_input = pass_q.from_input && !own_q;
  wire [LAYER_BITS-1:0] source = own_q ? pass_q.layer : pass_q.source;
  wire [WORD_INDEX_BITS-1:0] last_word =
    takes_input ? WORD_INDEX_BITS'(INPUT_WORDS - 1) : WORD_INDEX_BITS'(last_group[source]);
  wire word_last = word_q == last_word;
  wire source_spread = !takes_input && word_last && SPREADS[source];

  wire step_first = step_q == '0;
  wire step_last = pass_q.single || step_q == STEP_BITS'(STEPS - 1);
  wire sees_own = pass_q.recurrent && !step_first;
  wire close = (sweep || (forward && (own_q || !sees_own))) && word_last;

  // groups on their way whose step is not over: all, and those of steps before this one
  localparam int CLOSER_BITS = $clog2(STEPS + GROUPS + 8) + 4;
  logic [CLOSER_BITS-1:0] closers_q;
  logic [CLOSER_BITS-1:0] earlier_q;
  wire waits = forward && own_q && earlier_q != '0;
  wire fetch = state_q == RUN && ready_i && !waits;

  assign read_o = fetch;
  assign read_slot_o = first_slot[source] + SLOT_BITS'(word_q);
  assign read_word_o = word_q;
  assign read_step_o = takes_input && CONSTANT ? '0 : own_q ? step_q - 1'b1 : step_q;

  // ---- what comes next

  wire has_columns = !pass_q.single || pass_q.recurrent;
  // A layer that does not see itself carries a group's errors just before its columns.
  wire weaves = back && has_columns && !pass_q.recurrent;
  wire stays = weaves && phase_q == CARRY;
  wire flushes = CONSTANT && pass_q.layer == '0;
  wire back_over = back && word_last && phase_q == (flushes ? FLUSH : has_columns ? COLUMNS : CARRY)
                && (step_first || phase_q == FLUSH);
  wire groups_over = group_final && (update || sweep || (close && step_last));
  wire over = fetch && word_last && (top || back_over || groups_over);

  wire learns = learning[pass_q.layer] != '0;
  wire carried = carrying[LAYER_BITS'(32'(pass_q.layer) + 1)] != '0;
  wire output_errors = learning[LAYERS-1] != '0;
  wire skip = (back && !carried) || (update && !learns);
  wire waits_errors = top && !errors_ready_i;
  wire ends = (forward && index_q == PASS_BITS'(LAYERS - 1) && !train_i)
           || (update && index_q == PASS_BITS'(SWEEP_PASS - 1)) || (sweep && index_q == PASS_BITS'(PASSES - 1));
  wire drained = forward && index_q != PASS_BITS'(LAYERS - 1) ? closers_q == '0 : quiet_i;
  wire finish = (state_q == DRAIN && drained && ends)
             || (state_q == CHECK && ((skip && ends) || (top && errors_ready_i && !output_errors)));
  wire advance = (state_q == DRAIN && drained && !ends) || (state_q == CHECK && skip && !ends);

  wire idle = state_q == IDLE;
  wire sweep_begins = idle && (memory_busy_i ? sweep_request_i : sample_i && sweep_needed_i);
  wire begins = idle && !memory_busy_i && sample_i && !sweep_needed_i;
  assign begin_o = begins;
  assign release_o = finish && !sweep;
  assign swept_o = finish && sweep;
  assign idle_o = idle;

  wire [PASS_BITS-1:0] index_d = sweep_begins ? PASS_BITS'(SWEEP_PASS) : begins ? '0 : index_q + 1'b1;
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= IDLE;
      index_q <= '0;
      pass_q <= program_row[0];
    end else begin
      if (sweep_begins || begins || advance) begin
        state_q <= CHECK;
        index_q <= index_d;
        pass_q <= program_row[index_d];
      end else if (finish) state_q <= IDLE;
      else if (state_q == CHECK && !skip && !waits_errors) state_q <= RUN;
      else if (over) state_q <= DRAIN;
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == CHECK) begin
      step_q <= back ? STEP_BITS'(STEPS - 1) : '0;
      own_q <= 1'b0;
      phase_q <= CARRY;
      groups_q <= update ? learning[pass_q.layer] : all_groups[pass_q.layer];
      group_first_q <= 1'b1;
      word_q <= '0;
    end else if (fetch) begin
      if (!stays) word_q <= word_last ? '0 : word_q + 1'b1;
      if (stays) phase_q <= COLUMNS;
      else if (weaves && phase_q == COLUMNS && !word_last) phase_q <= CARRY;
      else if (word_last && back) begin
        if (phase_q == CARRY && has_columns) phase_q <= COLUMNS;
        else if (step_first) phase_q <= FLUSH;
        else begin
          phase_q <= CARRY;
          step_q <= step_q - 1'b1;
        end
      end
      if (word_last && forward && !close) own_q <= 1'b1;
      if (word_last && (update || close)) begin
        own_q <= 1'b0;
        group_first_q <= 1'b0;
        groups_q <= other_groups;
        if (forward && group_final) begin
          groups_q <= all_groups[pass_q.layer];
          step_q <= step_q + 1'b1;
        end
      end
    end
  end

  wire [CLOSER_BITS-1:0] closers = closers_q + CLOSER_BITS'(fetch && close && forward) - CLOSER_BITS'(closed_i);
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      closers_q <= '0;
      earlier_q <= '0;
    end else begin
      closers_q <= closers;
      if (fetch && close && group_final) earlier_q <= closers;
      else if (earlier_q != '0) earlier_q <= earlier_q - CLOSER_BITS'(closed_i);
    end
  end

  assign forward_o = forward;
  assign top_o = top;
  assign back_o = back;
  assign update_o = update;
  assign sweep_o = sweep;
  assign layer_o = pass_q.layer;
  assign matrix_o = pass_q.matrix;
  assign source_o = pass_q.source;
  assign input_o = pass_q.from_input;
  assign recurrent_o = pass_q.recurrent;
  assign single_o = pass_q.single;

  // ---- the word, a cycle later

  logic fetched_q;
  logic takes_input_q;
  logic [ROWS_BITS-1:0] rows_q;
  logic ends_input_q;
  always_ff @(posedge clk_i) begin
    fetched_q <= fetch && !rst_i;
    takes_input_q <= takes_input;
    carry_o <= back && phase_q != COLUMNS;
    flush_o <= back && phase_q == FLUSH;
    own_o <= own_q;
    close_o <= close;
    group_o <= group;
    group_first_o <= group_first_q;
    group_final_o <= group_final;
    step_o <= step_q;
    slot_o <= read_slot_o;
    column_o <= takes_input ? COLUMN_BITS'(32'(word_q) * WORD) : COLUMN_BITS'(32'(word_q) * ROWS);
    spread_o <= source_spread;
    rows_q <= word_last ? last_rows[source] : ROWS_BITS'(ROWS);
    ends_input_q <= word_last;
  end

  // Every column of a sweep.
  wire [ROWS-1:0] exists;
  grapes_rows #(
    .LANES(LANES),
    .ROWS_BITS(ROWS_BITS)
  ) rows (
    .rows_i(rows_q),
    .spread_i(spread_o),
    .exists_o(exists)
  );
  localparam int BEYOND = INPUT_WORDS * WORD - INPUTS;
  wire [WORD-1:0] all_inputs = ends_input_q ? {WORD{1'b1}} >> BEYOND : '1;

  wire [WORD-1:0] input_bits = sweep ? all_inputs : update ? input_used_i : input_word_i;
  wire sums = pass_q.single && !back;
  wire [ROWS-1:0] row_bits = sweep ? exists
                           : top ? opened_i
                           : back ? open_i
                           : update ? (pass_q.recurrent ? earlier_i : used_i)
                           : sums ? used_i : nonzero_i;
  assign word_o = takes_input_q ? input_bits : WORD'(row_bits);
  assign nonzero_o = nonzero_i;
  // A word without a column says nothing, unless a group's sums are complete with it or errors are carried.
  assign valid_o = fetched_q && (word_o != '0 || close_o || carry_o);
endmodule

`default_nettype wire
