// Takes the results and compares them: one beat a logit, row 0 first, the prediction the same in all of a sample's beats.
`default_nettype none

/* verilator lint_off BLKSEQ */
module grapes_tb_results #(
    parameter int CLASSES = 2,
    parameter int LABEL_BITS = 1,
    parameter int LOGIT_BITS = 16
) (
    input wire clk_i,
    input wire rst_i,
    input wire [31:0] noise_i,
    input wire stall_i,
    // samples with traces
    input wire [31:0] traced_i,
    // samples offered to the core, and where a reset goes back to
    input wire [31:0] presented_i,
    input wire [31:0] marked_i,
    input wire valid_i,
    output logic ready_o,
    input wire [LABEL_BITS-1:0] prediction_i,
    input wire [LOGIT_BITS-1:0] logit_i,
    input wire last_i,
    // samples whose results were all taken
    output logic [31:0] samples_o
);
  import grapes_tb_check::*;

  int prediction_file;
  int logit_file;
  int sample;
  int row;
  logic [31:0] prediction;
  logic [31:0] logit;

  initial begin
    ready_o = 1'b0;
    samples_o = '0;
    open("prediction.mem", prediction_file);
    open("logit.mem", logit_file);
  end

  always @(posedge clk_i) begin : p_results
    if (rst_i) begin
      sample = marked_i;
      row = 0;
    end else if (!over && valid_i && ready_o) begin
      if (sample >= presented_i || last_i !== (row == CLASSES - 1))
        broken(RULE_RESULT, sample, -1, 32'(row == CLASSES - 1), 32'(last_i));
      else begin
        prediction = value_at(prediction_file, sample, LABEL_BITS);
        if (sample < traced_i) begin
          logit = value_at(logit_file, sample * CLASSES + row, LOGIT_BITS);
          check(RESULT, sample, -1, row, -1, logit, 32'(logit_i), LOGIT_BITS);
        end
        if (row == CLASSES - 1) check(PREDICTION, sample, -1, -1, -1, prediction, 32'(prediction_i), LABEL_BITS);
        else if (prediction !== 32'(prediction_i))
          differ(PREDICTION, sample, -1, row, -1, prediction, 32'(prediction_i), LABEL_BITS);
        row = row + 1;
        if (last_i) begin
          row = 0;
          sample = sample + 1;
        end
      end
    end
    samples_o <= sample;
    ready_o <= !gap(stall_i, noise_i, 1);
  end
endmodule

`default_nettype wire
