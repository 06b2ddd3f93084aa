// What a step leaves of a membrane, or of an error that a membrane carries: value - rn(value, SHIFT).
// Combinational.

`default_nettype none

module grapes_decay #(
  parameter int BITS = 8,
  parameter int SHIFT = 3
) (
  input  wire logic signed [BITS-1:0] value_i,
  output      logic signed [BITS-1:0] value_o
);
  localparam int WIDE = (BITS > SHIFT ? BITS : SHIFT) + 1;
  wire signed [WIDE-1:0] rounded = (WIDE'(value_i) + $signed(WIDE'(1) << (SHIFT - 1))) >>> SHIFT;
  wire signed [WIDE-1:0] left = WIDE'(value_i) - rounded;
  assign value_o = left[BITS-1:0];
  wire unused = ^left;
endmodule

`default_nettype wire
