// Testbench of grapes_lane: a training step of one lane, a line of every input a cycle. Vector: flags, which outputs to
// check, the other inputs -> the outputs, 0 where they are not checked.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_lane_tb (
    input wire clk_i
);
  localparam int INPUTS = 17;
  localparam int OUTPUTS = 8;
  wire [INPUTS*64-1:0] stimulus;
  wire [31:0] phase;
  wire [OUTPUTS*64-1:0] actual;
  wire [31:0] flags = stimulus[31:0];
  wire [31:0] check = stimulus[64+:32];
  wire [5-1:0] address_s1 = stimulus[(0+2)*64+:5];
  wire [2-1:0] slot_s1 = stimulus[(1+2)*64+:2];
  wire [2-1:0] exists_s2 = stimulus[(2+2)*64+:2];
  wire [7-1:0] x_s2 = stimulus[(3+2)*64+:7];
  wire [12-1:0] random_s3 = stimulus[(4+2)*64+:12];
  wire [2-1:0] update_shift_s3 = stimulus[(5+2)*64+:2];
  wire [5-1:0] address_s4 = stimulus[(6+2)*64+:5];
  wire [2-1:0] slot_s4 = stimulus[(7+2)*64+:2];
  wire [1-1:0] forward_shift_s4 = stimulus[(8+2)*64+:1];
  wire [16-1:0] load_data_s4 = stimulus[(9+2)*64+:16];
  wire [2-1:0] error_lane = stimulus[(10+2)*64+:2];
  wire [2-1:0] error_slot = stimulus[(11+2)*64+:2];
  wire [9-1:0] error_value = stimulus[(12+2)*64+:9];
  wire [9-1:0] error_plain = stimulus[(13+2)*64+:9];
  wire [1-1:0] strength_slot = stimulus[(14+2)*64+:1];
  wire [16-1:0] word_s2;
  assign actual[0*64+:64] = check[0] ? 64'(word_s2) : '0;
  wire [16-1:0] new_word_s4;
  assign actual[1*64+:64] = check[1] ? 64'(new_word_s4) : '0;
  wire [20-1:0] sum0;
  assign actual[2*64+:64] = check[2] ? 64'(sum0) : '0;
  wire [20-1:0] sum1;
  assign actual[3*64+:64] = check[3] ? 64'(sum1) : '0;
  wire [2-1:0] positive;
  assign actual[4*64+:64] = check[4] ? 64'(positive) : '0;
  wire [17-1:0] back_s3;
  assign actual[5*64+:64] = check[5] ? 64'(back_s3) : '0;
  wire [11-1:0] strength0;
  assign actual[6*64+:64] = check[6] ? 64'(strength0) : '0;
  wire [11-1:0] strength1;
  assign actual[7*64+:64] = check[7] ? 64'(strength1) : '0;

  grapes_bench #(
      .NAME("grapes_lane"),
      .INPUTS(INPUTS),
      .OUTPUTS(OUTPUTS)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i(actual)
  );

  grapes_lane #(
      .LANE(2),
      .LANE_BITS(2),
      .WEIGHT_BITS(8),
      .ACTIVATION_BITS(7),
      .ERROR_BITS(9),
      .SUM_BITS(20),
      .STRENGTH_BITS(11),
      .FORWARD_SHIFT_MIN(5),
      .FORWARD_SHIFT_BITS(1),
      .UPDATE_SHIFT_MIN(9),
      .UPDATE_SHIFT_BITS(2),
      .RANDOM_BITS(12),
      .DEPTH(24),
      .ADDRESS_BITS(5),
      .SLOTS(3),
      .SLOT_BITS(2),
      .HIDDEN_SLOTS(2),
      .HIDDEN_SLOT_BITS(1),
      .GRAPES(1'b1),
      .LOCAL(1'b1)
  ) dut (
      .read_s1_i(flags[0]),
      .forward_s2_i(flags[1]),
      .update_s2_i(flags[2]),
      .half_s2_i(flags[3]),
      .sweep_s2_i(flags[4]),
      .forward_s3_i(flags[5]),
      .first_s3_i(flags[6]),
      .last_s3_i(flags[7]),
      .update_s3_i(flags[8]),
      .half_s3_i(flags[9]),
      .open_s3_i(flags[10]),
      .sweep_s3_i(flags[11]),
      .write_s4_i(flags[12]),
      .clear_s4_i(flags[13]),
      .update_s4_i(flags[14]),
      .half_s4_i(flags[15]),
      .strength_s4_i(flags[16]),
      .restart_s4_i(flags[17]),
      .load_s4_i(flags[18]),
      .error_write_i(flags[19]),
      .error_half_i(flags[20]),
      .address_s1_i(address_s1),
      .slot_s1_i(slot_s1),
      .exists_s2_i(exists_s2),
      .x_s2_i(x_s2),
      .random_s3_i(random_s3),
      .update_shift_s3_i(update_shift_s3),
      .address_s4_i(address_s4),
      .slot_s4_i(slot_s4),
      .forward_shift_s4_i(forward_shift_s4),
      .load_data_s4_i(load_data_s4),
      .error_lane_i(error_lane),
      .error_slot_i(error_slot),
      .error_value_i(error_value),
      .error_plain_i(error_plain),
      .strength_slot_i(strength_slot),
      .word_s2_o(word_s2),
      .new_word_s4_o(new_word_s4),
      .sum0_o(sum0),
      .sum1_o(sum1),
      .positive_o(positive),
      .back_s3_o(back_s3),
      .strength0_o(strength0),
      .strength1_o(strength1),
      .clk_i
  );
endmodule

`default_nettype wire
