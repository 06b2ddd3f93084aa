// After K+1 steps the divider holds floor(n * 2^K / d), for all n <= d, d > 0: whatever it held before, since the first
// step takes nothing from it. Nine steps from any state are all there is.
module divider_proof #(
  parameter int BITS = 8,
  parameter int STEPS = 9
) (
  input logic clk,
  input logic [BITS-1:0] numerator_any,
  input logic [BITS-1:0] denominator_any
);
  localparam int WIDE = BITS + STEPS + 3;

  // Held through a division.
  logic [BITS-1:0] numerator;
  logic [BITS-1:0] denominator;
  logic [3:0] done = 0;
  logic [WIDE-1:0] scaled = 0;
  wire start = done == 0;
  wire [BITS-1:0] numerator_now = start ? numerator_any : numerator;
  wire [BITS-1:0] denominator_now = start ? denominator_any : denominator;
  logic [STEPS-1:0] quotient;

  grapes_divider #(.BITS(BITS), .QUOTIENT_BITS(STEPS)) dut (
    .clk_i(clk), .step_i(done != STEPS), .start_i(start), .numerator_i(numerator_now),
    .denominator_i(denominator_now), .quotient_o(quotient)
  );

  always @(posedge clk) begin
    if (done != STEPS) begin
      done <= done + 1;
      numerator <= numerator_now;
      denominator <= denominator_now;
      // n * 2^k after step k
      scaled <= start ? numerator_now : scaled << 1;
    end
  end

  wire [WIDE-1:0] times = quotient * denominator;
  always_comb begin
    assume (denominator_any != 0 && numerator_any <= denominator_any);
    assert (done <= STEPS);
    if (done == STEPS) begin
      assert (times <= scaled && scaled < times + denominator);
      assert (scaled == WIDE'(numerator) << (STEPS - 1));
    end
  end
endmodule
