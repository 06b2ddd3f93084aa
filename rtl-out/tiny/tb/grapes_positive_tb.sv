// Testbench of grapes_positive. Vector: case, value, shift -> whether it rounds to more than zero.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_positive_tb (
    input wire clk_i
);
  localparam int CASES = 6;
  wire [3*64-1:0] stimulus;
  wire [31:0] phase;
  wire positive[0:CASES-1];
  wire [31:0] which = stimulus[31:0];

  grapes_bench #(
      .NAME("grapes_positive"),
      .INPUTS(3),
      .OUTPUTS(1)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i({63'd0, positive[which]})
  );

  grapes_positive #(
      .BITS(20),
      .SHIFT_MIN(4),
      .SHIFT_BITS(3)
  ) dut0 (
      .value_i(stimulus[64+:20]),
      .shift_i(stimulus[128+:3]),
      .positive_o(positive[0])
  );

  grapes_positive #(
      .BITS(12),
      .SHIFT_MIN(0),
      .SHIFT_BITS(1)
  ) dut1 (
      .value_i(stimulus[64+:12]),
      .shift_i(stimulus[128+:1]),
      .positive_o(positive[1])
  );

  grapes_positive #(
      .BITS(10),
      .SHIFT_MIN(-4),
      .SHIFT_BITS(3)
  ) dut2 (
      .value_i(stimulus[64+:10]),
      .shift_i(stimulus[128+:3]),
      .positive_o(positive[2])
  );

  grapes_positive #(
      .BITS(34),
      .SHIFT_MIN(8),
      .SHIFT_BITS(6)
  ) dut3 (
      .value_i(stimulus[64+:34]),
      .shift_i(stimulus[128+:6]),
      .positive_o(positive[3])
  );

  grapes_positive #(
      .BITS(18),
      .SHIFT_MIN(9),
      .SHIFT_BITS(1)
  ) dut4 (
      .value_i(stimulus[64+:18]),
      .shift_i(stimulus[128+:1]),
      .positive_o(positive[4])
  );

  grapes_positive #(
      .BITS(4),
      .SHIFT_MIN(-8),
      .SHIFT_BITS(1)
  ) dut5 (
      .value_i(stimulus[64+:4]),
      .shift_i(stimulus[128+:1]),
      .positive_o(positive[5])
  );
endmodule

`default_nettype wire
