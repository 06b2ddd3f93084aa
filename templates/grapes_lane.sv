// One lane: two multipliers, the weights of two rows of every group, and the strengths, factors and errors of those rows.
//
// A weight word holds one column of two rows: {second, first}. Control arrives aligned to the stage that uses it:
//   s1  the word and the errors of its rows are read
//   s2  multiply: forward both rows by x; on the way back the chosen row's weight by its error (for the backward sum)
//       and its error by x (for the update); in the first layer both rows' errors by x
//   s3  accumulate, or make the new weights
//   s4  write the word; the strengths move in the cycle after, in which strength_slot_i must be the slot of s4
// A row that does not exist reads as weight 0 and has error 0, so that it never reaches a sum.

`default_nettype none

module grapes_lane #(
  parameter int LANE = 0,
  parameter int LANE_BITS = 5,
  parameter int WEIGHT_BITS = 8,
  parameter int ACTIVATION_BITS = 8,
  parameter int ERROR_BITS = 8,
  parameter int SUM_BITS = 26,
  parameter int STRENGTH_BITS = 17,
  parameter int NUMERATOR_BITS = 20,
  parameter int DIVIDE_BITS = 9,
  parameter int FACTOR_FRAC = 7,
  parameter int FACTOR_LOW = 128,
  parameter int TARGET_FRAC = 7,
  parameter int FORWARD_SHIFT_MIN = 8,
  parameter int FORWARD_SHIFT_BITS = 1,
  parameter int UPDATE_SHIFT_MIN = 12,
  parameter int UPDATE_SHIFT_BITS = 1,
  parameter int RANDOM_BITS = 13,
  parameter int DEPTH = 4416,
  parameter int ADDRESS_BITS = 13,
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
  input  wire logic                              clk_i,
  // s1
  input  wire logic                              read_s1_i,
  input  wire logic [ADDRESS_BITS-1:0]           address_s1_i,
  input  wire logic [SLOT_BITS-1:0]              slot_s1_i,
  // s2
  input  wire logic [1:0]                        exists_s2_i,
  input  wire logic                              forward_s2_i,
  input  wire logic                              both_s2_i,
  input  wire logic                              half_s2_i,
  input  wire logic signed [ACTIVATION_BITS-1:0] x_s2_i,
  // s3
  input  wire logic                              forward_s3_i,
  input  wire logic                              first_s3_i,
  input  wire logic                              last_s3_i,
  input  wire logic                              both_s3_i,
  input  wire logic                              half_s3_i,
  input  wire logic                              sweep_s3_i,
  input  wire logic [RANDOM_BITS-1:0]            random_s3_i,
  input  wire logic [UPDATE_SHIFT_BITS-1:0]      update_shift_s3_i,
  // s4
  input  wire logic                              write_s4_i,
  input  wire logic [ADDRESS_BITS-1:0]           address_s4_i,
  input  wire logic [SLOT_BITS-1:0]              slot_s4_i,
  input  wire logic                              clear_s4_i,
  input  wire logic                              both_s4_i,
  input  wire logic                              half_s4_i,
  input  wire logic                              strength_s4_i,
  input  wire logic                              restart_s4_i,
  input  wire logic [FORWARD_SHIFT_BITS-1:0]     forward_shift_s4_i,
  // the memory port's write, in the place of an update's
  input  wire logic                              load_s4_i,
  input  wire logic [2*WEIGHT_BITS-1:0]          load_data_s4_i,
  output      logic [2*WEIGHT_BITS-1:0]          word_s2_o,
  output      logic [2*WEIGHT_BITS-1:0]          new_word_s4_o,
  // sums of the rows, held until the next group's; which of them round to more than zero
  output      logic [SUM_BITS-1:0]               sum0_o,
  output      logic [SUM_BITS-1:0]               sum1_o,
  output      logic [1:0]                        positive_o,
  // weight times error, for the backward sum
  output      logic [WEIGHT_BITS+ERROR_BITS-1:0] back_s3_o,
  // the error of a row, from the scaler
  input  wire logic                              error_write_i,
  input  wire logic [LANE_BITS-1:0]              error_lane_i,
  input  wire logic                              error_half_i,
  input  wire logic [SLOT_BITS-1:0]              error_slot_i,
  input  wire logic [ERROR_BITS-1:0]             error_value_i,
  input  wire logic [ERROR_BITS-1:0]             error_plain_i,
  // strengths: read at strength_slot_i
  input  wire logic [HIDDEN_SLOT_BITS-1:0]       strength_slot_i,
  output      logic [STRENGTH_BITS-1:0]          strength0_o,
  output      logic [STRENGTH_BITS-1:0]          strength1_o,
  // exponentials of the softmax
  input  wire logic                              exp_write_i,
  input  wire logic [LANE_BITS-1:0]              exp_lane_i,
  input  wire logic                              exp_half_i,
  input  wire logic [OUTPUT_SLOT_BITS-1:0]       exp_slot_i,
  input  wire logic [15:0]                       exp_value_i,
  // the divider: factors, or probabilities with softmax
  input  wire logic                              divide_start_i,
  input  wire logic                              divide_step_i,
  input  wire logic                              divide_done_i,
  input  wire logic                              divide_softmax_i,
  input  wire logic                              divide_half_i,
  input  wire logic                              divide_exists_i,
  input  wire logic [SLOT_BITS-1:0]              divide_slot_i,
  input  wire logic [NUMERATOR_BITS-1:0]         divide_denominator_i,
  input  wire logic                              target_i,
  input  wire logic [LANE_BITS-1:0]              target_lane_i,
  output      logic [DIVIDE_BITS-1:0]            divide_value_o,
  output      logic [ERROR_BITS-1:0]             divide_error_o,
  output      logic                              divide_saturated_o,
  // the factor of a row, for the scaler
  input  wire logic                              factor_half_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0]       factor_slot_i,
  output      logic [FACTOR_BITS-1:0]            factor_o
);
  localparam int WE = WEIGHT_BITS > ERROR_BITS ? WEIGHT_BITS : ERROR_BITS;
  localparam int AE = ACTIVATION_BITS > ERROR_BITS ? ACTIVATION_BITS : ERROR_BITS;
  localparam int PRODUCT0_BITS = WE + ACTIVATION_BITS;
  localparam int PRODUCT1_BITS = WE + AE;
  localparam logic [LANE_BITS-1:0] ME = LANE_BITS'(LANE);

  // ---- s1: read

  logic [2*WEIGHT_BITS-1:0] word_s2;

  grapes_ram #(
    .DEPTH(DEPTH),
    .BITS(2 * WEIGHT_BITS),
    .ADDRESS_BITS(ADDRESS_BITS)
  ) weights (
    .clk_i,
    .read_i(read_s1_i),
    .read_address_i(address_s1_i),
    .read_data_o(word_s2),
    .write_i(write_s4_i || load_s4_i),
    .write_address_i(address_s4_i),
    .write_data_i(load_s4_i ? load_data_s4_i : new_word_s4_o)
  );
  assign word_s2_o = word_s2;

  // Errors: all rows of a group are cleared when its forward sums are complete; then the rows that are active get theirs.
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

  // ---- s2: multiply

  wire signed [WEIGHT_BITS-1:0] weight0_s2 = exists_s2_i[0] ? word_s2[0+:WEIGHT_BITS] : '0;
  wire signed [WEIGHT_BITS-1:0] weight1_s2 = exists_s2_i[1] ? word_s2[WEIGHT_BITS+:WEIGHT_BITS] : '0;
  wire signed [WEIGHT_BITS-1:0] weight_s2 = half_s2_i ? weight1_s2 : weight0_s2;

  wire signed [WE-1:0] left0 = forward_s2_i ? WE'(weight0_s2) : half_s2_i ? WE'(error_s2[1]) : WE'(error_s2[0]);
  wire signed [WE-1:0] left1 = forward_s2_i ? WE'(weight1_s2) : both_s2_i ? WE'(error_s2[1]) : WE'(weight_s2);
  wire signed [AE-1:0] right1 = forward_s2_i || both_s2_i ? AE'(x_s2_i)
                              : half_s2_i ? AE'(back_error_s2[1]) : AE'(back_error_s2[0]);

  logic signed [PRODUCT0_BITS-1:0] product0_s3;
  logic signed [PRODUCT1_BITS-1:0] product1_s3;
  logic signed [WEIGHT_BITS-1:0] weight_s3;
  logic signed [WEIGHT_BITS-1:0] weight1_s3;
  always_ff @(posedge clk_i) begin
    product0_s3 <= PRODUCT0_BITS'(left0) * PRODUCT0_BITS'(x_s2_i);
    product1_s3 <= PRODUCT1_BITS'(left1) * PRODUCT1_BITS'(right1);
    weight_s3 <= weight_s2;
    weight1_s3 <= weight1_s2;
  end
  assign back_s3_o = product1_s3[WEIGHT_BITS+ERROR_BITS-1:0];

  // ---- s3: accumulate

  logic signed [SUM_BITS-1:0] total0_q;
  logic signed [SUM_BITS-1:0] total1_q;
  wire signed [SUM_BITS-1:0] total0 = (first_s3_i ? '0 : total0_q) + SUM_BITS'(product0_s3);
  wire signed [SUM_BITS-1:0] total1 = (first_s3_i ? '0 : total1_q) + SUM_BITS'(product1_s3);
  logic signed [SUM_BITS-1:0] sum0_q;
  logic signed [SUM_BITS-1:0] sum1_q;
  always_ff @(posedge clk_i) begin
    if (forward_s3_i) begin
      total0_q <= total0;
      total1_q <= total1;
    end
    if (last_s3_i) begin
      sum0_q <= total0;
      sum1_q <= total1;
    end
  end
  assign sum0_o = sum0_q;
  assign sum1_o = sum1_q;

  grapes_positive #(
    .BITS(SUM_BITS),
    .SHIFT_MIN(FORWARD_SHIFT_MIN),
    .SHIFT_BITS(FORWARD_SHIFT_BITS)
  ) positive0 (
    .value_i(sum0_q),
    .shift_i(forward_shift_s4_i),
    .positive_o(positive_o[0])
  );
  grapes_positive #(
    .BITS(SUM_BITS),
    .SHIFT_MIN(FORWARD_SHIFT_MIN),
    .SHIFT_BITS(FORWARD_SHIFT_BITS)
  ) positive1 (
    .value_i(sum1_q),
    .shift_i(forward_shift_s4_i),
    .positive_o(positive_o[1])
  );

  // ---- s3: new weights

  logic signed [WEIGHT_BITS-1:0] updated0_s3;
  logic signed [WEIGHT_BITS-1:0] updated1_s3;
  grapes_update #(
    .WEIGHT_BITS(WEIGHT_BITS),
    .PRODUCT_BITS(PRODUCT0_BITS),
    .RANDOM_BITS(RANDOM_BITS),
    .SHIFT_MIN(UPDATE_SHIFT_MIN),
    .SHIFT_BITS(UPDATE_SHIFT_BITS)
  ) update0 (
    .weight_i(weight_s3),
    .product_i(product0_s3),
    .random_i(random_s3_i),
    .shift_i(update_shift_s3_i),
    .weight_o(updated0_s3)
  );
  grapes_update #(
    .WEIGHT_BITS(WEIGHT_BITS),
    .PRODUCT_BITS(PRODUCT1_BITS),
    .RANDOM_BITS(RANDOM_BITS),
    .SHIFT_MIN(UPDATE_SHIFT_MIN),
    .SHIFT_BITS(UPDATE_SHIFT_BITS)
  ) update1 (
    .weight_i(weight1_s3),
    .product_i(product1_s3),
    .random_i(random_s3_i),
    .shift_i(update_shift_s3_i),
    .weight_o(updated1_s3)
  );

  logic signed [WEIGHT_BITS-1:0] new0_s4;
  logic signed [WEIGHT_BITS-1:0] new1_s4;
  always_ff @(posedge clk_i) begin
    // The first row's new weight waits for the second's.
    if (!half_s3_i) new0_s4 <= sweep_s3_i ? weight_s3 : updated0_s3;
    new1_s4 <= sweep_s3_i ? weight1_s3 : both_s3_i ? updated1_s3 : updated0_s3;
  end
  assign new_word_s4_o = {new1_s4, new0_s4};

  // ---- the divider: factors, or the softmax's probabilities

  wire [STRENGTH_BITS-1:0] strength[2];
  wire [15:0] exponential[2];
  for (genvar h = 0; h < 2; h++) begin : g_exp
    grapes_slots #(
      .DEPTH(OUTPUT_SLOTS),
      .BITS(16),
      .ADDRESS_BITS(OUTPUT_SLOT_BITS)
    ) exponentials (
      .clk_i,
      .read_address_i(exp_slot_i),
      .read_data_o(exponential[h]),
      .write_i(exp_write_i && exp_lane_i == ME && exp_half_i == (h == 1)),
      .write_address_i(exp_slot_i),
      .write_data_i(exp_value_i)
    );
  end

  wire [NUMERATOR_BITS-1:0] strength_numerator =
    divide_half_i ? NUMERATOR_BITS'(strength[1]) : NUMERATOR_BITS'(strength[0]);
  wire [NUMERATOR_BITS-1:0] exp_numerator =
    divide_half_i ? NUMERATOR_BITS'(exponential[1]) : NUMERATOR_BITS'(exponential[0]);
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
    // A sweep recounts the strengths: every weight is new, in the place of none.
    logic signed [WEIGHT_BITS-1:0] old0_s4;
    logic signed [WEIGHT_BITS-1:0] old1_s4;
    always_ff @(posedge clk_i) begin
      old0_s4 <= sweep_s3_i ? '0 : weight_s3;
      old1_s4 <= sweep_s3_i ? '0 : both_s3_i ? weight1_s3 : weight_s3;
    end

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
      .new_i(new0_s4),
      .old_i(old0_s4)
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
      .new_i(new1_s4),
      .old_i(old1_s4)
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

    wire [FACTOR_BITS-1:0] factor[2];
    for (genvar h = 0; h < 2; h++) begin : g_half
      grapes_slots #(
        .DEPTH(HIDDEN_SLOTS),
        .BITS(FACTOR_BITS),
        .ADDRESS_BITS(HIDDEN_SLOT_BITS)
      ) factors (
        .clk_i,
        .read_address_i(factor_slot_i),
        .read_data_o(factor[h]),
        .write_i(divide_done_i && !divide_softmax_i && divide_half_i == (h == 1)),
        .write_address_i(divide_slot_i[HIDDEN_SLOT_BITS-1:0]),
        .write_data_i(made)
      );
    end
    assign factor_o = factor_half_i ? factor[1] : factor[0];
  end else begin : g_off
    assign strength[0] = '0;
    assign strength[1] = '0;
    assign factor_o = FACTOR_BITS'(1) << FACTOR_FRAC;
    assign divide_value_o = probability;
    wire unused_grapes = ^{both_s4_i, half_s4_i, strength_s4_i, restart_s4_i, strength_slot_i, factor_half_i, factor_slot_i};
  end
  assign strength0_o = strength[0];
  assign strength1_o = strength[1];
endmodule

`default_nettype wire
