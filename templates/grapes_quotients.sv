// A division a cycle: quotient_o is floor(numerator * 2^(STAGES - 1) / denominator), STAGES cycles later, one bit a stage.
// The numerator is at most the denominator, which must hold while a quotient is on its way. A denominator of 0 gives ones.

`default_nettype none

module grapes_quotients #(
  parameter int BITS = 20,
  parameter int STAGES = 9
) (
  input  wire logic              clk_i,
  input  wire logic [BITS-1:0]   numerator_i,
  input  wire logic [BITS-1:0]   denominator_i,
  output      logic [STAGES-1:0] quotient_o
);
  wire [BITS:0] rest[STAGES+1];
  wire [STAGES-1:0] bits[STAGES+1];
  assign rest[0] = {1'b0, numerator_i};
  assign bits[0] = '0;
  for (genvar s = 0; s < STAGES; s++) begin : g_stage
    wire fits = rest[s] >= {1'b0, denominator_i};
    wire [BITS:0] reduced = fits ? rest[s] - {1'b0, denominator_i} : rest[s];
    logic [BITS:0] rest_q;
    logic [STAGES-1:0] bits_q;
    always_ff @(posedge clk_i) begin
      rest_q <= reduced << 1;
      bits_q <= (bits[s] << 1) | STAGES'(fits);
    end
    assign rest[s+1] = rest_q;
    assign bits[s+1] = bits_q;
  end
  assign quotient_o = bits[STAGES];
  wire unused = ^rest[STAGES];
endmodule

`default_nettype wire
