// What a lane keeps of its neurons, two of every group: errors, strengths, factors, the softmax's exponentials, and the
// divider that makes factors and probabilities of them.
//
// Errors are read in s1 and used in s2. All rows of a group are cleared when its forward sums are complete; then the rows
// that are active get theirs, so that a row that does not exist has error 0. Strengths move in s5, the cycle after a word
// is written, in which strength_slot_i must be the slot of s4.

`default_nettype none

module grapes_neurons #(
  parameter int LANE = 0,
  parameter int LANE_BITS = 5,
  parameter int WEIGHT_BITS = 8,
  parameter int ERROR_BITS = 8,
  parameter int STRENGTH_BITS = 17,
  parameter int NUMERATOR_BITS = 20,
  parameter int DIVIDE_BITS = 9,
  parameter int FACTOR_FRAC = 7,
  parameter int FACTOR_LOW = 128,
  parameter int TARGET_FRAC = 7,
  parameter int SLOTS = 9,
  parameter int SLOT_BITS = 4,
  parameter int HIDDEN_SLOTS = 8,
  parameter int HIDDEN_SLOT_BITS = 3,
  parameter int OUTPUT_SLOTS = 1,
  parameter int OUTPUT_SLOT_BITS = 1,
  parameter bit GRAPES = 1'b1,
  parameter bit LOCAL = 1'b0,
  localparam int FACTOR_BITS = FACTOR_FRAC + 2
) (
  input  wire logic                         clk_i,
  // s1: errors are read
  input  wire logic [SLOT_BITS-1:0]         slot_s1_i,
  // s2: for the update, and as the layer below sees them
  output      logic signed [ERROR_BITS-1:0] error0_s2_o,
  output      logic signed [ERROR_BITS-1:0] error1_s2_o,
  output      logic signed [ERROR_BITS-1:0] back_error0_s2_o,
  output      logic signed [ERROR_BITS-1:0] back_error1_s2_o,
  // s4: errors are cleared; weights are written
  input  wire logic [SLOT_BITS-1:0]         slot_s4_i,
  input  wire logic                         clear_s4_i,
  input  wire logic                         both_s4_i,
  input  wire logic                         half_s4_i,
  input  wire logic                         strength_s4_i,
  input  wire logic                         restart_s4_i,
  input  wire logic [2*WEIGHT_BITS-1:0]     new_word_s4_i,
  input  wire logic [2*WEIGHT_BITS-1:0]     old_word_s4_i,
  // the error of a row, from the scaler
  input  wire logic                         error_write_i,
  input  wire logic [LANE_BITS-1:0]         error_lane_i,
  input  wire logic                         error_half_i,
  input  wire logic [SLOT_BITS-1:0]         error_slot_i,
  input  wire logic [ERROR_BITS-1:0]        error_value_i,
  input  wire logic [ERROR_BITS-1:0]        error_plain_i,
  // strengths: read at strength_slot_i
  input  wire logic [HIDDEN_SLOT_BITS-1:0]  strength_slot_i,
  output      logic [STRENGTH_BITS-1:0]     strength0_o,
  output      logic [STRENGTH_BITS-1:0]     strength1_o,
  // exponentials of the softmax
  input  wire logic                         exp_write_i,
  input  wire logic [LANE_BITS-1:0]         exp_lane_i,
  input  wire logic                         exp_half_i,
  input  wire logic [OUTPUT_SLOT_BITS-1:0]  exp_slot_i,
  input  wire logic [15:0]                  exp_value_i,
  // the divider: factors, or probabilities with softmax
  input  wire logic                         divide_start_i,
  input  wire logic                         divide_step_i,
  input  wire logic                         divide_done_i,
  input  wire logic                         divide_softmax_i,
  input  wire logic                         divide_half_i,
  input  wire logic                         divide_exists_i,
  input  wire logic [SLOT_BITS-1:0]         divide_slot_i,
  input  wire logic [NUMERATOR_BITS-1:0]    divide_denominator_i,
  input  wire logic                         target_i,
  input  wire logic [LANE_BITS-1:0]         target_lane_i,
  output      logic [DIVIDE_BITS-1:0]       divide_value_o,
  output      logic [ERROR_BITS-1:0]        divide_error_o,
  output      logic                         divide_saturated_o,
  // the factor of a row, for the scaler
  input  wire logic                         factor_half_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0]  factor_slot_i,
  output      logic [FACTOR_BITS-1:0]       factor_o
);
  localparam logic [LANE_BITS-1:0] ME = LANE_BITS'(LANE);

  // ---- errors

  wire divided_error = divide_done_i && divide_softmax_i && divide_exists_i;
  wire scaled_error = error_write_i && error_lane_i == ME;
  wire [SLOT_BITS-1:0] error_slot = clear_s4_i ? slot_s4_i : divided_error ? divide_slot_i : error_slot_i;
  wire [ERROR_BITS-1:0] error_value = clear_s4_i ? '0 : divided_error ? divide_error_o : error_value_i;
  wire error_half = divided_error ? divide_half_i : error_half_i;
  wire [1:0] error_write;
  assign error_write[0] = clear_s4_i || ((divided_error || scaled_error) && !error_half);
  assign error_write[1] = clear_s4_i || ((divided_error || scaled_error) && error_half);

  wire signed [ERROR_BITS-1:0] error_s2[2];
  // What the layer below sees: the unmodulated error in mode `local`.
  wire signed [ERROR_BITS-1:0] back_error_s2[2];

  for (genvar h = 0; h < 2; h++) begin : g_error
    wire [ERROR_BITS-1:0] error_s1;
    logic [ERROR_BITS-1:0] error_q;
    grapes_slots #(
      .DEPTH(SLOTS),
      .BITS(ERROR_BITS),
      .ADDRESS_BITS(SLOT_BITS)
    ) errors (
      .clk_i,
      .read_address_i(slot_s1_i),
      .read_data_o(error_s1),
      .write_i(error_write[h]),
      .write_address_i(error_slot),
      .write_data_i(error_value)
    );
    always_ff @(posedge clk_i) error_q <= error_s1;
    assign error_s2[h] = error_q;

    if (LOCAL) begin : g_plain
      wire [ERROR_BITS-1:0] plain_s1;
      logic [ERROR_BITS-1:0] plain_q;
      grapes_slots #(
        .DEPTH(SLOTS),
        .BITS(ERROR_BITS),
        .ADDRESS_BITS(SLOT_BITS)
      ) plain_errors (
        .clk_i,
        .read_address_i(slot_s1_i),
        .read_data_o(plain_s1),
        .write_i(error_write[h]),
        .write_address_i(error_slot),
        .write_data_i(scaled_error && !clear_s4_i ? error_plain_i : error_value)
      );
      always_ff @(posedge clk_i) plain_q <= plain_s1;
      assign back_error_s2[h] = plain_q;
    end else begin : g_same
      if (h == 0) begin : g_tie
        wire unused_plain = ^error_plain_i;
      end
      assign back_error_s2[h] = error_s2[h];
    end
  end
  assign error0_s2_o = error_s2[0];
  assign error1_s2_o = error_s2[1];
  assign back_error0_s2_o = back_error_s2[0];
  assign back_error1_s2_o = back_error_s2[1];

  // ---- the divider: factors, or the softmax's probabilities

  wire [STRENGTH_BITS-1:0] strength[2];
  localparam int EXP_ADDRESS_BITS = $clog2(2 * OUTPUT_SLOTS);
  wire [15:0] exponential;
  grapes_slots #(
    .DEPTH(2 * OUTPUT_SLOTS),
    .BITS(16),
    .ADDRESS_BITS(EXP_ADDRESS_BITS)
  ) exponentials (
    .clk_i,
    .read_address_i(EXP_ADDRESS_BITS'({exp_slot_i, divide_half_i})),
    .read_data_o(exponential),
    .write_i(exp_write_i && exp_lane_i == ME),
    .write_address_i(EXP_ADDRESS_BITS'({exp_slot_i, exp_half_i})),
    .write_data_i(exp_value_i)
  );

  wire [NUMERATOR_BITS-1:0] strength_numerator =
    divide_half_i ? NUMERATOR_BITS'(strength[1]) : NUMERATOR_BITS'(strength[0]);
  wire [NUMERATOR_BITS-1:0] exp_numerator = NUMERATOR_BITS'(exponential);
  wire [DIVIDE_BITS-1:0] quotient;
  grapes_divider #(
    .BITS(NUMERATOR_BITS),
    .QUOTIENT_BITS(DIVIDE_BITS)
  ) divider (
    .clk_i,
    .start_i(divide_start_i),
    .step_i(divide_step_i),
    .numerator_i(divide_softmax_i ? exp_numerator : strength_numerator),
    .denominator_i(divide_denominator_i),
    .quotient_o(quotient)
  );

  // Probability: the quotient has one bit more than needed, to round by.
  wire [DIVIDE_BITS-1:0] probability = DIVIDE_BITS'(((DIVIDE_BITS + 1)'(quotient) + 1'b1) >> 1);

  wire signed [DIVIDE_BITS:0] target = target_i && target_lane_i == ME ? (DIVIDE_BITS + 1)'(1) <<< TARGET_FRAC : '0;
  wire signed [DIVIDE_BITS:0] deviation = $signed({1'b0, probability}) - target;
  grapes_requantise #(
    .IN_BITS(DIVIDE_BITS + 1),
    .OUT_BITS(ERROR_BITS)
  ) saturate (
    .value_i(deviation),
    .shift_i(1'b0),
    .value_o(divide_error_o),
    .saturated_o(divide_saturated_o)
  );

  // ---- strengths and factors

  if (GRAPES) begin : g_grapes
    grapes_strength #(
      .WEIGHT_BITS(WEIGHT_BITS),
      .STRENGTH_BITS(STRENGTH_BITS),
      .SLOTS(HIDDEN_SLOTS),
      .SLOT_BITS(HIDDEN_SLOT_BITS)
    ) strength0 (
      .clk_i,
      .read_slot_i(strength_slot_i),
      .strength_o(strength[0]),
      .move_i(strength_s4_i && !half_s4_i),
      .restart_i(restart_s4_i),
      .move_slot_i(slot_s4_i[HIDDEN_SLOT_BITS-1:0]),
      .new_i(new_word_s4_i[0+:WEIGHT_BITS]),
      .old_i(old_word_s4_i[0+:WEIGHT_BITS])
    );
    grapes_strength #(
      .WEIGHT_BITS(WEIGHT_BITS),
      .STRENGTH_BITS(STRENGTH_BITS),
      .SLOTS(HIDDEN_SLOTS),
      .SLOT_BITS(HIDDEN_SLOT_BITS)
    ) strength1 (
      .clk_i,
      .read_slot_i(strength_slot_i),
      .strength_o(strength[1]),
      .move_i(strength_s4_i && (both_s4_i || half_s4_i)),
      .restart_i(restart_s4_i),
      .move_slot_i(slot_s4_i[HIDDEN_SLOT_BITS-1:0]),
      .new_i(new_word_s4_i[WEIGHT_BITS+:WEIGHT_BITS]),
      .old_i(old_word_s4_i[WEIGHT_BITS+:WEIGHT_BITS])
    );

    wire [FACTOR_BITS-1:0] made;
    grapes_factor #(
      .FRAC(FACTOR_FRAC),
      .LOW(FACTOR_LOW)
    ) clip (
      .quotient_i(quotient[FACTOR_BITS-1:0]),
      .zero_i(divide_denominator_i == '0),
      .factor_o(made)
    );
    assign divide_value_o = divide_softmax_i ? probability : DIVIDE_BITS'(made);

    localparam int FACTOR_ADDRESS_BITS = $clog2(2 * HIDDEN_SLOTS);
    grapes_slots #(
      .DEPTH(2 * HIDDEN_SLOTS),
      .BITS(FACTOR_BITS),
      .ADDRESS_BITS(FACTOR_ADDRESS_BITS)
    ) factors (
      .clk_i,
      .read_address_i(FACTOR_ADDRESS_BITS'({factor_slot_i, factor_half_i})),
      .read_data_o(factor_o),
      .write_i(divide_done_i && !divide_softmax_i),
      .write_address_i(FACTOR_ADDRESS_BITS'({divide_slot_i[HIDDEN_SLOT_BITS-1:0], divide_half_i})),
      .write_data_i(made)
    );
  end else begin : g_off
    assign strength[0] = '0;
    assign strength[1] = '0;
    assign factor_o = FACTOR_BITS'(1) << FACTOR_FRAC;
    assign divide_value_o = probability;
    wire unused_grapes = ^{both_s4_i, half_s4_i, strength_s4_i, restart_s4_i, strength_slot_i, factor_half_i, factor_slot_i,
                           new_word_s4_i, old_word_s4_i};
  end
  assign strength0_o = strength[0];
  assign strength1_o = strength[1];
endmodule

`default_nettype wire
