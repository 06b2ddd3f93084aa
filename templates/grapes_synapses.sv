// The weights of a lane of a network in time and its two multipliers, one for each of a word's two rows.
//
//   s1  the word is read
//   s2  multiply: forward w x, back w e, update e x
//   s3  accumulate: forward over the entries of a step, update over the steps of a column
//   s4  the sums: to the rounder; back both products' sum; the update's new weights
//   s5  rounded_o holds until the next round_s4_i; the word is written
//
// A row that does not exist has weight and error 0.

`default_nettype none

module grapes_synapses #(
  parameter int WEIGHT_BITS = 8,
  parameter int X_BITS = 8,
  parameter int ERROR_BITS = 8,
  // of the update: errors of all steps added up need more
  parameter int GRADIENT_BITS = 8,
  parameter int SUM_BITS = 26,
  parameter int ALIGN_BITS = 1,
  parameter int ROUNDED_BITS = 18,
  parameter int FORWARD_SHIFT_MIN = 8,
  parameter int FORWARD_SHIFT_MAX = 8,
  parameter int FORWARD_SHIFT_BITS = 1,
  parameter int UPDATE_SHIFT_MIN = 12,
  parameter int UPDATE_SHIFT_BITS = 1,
  parameter int RANDOM_BITS = 13,
  parameter int DEPTH = 4416,
  parameter int ADDRESS_BITS = 13
) (
  input  wire logic                               clk_i,
  input  wire logic                               read_s1_i,
  input  wire logic [ADDRESS_BITS-1:0]            address_s1_i,
  output      logic [2*WEIGHT_BITS-1:0]           word_s2_o,
  input  wire logic [1:0]                         exists_s2_i,
  input  wire logic                               back_s2_i,
  input  wire logic                               update_s2_i,
  input  wire logic signed [X_BITS-1:0]           x_s2_i,
  // errors as the layer below sees them, and for the update; first row in the low bits
  input  wire logic [2*ERROR_BITS-1:0]            errors_s2_i,
  input  wire logic [2*GRADIENT_BITS-1:0]         gradients_s2_i,
  input  wire logic                               accumulate_s3_i,
  input  wire logic                               first_s3_i,
  input  wire logic [ALIGN_BITS-1:0]              align_s3_i,
  output      logic [WEIGHT_BITS+ERROR_BITS:0]    back_s4_o,
  input  wire logic                               round_s4_i,
  input  wire logic [FORWARD_SHIFT_BITS-1:0]      forward_shift_s4_i,
  input  wire logic [RANDOM_BITS-1:0]             random_s4_i,
  input  wire logic [UPDATE_SHIFT_BITS-1:0]       update_shift_s4_i,
  output      logic [2*ROUNDED_BITS-1:0]          rounded_o,
  input  wire logic                               write_s5_i,
  input  wire logic [ADDRESS_BITS-1:0]            address_s5_i,
  // the memory port's write, in the place of an update's
  input  wire logic                               load_i,
  input  wire logic [2*WEIGHT_BITS-1:0]           load_data_i,
  output      logic [2*WEIGHT_BITS-1:0]           old_word_s5_o,
  output      logic [2*WEIGHT_BITS-1:0]           new_word_s5_o
);
  localparam int LEFT_BITS = WEIGHT_BITS > GRADIENT_BITS ? WEIGHT_BITS : GRADIENT_BITS;
  localparam int RIGHT_BITS = X_BITS > ERROR_BITS ? X_BITS : ERROR_BITS;
  localparam int PRODUCT_BITS = LEFT_BITS + RIGHT_BITS;
  localparam int BACK_BITS = WEIGHT_BITS + ERROR_BITS + 1;

  wire [2*WEIGHT_BITS-1:0] word_s2;
  grapes_ram #(
    .DEPTH(DEPTH),
    .BITS(2 * WEIGHT_BITS),
    .ADDRESS_BITS(ADDRESS_BITS)
  ) weights (
    .clk_i,
    .read_i(read_s1_i),
    .read_address_i(address_s1_i),
    .read_data_o(word_s2),
    .write_i(write_s5_i || load_i),
    .write_address_i(address_s5_i),
    .write_data_i(load_i ? load_data_i : new_word_s5_o)
  );
  assign word_s2_o = word_s2;

  wire signed [BACK_BITS-1:0] back[2];
  for (genvar h = 0; h < 2; h++) begin : g_row
    wire signed [WEIGHT_BITS-1:0] weight = exists_s2_i[h] ? word_s2[h*WEIGHT_BITS+:WEIGHT_BITS] : '0;
    wire signed [ERROR_BITS-1:0] error = exists_s2_i[h] ? errors_s2_i[h*ERROR_BITS+:ERROR_BITS] : '0;
    wire signed [GRADIENT_BITS-1:0] gradient = exists_s2_i[h] ? gradients_s2_i[h*GRADIENT_BITS+:GRADIENT_BITS] : '0;
    wire signed [LEFT_BITS-1:0] left = update_s2_i ? LEFT_BITS'(gradient) : LEFT_BITS'(weight);
    wire signed [RIGHT_BITS-1:0] right = back_s2_i ? RIGHT_BITS'(error) : RIGHT_BITS'(x_s2_i);

    logic signed [PRODUCT_BITS-1:0] product_q;
    logic signed [SUM_BITS-1:0] total_q;
    logic signed [WEIGHT_BITS-1:0] weight_s3, weight_s4, old_q, new_q;
    logic signed [ROUNDED_BITS-1:0] rounded_q;
    wire signed [SUM_BITS-1:0] aligned = SUM_BITS'(product_q) <<< align_s3_i;
    always_ff @(posedge clk_i) begin
      product_q <= PRODUCT_BITS'(left) * PRODUCT_BITS'(right);
      if (accumulate_s3_i) total_q <= (first_s3_i ? '0 : total_q) + aligned;
      {weight_s3, weight_s4, old_q} <= {weight, weight_s3, weight_s4};
    end
    assign back[h] = BACK_BITS'(product_q);
    wire unused_product = ^product_q;

    wire signed [ROUNDED_BITS-1:0] rounded;
    wire unused_saturated;
    grapes_requantise #(
      .IN_BITS(SUM_BITS),
      .OUT_BITS(ROUNDED_BITS),
      .SHIFT_MIN(FORWARD_SHIFT_MIN),
      .SHIFT_MAX(FORWARD_SHIFT_MAX),
      .SHIFT_BITS(FORWARD_SHIFT_BITS)
    ) round (
      .value_i(total_q),
      .shift_i(forward_shift_s4_i),
      .value_o(rounded),
      .saturated_o(unused_saturated)
    );
    always_ff @(posedge clk_i) if (round_s4_i) rounded_q <= rounded;
    assign rounded_o[h*ROUNDED_BITS+:ROUNDED_BITS] = rounded_q;

    wire signed [WEIGHT_BITS-1:0] updated;
    grapes_update #(
      .WEIGHT_BITS(WEIGHT_BITS),
      .PRODUCT_BITS(SUM_BITS),
      .RANDOM_BITS(RANDOM_BITS),
      .SHIFT_MIN(UPDATE_SHIFT_MIN),
      .SHIFT_BITS(UPDATE_SHIFT_BITS)
    ) update (
      .weight_i(weight_s4),
      .product_i(total_q),
      .random_i(random_s4_i),
      .shift_i(update_shift_s4_i),
      .weight_o(updated)
    );
    always_ff @(posedge clk_i) new_q <= updated;
    assign new_word_s5_o[h*WEIGHT_BITS+:WEIGHT_BITS] = new_q;
    assign old_word_s5_o[h*WEIGHT_BITS+:WEIGHT_BITS] = old_q;
  end

  logic [BACK_BITS-1:0] back_q;
  always_ff @(posedge clk_i) back_q <= back[0] + back[1];
  assign back_s4_o = back_q;
endmodule

`default_nettype wire
