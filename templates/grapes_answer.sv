// The output layer of a network in time: takes the logits, gives them to the host as the result, and for a training step
// makes the exponentials, their sum, and of each quotient the error of a class. A class a cycle.
// The divider is asked with numerator_o; its quotient comes DIVIDE_STAGES cycles later.

`default_nettype none

module grapes_answer #(
  parameter int CLASSES = 10,
  parameter int LABEL_BITS = 4,
  parameter int LANES = 32,
  parameter int GROUPS = 1,
  parameter int GROUP_BITS = 1,
  parameter bit SPREAD = 1'b1,
  parameter int SUM_BITS = 20,
  parameter int ERROR_BITS = 8,
  parameter int TARGET_FRAC = 7,
  parameter int EXP_STAGES = 3,
  parameter int DIVIDE_BITS = 9,
  parameter int DIVIDE_STAGES = 5,
  localparam int GROUP_ROW_BITS = $clog2(2 * LANES)
) (
  input  wire logic                         clk_i,
  input  wire logic                         rst_i,
  input  wire logic                         begin_i,
  input  wire logic                         train_i,
  input  wire logic [LABEL_BITS-1:0]        label_i,
  // the logits, row 0 first
  input  wire logic                         logit_valid_i,
  input  wire logic                         logit_last_i,
  input  wire logic signed [15:0]           logit_i,
  // divisions
  output      logic                         divide_o,
  output      logic [15:0]                  numerator_o,
  output      logic [SUM_BITS-1:0]          denominator_o,
  input  wire logic [DIVIDE_BITS-1:0]   quotient_i,
  // an error, of row row_o of the output layer's group group_o
  output      logic                         valid_o,
  output      logic [GROUP_BITS-1:0]        group_o,
  output      logic [GROUP_ROW_BITS-1:0]    row_o,
  output      logic signed [ERROR_BITS-1:0] error_o,
  output      logic                         saturated_o,
  output      logic [TARGET_FRAC+1:0]       probability_o,
  // the errors of the sample in work are there
  output      logic                         ready_o,
  // the result
  output      logic                         result_busy_o,
  output      logic                         result_valid_o,
  input  wire logic                         result_ready_i,
  output      logic [LABEL_BITS-1:0]        result_prediction_o,
  output      logic [15:0]                  result_logit_o,
  output      logic                         result_last_o
);
  localparam logic [LABEL_BITS-1:0] LAST = LABEL_BITS'(CLASSES - 1);

  // ---- logits, their maximum, the result

  logic [LABEL_BITS-1:0] row_q;
  logic signed [15:0] maximum_q;
  logic [LABEL_BITS-1:0] prediction_q;
  wire larger = row_q == '0 || logit_i > maximum_q;
  wire complete = logit_valid_i && logit_last_i;
  always_ff @(posedge clk_i) begin
    if (rst_i) row_q <= '0;
    else if (logit_valid_i) row_q <= logit_last_i ? '0 : row_q + 1'b1;
    if (logit_valid_i && larger) begin
      maximum_q <= logit_i;
      prediction_q <= row_q;
    end
  end

  logic result_q;
  logic [LABEL_BITS-1:0] result_row_q;
  logic [LABEL_BITS-1:0] result_prediction_q;
  logic [LABEL_BITS-1:0] class_q;
  wire [15:0] class_logit;
  for (genvar r = 0; r < 2; r++) begin : g_logits
    wire [15:0] logit;
    grapes_slots #(
      .DEPTH(CLASSES),
      .BITS(16),
      .ADDRESS_BITS(LABEL_BITS)
    ) logits (
      .clk_i,
      .read_address_i(r == 0 ? result_row_q : class_q),
      .read_data_o(logit),
      .write_i(logit_valid_i),
      .write_address_i(row_q),
      .write_data_i(logit_i)
    );
  end
  assign result_logit_o = g_logits[0].logit;
  assign class_logit = g_logits[1].logit;

  wire result_last = result_row_q == LAST;
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      result_q <= 1'b0;
      result_row_q <= '0;
    end else if (complete) result_q <= 1'b1;
    else if (result_q && result_ready_i) begin
      result_row_q <= result_last ? '0 : result_row_q + 1'b1;
      result_q <= !result_last;
    end
    if (complete) result_prediction_q <= larger ? row_q : prediction_q;
  end
  assign result_busy_o = result_q;
  assign result_valid_o = result_q;
  assign result_prediction_o = result_prediction_q;
  assign result_last_o = result_last;

  // ---- exponentials, then a division for each

  localparam logic [1:0] IDLE = 2'd0;
  localparam logic [1:0] EXP = 2'd1;
  localparam logic [1:0] FLUSH = 2'd2;
  localparam logic [1:0] DIVIDE = 2'd3;
  logic [1:0] state_q;
  wire class_last = class_q == LAST;
  wire made, made_last;
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= IDLE;
      class_q <= '0;
    end else begin
      case (state_q)
        IDLE: if (complete && train_i) state_q <= EXP;
        EXP: if (class_last) state_q <= FLUSH;
        FLUSH: if (made_last) state_q <= DIVIDE;
        default: if (class_last) state_q <= IDLE;
      endcase
      if (state_q == EXP || state_q == DIVIDE) class_q <= class_last ? '0 : class_q + 1'b1;
    end
  end

  wire [15:0] exponential;
  grapes_exp exponentials (
    .clk_i,
    .distance_i(16'(17'(maximum_q) - 17'($signed(class_logit)))),
    .value_o(exponential)
  );
  wire [LABEL_BITS-1:0] made_class;
  grapes_delay #(
    .BITS(2 + LABEL_BITS),
    .CYCLES(EXP_STAGES)
  ) exp_delay (
    .clk_i,
    .rst_i,
    .value_i({state_q == EXP, state_q == EXP && class_last, class_q}),
    .value_o({made, made_last, made_class})
  );
  logic [SUM_BITS-1:0] sum_q;
  always_ff @(posedge clk_i) if (made) sum_q <= (made_class == '0 ? '0 : sum_q) + SUM_BITS'(exponential);
  grapes_slots #(
    .DEPTH(CLASSES),
    .BITS(16),
    .ADDRESS_BITS(LABEL_BITS)
  ) made_exponentials (
    .clk_i,
    .read_address_i(class_q),
    .read_data_o(numerator_o),
    .write_i(made),
    .write_address_i(made_class),
    .write_data_i(exponential)
  );
  assign denominator_o = sum_q;

  // ---- errors, rows in the order of the lanes

  wire divided, divided_last;
  wire [LABEL_BITS-1:0] divided_class;
  grapes_delay #(
    .BITS(2 + LABEL_BITS),
    .CYCLES(DIVIDE_STAGES)
  ) divide_delay (
    .clk_i,
    .rst_i,
    .value_i({state_q == DIVIDE, state_q == DIVIDE && class_last, class_q}),
    .value_o({divided, divided_last, divided_class})
  );
  logic dividing_q;
  always_ff @(posedge clk_i) begin
    if (rst_i || divided_last) dividing_q <= 1'b0;
    else if (state_q == DIVIDE) dividing_q <= 1'b1;
  end
  assign divide_o = state_q == DIVIDE || dividing_q;

  localparam int QUOTIENT_BITS = TARGET_FRAC + 2;
  wire [QUOTIENT_BITS-1:0] quotient = quotient_i[DIVIDE_BITS-1-:QUOTIENT_BITS];
  wire unused_quotient = ^quotient_i;
  wire [QUOTIENT_BITS-1:0] probability = QUOTIENT_BITS'(((QUOTIENT_BITS + 1)'(quotient) + 1'b1) >> 1);
  wire signed [QUOTIENT_BITS:0] target = divided_class == label_i ? (QUOTIENT_BITS + 1)'(1) <<< TARGET_FRAC : '0;
  wire signed [QUOTIENT_BITS:0] deviation = $signed({1'b0, probability}) - target;
  wire signed [ERROR_BITS-1:0] error;
  wire saturated;
  grapes_requantise #(
    .IN_BITS(QUOTIENT_BITS + 1),
    .OUT_BITS(ERROR_BITS)
  ) saturate (
    .value_i(deviation),
    .shift_i(1'b0),
    .value_o(error),
    .saturated_o(saturated)
  );

  logic [GROUP_BITS-1:0] group_q;
  logic [GROUP_ROW_BITS-1:0] row_in_group_q;
  wire spread = SPREAD && group_q == GROUP_BITS'(GROUPS - 1);
  wire group_over = row_in_group_q == GROUP_ROW_BITS'(2 * LANES - 1);
  always_ff @(posedge clk_i) begin
    if (rst_i || divided_last) begin
      group_q <= '0;
      row_in_group_q <= '0;
    end else if (divided) begin
      row_in_group_q <= group_over ? '0 : row_in_group_q + (spread ? GROUP_ROW_BITS'(2) : GROUP_ROW_BITS'(1));
      if (group_over) group_q <= group_q + 1'b1;
    end
  end

  logic last_q;
  always_ff @(posedge clk_i) begin
    valid_o <= divided && !rst_i;
    group_o <= group_q;
    row_o <= row_in_group_q;
    error_o <= error;
    saturated_o <= saturated && divided;
    probability_o <= probability;
    last_q <= divided_last && !rst_i;
    if (rst_i || begin_i) ready_o <= 1'b0;
    else if (last_q) ready_o <= 1'b1;
  end
endmodule

`default_nettype wire
