// Testbench of grapes_strength: moves one after the other. Vector: slot read, move, restart, slot moved, new weight, old
// weight -> strength after the move.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_strength_tb (
    input wire clk_i
);
  wire [6*64-1:0] stimulus;
  wire [31:0] phase;
  wire [12-1:0] strength;

  grapes_bench #(
      .NAME("grapes_strength"),
      .INPUTS(6),
      .OUTPUTS(1),
      .HOLD(3),
      .LATENCY(2)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i(64'(strength))
  );

  grapes_strength #(
      .WEIGHT_BITS(8),
      .STRENGTH_BITS(12),
      .SLOTS(3),
      .SLOT_BITS(2)
  ) dut (
      .clk_i,
      .read_slot_i(stimulus[0+:2]),
      .strength_o(strength),
      .move_i(stimulus[64] && phase == 0),
      .restart_i(stimulus[128]),
      .move_slot_i(stimulus[192+:2]),
      .new_i(stimulus[256+:8]),
      .old_i(stimulus[320+:8])
  );
endmodule

`default_nettype wire
