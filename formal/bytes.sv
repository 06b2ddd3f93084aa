// The byte streams lose and invent nothing. In: a command's bytes become one request or, beat by beat, one sample, with
// its own arguments, which hold until the core takes it; no byte is taken meanwhile. Out: four bytes for every word, in
// order; a byte holds until it is taken. Any bytes and gaps, two beats a sample, for ever.
module bytes_proof (
  input logic clk,
  input logic in_valid,
  input logic [7:0] in_data,
  input logic out_ready,
  input logic sample_ready,
  input logic memory_ready,
  input logic result_valid,
  input logic [1:0] prediction,
  input logic [15:0] logit,
  input logic result_last,
  input logic answer_valid,
  input logic [31:0] answer
);
  logic reset = 1;
  always @(posedge clk) reset <= 0;

  logic in_ready, out_valid, sample_valid, train, result_ready, memory_valid, memory_write, answer_ready;
  logic [7:0] out_data;
  logic [31:0] sample_data, address, memory_data;
  logic [1:0] label;
  logic [4:0] rate;
  grapes_bytes #(.BEATS(2), .LABEL_BITS(2)) dut (
    .clk_i(clk), .rst_i(reset), .in_valid_i(in_valid), .in_ready_o(in_ready), .in_data_i(in_data),
    .out_valid_o(out_valid), .out_ready_i(out_ready), .out_data_o(out_data), .sample_valid_o(sample_valid),
    .sample_ready_i(sample_ready), .sample_data_o(sample_data), .sample_label_o(label), .sample_train_o(train),
    .sample_rate_o(rate), .result_valid_i(result_valid), .result_ready_o(result_ready), .result_prediction_i(prediction),
    .result_logit_i(logit), .result_last_i(result_last), .memory_valid_o(memory_valid), .memory_ready_i(memory_ready),
    .memory_write_o(memory_write), .memory_address_o(address), .memory_data_o(memory_data),
    .memory_valid_i(answer_valid), .memory_ready_o(answer_ready), .memory_data_i(answer)
  );

  // ---- in: the bytes of the command so far; a beat taken makes room for the next one's
  logic [3:0] taken = 0;
  logic second = 0;
  logic [7:0] command;
  logic [7:0] arguments[8];
  wire request_due = command[1] == 0 && taken == (command[0] ? 9 : 5);
  wire beat_due = command[1] == 1 && taken == 8;
  wire take = in_valid && in_ready && !reset;
  always @(posedge clk) begin
    if (take) begin
      taken <= taken + 1;
      if (taken == 0) command <= in_data;
      else arguments[taken - 1] <= in_data;
    end
    if (memory_valid && memory_ready && !reset) taken <= 0;
    if (sample_valid && sample_ready && !reset) begin
      second <= !second;
      taken <= second ? 0 : 4;
    end
  end
  wire [31:0] low = {arguments[3], arguments[2], arguments[1], arguments[0]};
  wire [31:0] high = {arguments[7], arguments[6], arguments[5], arguments[4]};
  wire due = taken != 0 && (request_due || beat_due);
  always_comb if (!reset) begin
    assert (in_ready == !due);
    assert (memory_valid == (due && request_due) && sample_valid == (due && beat_due));
    if (memory_valid) assert (memory_write == command[0] && address == low && (!memory_write || memory_data == high));
    if (sample_valid) begin
      assert (train == command[0] && rate == arguments[0][4:0] && label == arguments[1][1:0]);
      assert (sample_data == {arguments[6], arguments[5], arguments[4], arguments[3]});
    end
  end

  // ---- out
  logic [2:0] left = 0;
  logic [31:0] word;
  wire [1:0] at = 2'(4 - left);
  always @(posedge clk) if (!reset) begin
    if (result_valid && result_ready || answer_valid && answer_ready) begin
      left <= 4;
      word <= result_valid && result_ready ? {result_last, 13'd0, prediction, logit} : answer;
    end else if (out_valid && out_ready) left <= left - 1;
  end
  always_comb if (!reset) begin
    assert (!(result_valid && result_ready && answer_valid && answer_ready));
    assert (out_valid == (left != 0));
    if (out_valid) assert (!result_ready && !answer_ready && out_data == word[8*at+:8]);
  end
endmodule
