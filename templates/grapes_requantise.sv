// Rounds value / 2^s to nearest, ties upward, and saturates to OUT_BITS.
// s = SHIFT_MIN + shift_i, at most SHIFT_MAX; a negative s shifts left.
// Combinational.

`default_nettype none

module grapes_requantise #(
  parameter int IN_BITS = 24,
  parameter int OUT_BITS = 8,
  parameter int SHIFT_MIN = 0,
  parameter int SHIFT_MAX = 0,
  parameter int SHIFT_BITS = 1
) (
  input  wire logic signed [IN_BITS-1:0]    value_i,
  input  wire logic        [SHIFT_BITS-1:0] shift_i,
  output      logic signed [OUT_BITS-1:0]   value_o,
  output      logic                         saturated_o
);
  // All shifts become right shifts by RIGHT + shift_i of a value scaled up by 2^LEFT.
  localparam int LEFT = SHIFT_MIN < 0 ? -SHIFT_MIN : 0;
  localparam int RIGHT = SHIFT_MIN < 0 ? 0 : SHIFT_MIN;
  // One bit below the result's unit for the rounding, and one above for its carry.
  localparam int WIDE = IN_BITS + LEFT + 2 > OUT_BITS + 1 ? IN_BITS + LEFT + 2 : OUT_BITS + 1;

  wire signed [WIDE-1:0] scaled = WIDE'(value_i) <<< (LEFT + 1);
  wire signed [WIDE-1:0] halves = (scaled >>> RIGHT) >>> shift_i;
  wire signed [WIDE-1:0] rounded = (halves + WIDE'(1)) >>> 1;

  // It fits when all bits from its sign up are alike.
  wire negative = rounded[WIDE-1];
  wire [WIDE-OUT_BITS-1:0] high = rounded[WIDE-2:OUT_BITS-1];
  assign saturated_o = high != {(WIDE - OUT_BITS) {negative}};
  assign value_o = saturated_o ? {negative, {(OUT_BITS - 1) {!negative}}} : rounded[OUT_BITS-1:0];

  // SHIFT_MAX bounds shift_i: it may never be exceeded.
  localparam int SPAN = SHIFT_MAX - SHIFT_MIN;
  initial if (SPAN < 0 || SPAN >= 2 ** SHIFT_BITS) $fatal(1, "grapes_requantise: SHIFT_BITS is too small");
endmodule

`default_nettype wire
