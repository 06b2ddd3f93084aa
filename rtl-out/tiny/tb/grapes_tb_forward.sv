// Compares the trace of the forward pass: activations, non-zero ones shown, rows ascending, and logits.
`default_nettype none

/* verilator lint_off BLKSEQ */
module grapes_tb_forward #(
    parameter int LAYERS = 1,
    parameter int ACTIVATION_BITS = 8,
    parameter int LOGIT_BITS = 16,
    parameter int ROWS = 1,  // of all layers
    // by layer, 32 bits each, the first in the low bits: rows, and rows of the layers below
    parameter logic [LAYERS*32-1:0] OUTPUTS = '0,
    parameter logic [LAYERS*32-1:0] FIRST = '0
) (
    input wire clk_i,
    input wire rst_i,
    input wire [31:0] traced_i,
    input wire [31:0] presented_i,
    input wire [31:0] marked_i,
    input wire activation_valid_i,
    input wire [31:0] activation_layer_i,
    input wire [31:0] activation_row_i,
    input wire [31:0] activation_value_i,
    input wire logit_valid_i,
    input wire [31:0] logit_row_i,
    input wire [31:0] logit_value_i,
    // samples whose logits are out
    output logic [31:0] samples_o
);
  import grapes_tb_check::*;

  localparam int LAST = LAYERS - 1;

  int file[0:LAYERS-1];  // activations, then logits
  int sample;
  int next_row[0:LAYERS-1];
  bit fetched;  // expected values of the sample
  logic [31:0] expected[0:ROWS-1];

  function automatic int of(input logic [LAYERS*32-1:0] numbers, input int layer);
    of = 32'(numbers >> (32 * layer));
  endfunction

  task automatic fetch;
    fetched = 1'b1;
    if (sample < traced_i)
      for (int l = 0; l < LAYERS; l++) begin
        seek(file[l], sample * of(OUTPUTS, l), l == LAST ? LOGIT_BITS : ACTIVATION_BITS);
        for (int r = 0; r < of(OUTPUTS, l); r++) expected[of(FIRST, l)+r] = take(file[l]);
      end
  endtask

  task automatic begin_sample(input int next);
    sample = next;
    fetched = 1'b0;
    for (int l = 0; l < LAYERS; l++) next_row[l] = 0;
  endtask

  task automatic compare(input int layer, input int row, input logic [31:0] value);
    if (sample < traced_i)
      check(layer == LAST ? LOGIT : ACTIVATION, sample, layer, row, -1, expected[of(FIRST, layer)+row], value,
            layer == LAST ? LOGIT_BITS : ACTIVATION_BITS);
    next_row[layer] = row + 1;
  endtask

  // Rows that were passed over.
  task automatic compare_zeros(input int layer, input int row);
    for (int r = next_row[layer]; r < row; r++) compare(layer, r, '0);
  endtask

  initial begin
    samples_o = '0;
    for (int l = 0; l < LAST; l++) open($sformatf("activation%0d.mem", l + 1), file[l]);
    open("logit.mem", file[LAST]);
  end

  always @(posedge clk_i) begin : p_forward
    int layer;
    if (rst_i) begin_sample(marked_i);
    else if (!over) begin
      if (!fetched && (activation_valid_i || logit_valid_i)) fetch;
      layer = activation_layer_i;
      if (activation_valid_i) begin
        if (sample >= presented_i || layer >= LAST || 32'(activation_row_i) < next_row[layer] ||
            32'(activation_row_i) >= of(OUTPUTS, layer))
          broken(RULE_ORDER, sample, layer, next_row[layer%LAYERS], activation_row_i);
        else begin
          compare_zeros(layer, activation_row_i);
          compare(layer, activation_row_i, activation_value_i);
        end
      end
      if (logit_valid_i) begin
        if (sample >= presented_i || logit_row_i != next_row[LAST])
          broken(RULE_ORDER, sample, LAST, next_row[LAST], logit_row_i);
        else begin
          if (logit_row_i == 0) for (int l = 0; l < LAST; l++) compare_zeros(l, of(OUTPUTS, l));
          compare(LAST, logit_row_i, logit_value_i);
          if (next_row[LAST] == of(OUTPUTS, LAST)) begin_sample(sample + 1);
        end
      end
    end
    samples_o <= sample;
  end
endmodule

`default_nettype wire
