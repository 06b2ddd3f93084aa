// The output layer: takes the logits as the drain gives them, streams them out as the result, and for a training step
// makes the exponentials and their sum, shows them to the divider, a row a cycle, and makes errors of the quotients.
// ready_o comes with the last error: an operation issued in the next cycle sees them and the list of their groups.

`default_nettype none

module grapes_softmax #(
  parameter int CLASSES = 10,
  parameter int LABEL_BITS = 4,
  parameter int LANES = 32,
  parameter int LANE_BITS = 5,
  parameter int GROUPS = 1,
  parameter int GROUP_BITS = 1,
  parameter bit SPREAD = 1'b1,
  parameter int SUM_BITS = 20,
  parameter int ERROR_BITS = 8,
  // fraction bits of the errors
  parameter int FRAC = 7,
  // from a logit to its exponential
  parameter int EXP_STAGES = 3,
  // from a dividend to its quotient
  parameter int DIVIDE_STAGES = 6
) (
  input  wire logic                  clk_i,
  input  wire logic                  rst_i,
  input  wire logic                  train_i,
  input  wire logic [LABEL_BITS-1:0] label_i,
  // the logits, row 0 first
  input  wire logic                  logit_valid_i,
  input  wire logic                  logit_last_i,
  input  wire logic signed [15:0]    logit_i,
  // exponentials to divide by their sum, and floor(exp * 2^(FRAC+1) / sum)
  output      logic                  divide_o,
  output      logic [15:0]           exp_o,
  output      logic [SUM_BITS-1:0]   sum_o,
  input  wire logic [FRAC+1:0]       quotient_i,
  // an error, and where its row lives
  output      logic                  error_valid_o,
  output      logic [LABEL_BITS-1:0] error_row_o,
  output      logic [LANE_BITS-1:0]  error_lane_o,
  output      logic                  error_half_o,
  output      logic [GROUP_BITS-1:0] error_group_o,
  output      logic [ERROR_BITS-1:0] error_o,
  output      logic                  saturated_o,
  output      logic [FRAC+1:0]       probability_o,
  output      logic                  ready_o,
  // the result
  output      logic                  result_busy_o,
  output      logic                  result_valid_o,
  input  wire logic                  result_ready_i,
  output      logic [LABEL_BITS-1:0] result_prediction_o,
  output      logic [15:0]           result_logit_o,
  output      logic                  result_last_o
);
  localparam logic [LABEL_BITS-1:0] LAST_ROW = LABEL_BITS'(CLASSES - 1);
  localparam logic [LANE_BITS-1:0] LAST_LANE = LANE_BITS'(LANES - 1);
  localparam logic [GROUP_BITS-1:0] LAST_GROUP = GROUP_BITS'(GROUPS - 1);

  // ---- logits and their maximum

  logic [LABEL_BITS-1:0] row_q;
  logic signed [15:0] maximum_q;
  logic [LABEL_BITS-1:0] prediction_q;
  wire larger = row_q == '0 || logit_i > maximum_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) row_q <= '0;
    else if (logit_valid_i) row_q <= logit_last_i ? '0 : row_q + 1'b1;
    if (logit_valid_i && larger) begin
      maximum_q <= logit_i;
      prediction_q <= row_q;
    end
  end

  logic [LABEL_BITS-1:0] exp_row_q;
  wire [15:0] exp_logit;
  grapes_slots #(
    .DEPTH(CLASSES),
    .BITS(16),
    .ADDRESS_BITS(LABEL_BITS)
  ) logits (
    .clk_i,
    .read_address_i(exp_row_q),
    .read_data_o(exp_logit),
    .write_i(logit_valid_i),
    .write_address_i(row_q),
    .write_data_i(logit_i)
  );

  // ---- exponentials, their sum, and the divisions

  localparam logic [1:0] IDLE = 2'd0;
  localparam logic [1:0] EXP = 2'd1;
  localparam logic [1:0] FLUSH = 2'd2;
  localparam logic [1:0] DIVIDE = 2'd3;

  // an exponential is made, the last one
  wire made, made_last;

  logic [1:0] state_q;
  wire row_last = exp_row_q == LAST_ROW;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= IDLE;
      exp_row_q <= '0;
    end else begin
      case (state_q)
        IDLE: if (logit_valid_i && logit_last_i && train_i) state_q <= EXP;
        EXP: if (row_last) state_q <= FLUSH;
        FLUSH: if (made_last) state_q <= DIVIDE;
        default: if (row_last) state_q <= IDLE;
      endcase
      if (state_q == EXP || state_q == DIVIDE) exp_row_q <= row_last ? '0 : exp_row_q + 1'b1;
    end
  end

  wire [15:0] exp_value;
  grapes_exp exponential (
    .clk_i,
    .distance_i(16'(17'(maximum_q) - 17'($signed(exp_logit)))),
    .value_o(exp_value)
  );

  wire [LABEL_BITS-1:0] made_row;
  grapes_delay #(
    .BITS(2 + LABEL_BITS),
    .CYCLES(EXP_STAGES)
  ) exp_pipeline (
    .clk_i,
    .rst_i,
    .value_i({state_q == EXP, state_q == EXP && row_last, exp_row_q}),
    .value_o({made, made_last, made_row})
  );

  logic [SUM_BITS-1:0] sum_q;
  always_ff @(posedge clk_i) if (made) sum_q <= (made_row == '0 ? '0 : sum_q) + SUM_BITS'(exp_value);
  assign sum_o = sum_q;

  grapes_slots #(
    .DEPTH(CLASSES),
    .BITS(16),
    .ADDRESS_BITS(LABEL_BITS)
  ) exponentials (
    .clk_i,
    .read_address_i(exp_row_q),
    .read_data_o(exp_o),
    .write_i(made),
    .write_address_i(made_row),
    .write_data_i(exp_value)
  );
  assign divide_o = state_q == DIVIDE;

  // ---- from quotients to errors

  wire divided, divided_last;
  wire [LABEL_BITS-1:0] divided_row;
  grapes_delay #(
    .BITS(2 + LABEL_BITS),
    .CYCLES(DIVIDE_STAGES)
  ) divide_pipeline (
    .clk_i,
    .rst_i,
    .value_i({divide_o, divide_o && row_last, exp_row_q}),
    .value_o({divided, divided_last, divided_row})
  );

  // The quotient has one bit more than needed, to round by. A label beyond the classes has no row.
  wire [FRAC+1:0] probability = (FRAC + 2)'(((FRAC + 3)'(quotient_i) + 1'b1) >> 1);
  wire signed [FRAC+2:0] target = divided_row == label_i ? (FRAC + 3)'(1) <<< FRAC : '0;
  wire signed [FRAC+2:0] deviation = $signed({1'b0, probability}) - target;
  wire [ERROR_BITS-1:0] error;
  wire saturated;
  grapes_requantise #(
    .IN_BITS(FRAC + 3),
    .OUT_BITS(ERROR_BITS)
  ) saturate (
    .value_i(deviation),
    .shift_i(1'b0),
    .value_o(error),
    .saturated_o(saturated)
  );
  always_ff @(posedge clk_i) begin
    error_valid_o <= divided && !rst_i;
    ready_o <= divided_last && !rst_i;
    error_row_o <= divided_row;
    error_o <= error;
    saturated_o <= saturated;
    probability_o <= probability;
  end

  // ---- where the rows live, in their order

  logic [LANE_BITS-1:0] lane_q;
  logic half_q;
  logic [GROUP_BITS-1:0] group_q;
  wire half_last = half_q || (SPREAD && group_q == LAST_GROUP);
  wire lane_last = lane_q == LAST_LANE;
  always_ff @(posedge clk_i) begin
    if (rst_i || ready_o) begin
      lane_q <= '0;
      half_q <= 1'b0;
      group_q <= '0;
    end else if (error_valid_o) begin
      half_q <= !half_last;
      if (half_last) lane_q <= lane_last ? '0 : lane_q + 1'b1;
      if (half_last && lane_last) group_q <= group_q + 1'b1;
    end
  end
  assign error_lane_o = lane_q;
  assign error_half_o = half_q;
  assign error_group_o = group_q;

  // ---- the result, from a copy of its own so that the next sample's logits may come meanwhile

  logic result_q;
  logic [LABEL_BITS-1:0] result_row_q;
  logic [LABEL_BITS-1:0] result_prediction_q;
  wire result_last = result_row_q == LAST_ROW;
  grapes_slots #(
    .DEPTH(CLASSES),
    .BITS(16),
    .ADDRESS_BITS(LABEL_BITS)
  ) result_logits (
    .clk_i,
    .read_address_i(result_row_q),
    .read_data_o(result_logit_o),
    .write_i(logit_valid_i),
    .write_address_i(row_q),
    .write_data_i(logit_i)
  );
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      result_q <= 1'b0;
      result_row_q <= '0;
    end else if (logit_valid_i && logit_last_i) begin
      result_q <= 1'b1;
    end else if (result_q && result_ready_i) begin
      result_row_q <= result_last ? '0 : result_row_q + 1'b1;
      result_q <= !result_last;
    end
    if (logit_valid_i && logit_last_i) result_prediction_q <= larger ? row_q : prediction_q;
  end
  assign result_busy_o = result_q;
  assign result_valid_o = result_q;
  assign result_prediction_o = result_prediction_q;
  assign result_last_o = result_last;

  // ---- contract

  grapes_rule #(
    .RULE("grapes_softmax: logits come when the result before is taken")
  ) result_taken (
    .clk_i,
    .rst_i,
    .holds_i(!(logit_valid_i && result_q))
  );
endmodule

`default_nettype wire
