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
  // The random bits are those below the weight's unit: weight and random need no adder.
  localparam int RAISED = WEIGHT_BITS + RANDOM_BITS;
  localparam int WIDE = (RAISED > PRODUCT_BITS ? RAISED : PRODUCT_BITS) + 1;
  wire signed [WIDE-1:0] weight = (WIDE'(weight_i) <<< SHIFT_MIN) <<< shift_i;
  wire signed [WIDE-1:0] raised = weight | $signed(WIDE'(random_i));
  wire signed [WIDE-1:0] reduced = raised - WIDE'(product_i);
  wire signed [WIDE-1:0] moved = (reduced >>> SHIFT_MIN) >>> shift_i;

  // It fits when all bits from the weight's sign up are alike.
  wire negative = moved[WIDE-1];
  wire [WIDE-WEIGHT_BITS-1:0] high = moved[WIDE-2:WEIGHT_BITS-1];
  wire fits = high == {(WIDE - WEIGHT_BITS) {negative}};
  assign weight_o = fits ? moved[WEIGHT_BITS-1:0] : {negative, {(WEIGHT_BITS - 1) {!negative}}};
endmodule

`default_nettype wire
