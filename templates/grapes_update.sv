// The update cell: weight + ((random - product) >>> s), saturated.
// s = SHIFT_MIN + shift_i. random holds the bits that decide the rounding: the top s bits of the
// layer's generator, or 2^(s-1) for rounding to nearest.
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
  localparam int OPERAND = PRODUCT_BITS > RANDOM_BITS + 1 ? PRODUCT_BITS : RANDOM_BITS + 1;
  localparam int STEP = OPERAND + 1 > WEIGHT_BITS ? OPERAND + 1 : WEIGHT_BITS;
  localparam int WIDE = STEP + 1;

  wire signed [STEP-1:0] random = $signed(STEP'(random_i));
  wire signed [STEP-1:0] difference = random - STEP'(product_i);
  wire signed [STEP-1:0] step = (difference >>> SHIFT_MIN) >>> shift_i;
  wire signed [WIDE-1:0] moved = WIDE'(weight_i) + WIDE'(step);

  localparam logic signed [WIDE-1:0] MAX = (WIDE'(1) <<< (WEIGHT_BITS - 1)) - WIDE'(1);
  localparam logic signed [WIDE-1:0] MIN = -(WIDE'(1) <<< (WEIGHT_BITS - 1));

  assign weight_o = moved > MAX ? MAX[WEIGHT_BITS-1:0]
                  : moved < MIN ? MIN[WEIGHT_BITS-1:0]
                  : moved[WEIGHT_BITS-1:0];
endmodule

`default_nettype wire
