// The weights of a lane and its two multipliers: multiply, accumulate, update.
//
// A weight word holds one column of two rows of a group: {second, first}. Control arrives aligned to the stage that uses it:
//   s1  the word is read
//   s2  multiply: forward both rows by x; on the way back the chosen row's weight by its error (for the backward sum)
//       and its error by x (for the update); in an update both rows' errors by x
//   s3  accumulate, or make the new weights
//   s4  write the word
// A row that does not exist reads as weight 0, so that it never reaches a sum.

`default_nettype none

module grapes_weights #(
  parameter int WEIGHT_BITS = 8,
  parameter int ACTIVATION_BITS = 8,
  parameter int ERROR_BITS = 8,
  parameter int SUM_BITS = 26,
  parameter int FORWARD_SHIFT_MIN = 8,
  parameter int FORWARD_SHIFT_BITS = 1,
  parameter int UPDATE_SHIFT_MIN = 12,
  parameter int UPDATE_SHIFT_BITS = 1,
  parameter int RANDOM_BITS = 13,
  parameter int DEPTH = 4416,
  parameter int ADDRESS_BITS = 13
) (
  input  wire logic                              clk_i,
  // s1
  input  wire logic                              read_s1_i,
  input  wire logic [ADDRESS_BITS-1:0]           address_s1_i,
  // s2
  input  wire logic [1:0]                        exists_s2_i,
  input  wire logic                              forward_s2_i,
  input  wire logic                              update_s2_i,
  input  wire logic                              half_s2_i,
  input  wire logic                              sweep_s2_i,
  input  wire logic signed [ACTIVATION_BITS-1:0] x_s2_i,
  // errors of the rows, for the update; and as the layer below sees them
  input  wire logic signed [ERROR_BITS-1:0]      error0_s2_i,
  input  wire logic signed [ERROR_BITS-1:0]      error1_s2_i,
  input  wire logic signed [ERROR_BITS-1:0]      back_error0_s2_i,
  input  wire logic signed [ERROR_BITS-1:0]      back_error1_s2_i,
  // s3
  input  wire logic                              forward_s3_i,
  input  wire logic                              first_s3_i,
  input  wire logic                              last_s3_i,
  input  wire logic                              update_s3_i,
  // on the way back: the word's first operation
  input  wire logic                              open_s3_i,
  input  wire logic                              half_s3_i,
  input  wire logic                              sweep_s3_i,
  input  wire logic [RANDOM_BITS-1:0]            random_s3_i,
  input  wire logic [UPDATE_SHIFT_BITS-1:0]      update_shift_s3_i,
  // s4
  input  wire logic                              write_s4_i,
  input  wire logic [ADDRESS_BITS-1:0]           address_s4_i,
  input  wire logic [FORWARD_SHIFT_BITS-1:0]     forward_shift_s4_i,
  // the memory port's write, in the place of an update's
  input  wire logic                              load_s4_i,
  input  wire logic [2*WEIGHT_BITS-1:0]          load_data_s4_i,
  output      logic [2*WEIGHT_BITS-1:0]          word_s2_o,
  // what is written, and what it was: {second, first}
  output      logic [2*WEIGHT_BITS-1:0]          new_word_s4_o,
  output      logic [2*WEIGHT_BITS-1:0]          old_word_s4_o,
  // the rows that have an error
  output      logic [1:0]                        erring_s4_o,
  // sums of the rows, held until the next group's; which of them round to more than zero
  output      logic [SUM_BITS-1:0]               sum0_o,
  output      logic [SUM_BITS-1:0]               sum1_o,
  output      logic [1:0]                        positive_o,
  // weight times error, for the backward sum
  output      logic [WEIGHT_BITS+ERROR_BITS-1:0] back_s3_o
);
  localparam int WE = WEIGHT_BITS > ERROR_BITS ? WEIGHT_BITS : ERROR_BITS;
  localparam int AE = ACTIVATION_BITS > ERROR_BITS ? ACTIVATION_BITS : ERROR_BITS;
  localparam int PRODUCT0_BITS = WE + ACTIVATION_BITS;
  localparam int PRODUCT1_BITS = WE + AE;

  // ---- s1: read

  logic [2*WEIGHT_BITS-1:0] word_s2;

  grapes_ram #(
    .DEPTH(DEPTH),
    .BITS(2 * WEIGHT_BITS),
    .ADDRESS_BITS(ADDRESS_BITS)
  ) weights (
    .clk_i,
    .read_i(read_s1_i),
    .read_address_i(address_s1_i),
    .read_data_o(word_s2),
    .write_i(write_s4_i || load_s4_i),
    .write_address_i(address_s4_i),
    .write_data_i(load_s4_i ? load_data_s4_i : new_word_s4_o)
  );
  assign word_s2_o = word_s2;

  // ---- s2: multiply

  wire signed [WEIGHT_BITS-1:0] weight0_s2 = exists_s2_i[0] ? word_s2[0+:WEIGHT_BITS] : '0;
  wire signed [WEIGHT_BITS-1:0] weight1_s2 = exists_s2_i[1] ? word_s2[WEIGHT_BITS+:WEIGHT_BITS] : '0;
  wire signed [WEIGHT_BITS-1:0] weight_s2 = half_s2_i ? weight1_s2 : weight0_s2;

  wire signed [WE-1:0] left0 = forward_s2_i ? WE'(weight0_s2) : half_s2_i ? WE'(error1_s2_i) : WE'(error0_s2_i);
  wire signed [WE-1:0] left1 = forward_s2_i ? WE'(weight1_s2) : update_s2_i ? WE'(error1_s2_i) : WE'(weight_s2);
  wire signed [AE-1:0] right1 = forward_s2_i || update_s2_i ? AE'(x_s2_i)
                              : half_s2_i ? AE'(back_error1_s2_i) : AE'(back_error0_s2_i);

  logic signed [PRODUCT0_BITS-1:0] product0_s3;
  logic signed [PRODUCT1_BITS-1:0] product1_s3;
  logic signed [WEIGHT_BITS-1:0] weight_s3;
  logic signed [WEIGHT_BITS-1:0] weight0_s3;
  logic signed [WEIGHT_BITS-1:0] weight1_s3;
  always_ff @(posedge clk_i) begin
    // A sweep updates by nothing.
    product0_s3 <= sweep_s2_i ? '0 : PRODUCT0_BITS'(left0) * PRODUCT0_BITS'(x_s2_i);
    product1_s3 <= sweep_s2_i ? '0 : PRODUCT1_BITS'(left1) * PRODUCT1_BITS'(right1);
    weight_s3 <= weight_s2;
    weight0_s3 <= weight0_s2;
    weight1_s3 <= weight1_s2;
  end
  assign back_s3_o = product1_s3[WEIGHT_BITS+ERROR_BITS-1:0];

  // ---- s3: accumulate

  logic signed [SUM_BITS-1:0] total0_q;
  logic signed [SUM_BITS-1:0] total1_q;
  wire signed [SUM_BITS-1:0] total0 = (first_s3_i ? '0 : total0_q) + SUM_BITS'(product0_s3);
  wire signed [SUM_BITS-1:0] total1 = (first_s3_i ? '0 : total1_q) + SUM_BITS'(product1_s3);
  logic signed [SUM_BITS-1:0] sum0_q;
  logic signed [SUM_BITS-1:0] sum1_q;
  always_ff @(posedge clk_i) begin
    if (forward_s3_i) begin
      total0_q <= total0;
      total1_q <= total1;
    end
    if (last_s3_i) begin
      sum0_q <= total0;
      sum1_q <= total1;
    end
  end
  assign sum0_o = sum0_q;
  assign sum1_o = sum1_q;

  grapes_positive #(
    .BITS(SUM_BITS),
    .SHIFT_MIN(FORWARD_SHIFT_MIN),
    .SHIFT_BITS(FORWARD_SHIFT_BITS)
  ) positive0 (
    .value_i(sum0_q),
    .shift_i(forward_shift_s4_i),
    .positive_o(positive_o[0])
  );
  grapes_positive #(
    .BITS(SUM_BITS),
    .SHIFT_MIN(FORWARD_SHIFT_MIN),
    .SHIFT_BITS(FORWARD_SHIFT_BITS)
  ) positive1 (
    .value_i(sum1_q),
    .shift_i(forward_shift_s4_i),
    .positive_o(positive_o[1])
  );

  // ---- s3: new weights

  logic signed [WEIGHT_BITS-1:0] updated0_s3;
  logic signed [WEIGHT_BITS-1:0] updated1_s3;
  grapes_update #(
    .WEIGHT_BITS(WEIGHT_BITS),
    .PRODUCT_BITS(PRODUCT0_BITS),
    .RANDOM_BITS(RANDOM_BITS),
    .SHIFT_MIN(UPDATE_SHIFT_MIN),
    .SHIFT_BITS(UPDATE_SHIFT_BITS)
  ) update0 (
    .weight_i(weight_s3),
    .product_i(product0_s3),
    .random_i(random_s3_i),
    .shift_i(update_shift_s3_i),
    .weight_o(updated0_s3)
  );
  grapes_update #(
    .WEIGHT_BITS(WEIGHT_BITS),
    .PRODUCT_BITS(PRODUCT1_BITS),
    .RANDOM_BITS(RANDOM_BITS),
    .SHIFT_MIN(UPDATE_SHIFT_MIN),
    .SHIFT_BITS(UPDATE_SHIFT_BITS)
  ) update1 (
    .weight_i(weight1_s3),
    .product_i(product1_s3),
    .random_i(random_s3_i),
    .shift_i(update_shift_s3_i),
    .weight_o(updated1_s3)
  );

  logic signed [WEIGHT_BITS-1:0] new0_s4;
  logic signed [WEIGHT_BITS-1:0] new1_s4;
  logic signed [WEIGHT_BITS-1:0] old0_s4;
  logic signed [WEIGHT_BITS-1:0] old1_s4;
  always_ff @(posedge clk_i) begin
    // The first row's new weight waits for the second's; a row that is not visited keeps its own.
    if (open_s3_i) new0_s4 <= half_s3_i ? weight0_s3 : updated0_s3;
    new1_s4 <= update_s3_i ? updated1_s3 : half_s3_i ? updated0_s3 : weight1_s3;
    // A sweep recounts the strengths: every weight is new in the place of none.
    old0_s4 <= sweep_s3_i ? '0 : weight0_s3;
    old1_s4 <= sweep_s3_i ? '0 : weight1_s3;
  end
  logic [1:0] erring_s3;
  always_ff @(posedge clk_i) begin
    erring_s3 <= {error1_s2_i != '0, error0_s2_i != '0};
    erring_s4_o <= erring_s3;
  end
  assign new_word_s4_o = {new1_s4, new0_s4};
  assign old_word_s4_o = {old1_s4, old0_s4};
endmodule

`default_nettype wire
