// Testbench of grapes_softmax with a divider: logits in, and at the end what has come out of it. Vector: train, label, gap,
// logits -> prediction, errors given, probabilities, errors, those that saturate, logits of the result. With `gap` the
// logits come in every other cycle and the result is taken as rarely. Without `train` only the result comes.
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
  localparam int ERROR_BITS = 8;
  localparam int FRAC = 7;
  localparam int STAGE_BITS = 2;
  localparam int STAGES = (FRAC + 1 + STAGE_BITS) / STAGE_BITS;
  localparam int HOLD = 96;
  localparam int OUTPUTS = 2 + 4 * CLASSES;
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

  wire divide, error_valid, half, saturated, ready, result_busy, result_valid, result_last;
  wire [LANE_BITS-1:0] lane;
  wire [GROUP_BITS-1:0] group;
  wire [LABEL_BITS-1:0] error_row, prediction;
  wire [15:0] exp, result_logit;
  wire [SUM_BITS-1:0] sum;
  wire [ERROR_BITS-1:0] error;
  wire [FRAC+1:0] quotient, probability;
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
      .ERROR_BITS(ERROR_BITS),
      .FRAC(FRAC),
      .DIVIDE_STAGES(STAGES)
  ) dut (
      .clk_i,
      .rst_i(rst),
      .train_i(train),
      .label_i(label),
      .logit_valid_i(logit_valid && !rst),
      .logit_last_i(logit_last),
      .logit_i(logits[row % CLASSES]),
      .divide_o(divide),
      .exp_o(exp),
      .sum_o(sum),
      .quotient_i(quotient),
      .error_valid_o(error_valid),
      .error_row_o(error_row),
      .error_lane_o(lane),
      .error_half_o(half),
      .error_group_o(group),
      .error_o(error),
      .saturated_o(saturated),
      .probability_o(probability),
      .ready_o(ready),
      .result_busy_o(result_busy),
      .result_valid_o(result_valid),
      .result_ready_i(result_ready),
      .result_prediction_o(prediction),
      .result_logit_o(result_logit),
      .result_last_o(result_last)
  );
  // What it does not ask to divide is noise.
  grapes_divider #(
      .BITS(SUM_BITS),
      .QUOTIENT_BITS(FRAC + 2),
      .STAGE_BITS(STAGE_BITS)
  ) divider (
      .clk_i,
      .numerator_i(divide ? SUM_BITS'(exp) : SUM_BITS'(phase)),
      .denominator_i(sum),
      .quotient_o(quotient)
  );

  // What has come out since the vector was applied.
  logic [63:0] seen[0:OUTPUTS-1];
  int results;
  int errors;
  int at;

  function automatic int row_of(input int in_group, input int in_lane, input int in_half);
    row_of = 2 * LANES * in_group + (1 == 1 && in_group == 2 - 1 ? in_lane : 2 * in_lane + in_half);
  endfunction

  always @(posedge clk_i) begin
    if (phase == 0) begin
      for (int i = 0; i < OUTPUTS; i++) seen[i] = '0;
      results = 0;
      errors = 0;
    end
    if (!rst) begin
      if (error_valid) begin
        at = row_of(32'(group), 32'(lane), 32'(half));
        errors = errors + 1;
        // In order, each in its place, and ready with the last.
        if (at == errors - 1 && at == 32'(error_row) && ready == (errors == CLASSES)) begin
          seen[1] = 64'(errors);
          seen[2+at] = 64'(probability);
          seen[2+CLASSES+at] = 64'(error);
          seen[2+2*CLASSES+at] = 64'(saturated);
        end
      end
      if (result_valid && result_ready && results < CLASSES) begin
        seen[0] = 64'(prediction);
        seen[2+3*CLASSES+results] = 64'(result_logit);
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
