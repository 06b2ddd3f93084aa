// The GRAPES factor of a neuron from its quotient floor(S * 2^(FRAC+1) / M): clipped from below to LOW.
// The quotient is at most 2^(FRAC+1) since S <= M, so the upper clip is never needed. With M = 0 the factor is 1.
// Combinational.

`default_nettype none

module grapes_factor #(
  parameter int FRAC = 7,
  parameter int LOW = 128
) (
  input  wire logic [FRAC+1:0] quotient_i,
  input  wire logic            zero_i,
  output      logic [FRAC+1:0] factor_o
);
  localparam int BITS = FRAC + 2;
  localparam logic [BITS-1:0] ONE = BITS'(1) << FRAC;
  wire above = quotient_i > BITS'(LOW);
  assign factor_o = zero_i ? ONE : above ? quotient_i : BITS'(LOW);
endmodule

`default_nettype wire
