// Serial restoring divider, one quotient bit a step, for numerator <= denominator.
// start_i marks the first step and takes numerator_i; the caller holds denominator_i. After K+1 steps
// quotient_o is floor(numerator * 2^K / denominator).

`default_nettype none

module grapes_divider #(
  parameter int BITS = 18,
  parameter int QUOTIENT_BITS = 9
) (
  input  wire logic                     clk_i,
  input  wire logic                     step_i,
  input  wire logic                     start_i,
  input  wire logic [BITS-1:0]          numerator_i,
  input  wire logic [BITS-1:0]          denominator_i,
  output      logic [QUOTIENT_BITS-1:0] quotient_o
);
  // What is left to divide, below twice the denominator.
  logic [BITS:0] rest_q;
  logic [QUOTIENT_BITS-1:0] quotient_q;

  wire [BITS:0] rest = start_i ? {1'b0, numerator_i} : rest_q;
  wire fits = rest >= {1'b0, denominator_i};
  wire [BITS:0] reduced = fits ? rest - {1'b0, denominator_i} : rest;
  wire [QUOTIENT_BITS-2:0] higher = start_i ? '0 : quotient_q[QUOTIENT_BITS-2:0];

  always_ff @(posedge clk_i) begin
    if (step_i) begin
      rest_q <= reduced << 1;
      quotient_q <= {higher, fits};
    end
  end

  assign quotient_o = quotient_q;
endmodule

`default_nettype wire
