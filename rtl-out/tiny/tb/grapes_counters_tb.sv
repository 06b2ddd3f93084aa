// Testbench of grapes_counters. Vector: reset, sample, busy, saturated activation, its layer, saturated errors, their layer,
// index, whether the count is known -> count at the index, before the events of this vector and
// of the one before.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_counters_tb (
    input wire clk_i
);
  wire [9*64-1:0] stimulus;
  wire [31:0] phase;
  wire [31:0] count;

  grapes_bench #(
      .NAME("grapes_counters"),
      .INPUTS(9),
      .OUTPUTS(1),
      .HOLD(1),
      .LATENCY(0)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i(stimulus[512] ? 64'(count) : '0)
  );

  grapes_counters #(
      .LAYERS(3),
      .LAYER_BITS(2),
      .EVENT_BITS(3)
  ) dut (
      .clk_i,
      .rst_i(stimulus[0]),
      .sample_i(stimulus[64]),
      .busy_i(stimulus[128]),
      .activation_i(stimulus[192]),
      .activation_layer_i(stimulus[256+:2]),
      .errors_i(stimulus[320+:3]),
      .error_layer_i(stimulus[384+:2]),
      .index_i(stimulus[448+:20]),
      .count_o(count)
  );
endmodule

`default_nettype wire
