// The result port: a beat holds until it is taken, rows come in order, each once, with its own logit, the last is marked,
// and the prediction is the first of the largest. Three classes, logits of three bits, for ever.
module result_proof (
  input logic clk,
  input logic logit_valid_any,
  input logic ready,
  input logic [2:0] value
);
  localparam int CLASSES = 3;
  logic reset = 1;
  always @(posedge clk) reset <= 0;

  wire [15:0] logit = {{13{value[2]}}, value};
  logic busy, valid, result_last;
  logic [1:0] prediction;
  logic [15:0] result;
  logic [1:0] row = 0;
  // The core never gives logits while a result is pending.
  wire give = logit_valid_any && !busy && !reset;
  grapes_softmax #(
    .CLASSES(CLASSES), .LABEL_BITS(2), .LANES(4), .LANE_BITS(2), .GROUPS(1), .GROUP_BITS(1), .SPREAD(1'b1), .SUM_BITS(18)
  ) dut (
    .clk_i(clk), .rst_i(reset), .train_i(1'b0), .label_i(2'd0), .logit_valid_i(give), .logit_last_i(row == CLASSES - 1),
    .logit_i(logit), .quotient_i(9'd0), .result_busy_o(busy), .result_valid_o(valid), .result_ready_i(ready),
    .result_prediction_o(prediction), .result_logit_o(result), .result_last_o(result_last)
  );

  logic signed [15:0] given0, given1, given2;
  logic [1:0] shown = 0;
  always @(posedge clk) begin
    if (give) begin
      row <= row == CLASSES - 1 ? 0 : row + 1;
      case (row)
        0: given0 <= logit;
        1: given1 <= logit;
        default: given2 <= logit;
      endcase
    end
    if (valid && ready && !reset) shown <= result_last ? 0 : shown + 1;
  end

  logic was_valid = 0;
  logic was_ready = 0;
  logic [18:0] was = 0;
  always @(posedge clk) begin
    was_valid <= valid && !reset;
    was_ready <= ready;
    was <= {prediction, result, result_last};
    if (!reset) begin
      if (was_valid && !was_ready) assert (valid && was == {prediction, result, result_last});
      if (valid) begin
        assert (result == (shown == 0 ? given0 : shown == 1 ? given1 : given2));
        assert (result_last == (shown == CLASSES - 1));
        // the first of the largest
        assert (prediction == (given0 >= given1 && given0 >= given2 ? 0 : given1 >= given2 ? 1 : 2));
      end
    end
  end
endmodule
