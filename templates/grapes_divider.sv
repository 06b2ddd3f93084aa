// Pipelined restoring divider for numerator <= denominator: takes a pair in every cycle, and
// ceil(QUOTIENT_BITS / STAGE_BITS) cycles later gives floor(numerator * 2^(QUOTIENT_BITS-1) / denominator).

`default_nettype none

module grapes_divider #(
  parameter int BITS = 20,
  parameter int QUOTIENT_BITS = 9,
  // quotient bits made in a cycle
  parameter int STAGE_BITS = 2
) (
  input  wire logic                     clk_i,
  input  wire logic [BITS-1:0]          numerator_i,
  input  wire logic [BITS-1:0]          denominator_i,
  output      logic [QUOTIENT_BITS-1:0] quotient_o
);
  localparam int STAGES = (QUOTIENT_BITS + STAGE_BITS - 1) / STAGE_BITS;

  // before each stage: what is left to divide, below twice the denominator; and the bits so far
  wire [BITS:0] rest[STAGES+1];
  wire [BITS-1:0] denominator[STAGES+1];
  wire [QUOTIENT_BITS-1:0] quotient[STAGES+1];
  assign rest[0] = {1'b0, numerator_i};
  assign denominator[0] = denominator_i;
  assign quotient[0] = '0;

  for (genvar s = 0; s < STAGES; s++) begin : g_stage
    localparam int STEPS = s < STAGES - 1 ? STAGE_BITS : QUOTIENT_BITS - s * STAGE_BITS;
    wire [BITS:0] rest_before = rest[s];
    wire [BITS:0] divisor = {1'b0, denominator[s]};
    wire [QUOTIENT_BITS-1:0] quotient_before = quotient[s];
    logic [BITS:0] rest_after;
    logic [QUOTIENT_BITS-1:0] quotient_after;
    logic fits;
    always_comb begin
      rest_after = rest_before;
      quotient_after = quotient_before;
      for (int k = 0; k < STEPS; k++) begin
        fits = rest_after >= divisor;
        rest_after = (fits ? rest_after - divisor : rest_after) << 1;
        quotient_after = (quotient_after << 1) | QUOTIENT_BITS'(fits);
      end
    end
    logic [BITS:0] rest_q;
    logic [BITS-1:0] denominator_q;
    logic [QUOTIENT_BITS-1:0] quotient_q;
    always_ff @(posedge clk_i) begin
      rest_q <= rest_after;
      denominator_q <= denominator[s];
      quotient_q <= quotient_after;
    end
    assign rest[s+1] = rest_q;
    assign denominator[s+1] = denominator_q;
    assign quotient[s+1] = quotient_q;
  end

  assign quotient_o = quotient[STAGES];
  wire unused = ^{rest[STAGES], denominator[STAGES]};
endmodule

`default_nettype wire
