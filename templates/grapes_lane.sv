// One lane: the weights of two rows of every group with two multipliers, and what belongs to the neurons of those rows.

`default_nettype none

module grapes_lane #(
  parameter int LANE = 0,
  parameter int LANE_BITS = 5,
  parameter int WEIGHT_BITS = 8,
  parameter int ACTIVATION_BITS = 8,
  parameter int ERROR_BITS = 8,
  parameter int SUM_BITS = 26,
  parameter int STRENGTH_BITS = 17,
  parameter int FORWARD_SHIFT_MIN = 8,
  parameter int FORWARD_SHIFT_BITS = 1,
  parameter int UPDATE_SHIFT_MIN = 12,
  parameter int UPDATE_SHIFT_BITS = 1,
  parameter int RANDOM_BITS = 13,
  parameter int DEPTH = 4416,
  parameter int ADDRESS_BITS = 13,
  parameter int SLOTS = 9,
  parameter int SLOT_BITS = 4,
  parameter int HIDDEN_SLOTS = 8,
  parameter int HIDDEN_SLOT_BITS = 3,
  parameter bit GRAPES = 1'b1,
  parameter bit LOCAL = 1'b0
) (
  input  wire logic                              clk_i,
  // s1
  input  wire logic                              read_s1_i,
  input  wire logic [ADDRESS_BITS-1:0]           address_s1_i,
  input  wire logic [SLOT_BITS-1:0]              slot_s1_i,
  // s2
  input  wire logic [1:0]                        exists_s2_i,
  input  wire logic                              forward_s2_i,
  input  wire logic                              update_s2_i,
  input  wire logic                              half_s2_i,
  input  wire logic                              sweep_s2_i,
  input  wire logic signed [ACTIVATION_BITS-1:0] x_s2_i,
  // s3
  input  wire logic                              forward_s3_i,
  input  wire logic                              first_s3_i,
  input  wire logic                              last_s3_i,
  input  wire logic                              update_s3_i,
  input  wire logic                              open_s3_i,
  input  wire logic                              half_s3_i,
  input  wire logic                              sweep_s3_i,
  input  wire logic [RANDOM_BITS-1:0]            random_s3_i,
  input  wire logic [UPDATE_SHIFT_BITS-1:0]      update_shift_s3_i,
  // s4
  input  wire logic                              write_s4_i,
  input  wire logic [ADDRESS_BITS-1:0]           address_s4_i,
  input  wire logic [SLOT_BITS-1:0]              slot_s4_i,
  input  wire logic                              clear_s4_i,
  input  wire logic                              update_s4_i,
  input  wire logic                              half_s4_i,
  input  wire logic                              strength_s4_i,
  input  wire logic                              restart_s4_i,
  input  wire logic [FORWARD_SHIFT_BITS-1:0]     forward_shift_s4_i,
  // the memory port's write, in the place of an update's
  input  wire logic                              load_s4_i,
  input  wire logic [2*WEIGHT_BITS-1:0]          load_data_s4_i,
  output      logic [2*WEIGHT_BITS-1:0]          word_s2_o,
  output      logic [2*WEIGHT_BITS-1:0]          new_word_s4_o,
  // its rows that have an error
  output      logic [1:0]                        erring_s4_o,
  // sums of the rows, held until the next group's; which of them round to more than zero
  output      logic [SUM_BITS-1:0]               sum0_o,
  output      logic [SUM_BITS-1:0]               sum1_o,
  output      logic [1:0]                        positive_o,
  // weight times error, for the backward sum
  output      logic [WEIGHT_BITS+ERROR_BITS-1:0] back_s3_o,
  // the error of a row
  input  wire logic                              error_write_i,
  input  wire logic [LANE_BITS-1:0]              error_lane_i,
  input  wire logic                              error_half_i,
  input  wire logic [SLOT_BITS-1:0]              error_slot_i,
  input  wire logic [ERROR_BITS-1:0]             error_value_i,
  input  wire logic [ERROR_BITS-1:0]             error_plain_i,
  // strengths: read at strength_slot_i
  input  wire logic [HIDDEN_SLOT_BITS-1:0]       strength_slot_i,
  output      logic [STRENGTH_BITS-1:0]          strength0_o,
  output      logic [STRENGTH_BITS-1:0]          strength1_o
);
  wire signed [ERROR_BITS-1:0] error0_s2, error1_s2, back_error0_s2, back_error1_s2;
  wire [2*WEIGHT_BITS-1:0] old_word_s4;
  grapes_weights #(
    .WEIGHT_BITS(WEIGHT_BITS),
    .ACTIVATION_BITS(ACTIVATION_BITS),
    .ERROR_BITS(ERROR_BITS),
    .SUM_BITS(SUM_BITS),
    .FORWARD_SHIFT_MIN(FORWARD_SHIFT_MIN),
    .FORWARD_SHIFT_BITS(FORWARD_SHIFT_BITS),
    .UPDATE_SHIFT_MIN(UPDATE_SHIFT_MIN),
    .UPDATE_SHIFT_BITS(UPDATE_SHIFT_BITS),
    .RANDOM_BITS(RANDOM_BITS),
    .DEPTH(DEPTH),
    .ADDRESS_BITS(ADDRESS_BITS)
  ) weights (
    .clk_i,
    .read_s1_i,
    .address_s1_i,
    .exists_s2_i,
    .forward_s2_i,
    .update_s2_i,
    .half_s2_i,
    .sweep_s2_i,
    .x_s2_i,
    .error0_s2_i(error0_s2),
    .error1_s2_i(error1_s2),
    .back_error0_s2_i(back_error0_s2),
    .back_error1_s2_i(back_error1_s2),
    .forward_s3_i,
    .first_s3_i,
    .last_s3_i,
    .update_s3_i,
    .open_s3_i,
    .half_s3_i,
    .sweep_s3_i,
    .random_s3_i,
    .update_shift_s3_i,
    .write_s4_i,
    .address_s4_i,
    .forward_shift_s4_i,
    .load_s4_i,
    .load_data_s4_i,
    .word_s2_o,
    .new_word_s4_o,
    .old_word_s4_o(old_word_s4),
    .erring_s4_o,
    .sum0_o,
    .sum1_o,
    .positive_o,
    .back_s3_o
  );
  grapes_neurons #(
    .LANE(LANE),
    .LANE_BITS(LANE_BITS),
    .WEIGHT_BITS(WEIGHT_BITS),
    .ERROR_BITS(ERROR_BITS),
    .STRENGTH_BITS(STRENGTH_BITS),
    .SLOTS(SLOTS),
    .SLOT_BITS(SLOT_BITS),
    .HIDDEN_SLOTS(HIDDEN_SLOTS),
    .HIDDEN_SLOT_BITS(HIDDEN_SLOT_BITS),
    .GRAPES(GRAPES),
    .LOCAL(LOCAL)
  ) neurons (
    .clk_i,
    .slot_s1_i,
    .error0_s2_o(error0_s2),
    .error1_s2_o(error1_s2),
    .back_error0_s2_o(back_error0_s2),
    .back_error1_s2_o(back_error1_s2),
    .slot_s4_i,
    .clear_s4_i,
    .update_s4_i,
    .half_s4_i,
    .strength_s4_i,
    .restart_s4_i,
    .new_word_s4_i(new_word_s4_o),
    .old_word_s4_i(old_word_s4),
    .error_write_i,
    .error_lane_i,
    .error_half_i,
    .error_slot_i,
    .error_value_i,
    .error_plain_i,
    .strength_slot_i,
    .strength0_o,
    .strength1_o
  );
endmodule

`default_nettype wire
