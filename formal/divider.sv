// A pair goes in in every cycle, and its floor(n * 2^8 / d) comes out five cycles later, for all n <= d, d > 0, whatever goes
// before and behind it: what comes out is made of nothing that was there six cycles before.
module divider_proof #(
  parameter int BITS = 6,
  parameter int QUOTIENT_BITS = 9,
  parameter int STAGES = 5
) (
  input logic clk,
  input logic [BITS-1:0] numerator,
  input logic [BITS-1:0] denominator
);
  localparam int WIDE = BITS + QUOTIENT_BITS + 1;

  logic [QUOTIENT_BITS-1:0] quotient;
  grapes_divider #(.BITS(BITS), .QUOTIENT_BITS(QUOTIENT_BITS), .STAGE_BITS(2)) dut (
    .clk_i(clk), .numerator_i(numerator), .denominator_i(denominator), .quotient_o(quotient)
  );

  logic [STAGES*BITS-1:0] numerators, denominators;
  logic [2:0] cycles = 0;
  always @(posedge clk) begin
    numerators <= {numerators, numerator};
    denominators <= {denominators, denominator};
    if (cycles != STAGES) cycles <= cycles + 1;
  end
  wire [BITS-1:0] divided = numerators[(STAGES-1)*BITS+:BITS];
  wire [BITS-1:0] by = denominators[(STAGES-1)*BITS+:BITS];
  wire [WIDE-1:0] times = quotient * by;
  wire [WIDE-1:0] scaled = WIDE'(divided) << (QUOTIENT_BITS - 1);

  always_comb begin
    assume (denominator != 0 && numerator <= denominator);
    if (cycles == STAGES) assert (times <= scaled && scaled < times + by);
  end
endmodule
