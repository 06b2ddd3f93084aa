// The way back: the lanes' products of a column add up, over lanes and operations; the sum times the factor of the column's
// neuron, rounded, is the gain of its error in that step. The factor's division runs beside the sum. Shares its divider
// with the output layer, which uses it while nothing goes back.
//
// Gains are cut to two bits more than an error has: with what is left of the later step's error they saturate alike.

`default_nettype none

module grapes_backward #(
  parameter int LANES = 32,
  parameter int LANE_BITS = 5,
  parameter int PAIR_BITS = 17,
  parameter int BACK_BITS = 24,
  parameter int ERROR_BITS = 8,
  parameter int ALIGN_BITS = 1,
  parameter int STRENGTH_BITS = 17,
  parameter int NUMERATOR_BITS = 20,
  parameter int FACTOR_FRAC = 7,
  parameter int FACTOR_LOW = 128,
  parameter int SHIFT_MIN = 14,
  parameter int SHIFT_MAX = 14,
  parameter int SHIFT_BITS = 1,
  parameter int STEP_BITS = 2,
  parameter int SLOT_BITS = 4,
  parameter int COLUMN_BITS = 10,
  parameter int TOP_COLUMNS = 256,
  parameter int TREE_STAGES = 3,
  parameter int DIVIDE_BITS = 9,
  parameter int DIVIDE_STAGES = 5,
  // from an operation in s0 to its column's sum, and to its gain
  parameter int SUM_STAGES = 11,
  parameter int GAIN_STAGES = 13,
  parameter bit GRAPES = 1'b1,
  // the top layer's gains are made once; else its sums are kept, to which the layer's own errors are added in every step
  parameter bit GAINS = 1'b1,
  localparam int GROUP_ROW_BITS = $clog2(2 * LANES),
  localparam int GAIN_BITS = ERROR_BITS + 2
) (
  input  wire logic                          clk_i,
  input  wire logic                          rst_i,
  // s0
  input  wire logic                          issue_s0_i,
  input  wire logic                          first_s0_i,
  input  wire logic                          last_s0_i,
  // the output layer's errors; the step's sum begins with that of the output layer
  input  wire logic                          top_s0_i,
  input  wire logic                          kept_s0_i,
  input  wire logic [ALIGN_BITS-1:0]         align_s0_i,
  input  wire logic [COLUMN_BITS-1:0]        column_s0_i,
  input  wire logic [GROUP_ROW_BITS-1:0]     row_s0_i,
  input  wire logic [SLOT_BITS-1:0]          slot_s0_i,
  input  wire logic [STEP_BITS-1:0]          step_s0_i,
  // s4
  input  wire logic [LANES*PAIR_BITS-1:0]    pairs_s4_i,
  // the factor: the neuron's strength comes in s2
  input  wire logic [STRENGTH_BITS-1:0]      strength_s2_i,
  input  wire logic [STRENGTH_BITS-1:0]      largest_i,
  input  wire logic [SHIFT_BITS-1:0]         shift_i,
  // the output layer's divisions
  input  wire logic                          divide_i,
  input  wire logic [NUMERATOR_BITS-1:0]     numerator_i,
  input  wire logic [NUMERATOR_BITS-1:0]     denominator_i,
  output      logic [DIVIDE_BITS-1:0]    quotient_o,
  // the gain
  output      logic                          busy_o,
  // a gain comes in the next cycle; one for a row of this slot is still to come
  output      logic                          soon_o,
  input  wire logic [SLOT_BITS-1:0]          slot_i,
  output      logic                          same_o,
  output      logic                          valid_o,
  output      logic                          top_o,
  output      logic [GROUP_ROW_BITS-1:0]     row_o,
  output      logic [SLOT_BITS-1:0]          slot_o,
  output      logic [STEP_BITS-1:0]          step_o,
  output      logic signed [GAIN_BITS-1:0]   gain_o,
  output      logic signed [GAIN_BITS-1:0]   plain_o
);
  localparam int TREE_BITS = PAIR_BITS + LANE_BITS;
  localparam int ADD_STAGE = 4 + TREE_STAGES;

  wire signed [TREE_BITS-1:0] tree_sum;
  grapes_adder_tree #(
    .LANES(LANES),
    .BITS(PAIR_BITS),
    .OUT_BITS(TREE_BITS)
  ) tree (
    .clk_i,
    .values_i(pairs_s4_i),
    .sum_o(tree_sum)
  );

  // ---- the sum, the output layer's part of it kept where the layer sees itself

  wire add, add_first, add_last, add_top, add_kept;
  wire [ALIGN_BITS-1:0] add_align;
  wire [COLUMN_BITS-1:0] read_column, add_column;
  grapes_delay #(
    .BITS(5 + ALIGN_BITS),
    .CYCLES(ADD_STAGE)
  ) add_delay (
    .clk_i,
    .rst_i,
    .value_i({issue_s0_i, first_s0_i, last_s0_i && issue_s0_i, top_s0_i, kept_s0_i, align_s0_i}),
    .value_o({add, add_first, add_last, add_top, add_kept, add_align})
  );

  wire signed [BACK_BITS-1:0] begins;
  logic signed [BACK_BITS-1:0] sum_q;
  wire unused_tree = ^tree_sum;
  wire signed [BACK_BITS-1:0] sum = begins + (BACK_BITS'(tree_sum) <<< add_align);
  always_ff @(posedge clk_i) if (add) sum_q <= sum;

  if (GAINS) begin : g_gains
    assign begins = add_first ? '0 : sum_q;
    assign {read_column, add_column} = '0;
    wire unused = ^{column_s0_i, read_column, add_column, add_kept, add_top, add_last};
  end else begin : g_kept
    localparam int TOP_BITS = TOP_COLUMNS > 1 ? $clog2(TOP_COLUMNS) : 1;
    grapes_delay #(
      .BITS(COLUMN_BITS),
      .CYCLES(ADD_STAGE - 1)
    ) column_delay (
      .clk_i,
      .rst_i,
      .value_i(column_s0_i),
      .value_o(read_column)
    );
    grapes_delay #(
      .BITS(COLUMN_BITS),
      .CYCLES(1)
    ) add_column_delay (
      .clk_i,
      .rst_i,
      .value_i(read_column),
      .value_o(add_column)
    );
    wire [BACK_BITS-1:0] kept;
    wire keeps = add_last && add_top;
    grapes_ram #(
      .DEPTH(TOP_COLUMNS),
      .BITS(BACK_BITS),
      .ADDRESS_BITS(TOP_BITS)
    ) sums (
      .clk_i,
      .read_i(!add_top),
      .read_address_i(TOP_BITS'(read_column)),
      .read_data_o(kept),
      .write_i(keeps),
      .write_address_i(TOP_BITS'(add_column)),
      .write_data_i(sum)
    );
    assign begins = !add_first ? sum_q : add_kept ? $signed(kept) : '0;
    wire unused = ^add_column;
  end

  // ---- the factor

  wire [FACTOR_FRAC+1:0] factor;
  wire signed [BACK_BITS-1:0] summed;
  grapes_delay #(
    .BITS(BACK_BITS),
    .CYCLES(SUM_STAGES - ADD_STAGE - 1)
  ) sum_delay (
    .clk_i,
    .rst_i,
    .value_i(sum_q),
    .value_o(summed)
  );
  grapes_divider #(
    .BITS(NUMERATOR_BITS),
    .QUOTIENT_BITS(DIVIDE_BITS)
  ) divider (
    .clk_i,
    .numerator_i(divide_i ? numerator_i : NUMERATOR_BITS'(strength_s2_i)),
    .denominator_i(divide_i ? denominator_i : NUMERATOR_BITS'(largest_i)),
    .quotient_o
  );
  if (GRAPES) begin : g_factor
    wire [FACTOR_FRAC+1:0] made;
    grapes_factor #(
      .FRAC(FACTOR_FRAC),
      .LOW(FACTOR_LOW)
    ) clip (
      .quotient_i(quotient_o[DIVIDE_BITS-1-:FACTOR_FRAC+2]),
      .zero_i(largest_i == '0),
      .factor_o(made)
    );
    grapes_delay #(
      .BITS(FACTOR_FRAC + 2),
      .CYCLES(SUM_STAGES - 2 - DIVIDE_STAGES)
    ) factor_delay (
      .clk_i,
      .rst_i,
      .value_i(made),
      .value_o(factor)
    );
  end else begin : g_one
    assign factor = (FACTOR_FRAC + 2)'(1) << FACTOR_FRAC;
  end

  // ---- the gain

  localparam int SCALED_BITS = BACK_BITS + FACTOR_FRAC + 1;
  logic signed [SCALED_BITS-1:0] scaled_q;
  logic signed [SCALED_BITS-1:0] plain_q;
  always_ff @(posedge clk_i) begin
    scaled_q <= SCALED_BITS'(summed) * $signed(SCALED_BITS'(factor));
    plain_q <= SCALED_BITS'(summed) <<< FACTOR_FRAC;
  end
  wire signed [GAIN_BITS-1:0] gain, plain;
  wire unused_saturated, unused_plain_saturated;
  wire unused_quotient = ^quotient_o;
  grapes_requantise #(
    .IN_BITS(SCALED_BITS),
    .OUT_BITS(GAIN_BITS),
    .SHIFT_MIN(SHIFT_MIN),
    .SHIFT_MAX(SHIFT_MAX),
    .SHIFT_BITS(SHIFT_BITS)
  ) round (
    .value_i(scaled_q),
    .shift_i,
    .value_o(gain),
    .saturated_o(unused_saturated)
  );
  grapes_requantise #(
    .IN_BITS(SCALED_BITS),
    .OUT_BITS(GAIN_BITS),
    .SHIFT_MIN(SHIFT_MIN),
    .SHIFT_MAX(SHIFT_MAX),
    .SHIFT_BITS(SHIFT_BITS)
  ) round_plain (
    .value_i(plain_q),
    .shift_i,
    .value_o(plain),
    .saturated_o(unused_plain_saturated)
  );
  always_ff @(posedge clk_i) begin
    gain_o <= gain;
    plain_o <= plain;
  end

  logic made_valid;
  wire soon_top;
  wire [GROUP_ROW_BITS-1:0] soon_row;
  wire [SLOT_BITS-1:0] soon_slot;
  wire [STEP_BITS-1:0] soon_step;
  grapes_delay #(
    .BITS(2 + GROUP_ROW_BITS + SLOT_BITS + STEP_BITS),
    .CYCLES(GAIN_STAGES - 1)
  ) gain_delay (
    .clk_i,
    .rst_i,
    .value_i({issue_s0_i && last_s0_i, top_s0_i, row_s0_i, slot_s0_i, step_s0_i}),
    .value_o({soon_o, soon_top, soon_row, soon_slot, soon_step})
  );
  always_ff @(posedge clk_i) begin
    made_valid <= soon_o && !rst_i;
    top_o <= soon_top;
    row_o <= soon_row;
    slot_o <= soon_slot;
    step_o <= soon_step;
  end
  assign valid_o = made_valid && (GAINS || !top_o);

  // ---- columns whose gain is not there yet

  logic enter_s1;
  logic [SLOT_BITS-1:0] slot_s1;
  always_ff @(posedge clk_i) begin
    enter_s1 <= issue_s0_i && last_s0_i && !rst_i;
    slot_s1 <= slot_s0_i;
  end
  wire unused_any;
  grapes_pending #(
    .STAGES(GAIN_STAGES - 1),
    .SLOT_BITS(SLOT_BITS)
  ) pending (
    .clk_i,
    .rst_i,
    .enter_i(enter_s1),
    .enter_slot_i(slot_s1),
    .slot_i,
    .any_o(unused_any),
    .same_o
  );

  localparam int COUNT_BITS = $clog2(GAIN_STAGES + 2);
  logic [COUNT_BITS-1:0] count_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) count_q <= '0;
    else count_q <= count_q + COUNT_BITS'(issue_s0_i && last_s0_i) - COUNT_BITS'(made_valid);
  end
  assign busy_o = count_q != '0;
endmodule

`default_nettype wire
