// Shows every value of a step as it is made. With TRACE = 0 all ports are 0 and synthesis removes them.

`default_nettype none

module grapes_trace #(
  parameter bit TRACE = 1'b0,
  parameter int LANES = 32,
  parameter int LAYER_BITS = 2,
  parameter int GROUP_BITS = 2,
  parameter int ROW_BITS = 8,
  parameter int COLUMN_BITS = 10,
  parameter int WEIGHT_BITS = 8,
  parameter int ACTIVATION_BITS = 8,
  parameter int ERROR_BITS = 8,
  parameter int STRENGTH_BITS = 17,
  parameter int FACTOR_BITS = 9,
  parameter int PROBABILITY_BITS = 9,
  // from an activation to its factor, and from its strength to that
  parameter int FACTOR_STAGES = 8,
  parameter int DIVIDE_STAGES = 5
) (
  input  wire logic                               clk_i,
  input  wire logic                               rst_i,
  // a training step ends; its last write comes within five cycles
  input  wire logic                               step_i,
  input  wire logic                               activation_valid_i,
  input  wire logic                               logit_valid_i,
  input  wire logic [LAYER_BITS-1:0]              drained_layer_i,
  input  wire logic [ROW_BITS-1:0]                drained_row_i,
  input  wire logic [ACTIVATION_BITS-1:0]         activation_i,
  input  wire logic [15:0]                        logit_i,
  input  wire logic                               factor_valid_i,
  input  wire logic [FACTOR_BITS-1:0]             factor_i,
  input  wire logic [STRENGTH_BITS-1:0]           divided_strength_i,
  input  wire logic                               probability_valid_i,
  input  wire logic [PROBABILITY_BITS-1:0]        probability_i,
  input  wire logic                               error_valid_i,
  input  wire logic [LAYER_BITS-1:0]              error_layer_i,
  input  wire logic [ROW_BITS-1:0]                error_row_i,
  input  wire logic [ERROR_BITS-1:0]              error_i,
  input  wire logic [COLUMN_BITS-1:0]             column_s1_i,
  input  wire logic                               write_s4_i,
  input  wire logic [LAYER_BITS-1:0]              layer_s4_i,
  input  wire logic [GROUP_BITS-1:0]              group_s4_i,
  // the rows that have an error
  input  wire logic [2*LANES-1:0]                 erring_s4_i,
  input  wire logic [2*LANES*WEIGHT_BITS-1:0]     new_words_s4_i,
  output      logic                               step_o,
  output      logic                               activation_valid_o,
  output      logic [LAYER_BITS-1:0]              activation_layer_o,
  output      logic [ROW_BITS-1:0]                activation_row_o,
  output      logic [ACTIVATION_BITS-1:0]         activation_value_o,
  output      logic                               logit_valid_o,
  output      logic [ROW_BITS-1:0]                logit_row_o,
  output      logic [15:0]                        logit_value_o,
  output      logic                               factor_valid_o,
  output      logic [LAYER_BITS-1:0]              factor_layer_o,
  output      logic [ROW_BITS-1:0]                factor_row_o,
  output      logic [FACTOR_BITS-1:0]             factor_value_o,
  output      logic [STRENGTH_BITS-1:0]           factor_strength_o,
  output      logic                               probability_valid_o,
  output      logic [ROW_BITS-1:0]                probability_row_o,
  output      logic [PROBABILITY_BITS-1:0]        probability_value_o,
  output      logic                               error_valid_o,
  output      logic [LAYER_BITS-1:0]              error_layer_o,
  output      logic [ROW_BITS-1:0]                error_row_o,
  output      logic [ERROR_BITS-1:0]              error_value_o,
  output      logic                               write_valid_o,
  output      logic [LAYER_BITS-1:0]              write_layer_o,
  output      logic [GROUP_BITS-1:0]              write_group_o,
  output      logic [COLUMN_BITS-1:0]             write_column_o,
  output      logic [2*LANES-1:0]                 write_mask_o,
  output      logic [2*LANES*WEIGHT_BITS-1:0]     write_weight_o
);
  if (TRACE) begin : g_trace
    grapes_delay #(
      .BITS(1),
      .CYCLES(5)
    ) step_delay (
      .clk_i,
      .rst_i,
      .value_i(step_i),
      .value_o(step_o)
    );
    assign activation_valid_o = activation_valid_i;
    assign activation_layer_o = drained_layer_i;
    assign activation_row_o = drained_row_i;
    assign activation_value_o = activation_i;
    assign logit_valid_o = logit_valid_i;
    assign logit_row_o = drained_row_i;
    assign logit_value_o = logit_i;
    grapes_delay #(
      .BITS(LAYER_BITS + ROW_BITS),
      .CYCLES(FACTOR_STAGES)
    ) neuron_delay (
      .clk_i,
      .rst_i,
      .value_i({drained_layer_i, drained_row_i}),
      .value_o({factor_layer_o, factor_row_o})
    );
    grapes_delay #(
      .BITS(STRENGTH_BITS),
      .CYCLES(DIVIDE_STAGES)
    ) strength_delay (
      .clk_i,
      .rst_i,
      .value_i(divided_strength_i),
      .value_o(factor_strength_o)
    );
    assign factor_valid_o = factor_valid_i;
    assign factor_value_o = factor_i;
    assign probability_valid_o = probability_valid_i;
    assign probability_row_o = error_row_i;
    assign probability_value_o = probability_i;
    assign error_valid_o = error_valid_i;
    assign error_layer_o = error_layer_i;
    assign error_row_o = error_row_i;
    assign error_value_o = error_i;
    grapes_delay #(
      .BITS(COLUMN_BITS),
      .CYCLES(3)
    ) column_delay (
      .clk_i,
      .rst_i,
      .value_i(column_s1_i),
      .value_o(write_column_o)
    );
    assign write_valid_o = write_s4_i;
    assign write_layer_o = layer_s4_i;
    assign write_group_o = group_s4_i;
    assign write_mask_o = erring_s4_i;
    assign write_weight_o = new_words_s4_i;
  end else begin : g_no_trace
    assign step_o = 1'b0;
    assign {activation_valid_o, activation_layer_o, activation_row_o, activation_value_o} = '0;
    assign {logit_valid_o, logit_row_o, logit_value_o} = '0;
    assign {factor_valid_o, factor_layer_o, factor_row_o, factor_value_o, factor_strength_o} = '0;
    assign {probability_valid_o, probability_row_o, probability_value_o} = '0;
    assign {error_valid_o, error_layer_o, error_row_o, error_value_o} = '0;
    assign {write_valid_o, write_layer_o, write_group_o, write_column_o, write_mask_o, write_weight_o} = '0;
    wire unused = ^{clk_i, rst_i, step_i, activation_valid_i, logit_valid_i, drained_layer_i, drained_row_i, activation_i,
                    logit_i, factor_valid_i, factor_i, divided_strength_i, probability_valid_i, probability_i, error_valid_i,
                    error_layer_i, error_row_i, error_i, column_s1_i, write_s4_i, layer_s4_i, group_s4_i, erring_s4_i,
                    new_words_s4_i};
  end
endmodule

`default_nettype wire
