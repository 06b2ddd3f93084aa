// Whether value / 2^s rounds (to nearest, ties upward) to more than zero; s = SHIFT_MIN + shift_i.
// A cheap preview of grapes_requantise, which lets a list skip the zeros.
// Combinational.

`default_nettype none

module grapes_positive #(
  parameter int BITS = 24,
  parameter int SHIFT_MIN = 0,
  parameter int SHIFT_BITS = 1
) (
  input  wire logic signed [BITS-1:0]       value_i,
  input  wire logic        [SHIFT_BITS-1:0] shift_i,
  output      logic                         positive_o
);
  localparam int LEFT = SHIFT_MIN < 0 ? -SHIFT_MIN : 0;
  localparam int RIGHT = SHIFT_MIN < 0 ? 0 : SHIFT_MIN;
  localparam int WIDE = BITS + LEFT + 1;

  wire [WIDE-1:0] scaled = $unsigned(WIDE'(value_i) <<< (LEFT + 1));
  wire [WIDE-1:0] halves = (scaled >> RIGHT) >> shift_i;
  assign positive_o = value_i > 0 && halves != '0;
endmodule

`default_nettype wire
