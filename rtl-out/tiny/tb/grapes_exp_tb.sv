// Testbench of grapes_exp, one distance a cycle. Vector: distance -> exponential.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_exp_tb (
    input wire clk_i
);
  wire [63:0] stimulus;
  wire [31:0] phase;
  wire [15:0] value;

  grapes_bench #(
      .NAME("grapes_exp"),
      .INPUTS(1),
      .OUTPUTS(1),
      .LATENCY(3)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i(64'(value))
  );

  grapes_exp dut (
      .clk_i,
      .distance_i(stimulus[15:0]),
      .value_o(value)
  );
endmodule

`default_nettype wire
