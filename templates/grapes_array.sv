// The lanes side by side. What goes to a lane goes to all; what comes from them is one vector, lane 0 in the low bits.
// Of a lane's two rows the first lies below the second. Stages are those of grapes_issue.

`default_nettype none

module grapes_array #(
  parameter int LANES = 32,
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
  input  wire logic                                 clk_i,
  // s1
  input  wire logic                                 read_s1_i,
  input  wire logic [ADDRESS_BITS-1:0]              address_s1_i,
  input  wire logic [SLOT_BITS-1:0]                 slot_s1_i,
  input  wire logic [ACTIVATION_BITS-1:0]           x_s1_i,
  // s2
  input  wire logic [2*LANES-1:0]                   weighs_s2_i,
  input  wire logic                                 forward_s2_i,
  input  wire logic                                 update_s2_i,
  input  wire logic                                 half_s2_i,
  input  wire logic                                 sweep_s2_i,
  // s3
  input  wire logic                                 forward_s3_i,
  input  wire logic                                 first_s3_i,
  input  wire logic                                 last_s3_i,
  input  wire logic                                 update_s3_i,
  input  wire logic                                 open_s3_i,
  input  wire logic                                 half_s3_i,
  input  wire logic                                 sweep_s3_i,
  input  wire logic [RANDOM_BITS-1:0]               random_s3_i,
  input  wire logic [UPDATE_SHIFT_BITS-1:0]         update_shift_s3_i,
  output      logic [LANES*(WEIGHT_BITS+ERROR_BITS)-1:0] products_s3_o,
  // s4
  input  wire logic                                 write_s4_i,
  input  wire logic [ADDRESS_BITS-1:0]              address_s4_i,
  input  wire logic [SLOT_BITS-1:0]                 slot_s4_i,
  input  wire logic                                 sums_s4_i,
  input  wire logic                                 update_s4_i,
  input  wire logic                                 half_s4_i,
  input  wire logic                                 strength_s4_i,
  input  wire logic                                 restart_s4_i,
  input  wire logic [FORWARD_SHIFT_BITS-1:0]        forward_shift_s4_i,
  output      logic [2*LANES*WEIGHT_BITS-1:0]       new_words_s4_o,
  // the rows that have an error
  output      logic [2*LANES-1:0]                   erring_s4_o,
  // sums of the rows, held until the next group's; which of them round to more than zero
  output      logic [2*LANES*SUM_BITS-1:0]          sums_o,
  output      logic [2*LANES-1:0]                   positive_o,
  // the memory port: a word to write in the place of an update's, and what was read in the cycle before
  input  wire logic                                 load_i,
  input  wire logic [9:0]                           load_lane_i,
  input  wire logic [ADDRESS_BITS-1:0]              load_address_i,
  input  wire logic [2*WEIGHT_BITS-1:0]             load_word_i,
  output      logic [2*LANES*WEIGHT_BITS-1:0]       words_o,
  // the error of a row
  input  wire logic                                 error_write_i,
  input  wire logic [LANE_BITS-1:0]                 error_lane_i,
  input  wire logic                                 error_half_i,
  input  wire logic [SLOT_BITS-1:0]                 error_slot_i,
  input  wire logic [ERROR_BITS-1:0]                error_i,
  input  wire logic [ERROR_BITS-1:0]                error_plain_i,
  // strengths of a slot
  input  wire logic [HIDDEN_SLOT_BITS-1:0]          strength_slot_i,
  output      logic [LANES*STRENGTH_BITS-1:0]       strengths0_o,
  output      logic [LANES*STRENGTH_BITS-1:0]       strengths1_o
);
  localparam int PRODUCT_BITS = WEIGHT_BITS + ERROR_BITS;
  localparam int WORD_BITS = 2 * WEIGHT_BITS;

  // Wires of their own: a simulator builds a vector anew for every slice that drives it.
  wire [SUM_BITS-1:0] sum[2*LANES];
  wire [1:0] positive[LANES];
  wire [PRODUCT_BITS-1:0] product[LANES];
  wire [STRENGTH_BITS-1:0] strength0[LANES];
  wire [STRENGTH_BITS-1:0] strength1[LANES];
  wire [WORD_BITS-1:0] word[LANES];
  wire [WORD_BITS-1:0] new_word[LANES];
  wire [1:0] erring[LANES];
  always_comb begin
    for (int p = 0; p < LANES; p++) begin
      sums_o[(2*p)*SUM_BITS+:SUM_BITS] = sum[2*p];
      sums_o[(2*p+1)*SUM_BITS+:SUM_BITS] = sum[2*p+1];
      positive_o[2*p+:2] = positive[p];
    end
  end
  always_comb for (int p = 0; p < LANES; p++) products_s3_o[p*PRODUCT_BITS+:PRODUCT_BITS] = product[p];
  always_comb begin
    for (int p = 0; p < LANES; p++) begin
      strengths0_o[p*STRENGTH_BITS+:STRENGTH_BITS] = strength0[p];
      strengths1_o[p*STRENGTH_BITS+:STRENGTH_BITS] = strength1[p];
    end
  end
  always_comb for (int p = 0; p < LANES; p++) words_o[p*WORD_BITS+:WORD_BITS] = word[p];
  always_comb for (int p = 0; p < LANES; p++) new_words_s4_o[p*WORD_BITS+:WORD_BITS] = new_word[p];
  always_comb for (int p = 0; p < LANES; p++) erring_s4_o[2*p+:2] = erring[p];

  logic [ACTIVATION_BITS-1:0] x_s2;
  always_ff @(posedge clk_i) x_s2 <= x_s1_i;

  wire [ADDRESS_BITS-1:0] write_address = load_i ? load_address_i : address_s4_i;

  for (genvar p = 0; p < LANES; p++) begin : g_lane
    grapes_lane #(
      .LANE(p),
      .LANE_BITS(LANE_BITS),
      .WEIGHT_BITS(WEIGHT_BITS),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .ERROR_BITS(ERROR_BITS),
      .SUM_BITS(SUM_BITS),
      .STRENGTH_BITS(STRENGTH_BITS),
      .FORWARD_SHIFT_MIN(FORWARD_SHIFT_MIN),
      .FORWARD_SHIFT_BITS(FORWARD_SHIFT_BITS),
      .UPDATE_SHIFT_MIN(UPDATE_SHIFT_MIN),
      .UPDATE_SHIFT_BITS(UPDATE_SHIFT_BITS),
      .RANDOM_BITS(RANDOM_BITS),
      .DEPTH(DEPTH),
      .ADDRESS_BITS(ADDRESS_BITS),
      .SLOTS(SLOTS),
      .SLOT_BITS(SLOT_BITS),
      .HIDDEN_SLOTS(HIDDEN_SLOTS),
      .HIDDEN_SLOT_BITS(HIDDEN_SLOT_BITS),
      .GRAPES(GRAPES),
      .LOCAL(LOCAL)
    ) lane (
      .clk_i,
      .read_s1_i,
      .address_s1_i,
      .slot_s1_i,
      .exists_s2_i(weighs_s2_i[2*p+:2]),
      .forward_s2_i,
      .update_s2_i,
      .half_s2_i,
      .sweep_s2_i,
      .x_s2_i(x_s2),
      .forward_s3_i,
      .first_s3_i,
      .last_s3_i(forward_s3_i && last_s3_i),
      .update_s3_i,
      .open_s3_i,
      .half_s3_i,
      .sweep_s3_i,
      .random_s3_i,
      .update_shift_s3_i,
      .write_s4_i,
      .address_s4_i(write_address),
      .slot_s4_i,
      .clear_s4_i(sums_s4_i),
      .update_s4_i,
      .half_s4_i,
      .strength_s4_i,
      .restart_s4_i,
      .forward_shift_s4_i,
      .load_s4_i(load_i && load_lane_i == 10'(p)),
      .load_data_s4_i(load_word_i),
      .word_s2_o(word[p]),
      .new_word_s4_o(new_word[p]),
      .erring_s4_o(erring[p]),
      .sum0_o(sum[2*p]),
      .sum1_o(sum[2*p+1]),
      .positive_o(positive[p]),
      .back_s3_o(product[p]),
      .error_write_i,
      .error_lane_i,
      .error_half_i,
      .error_slot_i,
      .error_value_i(error_i),
      .error_plain_i,
      .strength_slot_i,
      .strength0_o(strength0[p]),
      .strength1_o(strength1[p])
    );
  end
endmodule

`default_nettype wire
