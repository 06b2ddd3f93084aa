// The output layer: takes the logits as the drain gives them, streams them out as the result, and for a training step
// makes the exponentials, their sum and the divisions that give probabilities and errors in the lanes.
// ready_o comes with the last division: an operation issued two cycles later sees the errors and the list of their groups.

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
  // from a logit to its exponential in a lane
  parameter int EXP_STAGES = 2,
  parameter int STEPS = 9,
  parameter int STEP_BITS = 4
) (
  input  wire logic                  clk_i,
  input  wire logic                  rst_i,
  input  wire logic                  train_i,
  input  wire logic [LABEL_BITS-1:0] label_i,
  // the logits, row 0 first
  input  wire logic                  logit_valid_i,
  input  wire logic                  logit_last_i,
  input  wire logic signed [15:0]    logit_i,
  // the factors must be done before the dividers are free
  input  wire logic                  factors_done_i,
  output      logic                  ready_o,
  // exponentials to the lanes
  output      logic                  exp_write_o,
  output      logic [LANE_BITS-1:0]  exp_lane_o,
  output      logic                  exp_half_o,
  output      logic [15:0]           exp_o,
  // the divisions
  output      logic                  active_o,
  // the group written to or divided
  output      logic [GROUP_BITS-1:0] group_o,
  output      logic                  half_o,
  output      logic                  divide_start_o,
  output      logic                  divide_step_o,
  output      logic                  divide_done_o,
  output      logic [SUM_BITS-1:0]   sum_o,
  // the label's row is among those divided, in this lane
  output      logic                  target_o,
  output      logic [LANE_BITS-1:0]  target_lane_o,
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

  // ---- exponentials

  localparam logic [1:0] IDLE = 2'd0;
  localparam logic [1:0] EXP = 2'd1;
  localparam logic [1:0] FLUSH = 2'd2;
  localparam logic [1:0] DIVIDE = 2'd3;

  logic [1:0] state_q;
  logic [LANE_BITS-1:0] lane_q;
  logic half_q;
  logic [GROUP_BITS-1:0] group_q;
  logic [STEP_BITS-1:0] step_q;

  wire exp_valid = state_q == EXP;
  wire exp_last = exp_row_q == LAST_ROW;
  wire group_last = group_q == LAST_GROUP;
  wire spread = SPREAD && group_last;

  wire [15:0] exp_value;
  grapes_exp exponential (
    .clk_i,
    .distance_i(16'(17'(maximum_q) - 17'($signed(exp_logit)))),
    .value_o(exp_value)
  );

  wire made;
  wire made_first;
  wire made_last;
  wire [GROUP_BITS-1:0] made_group;
  grapes_delay #(
    .BITS(3 + LANE_BITS + 1 + GROUP_BITS),
    .CYCLES(EXP_STAGES)
  ) exp_pipeline (
    .clk_i,
    .rst_i,
    .value_i({exp_valid, exp_row_q == '0, exp_last && exp_valid, lane_q, half_q, group_q}),
    .value_o({made, made_first, made_last, exp_lane_o, exp_half_o, made_group})
  );
  assign exp_write_o = made && state_q != IDLE;
  assign exp_o = exp_value;

  logic [SUM_BITS-1:0] sum_q;
  always_ff @(posedge clk_i) if (exp_write_o) sum_q <= (made_first ? '0 : sum_q) + SUM_BITS'(exp_value);
  assign sum_o = sum_q;

  // A label beyond the classes has no row.
  logic target_q;
  logic [LANE_BITS-1:0] target_lane_q;
  logic target_half_q;
  logic [GROUP_BITS-1:0] target_group_q;
  always_ff @(posedge clk_i) begin
    if (state_q == IDLE) target_q <= 1'b0;
    if (exp_valid && exp_row_q == label_i) begin
      target_q <= 1'b1;
      target_lane_q <= lane_q;
      target_half_q <= half_q;
      target_group_q <= group_q;
    end
  end

  // ---- divisions, and where rows live in the lanes

  wire divided = step_q == STEP_BITS'(STEPS);
  wire half_last = half_q || spread;
  wire round_last = half_last && group_last;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= IDLE;
      exp_row_q <= '0;
      step_q <= '0;
      lane_q <= '0;
      half_q <= 1'b0;
      group_q <= '0;
    end else begin
      case (state_q)
        IDLE: if (logit_valid_i && logit_last_i && train_i) state_q <= EXP;
        EXP: begin
          exp_row_q <= exp_last ? '0 : exp_row_q + 1'b1;
          if (exp_last) begin
            lane_q <= '0;
            half_q <= 1'b0;
            group_q <= '0;
            state_q <= FLUSH;
          end else if (half_last) begin
            half_q <= 1'b0;
            lane_q <= lane_q == LAST_LANE ? '0 : lane_q + 1'b1;
            if (lane_q == LAST_LANE) group_q <= group_q + 1'b1;
          end else begin
            half_q <= 1'b1;
          end
        end
        FLUSH: if (made_last) state_q <= DIVIDE;
        default: begin
          if (active_o) step_q <= divided ? '0 : step_q + 1'b1;
          if (active_o && divided) begin
            half_q <= !half_last;
            if (half_last) group_q <= group_last ? '0 : group_q + 1'b1;
            if (round_last) state_q <= IDLE;
          end
        end
      endcase
    end
  end

  assign active_o = state_q == DIVIDE && factors_done_i;
  assign group_o = state_q == DIVIDE ? group_q : made_group;
  assign half_o = half_q;
  assign divide_start_o = active_o && step_q == '0;
  assign divide_step_o = active_o && !divided;
  assign divide_done_o = active_o && divided;
  assign ready_o = divide_done_o && round_last;
  assign target_o = target_q && target_group_q == group_q && target_half_q == half_q;
  assign target_lane_o = target_lane_q;

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
