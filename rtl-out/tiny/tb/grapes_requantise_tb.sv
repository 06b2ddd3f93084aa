// Testbench of grapes_requantise. Vector: case, value, shift -> value, saturated.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_requantise_tb (
    input wire clk_i
);
  localparam int CASES = 6;
  wire [3*64-1:0] stimulus;
  wire [31:0] phase;
  wire [63:0] value[0:CASES-1];
  wire saturated[0:CASES-1];
  wire [31:0] which = stimulus[31:0];

  grapes_bench #(
      .NAME("grapes_requantise"),
      .INPUTS(3),
      .OUTPUTS(2)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i({63'd0, saturated[which], value[which]})
  );

  if (1) begin : g_case0
    wire [8-1:0] result;
    grapes_requantise #(
        .IN_BITS(20),
        .OUT_BITS(8),
        .SHIFT_MIN(4),
        .SHIFT_MAX(11),
        .SHIFT_BITS(3)
    ) dut (
        .value_i(stimulus[64+:20]),
        .shift_i(stimulus[128+:3]),
        .value_o(result),
        .saturated_o(saturated[0])
    );
    assign value[0] = 64'(result);
  end

  if (1) begin : g_case1
    wire [8-1:0] result;
    grapes_requantise #(
        .IN_BITS(12),
        .OUT_BITS(8),
        .SHIFT_MIN(0),
        .SHIFT_MAX(0),
        .SHIFT_BITS(1)
    ) dut (
        .value_i(stimulus[64+:12]),
        .shift_i(stimulus[128+:1]),
        .value_o(result),
        .saturated_o(saturated[1])
    );
    assign value[1] = 64'(result);
  end

  if (1) begin : g_case2
    wire [16-1:0] result;
    grapes_requantise #(
        .IN_BITS(10),
        .OUT_BITS(16),
        .SHIFT_MIN(-4),
        .SHIFT_MAX(3),
        .SHIFT_BITS(3)
    ) dut (
        .value_i(stimulus[64+:10]),
        .shift_i(stimulus[128+:3]),
        .value_o(result),
        .saturated_o(saturated[2])
    );
    assign value[2] = 64'(result);
  end

  if (1) begin : g_case3
    wire [4-1:0] result;
    grapes_requantise #(
        .IN_BITS(34),
        .OUT_BITS(4),
        .SHIFT_MIN(8),
        .SHIFT_MAX(40),
        .SHIFT_BITS(6)
    ) dut (
        .value_i(stimulus[64+:34]),
        .shift_i(stimulus[128+:6]),
        .value_o(result),
        .saturated_o(saturated[3])
    );
    assign value[3] = 64'(result);
  end

  if (1) begin : g_case4
    wire [5-1:0] result;
    grapes_requantise #(
        .IN_BITS(18),
        .OUT_BITS(5),
        .SHIFT_MIN(9),
        .SHIFT_MAX(9),
        .SHIFT_BITS(1)
    ) dut (
        .value_i(stimulus[64+:18]),
        .shift_i(stimulus[128+:1]),
        .value_o(result),
        .saturated_o(saturated[4])
    );
    assign value[4] = 64'(result);
  end

  if (1) begin : g_case5
    wire [16-1:0] result;
    grapes_requantise #(
        .IN_BITS(4),
        .OUT_BITS(16),
        .SHIFT_MIN(-8),
        .SHIFT_MAX(-7),
        .SHIFT_BITS(1)
    ) dut (
        .value_i(stimulus[64+:4]),
        .shift_i(stimulus[128+:1]),
        .value_o(result),
        .saturated_o(saturated[5])
    );
    assign value[5] = 64'(result);
  end
endmodule

`default_nettype wire
