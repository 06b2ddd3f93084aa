// Testbench of grapes_factor. Vector: case, quotient, M is zero -> factor.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_factor_tb (
    input wire clk_i
);
  localparam int CASES = 2;
  wire [3*64-1:0] stimulus;
  wire [31:0] phase;
  wire [63:0] factor[0:CASES-1];
  wire [31:0] which = stimulus[31:0];

  grapes_bench #(
      .NAME("grapes_factor"),
      .INPUTS(3),
      .OUTPUTS(1)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i(factor[which])
  );

  if (1) begin : g_case0
    wire [7+1:0] result;
    grapes_factor #(
        .FRAC(7),
        .LOW(128)
    ) dut (
        .quotient_i(stimulus[64+:7+2]),
        .zero_i(stimulus[128]),
        .factor_o(result)
    );
    assign factor[0] = 64'(result);
  end

  if (1) begin : g_case1
    wire [7+1:0] result;
    grapes_factor #(
        .FRAC(7),
        .LOW(0)
    ) dut (
        .quotient_i(stimulus[64+:7+2]),
        .zero_i(stimulus[128]),
        .factor_o(result)
    );
    assign factor[1] = 64'(result);
  end
endmodule

`default_nettype wire
