// One advance of a 32-bit xorshift generator (Marsaglia 2003).
// Combinational.

`default_nettype none

module grapes_xorshift (
  input  wire logic [31:0] state_i,
  output      logic [31:0] state_o
);
  wire [31:0] left = state_i ^ (state_i << 13);
  wire [31:0] right = left ^ (left >> 17);
  assign state_o = right ^ (right << 5);
endmodule

`default_nettype wire
