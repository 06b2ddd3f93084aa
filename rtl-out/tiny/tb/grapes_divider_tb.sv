// Testbench of grapes_divider. Vector: case, numerator, denominator, steps, pause -> quotient; with `pause` a step is made
// in every other cycle only.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_divider_tb (
    input wire clk_i
);
  localparam int CASES = 3;
  localparam int STEPS = 17;  // most steps of any vector
  wire [5*64-1:0] stimulus;
  wire [31:0] phase;
  wire [63:0] quotient[0:CASES-1];
  wire [31:0] which = stimulus[31:0];
  wire [31:0] steps = stimulus[192+:32];
  wire pause = stimulus[256];
  wire start = phase == 0;
  wire step = pause ? !phase[0] && phase < 2 * steps : phase < steps;

  grapes_bench #(
      .NAME("grapes_divider"),
      .INPUTS(5),
      .OUTPUTS(1),
      .HOLD(2 * STEPS + 2),
      .LATENCY(2 * STEPS + 1)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i(quotient[which])
  );

  if (1) begin : g_case0
    wire [9-1:0] result;
    grapes_divider #(
        .BITS(10),
        .QUOTIENT_BITS(9)
    ) dut (
        .clk_i,
        .start_i(start),
        .step_i(step),
        // The numerator counts in the first step only.
        .numerator_i(start ? stimulus[64+:10] : ~stimulus[64+:10]),
        .denominator_i(stimulus[128+:10]),
        .quotient_o(result)
    );
    assign quotient[0] = 64'(result);
  end

  if (1) begin : g_case1
    wire [17-1:0] result;
    grapes_divider #(
        .BITS(20),
        .QUOTIENT_BITS(17)
    ) dut (
        .clk_i,
        .start_i(start),
        .step_i(step),
        // The numerator counts in the first step only.
        .numerator_i(start ? stimulus[64+:20] : ~stimulus[64+:20]),
        .denominator_i(stimulus[128+:20]),
        .quotient_o(result)
    );
    assign quotient[1] = 64'(result);
  end

  if (1) begin : g_case2
    wire [5-1:0] result;
    grapes_divider #(
        .BITS(4),
        .QUOTIENT_BITS(5)
    ) dut (
        .clk_i,
        .start_i(start),
        .step_i(step),
        // The numerator counts in the first step only.
        .numerator_i(start ? stimulus[64+:4] : ~stimulus[64+:4]),
        .denominator_i(stimulus[128+:4]),
        .quotient_o(result)
    );
    assign quotient[2] = 64'(result);
  end
endmodule

`default_nettype wire
