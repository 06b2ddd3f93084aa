// One divider in turn: the factor of a neuron is made as its activation is drained, of its strength and its layer's
// largest, and joins the neuron's list entry; the softmax's probabilities are made after the forward pass. Strengths are
// read for the largest, for a factor, or while neither goes on for the memory port. The lanes hear of it a cycle later.

`default_nettype none

module grapes_divisions #(
  parameter int LAYERS = 3,
  parameter int LANES = 32,
  parameter int CLASSES = 10,
  parameter int LAYER_BITS = 2,
  parameter int LANE_BITS = 5,
  parameter int LABEL_BITS = 4,
  parameter int GROUP_BITS = 2,
  parameter int SLOT_BITS = 4,
  parameter int HIDDEN_SLOT_BITS = 3,
  parameter int OUTPUT_SLOTS = 1,
  parameter int OUTPUT_SPREAD = 1,
  parameter int ERROR_BITS = 8,
  parameter int STRENGTH_BITS = 17,
  parameter int EXP_SUM_BITS = 20,
  parameter int DIVIDE_BITS = 9,
  parameter int FACTOR_FRAC = 7,
  parameter int FACTOR_LOW = 128,
  parameter int TARGET_FRAC = 7,
  parameter int SCAN_LANES = 4,
  parameter int SCAN_STAGES = 4,
  parameter int EXP_STAGES = 3,
  parameter int DIVIDE_STAGES = 5,
  parameter bit GRAPES = 1'b1,
  // tables, layer 0 in the low bits
  parameter logic [LAYERS*GROUP_BITS-1:0] LAST_GROUPS = '0,
  parameter logic [LAYERS-1:0] SPREADS = '0,
  parameter logic [LAYERS*SLOT_BITS-1:0] SLOT_BASES = '0,
  localparam int FACTOR_BITS = FACTOR_FRAC + 2,
  localparam int PROBABILITY_BITS = TARGET_FRAC + 2
) (
  input  wire logic                           clk_i,
  input  wire logic                           rst_i,
  // a step has begun; strengths are still moving
  input  wire logic                           begun_i,
  input  wire logic                           updates_any_i,
  output      logic                           scanning_o,
  // the hidden layers whose factors can be made
  output      logic [LAYERS-1:0]              known_o,
  // a hidden activation is drained
  input  wire logic                           drained_i,
  input  wire logic [LAYER_BITS-1:0]          drained_layer_i,
  input  wire logic [SLOT_BITS-1:0]           drained_slot_i,
  input  wire logic [LANE_BITS-1:0]           drained_lane_i,
  input  wire logic                           drained_half_i,
  // its factor, some cycles later; the strength that it is made of comes before it, with divide_strength_o
  output      logic                           factor_valid_o,
  output      logic [LAYER_BITS-1:0]          factor_layer_o,
  output      logic [FACTOR_BITS-1:0]         factor_o,
  output      logic [STRENGTH_BITS-1:0]       divided_strength_o,
  // the sample whose logits come next is known
  input  wire logic                           answers_s0_i,
  input  wire logic                           train_i,
  input  wire logic [LABEL_BITS-1:0]          label_i,
  input  wire logic                           logit_made_i,
  input  wire logic                           logit_valid_i,
  input  wire logic                           logit_last_i,
  input  wire logic [15:0]                    logit_i,
  // an error of the output layer
  output      logic                           error_valid_o,
  output      logic [LABEL_BITS-1:0]          error_row_o,
  output      logic [LANE_BITS-1:0]           error_lane_o,
  output      logic                           error_half_o,
  output      logic [SLOT_BITS-1:0]           error_slot_o,
  output      logic [ERROR_BITS-1:0]          error_o,
  output      logic                           error_saturated_o,
  output      logic [PROBABILITY_BITS-1:0]    probability_o,
  // an operation issued in the next cycle sees the output layer's errors
  output      logic                           softmax_ready_o,
  // the result
  output      logic                           result_busy_o,
  output      logic                           result_valid_o,
  input  wire logic                           result_ready_i,
  output      logic [LABEL_BITS-1:0]          result_prediction_o,
  output      logic [15:0]                    result_logit_o,
  output      logic                           result_last_o,
  // strengths: the slot that the lanes read, for an update in s5 or for one of these
  input  wire logic                           strength_s4_i,
  input  wire logic [SLOT_BITS-1:0]           slot_s4_i,
  input  wire logic [LANE_BITS-1:0]           access_lane_i,
  input  wire logic                           access_half_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0]    access_slot_i,
  output      logic [STRENGTH_BITS-1:0]       access_strength_o,
  output      logic [HIDDEN_SLOT_BITS-1:0]    strength_slot_o,
  input  wire logic [LANES*STRENGTH_BITS-1:0] strengths0_i,
  input  wire logic [LANES*STRENGTH_BITS-1:0] strengths1_i
);
  localparam int NUMERATOR_BITS = STRENGTH_BITS > EXP_SUM_BITS ? STRENGTH_BITS : EXP_SUM_BITS;
  localparam logic [SLOT_BITS-1:0] OUTPUT_SLOT = SLOT_BASES[(LAYERS-1)*SLOT_BITS+:SLOT_BITS];

  // ---- the divider

  wire divides_exp;
  wire [15:0] exp;
  wire [EXP_SUM_BITS-1:0] exp_sum;
  wire [STRENGTH_BITS-1:0] strength;
  wire [STRENGTH_BITS-1:0] largest;
  logic [NUMERATOR_BITS-1:0] numerator_q;
  logic [NUMERATOR_BITS-1:0] denominator_q;
  wire [DIVIDE_BITS-1:0] quotient;
  always_ff @(posedge clk_i) begin
    numerator_q <= divides_exp ? NUMERATOR_BITS'(exp) : NUMERATOR_BITS'(strength);
    denominator_q <= divides_exp ? NUMERATOR_BITS'(exp_sum) : NUMERATOR_BITS'(largest);
  end
  grapes_divider #(
    .BITS(NUMERATOR_BITS),
    .QUOTIENT_BITS(DIVIDE_BITS)
  ) divider (
    .clk_i,
    .numerator_i(numerator_q),
    .denominator_i(denominator_q),
    .quotient_o(quotient)
  );

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

  wire [GROUP_BITS-1:0] error_group;
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
    .ERROR_BITS(ERROR_BITS),
    .FRAC(TARGET_FRAC),
    .EXP_STAGES(EXP_STAGES),
    .DIVIDE_STAGES(1 + DIVIDE_STAGES)
  ) softmax (
    .clk_i,
    .rst_i,
    .train_i(train_q),
    .label_i(label_q),
    .logit_valid_i,
    .logit_last_i,
    .logit_i(logit_i),
    .divide_o(divides_exp),
    .exp_o(exp),
    .sum_o(exp_sum),
    .quotient_i(PROBABILITY_BITS'(quotient >> (DIVIDE_BITS - PROBABILITY_BITS))),
    .error_valid_o,
    .error_row_o,
    .error_lane_o,
    .error_half_o,
    .error_group_o(error_group),
    .error_o,
    .saturated_o(error_saturated_o),
    .probability_o,
    .ready_o(softmax_ready_o),
    .result_busy_o(result_pending),
    .result_valid_o,
    .result_ready_i,
    .result_prediction_o,
    .result_logit_o,
    .result_last_o
  );
  assign error_slot_o = OUTPUT_SLOT + SLOT_BITS'(error_group);
  assign result_busy_o = result_pending || logit_valid_i || logit_made_i;

  // ---- strengths: the largest, and factors

  assign divided_strength_o = STRENGTH_BITS'(numerator_q);
  if (GRAPES) begin : g_factors
    // Of every SCAN_LANES lanes one strength is shown.
    localparam int SCAN_BITS = SCAN_LANES > 1 ? $clog2(SCAN_LANES) : 1;
    localparam int SCANS = (LANES + SCAN_LANES - 1) / SCAN_LANES;
    localparam int SCANS_BITS = SCANS > 1 ? $clog2(SCANS) : 1;

    wire [GROUP_BITS-1:0] last_group[LAYERS];
    wire [SLOT_BITS-1:0] first_slot[LAYERS];
    for (genvar l = 0; l < LAYERS; l++) begin : g_layer
      assign last_group[l] = LAST_GROUPS[l*GROUP_BITS+:GROUP_BITS];
      assign first_slot[l] = SLOT_BASES[l*SLOT_BITS+:SLOT_BITS];
    end
    wire [LAYER_BITS-1:0] scan_layer;
    wire [GROUP_BITS-1:0] scan_group;
    wire scan_half;
    wire [SCAN_BITS-1:0] scan_lane;
    wire [SLOT_BITS-1:0] scan_slot = first_slot[scan_layer] + SLOT_BITS'(scan_group);

    logic half_q;
    logic [SCAN_BITS-1:0] lane_q;
    logic [SCANS_BITS-1:0] from_q;
    always_ff @(posedge clk_i) begin
      strength_slot_o <= strength_s4_i ? HIDDEN_SLOT_BITS'(slot_s4_i)
                       : drained_i ? HIDDEN_SLOT_BITS'(drained_slot_i)
                       : scanning_o ? HIDDEN_SLOT_BITS'(scan_slot) : access_slot_i;
      half_q <= drained_i ? drained_half_i : scanning_o ? scan_half : access_half_i;
      lane_q <= drained_i ? SCAN_BITS'(32'(drained_lane_i) % SCAN_LANES)
              : scanning_o ? scan_lane : SCAN_BITS'(32'(access_lane_i) % SCAN_LANES);
      from_q <= drained_i ? SCANS_BITS'(32'(drained_lane_i) / SCAN_LANES) : SCANS_BITS'(32'(access_lane_i) / SCAN_LANES);
    end

    wire [STRENGTH_BITS-1:0] shown[SCANS];
    wire [STRENGTH_BITS-1:0] held[SCANS];
    logic [SCANS*STRENGTH_BITS-1:0] shown_q;
    for (genvar s = 0; s < SCANS; s++) begin : g_shown
      wire [STRENGTH_BITS-1:0] choice[2**SCAN_BITS];
      for (genvar i = 0; i < 2 ** SCAN_BITS; i++) begin : g_choice
        localparam int P = s * SCAN_LANES + i;
        if (i < SCAN_LANES && P < LANES) begin : g_lane
          assign choice[i] = half_q ? strengths1_i[P*STRENGTH_BITS+:STRENGTH_BITS]
                           : strengths0_i[P*STRENGTH_BITS+:STRENGTH_BITS];
        end else begin : g_none
          assign choice[i] = '0;
        end
      end
      assign shown[s] = choice[lane_q];
      always_ff @(posedge clk_i) shown_q[s*STRENGTH_BITS+:STRENGTH_BITS] <= shown[s];
      assign held[s] = shown_q[s*STRENGTH_BITS+:STRENGTH_BITS];
    end
    assign access_strength_o = shown[from_q];

    wire [STRENGTH_BITS-1:0] maximum;
    grapes_max_tree #(
      .LANES(SCANS),
      .BITS(STRENGTH_BITS)
    ) tree (
      .clk_i,
      .values_i(shown_q),
      .maximum_o(maximum)
    );

    // a factor on its way: shown, held, divided
    logic [SCANS_BITS-1:0] held_from_q;
    wire [LAYER_BITS-1:0] held_layer;
    always_ff @(posedge clk_i) held_from_q <= from_q;
    grapes_delay #(
      .BITS(LAYER_BITS),
      .CYCLES(2)
    ) shown_delay (
      .clk_i,
      .rst_i,
      .value_i(drained_layer_i),
      .value_o(held_layer)
    );
    assign strength = held[held_from_q];

    grapes_largest #(
      .LAYERS(LAYERS),
      .LAYER_BITS(LAYER_BITS),
      .GROUP_BITS(GROUP_BITS),
      .STRENGTH_BITS(STRENGTH_BITS),
      .SCAN_LANES(SCAN_LANES),
      .SCAN_BITS(SCAN_BITS),
      .LATENCY(SCAN_STAGES)
    ) scanner (
      .clk_i,
      .rst_i,
      .start_i(begun_i),
      .updates_i(updates_any_i),
      .pause_i(drained_i),
      .active_o(scanning_o),
      .layer_o(scan_layer),
      .last_group_i(last_group[scan_layer]),
      .spread_i(SPREADS[scan_layer]),
      .group_o(scan_group),
      .half_o(scan_half),
      .lane_o(scan_lane),
      .maximum_i(maximum),
      .known_o,
      .asked_layer_i(held_layer),
      .largest_o(largest)
    );

    // An inference may be over before its last factors are made: nobody wants them.
    grapes_delay #(
      .BITS(1),
      .CYCLES(3 + DIVIDE_STAGES)
    ) valid_delay (
      .clk_i,
      .rst_i(rst_i || begun_i),
      .value_i(drained_i),
      .value_o(factor_valid_o)
    );
    wire zero;
    grapes_delay #(
      .BITS(1 + LAYER_BITS),
      .CYCLES(1 + DIVIDE_STAGES)
    ) divide_delay (
      .clk_i,
      .rst_i,
      .value_i({largest == '0, held_layer}),
      .value_o({zero, factor_layer_o})
    );
    grapes_factor #(
      .FRAC(FACTOR_FRAC),
      .LOW(FACTOR_LOW)
    ) clip (
      .quotient_i(FACTOR_BITS'(quotient >> (DIVIDE_BITS - FACTOR_BITS))),
      .zero_i(zero),
      .factor_o
    );
    // its upper bits are for the output layer, which has no strengths
    wire unused_slot = ^{slot_s4_i, drained_slot_i, scan_slot};
  end else begin : g_no_factors
    assign scanning_o = 1'b0;
    assign known_o = '1;
    assign {strength, largest, access_strength_o, strength_slot_o} = '0;
    assign {factor_valid_o, factor_layer_o, factor_o} = '0;
    wire unused = ^{begun_i, updates_any_i, drained_i, drained_layer_i, drained_slot_i, drained_lane_i, drained_half_i,
                    strength_s4_i, slot_s4_i, access_lane_i, access_half_i, access_slot_i, strengths0_i, strengths1_i};
  end

  // ---- contract

  grapes_rule #(
    .RULE("grapes_divisions: factors are made of layers whose largest strength is known")
  ) largest_known (
    .clk_i,
    .rst_i,
    .holds_i(!(drained_i && !known_o[drained_layer_i]))
  );
endmodule

`default_nettype wire
