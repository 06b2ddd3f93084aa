// Testbench of grapes_scaler, a sum a cycle. Vector: valid, first, sum, factor, shift -> the error of the column so far,
// whether it saturated, the unmodulated error.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_scaler_tb (
    input wire clk_i
);
  wire [5*64-1:0] stimulus;
  wire [31:0] phase;
  wire [8-1:0] error;
  wire [8-1:0] plain;
  wire saturated;

  // The shift belongs to the sum of two cycles ago.
  logic [1-1:0] shift_q;
  logic [1-1:0] shift_qq;
  always_ff @(posedge clk_i) {shift_qq, shift_q} <= {shift_q, stimulus[256+:1]};

  grapes_bench #(
      .NAME("grapes_scaler"),
      .INPUTS(5),
      .OUTPUTS(3),
      .LATENCY(2)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i({64'(plain), 63'd0, saturated, 64'(error)})
  );

  grapes_scaler #(
      .TREE_BITS(14),
      .BACK_BITS(16),
      .FACTOR_FRAC(7),
      .ERROR_BITS(8),
      .SHIFT_MIN(9),
      .SHIFT_MAX(10),
      .SHIFT_BITS(1),
      .LOCAL(1'b1)
  ) dut (
      .clk_i,
      .valid_i(stimulus[0]),
      .first_i(stimulus[64]),
      .sum_i(stimulus[128+:14]),
      .factor_i(stimulus[192+:7+2]),
      .shift_i(shift_qq),
      .error_o(error),
      .plain_o(plain),
      .saturated_o(saturated)
  );
endmodule

`default_nettype wire
