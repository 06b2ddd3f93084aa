// Issues operations and carries them through the stages: s0 the list entry is read; s1 the weight words and errors are
// read; s2 multiply; s3 accumulate or update; s4 write; s5 move the strengths. A signal's stage is in its name; what it
// belongs to is the operation that is in that stage, and the sample of that operation.
// Knows what is on its way, and lets no operation go that may not meet it.

`default_nettype none

module grapes_issue #(
  parameter int LAYERS = 3,
  parameter int LANES = 32,
  parameter int LAYER_BITS = 2,
  parameter int PASSES = 8,
  parameter int PASS_BITS = 3,
  parameter int SWEEP_PASS = 6,
  parameter int COLUMN_BITS = 10,
  parameter int COUNT_BITS = 10,
  parameter int GROUP_BITS = 2,
  parameter int ROWS_BITS = 7,
  parameter int SLOT_BITS = 4,
  parameter int ADDRESS_BITS = 13,
  parameter int UPDATE_SHIFT_BITS = 1,
  parameter int FORWARD_SHIFT_BITS = 1,
  parameter int RATE_MIN = 7,
  parameter int RATE_MAX = 7,
  parameter int WRITE_STAGES = 3,
  parameter logic [PASSES*(2*LAYER_BITS+10)-1:0] PROGRAM = '0,
  // tables, layer 0 in the low bits
  parameter logic [LAYERS*COUNT_BITS-1:0] INPUT_COUNTS = '0,
  parameter logic [LAYERS*GROUP_BITS-1:0] LAST_GROUPS = '0,
  parameter logic [LAYERS*ROWS_BITS-1:0] LAST_ROWS = '0,
  parameter logic [LAYERS-1:0] SPREADS = '0,
  parameter logic [LAYERS*ADDRESS_BITS-1:0] BASES = '0,
  parameter logic [LAYERS*SLOT_BITS-1:0] SLOT_BASES = '0,
  parameter logic [LAYERS*UPDATE_SHIFT_BITS-1:0] UPDATE_SHIFTS = '0,
  parameter logic [LAYERS*FORWARD_SHIFT_BITS-1:0] FORWARD_SHIFTS = '0
) (
  input  wire logic                         clk_i,
  input  wire logic                         rst_i,
  // the samples
  input  wire logic                         sample_i,
  input  wire logic                         next_sample_i,
  input  wire logic                         train_i,
  input  wire logic [4:0]                   rate_i,
  // a sample began in the cycle before; it is over
  output      logic                         begun_o,
  output      logic                         release_o,
  // what operations wait for
  input  wire logic                         memory_busy_i,
  input  wire logic                         sweep_needed_i,
  input  wire logic                         sweep_request_i,
  input  wire logic                         softmax_ready_i,
  input  wire logic                         errors_any_i,
  input  wire logic                         drain_busy_i,
  input  wire logic                         result_busy_i,
  output      logic                         swept_o,
  output      logic                         idle_o,
  // an update or sweep has not moved its strengths yet
  output      logic                         updates_any_o,
  // s0: the list
  output      logic                         takes_input_s0_o,
  output      logic [LAYER_BITS-1:0]        source_s0_o,
  output      logic [COLUMN_BITS-1:0]       entry_s0_o,
  input  wire logic [COUNT_BITS-1:0]        count_s0_i,
  input  wire logic                         complete_s0_i,
  // s0: an entry of the layer's list of groups with errors
  output      logic [GROUP_BITS-1:0]        index_s0_o,
  input  wire logic [GROUP_BITS-1:0]        active_group_s0_i,
  input  wire logic [1:0]                   active_halves_s0_i,
  input  wire logic [ADDRESS_BITS-1:0]      active_offset_s0_i,
  input  wire logic                         active_last_s0_i,
  input  wire logic                         active_empty_s0_i,
  input  wire logic                         active_updates_s0_i,
  // s0: the random stream; the operation's logits answer the sample
  output      logic                         draw_s0_o,
  output      logic                         draw_restart_s0_o,
  output      logic                         draw_keep_s0_o,
  output      logic [LAYER_BITS-1:0]        layer_s0_o,
  output      logic                         answers_s0_o,
  // s1
  output      logic                         takes_input_s1_o,
  output      logic                         valued_s1_o,
  output      logic                         sweep_s1_o,
  output      logic                         back_last_s1_o,
  output      logic [LAYER_BITS-1:0]        source_s1_o,
  output      logic [COLUMN_BITS-1:0]       entry_s1_o,
  output      logic [SLOT_BITS-1:0]         slot_s1_o,
  output      logic [UPDATE_SHIFT_BITS-1:0] update_shift_s1_o,
  input  wire logic [COLUMN_BITS-1:0]       column_s1_i,
  // s1: the word to read, for an operation or in its place for the memory port
  input  wire logic                         access_read_i,
  input  wire logic [ADDRESS_BITS-1:0]      access_address_i,
  output      logic                         read_s1_o,
  output      logic [ADDRESS_BITS-1:0]      address_s1_o,
  // s2
  output      logic                         forward_s2_o,
  output      logic                         update_s2_o,
  output      logic                         half_s2_o,
  output      logic                         sweep_s2_o,
  output      logic [2*LANES-1:0]           weighs_s2_o,
  // s3
  output      logic                         forward_s3_o,
  output      logic                         back_s3_o,
  output      logic                         update_s3_o,
  output      logic                         sweep_s3_o,
  output      logic                         first_s3_o,
  output      logic                         last_s3_o,
  output      logic                         open_s3_o,
  output      logic                         half_s3_o,
  output      logic [UPDATE_SHIFT_BITS-1:0] update_shift_s3_o,
  // s4
  output      logic                         sums_s4_o,
  // strengths move
  output      logic                         strength_s4_o,
  output      logic [FORWARD_SHIFT_BITS-1:0] forward_shift_s4_o,
  output      logic                         update_s4_o,
  output      logic                         restart_s4_o,
  output      logic                         write_s4_o,
  output      logic                         close_s4_o,
  output      logic                         half_s4_o,
  output      logic                         spread_s4_o,
  output      logic [LAYER_BITS-1:0]        layer_s4_o,
  output      logic [GROUP_BITS-1:0]        group_s4_o,
  output      logic [SLOT_BITS-1:0]         slot_s4_o,
  output      logic [ADDRESS_BITS-1:0]      address_s4_o,
  output      logic [2*LANES-1:0]           exists_s4_o
);
  localparam logic [ROWS_BITS-1:0] ALL_ROWS = ROWS_BITS'(2 * LANES);

  wire [ROWS_BITS-1:0] last_rows[LAYERS];
  wire [ADDRESS_BITS-1:0] base[LAYERS];
  wire [UPDATE_SHIFT_BITS-1:0] update_shift[LAYERS];
  wire [FORWARD_SHIFT_BITS-1:0] forward_shift[LAYERS];
  for (genvar l = 0; l < LAYERS; l++) begin : g_layer
    assign last_rows[l] = LAST_ROWS[l*ROWS_BITS+:ROWS_BITS];
    assign base[l] = BASES[l*ADDRESS_BITS+:ADDRESS_BITS];
    assign forward_shift[l] = FORWARD_SHIFTS[l*FORWARD_SHIFT_BITS+:FORWARD_SHIFT_BITS];
    assign update_shift[l] = UPDATE_SHIFTS[l*UPDATE_SHIFT_BITS+:UPDATE_SHIFT_BITS];
  end

  // ---- an operation, stage by stage

  // what it does: at most one of the first four; none acts while all are 0
  typedef struct packed {
    logic forward;
    logic back;
    logic update;
    logic sweep;
    logic write;
  } action_t;

  // what it does it with
  typedef struct packed {
    logic                  valued;
    logic                  first;
    logic                  last;
    logic                  close;
    logic                  open;
    logic                  half;
    logic                  spread;
    logic [LAYER_BITS-1:0] layer;
    logic [GROUP_BITS-1:0] group;
    logic [SLOT_BITS-1:0]  slot;
  } operand_t;

  action_t action_s0, action_s1, action_s2, action_s3, action_s4;
  operand_t operand_s0, operand_s1, operand_s2, operand_s3, operand_s4;
  always_ff @(posedge clk_i) begin
    action_s1 <= rst_i ? '0 : action_s0;
    action_s2 <= rst_i ? '0 : action_s1;
    action_s3 <= rst_i ? '0 : action_s2;
    action_s4 <= rst_i ? '0 : action_s3;
    operand_s1 <= operand_s0;
    operand_s2 <= operand_s1;
    operand_s3 <= operand_s2;
    operand_s4 <= operand_s3;
  end

  // ---- s0

  wire start;
  wire group_last_s0;
  wire [ADDRESS_BITS-1:0] offset_s0;
  wire writes_same, sums_busy;
  grapes_sequencer #(
    .LAYERS(LAYERS),
    .LAYER_BITS(LAYER_BITS),
    .PASSES(PASSES),
    .PASS_BITS(PASS_BITS),
    .SWEEP_PASS(SWEEP_PASS),
    .COLUMN_BITS(COLUMN_BITS),
    .COUNT_BITS(COUNT_BITS),
    .GROUP_BITS(GROUP_BITS),
    .SLOT_BITS(SLOT_BITS),
    .ADDRESS_BITS(ADDRESS_BITS),
    .PROGRAM(PROGRAM),
    .INPUT_COUNTS(INPUT_COUNTS),
    .LAST_GROUPS(LAST_GROUPS),
    .SPREADS(SPREADS),
    .SLOT_BASES(SLOT_BASES)
  ) sequencer (
    .clk_i,
    .rst_i,
    .sample_i,
    .next_sample_i,
    .train_i,
    .count_i(count_s0_i),
    .complete_i(complete_s0_i),
    .memory_busy_i,
    .sweep_needed_i,
    .sweep_request_i,
    .softmax_ready_i,
    .errors_any_i,
    .writes_same_i(writes_same),
    .sums_busy_i(sums_busy),
    .result_busy_i,
    .index_o(index_s0_o),
    .active_group_i(active_group_s0_i),
    .active_halves_i(active_halves_s0_i),
    .active_offset_i(active_offset_s0_i),
    .active_last_i(active_last_s0_i),
    .active_empty_i(active_empty_s0_i),
    .active_updates_i(active_updates_s0_i),
    .forward_o(action_s0.forward),
    .back_o(action_s0.back),
    .update_o(action_s0.update),
    .sweep_o(action_s0.sweep),
    .valued_o(operand_s0.valued),
    .first_o(operand_s0.first),
    .last_o(operand_s0.last),
    .close_o(operand_s0.close),
    .open_o(operand_s0.open),
    .write_o(action_s0.write),
    .answers_o(answers_s0_o),
    .layer_o(operand_s0.layer),
    .takes_input_o(takes_input_s0_o),
    .source_o(source_s0_o),
    .group_o(operand_s0.group),
    .group_last_o(group_last_s0),
    .spread_o(operand_s0.spread),
    .slot_o(operand_s0.slot),
    .half_o(operand_s0.half),
    .entry_o(entry_s0_o),
    .offset_o(offset_s0),
    .draw_o(draw_s0_o),
    .draw_restart_o(draw_restart_s0_o),
    .draw_keep_o(draw_keep_s0_o),
    .start_o(start),
    .release_o,
    .swept_o,
    .idle_o
  );
  assign layer_s0_o = operand_s0.layer;
  always_ff @(posedge clk_i) begun_o <= start && !rst_i;

  // ---- s1: the weight word's address, the rows it holds, and the sample's rate

  logic [ADDRESS_BITS-1:0] base_s1;
  logic [ROWS_BITS-1:0] rows_s1;
  logic [4:0] rate_s1;
  always_ff @(posedge clk_i) begin
    takes_input_s1_o <= takes_input_s0_o;
    source_s1_o <= source_s0_o;
    entry_s1_o <= entry_s0_o;
    base_s1 <= base[operand_s0.layer] + offset_s0;
    rows_s1 <= group_last_s0 ? last_rows[operand_s0.layer] : ALL_ROWS;
    rate_s1 <= rate_i;
  end
  assign valued_s1_o = operand_s1.valued;
  assign sweep_s1_o = action_s1.sweep;
  assign back_last_s1_o = action_s1.back && operand_s1.last;
  assign slot_s1_o = operand_s1.slot;

  // On the way back a word is read once, for both halves.
  assign read_s1_o = access_read_i || action_s1.forward || action_s1.update || action_s1.sweep
                  || (action_s1.back && operand_s1.open);
  assign address_s1_o = access_read_i ? access_address_i : base_s1 + ADDRESS_BITS'(column_s1_i);

  wire [2*LANES-1:0] exists_s1;
  grapes_rows #(
    .LANES(LANES),
    .ROWS_BITS(ROWS_BITS)
  ) rows (
    .rows_i(rows_s1),
    .spread_i(operand_s1.spread),
    .exists_o(exists_s1)
  );

  // The update's shift, with the rate held within the range that the shifters cover.
  wire [5:0] rate_raised = 6'(rate_s1) + 6'd1 > 6'(RATE_MIN) ? 6'(rate_s1) : 6'(RATE_MIN);
  wire [5:0] rate_held = rate_raised < 6'(RATE_MAX + 1) ? rate_raised : 6'(RATE_MAX);
  // A sweep updates by nothing, whatever the shift; its sample may have no rate.
  assign update_shift_s1_o = action_s1.sweep ? '0
                           : update_shift[operand_s1.layer] + UPDATE_SHIFT_BITS'(rate_held - 6'(RATE_MIN));

  // ---- s2 to s4

  logic [2*LANES-1:0] exists_s2, exists_s3;
  logic [ADDRESS_BITS-1:0] address_s2, address_s3;
  logic [UPDATE_SHIFT_BITS-1:0] update_shift_s2;
  always_ff @(posedge clk_i) begin
    {exists_s2, exists_s3, exists_s4_o} <= {exists_s1, exists_s2, exists_s3};
    {address_s2, address_s3, address_s4_o} <= {address_s1_o, address_s2, address_s3};
    {update_shift_s2, update_shift_s3_o} <= {update_shift_s1_o, update_shift_s2};
  end

  assign forward_s2_o = action_s2.forward;
  assign update_s2_o = action_s2.update;
  assign sweep_s2_o = action_s2.sweep;
  assign half_s2_o = operand_s2.half;
  assign weighs_s2_o = operand_s2.valued ? exists_s2 : '0;

  assign forward_s3_o = action_s3.forward;
  assign back_s3_o = action_s3.back;
  assign update_s3_o = action_s3.update || action_s3.sweep;
  assign sweep_s3_o = action_s3.sweep;
  assign first_s3_o = operand_s3.first;
  assign last_s3_o = operand_s3.last;
  assign open_s3_o = operand_s3.open;
  assign half_s3_o = operand_s3.half;

  wire moves_s4 = action_s4.back || action_s4.update || action_s4.sweep;
  assign sums_s4_o = action_s4.forward && operand_s4.last;
  // The output layer has none.
  assign strength_s4_o = moves_s4 && operand_s4.layer != LAYER_BITS'(LAYERS - 1);
  assign forward_shift_s4_o = forward_shift[operand_s4.layer];
  assign update_s4_o = action_s4.update || action_s4.sweep;
  assign restart_s4_o = action_s4.sweep && operand_s4.first;
  assign write_s4_o = action_s4.write;
  assign close_s4_o = operand_s4.close;
  assign half_s4_o = operand_s4.half;
  assign spread_s4_o = operand_s4.spread;
  assign layer_s4_o = operand_s4.layer;
  assign group_s4_o = operand_s4.group;
  assign slot_s4_o = operand_s4.slot;
  wire unused_valued = ^{operand_s3.valued, operand_s4.valued, operand_s4.open};

  // ---- what is on its way

  // A forward pass may not read a group whose update is on its way.
  wire unused_writes_any;
  grapes_pending #(
    .STAGES(WRITE_STAGES),
    .SLOT_BITS(SLOT_BITS)
  ) writes_pending (
    .clk_i,
    .rst_i,
    .enter_i(action_s1.back || action_s1.update),
    .enter_slot_i(operand_s1.slot),
    .slot_i(operand_s0.slot),
    .any_o(unused_writes_any),
    .same_o(writes_same)
  );

  // Strengths may not be read before the last update has moved them.
  logic moves_s5;
  always_ff @(posedge clk_i) moves_s5 <= moves_s4 && !rst_i;
  assign updates_any_o = action_s1.back || action_s1.update || action_s1.sweep
                      || action_s2.back || action_s2.update || action_s2.sweep
                      || action_s3.back || action_s3.update || action_s3.sweep || moves_s4 || moves_s5;

  // The lanes' sums may not be replaced before they are drained.
  assign sums_busy = (action_s1.forward && operand_s1.last) || (action_s2.forward && operand_s2.last)
                  || (action_s3.forward && operand_s3.last) || sums_s4_o || drain_busy_i;

  // ---- contract

  grapes_rule #(
    .RULE("grapes_issue: no forward pass reads a group whose update is on its way")
  ) group_written (
    .clk_i,
    .rst_i,
    .holds_i(!(action_s0.forward && writes_same))
  );

  grapes_rule #(
    .RULE("grapes_issue: no weight word that is used is read in the cycle that writes it")
  ) word_written (
    .clk_i,
    .rst_i,
    .holds_i(!(read_s1_o && (access_read_i || operand_s1.valued) && write_s4_o && address_s1_o == address_s4_o))
  );
endmodule

`default_nettype wire
