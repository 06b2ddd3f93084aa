// The lanes of a network in time side by side: grapes_synapses with a grapes_neuron for each of a word's two rows. Row k of
// a group is row k % 2 of lane k / 2. What goes to a lane goes to all; what comes is one vector, row 0 in the low bits, or
// the one of a row that is asked for. Stages are those of grapes_columns.

`default_nettype none

module grapes_time_array #(
  parameter int LANES = 32,
  parameter int WEIGHT_BITS = 8,
  parameter int ACTIVATION_BITS = 8,
  parameter int X_BITS = 8,
  parameter int ERROR_BITS = 8,
  parameter int GRADIENT_BITS = 8,
  parameter int SUM_BITS = 26,
  parameter int ROUNDED_BITS = 18,
  parameter int STRENGTH_BITS = 17,
  parameter int ALIGN_BITS = 1,
  parameter int STRENGTH_ALIGN_BITS = 1,
  parameter int STRENGTH_ALIGN_MAX = 0,
  parameter int FORWARD_SHIFT_MIN = 8,
  parameter int FORWARD_SHIFT_MAX = 8,
  parameter int FORWARD_SHIFT_BITS = 1,
  parameter int UPDATE_SHIFT_MIN = 12,
  parameter int UPDATE_SHIFT_BITS = 1,
  parameter int RANDOM_BITS = 13,
  parameter int DEPTH = 4416,
  parameter int ADDRESS_BITS = 13,
  parameter int STEPS = 4,
  parameter int STEP_BITS = 2,
  parameter int SLOTS = 9,
  parameter int SLOT_BITS = 4,
  parameter int HIDDEN_SLOTS = 8,
  parameter int HIDDEN_SLOT_BITS = 3,
  parameter int TOP_SLOT = 4,
  parameter int TOP_SLOTS = 4,
  parameter int FIRST_SLOTS = 4,
  parameter int MOMENTS = 33,
  parameter int MOMENT_BITS = 6,
  parameter int DECAY_SHIFT = 3,
  parameter bit SPIKES = 1'b1,
  parameter bit VALUES = 1'b0,
  parameter bit CONSTANT = 1'b1,
  parameter bit GAINS = 1'b1,
  parameter bit GRAPES = 1'b1,
  parameter bit SPLIT = 1'b0,
  localparam int ROWS = 2 * LANES,
  localparam int GROUP_ROW_BITS = $clog2(2 * LANES),
  localparam int GAIN_BITS = ERROR_BITS + 2,
  localparam int PAIR_BITS = WEIGHT_BITS + ERROR_BITS + 1
) (
  input  wire logic                               clk_i,
  // weights
  input  wire logic                               read_s1_i,
  input  wire logic [ADDRESS_BITS-1:0]            address_s1_i,
  input  wire logic [ROWS-1:0]                    exists_s2_i,
  input  wire logic                               back_s2_i,
  input  wire logic                               update_s2_i,
  input  wire logic signed [X_BITS-1:0]           x_s2_i,
  input  wire logic                               accumulate_s3_i,
  input  wire logic                               first_s3_i,
  input  wire logic [ALIGN_BITS-1:0]              align_s3_i,
  output      logic [LANES*PAIR_BITS-1:0]         back_s4_o,
  input  wire logic                               round_s4_i,
  input  wire logic [FORWARD_SHIFT_BITS-1:0]      forward_shift_s4_i,
  input  wire logic [RANDOM_BITS-1:0]             random_s4_i,
  input  wire logic [UPDATE_SHIFT_BITS-1:0]       update_shift_s4_i,
  // the sums, rounded, of the row asked for
  input  wire logic [GROUP_ROW_BITS-1:0]          rounded_row_i,
  output      logic signed [ROUNDED_BITS-1:0]     rounded_o,
  input  wire logic                               write_s5_i,
  input  wire logic [ADDRESS_BITS-1:0]            address_s5_i,
  output      logic [ROWS*WEIGHT_BITS-1:0]        new_words_s5_o,
  // the memory port
  input  wire logic                               load_i,
  input  wire logic [9:0]                         load_lane_i,
  input  wire logic [ADDRESS_BITS-1:0]            load_address_i,
  input  wire logic [2*WEIGHT_BITS-1:0]           load_word_i,
  output      logic [ROWS*WEIGHT_BITS-1:0]        words_o,
  // cells
  input  wire logic                               cell_i,
  input  wire logic [1:0]                         cell_kind_i,
  input  wire logic                               cell_first_i,
  input  wire logic [STEP_BITS-1:0]               cell_step_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0]        cell_slot_i,
  input  wire logic [MOMENT_BITS-1:0]             cell_moment_i,
  input  wire logic [ROWS-1:0]                    cell_exists_i,
  output      logic [ROWS-1:0]                    cell_nonzero_o,
  output      logic [ROWS-1:0]                    cell_open_o,
  output      logic [ROWS-1:0]                    cell_saturated_o,
  output      logic [ROWS*ACTIVATION_BITS-1:0]    cell_values_o,
  // a column
  input  wire logic [HIDDEN_SLOT_BITS-1:0]        column_slot_i,
  input  wire logic [GROUP_ROW_BITS-1:0]          column_row_i,
  output      logic [STEPS-1:0]                   column_steps_o,
  // its value
  input  wire logic                               value_read_s0_i,
  input  wire logic [MOMENT_BITS-1:0]             value_moment_s0_i,
  input  wire logic                               value_sum_s1_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0]        value_slot_s1_i,
  input  wire logic [GROUP_ROW_BITS-1:0]          value_row_s1_i,
  output      logic signed [X_BITS-1:0]           value_s1_o,
  // errors
  input  wire logic                               error_read_s1_i,
  input  wire logic [MOMENT_BITS-1:0]             error_moment_s1_i,
  input  wire logic [SLOT_BITS-1:0]               error_slot_s1_i,
  input  wire logic                               error_plain_s1_i,
  input  wire logic                               error_sum_s1_i,
  output      logic [ROWS-1:0]                    learns_s2_o,
  input  wire logic                               carry_i,
  input  wire logic                               carry_first_i,
  input  wire logic                               carry_leaks_i,
  input  wire logic                               carry_top_i,
  input  wire logic                               carry_flush_i,
  input  wire logic [ROWS-1:0]                    carry_open_i,
  input  wire logic [ROWS-1:0]                    carry_nonzero_i,
  input  wire logic                               gain_write_i,
  input  wire logic                               gain_top_i,
  input  wire logic                               output_i,
  input  wire logic [GROUP_ROW_BITS-1:0]          write_row_i,
  input  wire logic signed [GAIN_BITS-1:0]        gain_i,
  input  wire logic signed [GAIN_BITS-1:0]        plain_gain_i,
  input  wire logic [SLOT_BITS-1:0]               write_slot_i,
  input  wire logic [MOMENT_BITS-1:0]             write_moment_i,
  output      logic [ROWS*ERROR_BITS-1:0]         written_o,
  output      logic [ROWS-1:0]                    error_saturated_o,
  input  wire logic                               clear_i,
  input  wire logic [SLOT_BITS-1:0]               clear_slot_i,
  // strengths
  input  wire logic                               move_s5_i,
  input  wire logic                               restart_s5_i,
  input  wire logic                               recount_s5_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0]        slot_s5_i,
  input  wire logic [STRENGTH_ALIGN_BITS-1:0]     align_s5_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0]        strength_slot_i,
  input  wire logic [GROUP_ROW_BITS-1:0]          strength_row_i,
  output      logic [STRENGTH_BITS-1:0]           strength_o
);
  localparam int WORD_BITS = 2 * WEIGHT_BITS;

  wire [WORD_BITS-1:0] word[LANES];
  wire [WORD_BITS-1:0] new_word[LANES];
  wire [PAIR_BITS-1:0] back[LANES];
  wire signed [ROUNDED_BITS-1:0] rounded[ROWS];
  wire signed [ACTIVATION_BITS-1:0] value[ROWS];
  wire [STEPS-1:0] steps[ROWS];
  wire signed [X_BITS-1:0] x[ROWS];
  wire [STRENGTH_BITS-1:0] strength[ROWS];
  wire [ERROR_BITS-1:0] written[ROWS];
  always_comb begin
    for (int p = 0; p < LANES; p++) begin
      words_o[p*WORD_BITS+:WORD_BITS] = word[p];
      new_words_s5_o[p*WORD_BITS+:WORD_BITS] = new_word[p];
      back_s4_o[p*PAIR_BITS+:PAIR_BITS] = back[p];
    end
  end
  always_comb begin
    for (int k = 0; k < ROWS; k++) begin
      cell_values_o[k*ACTIVATION_BITS+:ACTIVATION_BITS] = value[k];
      written_o[k*ERROR_BITS+:ERROR_BITS] = written[k];
    end
  end
  assign rounded_o = rounded[rounded_row_i];
  assign column_steps_o = steps[column_row_i];
  assign value_s1_o = x[value_row_s1_i];
  assign strength_o = strength[strength_row_i];

  for (genvar p = 0; p < LANES; p++) begin : g_lane
    wire [2*ROUNDED_BITS-1:0] sums;
    wire [2*ERROR_BITS-1:0] errors;
    wire [2*GRADIENT_BITS-1:0] gradients;
    wire [WORD_BITS-1:0] old_word;
    grapes_synapses #(
      .WEIGHT_BITS(WEIGHT_BITS),
      .X_BITS(X_BITS),
      .ERROR_BITS(ERROR_BITS),
      .GRADIENT_BITS(GRADIENT_BITS),
      .SUM_BITS(SUM_BITS),
      .ALIGN_BITS(ALIGN_BITS),
      .ROUNDED_BITS(ROUNDED_BITS),
      .FORWARD_SHIFT_MIN(FORWARD_SHIFT_MIN),
      .FORWARD_SHIFT_MAX(FORWARD_SHIFT_MAX),
      .FORWARD_SHIFT_BITS(FORWARD_SHIFT_BITS),
      .UPDATE_SHIFT_MIN(UPDATE_SHIFT_MIN),
      .UPDATE_SHIFT_BITS(UPDATE_SHIFT_BITS),
      .RANDOM_BITS(RANDOM_BITS),
      .DEPTH(DEPTH),
      .ADDRESS_BITS(ADDRESS_BITS)
    ) synapses (
      .clk_i,
      .read_s1_i,
      .address_s1_i,
      .word_s2_o(word[p]),
      .exists_s2_i(exists_s2_i[2*p+:2]),
      .back_s2_i,
      .update_s2_i,
      .x_s2_i,
      .errors_s2_i(errors),
      .gradients_s2_i(gradients),
      .accumulate_s3_i,
      .first_s3_i,
      .align_s3_i,
      .back_s4_o(back[p]),
      .round_s4_i,
      .forward_shift_s4_i,
      .random_s4_i,
      .update_shift_s4_i,
      .rounded_o(sums),
      .write_s5_i,
      .address_s5_i(load_i ? load_address_i : address_s5_i),
      .load_i(load_i && load_lane_i == 10'(p)),
      .load_data_i(load_word_i),
      .old_word_s5_o(old_word),
      .new_word_s5_o(new_word[p])
    );

    for (genvar h = 0; h < 2; h++) begin : g_row
      localparam int K = 2 * p + h;
      wire mine = write_row_i == GROUP_ROW_BITS'(K);
      wire [WEIGHT_BITS-1:0] old_weight = old_word[h*WEIGHT_BITS+:WEIGHT_BITS];
      wire [WEIGHT_BITS-1:0] new_weight = new_word[p][h*WEIGHT_BITS+:WEIGHT_BITS];
      assign rounded[K] = $signed(sums[h*ROUNDED_BITS+:ROUNDED_BITS]);
      grapes_neuron #(
        .WEIGHT_BITS(WEIGHT_BITS),
        .ACTIVATION_BITS(ACTIVATION_BITS),
        .X_BITS(X_BITS),
        .ERROR_BITS(ERROR_BITS),
        .GRADIENT_BITS(GRADIENT_BITS),
        .ROUNDED_BITS(ROUNDED_BITS),
        .STRENGTH_BITS(STRENGTH_BITS),
        .ALIGN_BITS(STRENGTH_ALIGN_BITS),
        .ALIGN_MAX(STRENGTH_ALIGN_MAX),
        .STEPS(STEPS),
        .STEP_BITS(STEP_BITS),
        .SLOTS(SLOTS),
        .SLOT_BITS(SLOT_BITS),
        .HIDDEN_SLOTS(HIDDEN_SLOTS),
        .HIDDEN_SLOT_BITS(HIDDEN_SLOT_BITS),
        .TOP_SLOT(TOP_SLOT),
        .TOP_SLOTS(TOP_SLOTS),
        .FIRST_SLOTS(FIRST_SLOTS),
        .MOMENTS(MOMENTS),
        .MOMENT_BITS(MOMENT_BITS),
        .DECAY_SHIFT(DECAY_SHIFT),
        .SPIKES(SPIKES),
        .VALUES(VALUES),
        .CONSTANT(CONSTANT),
        .GAINS(GAINS),
        .GRAPES(GRAPES),
        .SPLIT(SPLIT)
      ) neuron (
        .clk_i,
        .cell_i,
        .cell_kind_i,
        .cell_first_i,
        .cell_step_i,
        .cell_slot_i,
        .cell_moment_i,
        .cell_exists_i(cell_exists_i[K]),
        .rounded_i(rounded[K]),
        .cell_value_o(value[K]),
        .cell_nonzero_o(cell_nonzero_o[K]),
        .cell_open_o(cell_open_o[K]),
        .cell_saturated_o(cell_saturated_o[K]),
        .column_slot_i,
        .column_steps_o(steps[K]),
        .value_read_s0_i,
        .value_moment_s0_i,
        .value_sum_s1_i,
        .value_slot_s1_i,
        .value_s1_o(x[K]),
        .error_read_s1_i,
        .error_moment_s1_i,
        .error_slot_s1_i,
        .error_plain_s1_i,
        .error_sum_s1_i,
        .error_s2_o(errors[h*ERROR_BITS+:ERROR_BITS]),
        .gradient_s2_o(gradients[h*GRADIENT_BITS+:GRADIENT_BITS]),
        .learns_s2_o(learns_s2_o[K]),
        .carry_i,
        .carry_first_i,
        .carry_leaks_i,
        .carry_top_i,
        .carry_flush_i,
        .carry_open_i(carry_open_i[K]),
        .carry_nonzero_i(carry_nonzero_i[K]),
        .gain_write_i(gain_write_i && mine),
        .gain_top_i,
        .output_i(output_i && mine),
        .gain_i,
        .plain_gain_i,
        .write_slot_i,
        .write_moment_i,
        .written_o(written[K]),
        .error_saturated_o(error_saturated_o[K]),
        .clear_i,
        .clear_slot_i,
        .move_s5_i,
        .restart_s5_i,
        .slot_s5_i,
        .align_s5_i,
        .new_s5_i(recount_s5_i ? old_weight : new_weight),
        .old_s5_i(recount_s5_i ? '0 : old_weight),
        .strength_slot_i,
        .strength_o(strength[K])
      );
    end
  end
endmodule

`default_nettype wire
