// The update cell: weight + ((random - product) >>> s), saturated.
// s = SHIFT_MIN + shift_i. random, below 2^s, decides the rounding: the top s bits of the layer's generator, or 2^(s-1)
// for rounding to nearest.
// Combinational.

`default_nettype none

module grapes_update #(
  parameter int WEIGHT_BITS = 8,
  parameter int PRODUCT_BITS = 16,
  parameter int RANDOM_BITS = 13,
  parameter int SHIFT_MIN = 13,
  parameter int SHIFT_BITS = 1
) (
  input  wire logic signed [WEIGHT_BITS-1:0]  weight_i,
  input  wire logic signed [PRODUCT_BITS-1:0] product_i,
  input  wire logic        [RANDOM_BITS-1:0]  random_i,
  input  wire logic        [SHIFT_BITS-1:0]   shift_i,
  output      logic signed [WEIGHT_BITS-1:0]  weight_o
);
  localparam int REDUCED_BITS = (RANDOM_BITS >= PRODUCT_BITS ? RANDOM_BITS + 1 : PRODUCT_BITS) + 1;
  localparam int STEP_BITS = REDUCED_BITS > SHIFT_MIN + 1 ? REDUCED_BITS - SHIFT_MIN : 2;
  localparam int MOVED_BITS = (STEP_BITS > WEIGHT_BITS ? STEP_BITS : WEIGHT_BITS) + 1;
  wire signed [REDUCED_BITS-1:0] reduced = REDUCED_BITS'($signed({1'b0, random_i})) - REDUCED_BITS'(product_i);
  wire signed [STEP_BITS-1:0] least = STEP_BITS'(reduced >>> SHIFT_MIN);
  wire signed [STEP_BITS-1:0] step = least >>> shift_i;
  wire signed [MOVED_BITS-1:0] moved = MOVED_BITS'(weight_i) + MOVED_BITS'(step);

  // It fits when all bits from the weight's sign up are alike.
  wire negative = moved[MOVED_BITS-1];
  wire [MOVED_BITS-WEIGHT_BITS-1:0] high = moved[MOVED_BITS-2:WEIGHT_BITS-1];
  wire fits = high == {(MOVED_BITS - WEIGHT_BITS) {negative}};
  assign weight_o = fits ? moved[WEIGHT_BITS-1:0] : {negative, {(WEIGHT_BITS - 1) {!negative}}};
endmodule

`default_nettype wire
