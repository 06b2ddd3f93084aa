// Testbench of grapes_divider, a pair a cycle. Vector: case, numerator, denominator -> quotient.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_divider_tb (
    input wire clk_i
);
  localparam int CASES = 4;
  wire [3*64-1:0] stimulus;
  wire [31:0] phase;
  wire [63:0] quotient[0:CASES-1];
  wire [31:0] which;

  grapes_bench #(
      .NAME("grapes_divider"),
      .INPUTS(3),
      .OUTPUTS(1),
      .LATENCY(9)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i(quotient[which])
  );
  grapes_delay #(
      .BITS(32),
      .CYCLES(9)
  ) which_delay (
      .clk_i,
      .rst_i(1'b0),
      .value_i(stimulus[31:0]),
      .value_o(which)
  );

  if (1) begin : g_case0
    wire [9-1:0] result;
    wire [9-1:0] result_late;
    grapes_divider #(
        .BITS(10),
        .QUOTIENT_BITS(9),
        .STAGE_BITS(2)
    ) dut (
        .clk_i,
        .numerator_i(stimulus[64+:10]),
        .denominator_i(stimulus[128+:10]),
        .quotient_o(result)
    );
    grapes_delay #(
        .BITS(9),
        .CYCLES(4)
    ) late (
        .clk_i,
        .rst_i(1'b0),
        .value_i(result),
        .value_o(result_late)
    );
    assign quotient[0] = 64'(result_late);
  end

  if (1) begin : g_case1
    wire [17-1:0] result;
    wire [17-1:0] result_late;
    grapes_divider #(
        .BITS(20),
        .QUOTIENT_BITS(17),
        .STAGE_BITS(2)
    ) dut (
        .clk_i,
        .numerator_i(stimulus[64+:20]),
        .denominator_i(stimulus[128+:20]),
        .quotient_o(result)
    );
    grapes_delay #(
        .BITS(17),
        .CYCLES(0)
    ) late (
        .clk_i,
        .rst_i(1'b0),
        .value_i(result),
        .value_o(result_late)
    );
    assign quotient[1] = 64'(result_late);
  end

  if (1) begin : g_case2
    wire [5-1:0] result;
    wire [5-1:0] result_late;
    grapes_divider #(
        .BITS(4),
        .QUOTIENT_BITS(5),
        .STAGE_BITS(1)
    ) dut (
        .clk_i,
        .numerator_i(stimulus[64+:4]),
        .denominator_i(stimulus[128+:4]),
        .quotient_o(result)
    );
    grapes_delay #(
        .BITS(5),
        .CYCLES(4)
    ) late (
        .clk_i,
        .rst_i(1'b0),
        .value_i(result),
        .value_o(result_late)
    );
    assign quotient[2] = 64'(result_late);
  end

  if (1) begin : g_case3
    wire [9-1:0] result;
    wire [9-1:0] result_late;
    grapes_divider #(
        .BITS(12),
        .QUOTIENT_BITS(9),
        .STAGE_BITS(4)
    ) dut (
        .clk_i,
        .numerator_i(stimulus[64+:12]),
        .denominator_i(stimulus[128+:12]),
        .quotient_o(result)
    );
    grapes_delay #(
        .BITS(9),
        .CYCLES(6)
    ) late (
        .clk_i,
        .rst_i(1'b0),
        .value_i(result),
        .value_o(result_late)
    );
    assign quotient[3] = 64'(result_late);
  end
endmodule

`default_nettype wire
