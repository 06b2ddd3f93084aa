// Testbench of grapes_softmax: logits in, and at the end what has come out of it. Vector: train, label, gap, logits ->
// prediction, sum of the exponentials, the label's row, rounds of division, exponentials, logits of the result. With
// `gap` the logits come in every other cycle and the result is taken as rarely. Without `train` only the result comes.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
/* verilator lint_off BLKSEQ */
module grapes_softmax_tb (
    input wire clk_i
);
  localparam int CLASSES = 6;
  localparam int LANES = 2;
  localparam int LABEL_BITS = 3;
  localparam int LANE_BITS = 1;
  localparam int GROUP_BITS = 1;
  localparam int SUM_BITS = 19;
  localparam int HOLD = 96;
  localparam int OUTPUTS = 4 + 2 * CLASSES;
  wire [(3+CLASSES)*64-1:0] stimulus;
  wire [31:0] phase;
  wire train = stimulus[0];
  wire [LABEL_BITS-1:0] label = stimulus[64+:LABEL_BITS];
  wire gap = stimulus[128];

  wire [31:0] row = gap ? phase >> 1 : phase;
  wire logit_valid = row < CLASSES && !(gap && phase[0]);
  wire logit_last = row == CLASSES - 1;
  wire [15:0] logits[0:CLASSES-1];
  for (genvar i = 0; i < CLASSES; i++) begin : g_logit
    assign logits[i] = stimulus[(3+i)*64+:16];
  end

  logic rst = 1'b1;
  always_ff @(posedge clk_i) rst <= 1'b0;

  wire exp_write, exp_half, active, half, divide_start, divide_step, divide_done, target;
  wire ready, result_busy, result_valid, result_last;
  wire [LANE_BITS-1:0] exp_lane;
  wire [LANE_BITS-1:0] target_lane;
  wire [GROUP_BITS-1:0] group;
  wire [15:0] exp_value;
  wire [SUM_BITS-1:0] sum;
  wire [LABEL_BITS-1:0] prediction;
  wire [15:0] result_logit;
  wire result_ready = !gap || phase[0];

  grapes_softmax #(
      .CLASSES(CLASSES),
      .LABEL_BITS(LABEL_BITS),
      .LANES(LANES),
      .LANE_BITS(LANE_BITS),
      .GROUPS(2),
      .GROUP_BITS(GROUP_BITS),
      .SPREAD(1'b1),
      .SUM_BITS(SUM_BITS),
      .STEPS(9),
      .STEP_BITS(4)
  ) dut (
      .clk_i,
      .rst_i(rst),
      .train_i(train),
      .label_i(label),
      .logit_valid_i(logit_valid && !rst),
      .logit_last_i(logit_last),
      .logit_i(logits[row % CLASSES]),
      .factors_done_i(!gap || phase > 40),
      .ready_o(ready),
      .exp_write_o(exp_write),
      .exp_lane_o(exp_lane),
      .exp_half_o(exp_half),
      .exp_o(exp_value),
      .active_o(active),
      .group_o(group),
      .half_o(half),
      .divide_start_o(divide_start),
      .divide_step_o(divide_step),
      .divide_done_o(divide_done),
      .sum_o(sum),
      .target_o(target),
      .target_lane_o(target_lane),
      .result_busy_o(result_busy),
      .result_valid_o(result_valid),
      .result_ready_i(result_ready),
      .result_prediction_o(prediction),
      .result_logit_o(result_logit),
      .result_last_o(result_last)
  );

  // What has come out since the vector was applied.
  logic [63:0] seen[0:OUTPUTS-1];
  int results;
  int at;

  function automatic int row_of(input int in_group, input int in_lane, input int in_half);
    row_of = 2 * LANES * in_group + (1 == 1 && in_group == 2 - 1 ? in_lane : 2 * in_lane + in_half);
  endfunction

  always @(posedge clk_i) begin
    if (phase == 0) begin
      for (int i = 0; i < OUTPUTS; i++) seen[i] = '0;
      results = 0;
    end
    if (!rst) begin
      if (exp_write) begin
        at = row_of(32'(group), 32'(exp_lane), 32'(exp_half));
        if (at < CLASSES) seen[4+at] = 64'(exp_value);
      end
      if (divide_done) begin
        seen[1] = 64'(sum);
        if (target) seen[2] = 64'(row_of(32'(group), 32'(target_lane), 32'(half)));
        seen[3] = seen[3] + 1;
      end
      if (result_valid && result_ready && results < CLASSES) begin
        seen[0] = 64'(prediction);
        seen[4+CLASSES+results] = 64'(result_logit);
        results = results + 1;
      end
    end
  end

  wire [OUTPUTS*64-1:0] actual;
  for (genvar i = 0; i < OUTPUTS; i++) begin : g_seen
    assign actual[i*64+:64] = seen[i];
  end

  grapes_bench #(
      .NAME("grapes_softmax"),
      .INPUTS(3 + CLASSES),
      .OUTPUTS(OUTPUTS),
      .HOLD(HOLD),
      .LATENCY(HOLD - 1)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i(actual)
  );
endmodule

`default_nettype wire
