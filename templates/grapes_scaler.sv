// Makes a column's backward sum an error: adds up what the tree gives for it, multiplies by the factor of the column's
// neuron, requantises. The tree's sums arrive with valid_i; first_i and last_i bound a column.
// error_o two cycles after the last, with the inputs of that cycle's column delayed by the caller as far.

`default_nettype none

module grapes_scaler #(
  parameter int TREE_BITS = 21,
  parameter int BACK_BITS = 24,
  parameter int FACTOR_FRAC = 7,
  parameter int ERROR_BITS = 8,
  parameter int SHIFT_MIN = 14,
  parameter int SHIFT_MAX = 14,
  parameter int SHIFT_BITS = 1,
  parameter bit LOCAL = 1'b0
) (
  input  wire logic                         clk_i,
  input  wire logic                         valid_i,
  input  wire logic                         first_i,
  input  wire logic signed [TREE_BITS-1:0]  sum_i,
  input  wire logic [FACTOR_FRAC+1:0]       factor_i,
  // two cycles later
  input  wire logic [SHIFT_BITS-1:0]        shift_i,
  output      logic signed [ERROR_BITS-1:0] error_o,
  output      logic signed [ERROR_BITS-1:0] plain_o,
  output      logic                         saturated_o
);
  localparam int SCALED_BITS = BACK_BITS + FACTOR_FRAC + 1;

  logic signed [BACK_BITS-1:0] back_q;
  logic [FACTOR_FRAC+1:0] factor_q;
  logic signed [SCALED_BITS-1:0] scaled_q;
  always_ff @(posedge clk_i) begin
    if (valid_i) back_q <= (first_i ? '0 : back_q) + BACK_BITS'(sum_i);
    factor_q <= factor_i;
    scaled_q <= SCALED_BITS'(back_q) * $signed(SCALED_BITS'(factor_q));
  end

  grapes_requantise #(
    .IN_BITS(SCALED_BITS),
    .OUT_BITS(ERROR_BITS),
    .SHIFT_MIN(SHIFT_MIN),
    .SHIFT_MAX(SHIFT_MAX),
    .SHIFT_BITS(SHIFT_BITS)
  ) requantise (
    .value_i(scaled_q),
    .shift_i,
    .value_o(error_o),
    .saturated_o
  );

  if (LOCAL) begin : g_plain
    logic signed [SCALED_BITS-1:0] plain_q;
    always_ff @(posedge clk_i) plain_q <= SCALED_BITS'(back_q) <<< FACTOR_FRAC;
    wire unused_saturated;
    grapes_requantise #(
      .IN_BITS(SCALED_BITS),
      .OUT_BITS(ERROR_BITS),
      .SHIFT_MIN(SHIFT_MIN),
      .SHIFT_MAX(SHIFT_MAX),
      .SHIFT_BITS(SHIFT_BITS)
    ) requantise (
      .value_i(plain_q),
      .shift_i,
      .value_o(plain_o),
      .saturated_o(unused_saturated)
    );
  end else begin : g_same
    assign plain_o = error_o;
  end
endmodule

`default_nettype wire
