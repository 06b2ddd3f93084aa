// What the neurons give: the lists of non-zero features and activations, and what turns sums into them. Behind s4 the
// drain takes a group's sums, positive ones only, which are requantised and join the next list; the output layer's become logits.
// An entry of a hidden list says where its neuron lives, {lane, half, slot, value, row}; one of the input {value, column}.
// The factors of a hidden list's neurons follow in its order.

`default_nettype none

module grapes_activations #(
  parameter int LAYERS = 3,
  parameter int LANES = 32,
  parameter int INPUTS = 784,
  parameter int LAYER_BITS = 2,
  parameter int LANE_BITS = 5,
  parameter int ACTIVATION_BITS = 8,
  parameter int SUM_BITS = 26,
  parameter int ROW_BITS = 8,
  parameter int COLUMN_BITS = 10,
  parameter int COUNT_BITS = 10,
  parameter int GROUP_BITS = 2,
  parameter int SLOT_BITS = 4,
  parameter int INPUT_LIST_BITS = 11,
  parameter int HIDDEN_LIST = 512,
  parameter int HIDDEN_LIST_BITS = 9,
  parameter int FORWARD_SHIFT_MIN = 8,
  parameter int FORWARD_SHIFT_MAX = 8,
  parameter int FORWARD_SHIFT_BITS = 1,
  parameter int LOGIT_SHIFT = 4,
  parameter int FACTOR_BITS = 9,
  parameter bit GRAPES = 1'b1,
  // tables, layer 0 in the low bits
  parameter logic [LAYERS*HIDDEN_LIST_BITS-1:0] LIST_BASES = '0,
  parameter logic [LAYERS*FORWARD_SHIFT_BITS-1:0] FORWARD_SHIFTS = '0
) (
  input  wire logic                                    clk_i,
  input  wire logic                                    rst_i,
  // the hidden lists become empty
  input  wire logic                                    clear_i,
  // the loader's list
  input  wire logic                                    input_write_i,
  input  wire logic [INPUT_LIST_BITS-1:0]              input_write_address_i,
  input  wire logic [ACTIVATION_BITS+COLUMN_BITS-1:0]  input_write_entry_i,
  input  wire logic [INPUT_LIST_BITS-1:0]              input_base_i,
  input  wire logic [COUNT_BITS-1:0]                   input_count_i,
  input  wire logic                                    input_complete_i,
  // s0: an entry is read
  input  wire logic                                    read_s0_i,
  input  wire logic                                    takes_input_s0_i,
  input  wire logic [LAYER_BITS-1:0]                   source_s0_i,
  input  wire logic [COLUMN_BITS-1:0]                  entry_s0_i,
  output      logic [COUNT_BITS-1:0]                   count_s0_o,
  output      logic                                    complete_s0_o,
  // s1: what it says
  input  wire logic                                    takes_input_s1_i,
  input  wire logic                                    valued_s1_i,
  input  wire logic                                    sweep_s1_i,
  input  wire logic [COLUMN_BITS-1:0]                  entry_s1_i,
  output      logic [COLUMN_BITS-1:0]                  column_s1_o,
  output      logic [ACTIVATION_BITS-1:0]              x_s1_o,
  output      logic [LANE_BITS-1:0]                    lane_s1_o,
  output      logic                                    half_s1_o,
  output      logic [SLOT_BITS-1:0]                    slot_s1_o,
  output      logic [ROW_BITS-1:0]                     row_s1_o,
  output      logic [FACTOR_BITS-1:0]                  factor_s1_o,
  // s4: the sums of a group
  input  wire logic                                    sums_s4_i,
  input  wire logic [LAYER_BITS-1:0]                   layer_s4_i,
  input  wire logic [GROUP_BITS-1:0]                   group_s4_i,
  input  wire logic [SLOT_BITS-1:0]                    slot_s4_i,
  input  wire logic                                    spread_s4_i,
  input  wire logic                                    close_s4_i,
  input  wire logic [2*LANES-1:0]                      exists_s4_i,
  input  wire logic [2*LANES-1:0]                      positive_s4_i,
  input  wire logic [2*LANES*SUM_BITS-1:0]             sums_s4_data_i,
  output      logic                                    drain_busy_o,
  // the layers whose rows may be drained
  input  wire logic [LAYERS-1:0]                       known_i,
  // a value is made: an activation, or a logit that is given a cycle later
  output      logic                                    activation_valid_o,
  output      logic [SLOT_BITS-1:0]                    activation_slot_o,
  output      logic [LANE_BITS-1:0]                    activation_lane_o,
  output      logic                                    activation_half_o,
  // the factor of an activation's neuron, some cycles later
  input  wire logic                                    factor_valid_i,
  input  wire logic [LAYER_BITS-1:0]                   factor_layer_i,
  input  wire logic [FACTOR_BITS-1:0]                  factor_i,
  output      logic                                    logit_made_o,
  output      logic [LAYER_BITS-1:0]                   layer_o,
  output      logic [ROW_BITS-1:0]                     row_o,
  output      logic [ACTIVATION_BITS-1:0]              activation_o,
  output      logic [15:0]                             made_logit_o,
  output      logic                                    saturated_o,
  output      logic                                    logit_valid_o,
  output      logic                                    logit_last_o,
  output      logic [15:0]                             logit_o
);
  localparam logic [LAYER_BITS-1:0] TOP = LAYER_BITS'(LAYERS - 1);
  localparam int INPUT_ENTRY_BITS = ACTIVATION_BITS + COLUMN_BITS;
  localparam int HIDDEN_ENTRY_BITS = LANE_BITS + 1 + SLOT_BITS + ACTIVATION_BITS + ROW_BITS;

  wire [HIDDEN_LIST_BITS-1:0] list_base[LAYERS];
  wire [FORWARD_SHIFT_BITS-1:0] forward_shift[LAYERS];
  for (genvar l = 0; l < LAYERS; l++) begin : g_layer
    assign list_base[l] = LIST_BASES[l*HIDDEN_LIST_BITS+:HIDDEN_LIST_BITS];
    assign forward_shift[l] = FORWARD_SHIFTS[l*FORWARD_SHIFT_BITS+:FORWARD_SHIFT_BITS];
  end

  // ---- the lists; an entry is used in the cycle after its own

  wire [INPUT_LIST_BITS-1:0] input_address = input_base_i + INPUT_LIST_BITS'(entry_s0_i);
  wire [INPUT_ENTRY_BITS-1:0] input_entry_s1;
  grapes_ram #(
    .DEPTH(2 * INPUTS),
    .BITS(INPUT_ENTRY_BITS),
    .ADDRESS_BITS(INPUT_LIST_BITS)
  ) input_list (
    .clk_i,
    .read_i(read_s0_i && takes_input_s0_i),
    .read_address_i(input_address),
    .read_data_o(input_entry_s1),
    .write_i(input_write_i),
    .write_address_i(input_write_address_i),
    .write_data_i(input_write_entry_i)
  );

  wire append, append_final;
  wire [HIDDEN_ENTRY_BITS-1:0] append_entry;
  wire [HIDDEN_ENTRY_BITS-1:0] hidden_entry_s1;
  wire [COUNT_BITS-1:0] hidden_count;
  wire hidden_complete;
  if (LAYERS > 1) begin : g_hidden
    localparam int LIST_BITS = LAYERS > 2 ? $clog2(LAYERS - 1) : 1;
    wire [HIDDEN_LIST_BITS-1:0] address = list_base[source_s0_i] + HIDDEN_LIST_BITS'(entry_s0_i);
    grapes_lists #(
      .LISTS(LAYERS - 1),
      .LIST_BITS(LIST_BITS),
      .DEPTH(HIDDEN_LIST),
      .ADDRESS_BITS(HIDDEN_LIST_BITS),
      .COUNT_BITS(COUNT_BITS),
      .ENTRY_BITS(HIDDEN_ENTRY_BITS)
    ) lists (
      .clk_i,
      .clear_i(clear_i || rst_i),
      .append_i(append),
      .final_i(append_final),
      .append_list_i(LIST_BITS'(layer_o)),
      .append_base_i(list_base[layer_o]),
      .append_entry_i(append_entry),
      .read_i(read_s0_i && !takes_input_s0_i),
      .read_list_i(LIST_BITS'(source_s0_i)),
      .read_address_i(address),
      .read_entry_o(hidden_entry_s1),
      .count_o(hidden_count),
      .complete_o(hidden_complete)
    );

    if (GRAPES) begin : g_factors
      // A list's first factor goes to its beginning, the others behind it.
      logic [LAYERS-1:0] begun_q;
      logic [HIDDEN_LIST_BITS-1:0] next_q;
      wire [HIDDEN_LIST_BITS-1:0] factor_address = begun_q[factor_layer_i] ? next_q : list_base[factor_layer_i];
      always_ff @(posedge clk_i) begin
        if (clear_i || rst_i) begun_q <= '0;
        else if (factor_valid_i) begun_q[factor_layer_i] <= 1'b1;
        if (factor_valid_i) next_q <= factor_address + 1'b1;
      end
      grapes_ram #(
        .DEPTH(HIDDEN_LIST),
        .BITS(FACTOR_BITS),
        .ADDRESS_BITS(HIDDEN_LIST_BITS)
      ) factors (
        .clk_i,
        .read_i(read_s0_i && !takes_input_s0_i),
        .read_address_i(address),
        .read_data_o(factor_s1_o),
        .write_i(factor_valid_i),
        .write_address_i(factor_address),
        .write_data_i(factor_i)
      );
    end else begin : g_no_factors
      assign factor_s1_o = FACTOR_BITS'(1) << (FACTOR_BITS - 2);
      wire unused_factor = ^{factor_valid_i, factor_layer_i, factor_i};
    end
  end else begin : g_input_only
    assign hidden_entry_s1 = '0;
    assign hidden_count = '0;
    assign hidden_complete = 1'b0;
    assign factor_s1_o = '0;
    wire unused_append = ^{clear_i, factor_valid_i, factor_layer_i, factor_i, append, append_final, append_entry, source_s0_i, list_base[0]};
  end
  assign count_s0_o = takes_input_s0_i ? input_count_i : hidden_count;
  assign complete_s0_o = takes_input_s0_i ? input_complete_i : hidden_complete;

  wire [ACTIVATION_BITS-1:0] hidden_value_s1;
  assign {lane_s1_o, half_s1_o, slot_s1_o, hidden_value_s1, row_s1_o} = hidden_entry_s1;
  wire [ACTIVATION_BITS-1:0] input_value_s1;
  wire [COLUMN_BITS-1:0] input_column_s1;
  assign {input_value_s1, input_column_s1} = input_entry_s1;

  assign column_s1_o = sweep_s1_i ? entry_s1_i
                     : takes_input_s1_i ? input_column_s1 : COLUMN_BITS'(row_s1_o);
  assign x_s1_o = !valued_s1_i ? '0 : takes_input_s1_i ? input_value_s1 : hidden_value_s1;

  // ---- from sums to activations

  wire [LAYER_BITS-1:0] taken_layer;
  wire drained, drained_final, drained_output;
  wire [SLOT_BITS-1:0] drained_slot;
  wire [LANE_BITS-1:0] drained_lane;
  wire drained_half;
  wire signed [SUM_BITS-1:0] drained_sum;
  grapes_drain #(
    .LANES(LANES),
    .LANE_BITS(LANE_BITS),
    .SUM_BITS(SUM_BITS),
    .ROW_BITS(ROW_BITS),
    .SLOT_BITS(SLOT_BITS),
    .LAYER_BITS(LAYER_BITS)
  ) drain (
    .clk_i,
    .rst_i,
    .capture_i(sums_s4_i),
    .layer_i(layer_s4_i),
    .slot_i(slot_s4_i),
    .row_i(ROW_BITS'(32'(group_s4_i) * 2 * LANES)),
    .spread_i(spread_s4_i),
    .final_i(close_s4_i),
    .output_layer_i(layer_s4_i == TOP),
    .exists_i(exists_s4_i),
    .positive_i(positive_s4_i),
    .sums_i(sums_s4_data_i),
    .busy_o(drain_busy_o),
    .taken_layer_o(taken_layer),
    .go_i(known_i[taken_layer]),
    .valid_o(drained),
    .final_o(drained_final),
    .output_layer_o(drained_output),
    .layer_o,
    .slot_o(drained_slot),
    .row_o,
    .lane_o(drained_lane),
    .half_o(drained_half),
    .sum_o(drained_sum)
  );

  wire activation_saturated;
  grapes_requantise #(
    .IN_BITS(SUM_BITS),
    .OUT_BITS(ACTIVATION_BITS),
    .SHIFT_MIN(FORWARD_SHIFT_MIN),
    .SHIFT_MAX(FORWARD_SHIFT_MAX),
    .SHIFT_BITS(FORWARD_SHIFT_BITS)
  ) activation_requantise (
    .value_i(drained_sum),
    .shift_i(forward_shift[layer_o]),
    .value_o(activation_o),
    .saturated_o(activation_saturated)
  );
  assign append = drained && !drained_output;
  assign append_final = drained_final && !drained_output;
  assign append_entry = {drained_lane, drained_half, drained_slot, activation_o, row_o};
  assign activation_valid_o = append;
  assign activation_slot_o = drained_slot;
  assign activation_lane_o = drained_lane;
  assign activation_half_o = drained_half;

  // ---- from sums to logits

  wire logit_saturated;
  grapes_requantise #(
    .IN_BITS(SUM_BITS),
    .OUT_BITS(16),
    .SHIFT_MIN(LOGIT_SHIFT),
    .SHIFT_MAX(LOGIT_SHIFT),
    .SHIFT_BITS(1)
  ) logit_requantise (
    .value_i(drained_sum),
    .shift_i(1'b0),
    .value_o(made_logit_o),
    .saturated_o(logit_saturated)
  );
  assign logit_made_o = drained && drained_output;
  assign saturated_o = drained && (drained_output ? logit_saturated : activation_saturated);
  always_ff @(posedge clk_i) begin
    logit_valid_o <= logit_made_o && !rst_i;
    logit_last_o <= drained_final;
    logit_o <= made_logit_o;
  end
endmodule

`default_nettype wire
