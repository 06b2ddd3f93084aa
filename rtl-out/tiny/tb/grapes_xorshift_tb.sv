// Testbench of grapes_xorshift. Vector: state -> next state.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_xorshift_tb (
    input wire clk_i
);
  wire [63:0] stimulus;
  wire [31:0] phase;
  wire [31:0] state;

  grapes_bench #(
      .NAME("grapes_xorshift"),
      .INPUTS(1),
      .OUTPUTS(1)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i(64'(state))
  );

  grapes_xorshift dut (
      .state_i(stimulus[31:0]),
      .state_o(state)
  );
endmodule

`default_nettype wire
