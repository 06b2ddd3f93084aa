// The lanes' dividers and strengths in turn: the factors of a step are made behind its forward pass, the softmax's
// probabilities after it, and strengths are read for the memory port while neither goes on. The lanes hear of it a
// cycle after it is asked for.

`default_nettype none

module grapes_divisions #(
  parameter int LAYERS = 3,
  parameter int LANES = 32,
  parameter int CLASSES = 10,
  parameter int LAYER_BITS = 2,
  parameter int LANE_BITS = 5,
  parameter int LABEL_BITS = 4,
  parameter int GROUP_BITS = 2,
  parameter int ROWS_BITS = 7,
  parameter int SLOT_BITS = 4,
  parameter int HIDDEN_SLOT_BITS = 3,
  parameter int OUTPUT_SLOTS = 1,
  parameter int OUTPUT_SLOT_BITS = 1,
  parameter int OUTPUT_SPREAD = 1,
  parameter int STRENGTH_BITS = 17,
  parameter int EXP_SUM_BITS = 20,
  parameter int NUMERATOR_BITS = 20,
  parameter int STEP_BITS = 4,
  parameter int FACTOR_STEPS = 9,
  parameter int SOFTMAX_STEPS = 9,
  parameter int SCAN_LANES = 8,
  parameter int SCAN_STAGES = 4,
  parameter int EXP_STAGES = 2,
  parameter bit GRAPES = 1'b1,
  // tables, layer 0 in the low bits
  parameter logic [LAYERS*GROUP_BITS-1:0] LAST_GROUPS = '0,
  parameter logic [LAYERS*ROWS_BITS-1:0] LAST_ROWS = '0,
  parameter logic [LAYERS-1:0] SPREADS = '0,
  parameter logic [LAYERS*SLOT_BITS-1:0] SLOT_BASES = '0
) (
  input  wire logic                           clk_i,
  input  wire logic                           rst_i,
  // a step has begun; strengths are still moving
  input  wire logic                           begun_i,
  input  wire logic                           updates_any_i,
  output      logic                           factors_done_o,
  // the sample whose logits come next is known
  input  wire logic                           answers_s0_i,
  input  wire logic                           train_i,
  input  wire logic [LABEL_BITS-1:0]          label_i,
  input  wire logic                           logit_made_i,
  input  wire logic                           logit_valid_i,
  input  wire logic                           logit_last_i,
  input  wire logic [15:0]                    logit_i,
  // an operation issued in the next cycle sees the output layer's errors
  output      logic                           softmax_ready_o,
  // the result
  output      logic                           result_busy_o,
  output      logic                           result_valid_o,
  input  wire logic                           result_ready_i,
  output      logic [LABEL_BITS-1:0]          result_prediction_o,
  output      logic [15:0]                    result_logit_o,
  output      logic                           result_last_o,
  // strengths: the slot that the lanes read, for an update in s5, for the factors, or for the memory port
  input  wire logic                           strength_s4_i,
  input  wire logic [SLOT_BITS-1:0]           slot_s4_i,
  input  wire logic [LANE_BITS-1:0]           access_lane_i,
  input  wire logic                           access_half_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0]    access_slot_i,
  output      logic [STRENGTH_BITS-1:0]       access_strength_o,
  output      logic [HIDDEN_SLOT_BITS-1:0]    strength_slot_o,
  input  wire logic [LANES*STRENGTH_BITS-1:0] strengths0_i,
  input  wire logic [LANES*STRENGTH_BITS-1:0] strengths1_i,
  // exponentials to the lanes
  output      logic                           exp_write_o,
  output      logic [LANE_BITS-1:0]           exp_lane_o,
  output      logic                           exp_half_o,
  output      logic [OUTPUT_SLOT_BITS-1:0]    exp_slot_o,
  output      logic [15:0]                    exp_o,
  // a division in all lanes
  output      logic                           divide_softmax_o,
  output      logic                           divide_start_o,
  output      logic                           divide_step_o,
  output      logic                           divide_done_o,
  output      logic [LAYER_BITS-1:0]          divide_layer_o,
  output      logic [GROUP_BITS-1:0]          divide_group_o,
  output      logic                           divide_half_o,
  output      logic [SLOT_BITS-1:0]           divide_slot_o,
  output      logic [LANES-1:0]               divide_exists_o,
  output      logic [NUMERATOR_BITS-1:0]      denominator_o,
  output      logic                           target_o,
  output      logic [LANE_BITS-1:0]           target_lane_o,
  // probabilities whose errors saturate
  input  wire logic [LANES-1:0]               divide_saturated_i,
  output      logic [LANE_BITS:0]             saturated_o
);
  localparam logic [LAYER_BITS-1:0] TOP = LAYER_BITS'(LAYERS - 1);
  localparam logic [ROWS_BITS-1:0] ALL_ROWS = ROWS_BITS'(2 * LANES);

  wire [GROUP_BITS-1:0] last_group[LAYERS];
  wire [ROWS_BITS-1:0] last_rows[LAYERS];
  wire [SLOT_BITS-1:0] first_slot[LAYERS];
  for (genvar l = 0; l < LAYERS; l++) begin : g_layer
    assign last_group[l] = LAST_GROUPS[l*GROUP_BITS+:GROUP_BITS];
    assign last_rows[l] = LAST_ROWS[l*ROWS_BITS+:ROWS_BITS];
    assign first_slot[l] = SLOT_BASES[l*SLOT_BITS+:SLOT_BITS];
  end

  // ---- softmax

  // The next sample may be in the lanes before an inference's logits are out.
  logic train_q;
  logic [LABEL_BITS-1:0] label_q;
  always_ff @(posedge clk_i) begin
    if (answers_s0_i) begin
      train_q <= train_i;
      label_q <= label_i;
    end
  end

  wire softmax_active, softmax_half, softmax_start, softmax_step, softmax_done, softmax_last;
  wire [GROUP_BITS-1:0] softmax_group;
  wire softmax_exp, softmax_exp_half, softmax_target;
  wire [LANE_BITS-1:0] softmax_exp_lane;
  wire [15:0] softmax_exp_value;
  wire [EXP_SUM_BITS-1:0] exp_sum;
  wire result_pending;
  grapes_softmax #(
    .CLASSES(CLASSES),
    .LABEL_BITS(LABEL_BITS),
    .LANES(LANES),
    .LANE_BITS(LANE_BITS),
    .GROUPS(OUTPUT_SLOTS),
    .GROUP_BITS(GROUP_BITS),
    .SPREAD(OUTPUT_SPREAD == 1),
    .SUM_BITS(EXP_SUM_BITS),
    .EXP_STAGES(EXP_STAGES),
    .STEPS(SOFTMAX_STEPS),
    .STEP_BITS(STEP_BITS)
  ) softmax (
    .clk_i,
    .rst_i,
    .train_i(train_q),
    .label_i(label_q),
    .logit_valid_i,
    .logit_last_i,
    .logit_i,
    .factors_done_i(factors_done_o),
    .ready_o(softmax_last),
    .exp_write_o(softmax_exp),
    .exp_lane_o(softmax_exp_lane),
    .exp_half_o(softmax_exp_half),
    .exp_o(softmax_exp_value),
    .active_o(softmax_active),
    .group_o(softmax_group),
    .half_o(softmax_half),
    .divide_start_o(softmax_start),
    .divide_step_o(softmax_step),
    .divide_done_o(softmax_done),
    .sum_o(exp_sum),
    .target_o(softmax_target),
    .target_lane_o,
    .result_busy_o(result_pending),
    .result_valid_o,
    .result_ready_i,
    .result_prediction_o,
    .result_logit_o,
    .result_last_o
  );
  assign result_busy_o = result_pending || logit_valid_i || logit_made_i;

  // ---- factors

  wire [LAYER_BITS-1:0] factors_layer;
  wire [GROUP_BITS-1:0] factors_group;
  wire factors_active, factors_half, factors_start, factors_step, factors_divided;
  localparam int SCAN_BITS = SCAN_LANES > 1 ? $clog2(SCAN_LANES) : 1;
  wire [SCAN_BITS-1:0] factors_lane;
  wire [STRENGTH_BITS-1:0] largest;
  if (GRAPES) begin : g_factors
    // Of every SCAN_LANES lanes one strength is shown: to the scan for the largest, or to the memory port.
    localparam int SCANS = (LANES + SCAN_LANES - 1) / SCAN_LANES;
    localparam int SCANS_BITS = SCANS > 1 ? $clog2(SCANS) : 1;
    logic [SCAN_BITS-1:0] shown_lane;
    always_ff @(posedge clk_i) begin
      shown_lane <= factors_active ? factors_lane : SCAN_BITS'(access_lane_i);
    end
    wire [STRENGTH_BITS-1:0] shown[SCANS];
    logic [SCANS*STRENGTH_BITS-1:0] shown_q;
    for (genvar s = 0; s < SCANS; s++) begin : g_shown
      wire [STRENGTH_BITS-1:0] strength[2**SCAN_BITS];
      for (genvar i = 0; i < 2 ** SCAN_BITS; i++) begin : g_strength
        localparam int P = s * SCAN_LANES + i;
        if (i < SCAN_LANES && P < LANES) begin : g_lane
          assign strength[i] = divide_half_o ? strengths1_i[P*STRENGTH_BITS+:STRENGTH_BITS]
                             : strengths0_i[P*STRENGTH_BITS+:STRENGTH_BITS];
        end else begin : g_none
          assign strength[i] = '0;
        end
      end
      assign shown[s] = strength[shown_lane];
      always_ff @(posedge clk_i) shown_q[s*STRENGTH_BITS+:STRENGTH_BITS] <= shown[s];
    end
    assign access_strength_o = shown[SCANS_BITS'(32'(access_lane_i) / SCAN_LANES)];

    wire [STRENGTH_BITS-1:0] maximum;
    grapes_max_tree #(
      .LANES(SCANS),
      .BITS(STRENGTH_BITS)
    ) tree (
      .clk_i,
      .values_i(shown_q),
      .maximum_o(maximum)
    );
    grapes_factors #(
      .LAYERS(LAYERS),
      .LAYER_BITS(LAYER_BITS),
      .GROUP_BITS(GROUP_BITS),
      .STRENGTH_BITS(STRENGTH_BITS),
      .SCAN_LANES(SCAN_LANES),
      .SCAN_BITS(SCAN_BITS),
      .LATENCY(SCAN_STAGES),
      .STEPS(FACTOR_STEPS),
      .STEP_BITS(STEP_BITS)
    ) factors (
      .clk_i,
      .rst_i,
      .start_i(begun_i),
      .updates_i(updates_any_i),
      .done_o(factors_done_o),
      .layer_o(factors_layer),
      .last_group_i(last_group[factors_layer]),
      .spread_i(SPREADS[factors_layer]),
      .maximum_i(maximum),
      .active_o(factors_active),
      .group_o(factors_group),
      .half_o(factors_half),
      .lane_o(factors_lane),
      .divide_start_o(factors_start),
      .divide_step_o(factors_step),
      .divide_done_o(factors_divided),
      .largest_o(largest)
    );
  end else begin : g_no_factors
    assign factors_done_o = 1'b1;
    assign {factors_layer, factors_group, factors_lane, largest} = '0;
    assign access_strength_o = '0;
    assign {factors_active, factors_half, factors_start, factors_step, factors_divided} = '0;
    wire unused = ^{strengths0_i, strengths1_i, updates_any_i, begun_i, access_lane_i, factors_lane};
  end

  // ---- what the lanes are asked for

  wire [LAYER_BITS-1:0] asked_layer = softmax_active ? TOP : factors_layer;
  wire [GROUP_BITS-1:0] asked_group = softmax_active ? softmax_group : factors_group;
  wire [SLOT_BITS-1:0] asked_slot = first_slot[asked_layer] + SLOT_BITS'(asked_group);
  wire asked_half = softmax_active ? softmax_half : factors_active ? factors_half : access_half_i;
  wire asked_last_group = asked_group == last_group[asked_layer];
  wire [2*LANES-1:0] asked_exists;
  grapes_rows #(
    .LANES(LANES),
    .ROWS_BITS(ROWS_BITS)
  ) rows (
    .rows_i(asked_last_group ? last_rows[asked_layer] : ALL_ROWS),
    .spread_i(asked_last_group && SPREADS[asked_layer]),
    .exists_o(asked_exists)
  );
  // its upper bits are for the output layer, which has no strengths
  wire unused_slot = ^slot_s4_i;
  always_ff @(posedge clk_i) begin
    divide_softmax_o <= softmax_active;
    divide_start_o <= (softmax_active ? softmax_start : factors_start) && !rst_i;
    divide_step_o <= (softmax_active ? softmax_step : factors_step) && !rst_i;
    divide_done_o <= (softmax_active ? softmax_done : factors_divided) && !rst_i;
    divide_layer_o <= asked_layer;
    divide_group_o <= asked_group;
    divide_half_o <= asked_half;
    divide_slot_o <= asked_slot;
    for (int p = 0; p < LANES; p++) divide_exists_o[p] <= asked_half ? asked_exists[2*p+1] : asked_exists[2*p];
    denominator_o <= softmax_active ? NUMERATOR_BITS'(exp_sum) : NUMERATOR_BITS'(largest);
    target_o <= softmax_target;
    softmax_ready_o <= softmax_last && !rst_i;
    exp_write_o <= softmax_exp && !rst_i;
    exp_lane_o <= softmax_exp_lane;
    exp_half_o <= softmax_exp_half;
    exp_slot_o <= OUTPUT_SLOT_BITS'(softmax_group);
    exp_o <= softmax_exp_value;
    strength_slot_o <= strength_s4_i ? HIDDEN_SLOT_BITS'(slot_s4_i)
                     : factors_active ? HIDDEN_SLOT_BITS'(asked_slot) : access_slot_i;
  end

  always_comb begin
    saturated_o = '0;
    for (int p = 0; p < LANES; p++) begin
      saturated_o = saturated_o
        + (LANE_BITS + 1)'(divide_done_o && divide_softmax_o && divide_exists_o[p] && divide_saturated_i[p]);
    end
  end
endmodule

`default_nettype wire
