// Testbench of grapes_update. Vector: case, weight, product, random, shift -> new weight.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_update_tb (
    input wire clk_i
);
  localparam int CASES = 4;
  wire [5*64-1:0] stimulus;
  wire [31:0] phase;
  wire [63:0] weight[0:CASES-1];
  wire [31:0] which = stimulus[31:0];

  grapes_bench #(
      .NAME("grapes_update"),
      .INPUTS(5),
      .OUTPUTS(1)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i(weight[which])
  );

  if (1) begin : g_case0
    wire [8-1:0] result;
    grapes_update #(
        .WEIGHT_BITS(8),
        .PRODUCT_BITS(16),
        .RANDOM_BITS(14),
        .SHIFT_MIN(13),
        .SHIFT_BITS(1)
    ) dut (
        .weight_i(stimulus[64+:8]),
        .product_i(stimulus[128+:16]),
        .random_i(stimulus[192+:14]),
        .shift_i(stimulus[256+:1]),
        .weight_o(result)
    );
    assign weight[0] = 64'(result);
  end

  if (1) begin : g_case1
    wire [4-1:0] result;
    grapes_update #(
        .WEIGHT_BITS(4),
        .PRODUCT_BITS(8),
        .RANDOM_BITS(3),
        .SHIFT_MIN(0),
        .SHIFT_BITS(2)
    ) dut (
        .weight_i(stimulus[64+:4]),
        .product_i(stimulus[128+:8]),
        .random_i(stimulus[192+:3]),
        .shift_i(stimulus[256+:2]),
        .weight_o(result)
    );
    assign weight[1] = 64'(result);
  end

  if (1) begin : g_case2
    wire [16-1:0] result;
    grapes_update #(
        .WEIGHT_BITS(16),
        .PRODUCT_BITS(32),
        .RANDOM_BITS(32),
        .SHIFT_MIN(20),
        .SHIFT_BITS(4)
    ) dut (
        .weight_i(stimulus[64+:16]),
        .product_i(stimulus[128+:32]),
        .random_i(stimulus[192+:32]),
        .shift_i(stimulus[256+:4]),
        .weight_o(result)
    );
    assign weight[2] = 64'(result);
  end

  if (1) begin : g_case3
    wire [16-1:0] result;
    grapes_update #(
        .WEIGHT_BITS(16),
        .PRODUCT_BITS(10),
        .RANDOM_BITS(5),
        .SHIFT_MIN(5),
        .SHIFT_BITS(1)
    ) dut (
        .weight_i(stimulus[64+:16]),
        .product_i(stimulus[128+:10]),
        .random_i(stimulus[192+:5]),
        .shift_i(stimulus[256+:1]),
        .weight_o(result)
    );
    assign weight[3] = 64'(result);
  end
endmodule

`default_nettype wire
