// Testbench of grapes_adder_tree, new values every cycle. Vector: one value a lane -> sum over the first LANES of them, an
// output for each of several numbers of lanes.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_adder_tree_tb (
    input wire clk_i
);
  localparam int CASES = 7;
  localparam int MOST = 17;  // lanes of the largest tree
  localparam int BITS = 10;
  localparam int LATENCY = 3;  // of the largest tree
  wire [MOST*64-1:0] stimulus;
  wire [31:0] phase;
  wire [CASES*64-1:0] result;

  // Lane by lane, without the space between the fields.
  wire [MOST*BITS-1:0] values;
  for (genvar p = 0; p < MOST; p++) begin : g_value
    assign values[p*BITS+:BITS] = stimulus[p*64+:BITS];
  end

  grapes_bench #(
      .NAME("grapes_adder_tree"),
      .INPUTS(MOST),
      .OUTPUTS(CASES),
      .LATENCY(LATENCY)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i(result)
  );

  if (1) begin : g_case0
    wire [15-1:0] out;
    grapes_adder_tree #(
        .LANES(1),
        .BITS(BITS),
        .OUT_BITS(15)
    ) dut (
        .clk_i,
        .values_i(values[1*BITS-1:0]),
        .sum_o(out)
    );
    // Delayed to the latency of the largest tree.
    wire [15-1:0] delayed[0:LATENCY-0];
    assign delayed[0] = out;
    for (genvar k = 0; k < LATENCY - 0; k++) begin : g_delay
      logic [15-1:0] delay_q;
      always_ff @(posedge clk_i) delay_q <= delayed[k];
      assign delayed[k+1] = delay_q;
    end
    assign result[0*64+:64] = 64'(delayed[LATENCY-0]);
  end

  if (1) begin : g_case1
    wire [15-1:0] out;
    grapes_adder_tree #(
        .LANES(2),
        .BITS(BITS),
        .OUT_BITS(15)
    ) dut (
        .clk_i,
        .values_i(values[2*BITS-1:0]),
        .sum_o(out)
    );
    // Delayed to the latency of the largest tree.
    wire [15-1:0] delayed[0:LATENCY-1];
    assign delayed[0] = out;
    for (genvar k = 0; k < LATENCY - 1; k++) begin : g_delay
      logic [15-1:0] delay_q;
      always_ff @(posedge clk_i) delay_q <= delayed[k];
      assign delayed[k+1] = delay_q;
    end
    assign result[1*64+:64] = 64'(delayed[LATENCY-1]);
  end

  if (1) begin : g_case2
    wire [15-1:0] out;
    grapes_adder_tree #(
        .LANES(3),
        .BITS(BITS),
        .OUT_BITS(15)
    ) dut (
        .clk_i,
        .values_i(values[3*BITS-1:0]),
        .sum_o(out)
    );
    // Delayed to the latency of the largest tree.
    wire [15-1:0] delayed[0:LATENCY-1];
    assign delayed[0] = out;
    for (genvar k = 0; k < LATENCY - 1; k++) begin : g_delay
      logic [15-1:0] delay_q;
      always_ff @(posedge clk_i) delay_q <= delayed[k];
      assign delayed[k+1] = delay_q;
    end
    assign result[2*64+:64] = 64'(delayed[LATENCY-1]);
  end

  if (1) begin : g_case3
    wire [15-1:0] out;
    grapes_adder_tree #(
        .LANES(4),
        .BITS(BITS),
        .OUT_BITS(15)
    ) dut (
        .clk_i,
        .values_i(values[4*BITS-1:0]),
        .sum_o(out)
    );
    // Delayed to the latency of the largest tree.
    wire [15-1:0] delayed[0:LATENCY-1];
    assign delayed[0] = out;
    for (genvar k = 0; k < LATENCY - 1; k++) begin : g_delay
      logic [15-1:0] delay_q;
      always_ff @(posedge clk_i) delay_q <= delayed[k];
      assign delayed[k+1] = delay_q;
    end
    assign result[3*64+:64] = 64'(delayed[LATENCY-1]);
  end

  if (1) begin : g_case4
    wire [15-1:0] out;
    grapes_adder_tree #(
        .LANES(5),
        .BITS(BITS),
        .OUT_BITS(15)
    ) dut (
        .clk_i,
        .values_i(values[5*BITS-1:0]),
        .sum_o(out)
    );
    // Delayed to the latency of the largest tree.
    wire [15-1:0] delayed[0:LATENCY-2];
    assign delayed[0] = out;
    for (genvar k = 0; k < LATENCY - 2; k++) begin : g_delay
      logic [15-1:0] delay_q;
      always_ff @(posedge clk_i) delay_q <= delayed[k];
      assign delayed[k+1] = delay_q;
    end
    assign result[4*64+:64] = 64'(delayed[LATENCY-2]);
  end

  if (1) begin : g_case5
    wire [15-1:0] out;
    grapes_adder_tree #(
        .LANES(16),
        .BITS(BITS),
        .OUT_BITS(15)
    ) dut (
        .clk_i,
        .values_i(values[16*BITS-1:0]),
        .sum_o(out)
    );
    // Delayed to the latency of the largest tree.
    wire [15-1:0] delayed[0:LATENCY-2];
    assign delayed[0] = out;
    for (genvar k = 0; k < LATENCY - 2; k++) begin : g_delay
      logic [15-1:0] delay_q;
      always_ff @(posedge clk_i) delay_q <= delayed[k];
      assign delayed[k+1] = delay_q;
    end
    assign result[5*64+:64] = 64'(delayed[LATENCY-2]);
  end

  if (1) begin : g_case6
    wire [15-1:0] out;
    grapes_adder_tree #(
        .LANES(17),
        .BITS(BITS),
        .OUT_BITS(15)
    ) dut (
        .clk_i,
        .values_i(values[17*BITS-1:0]),
        .sum_o(out)
    );
    // Delayed to the latency of the largest tree.
    wire [15-1:0] delayed[0:LATENCY-3];
    assign delayed[0] = out;
    for (genvar k = 0; k < LATENCY - 3; k++) begin : g_delay
      logic [15-1:0] delay_q;
      always_ff @(posedge clk_i) delay_q <= delayed[k];
      assign delayed[k+1] = delay_q;
    end
    assign result[6*64+:64] = 64'(delayed[LATENCY-3]);
  end
endmodule

`default_nettype wire
