// The samples as the first layer sees them, two of them: which features of a step are not 0 (words of a bit a feature, and of
// the features that are in any step), in which steps a feature is not, and the features themselves where they are no
// spikes. One sample is in work while the next one comes in.
// Words, steps and features that are asked for are there in the next cycle.

`default_nettype none

module grapes_frames #(
  parameter int INPUTS = 784,
  // steps that differ
  parameter int STEPS = 8,
  parameter int STEP_BITS = 3,
  parameter int COLUMN_BITS = 10,
  parameter int WORD = 64,
  parameter int WORDS = 13,
  parameter int WORD_INDEX_BITS = 4,
  parameter int LABEL_BITS = 4,
  parameter int FEATURES = 4,
  parameter int FEATURE_BITS = 8,
  parameter int VALUE_BITS = 8,
  // the features are probabilities of spikes; they are neither those nor spikes
  parameter bit RATE = 1'b0,
  parameter bit VALUES = 1'b1,
  parameter logic [31:0] SEED = 32'd1
) (
  input  wire logic                       clk_i,
  input  wire logic                       rst_i,
  // samples
  input  wire logic                       hold_i,
  input  wire logic                       valid_i,
  output      logic                       ready_o,
  input  wire logic [31:0]                data_i,
  input  wire logic [LABEL_BITS-1:0]      label_i,
  input  wire logic                       train_i,
  input  wire logic [4:0]                 rate_i,
  // the sample in work; release_i ends it
  input  wire logic                       release_i,
  output      logic                       present_o,
  output      logic [LABEL_BITS-1:0]      label_o,
  output      logic                       train_o,
  output      logic [4:0]                 rate_o,
  output      logic                       empty_o,
  // its words
  input  wire logic                       word_read_i,
  input  wire logic [STEP_BITS-1:0]       word_step_i,
  input  wire logic [WORD_INDEX_BITS-1:0] word_index_i,
  output      logic [WORD-1:0]            word_o,
  output      logic [WORD-1:0]            used_o,
  // the steps of a column
  input  wire logic                       steps_read_i,
  input  wire logic [COLUMN_BITS-1:0]     steps_column_i,
  output      logic [STEPS-1:0]           steps_o,
  // a feature
  input  wire logic                       value_read_i,
  input  wire logic [STEP_BITS-1:0]       value_step_i,
  input  wire logic [COLUMN_BITS-1:0]     value_column_i,
  output      logic [VALUE_BITS-1:0]      value_o,
  // the encoder's state
  input  wire logic                       load_i,
  input  wire logic [31:0]                load_state_i,
  output      logic [31:0]                state_o
);
  localparam int WORD_LOG = $clog2(WORD);

  // ---- the two samples

  logic load_q;
  logic fill_q;
  logic work_q;
  logic [1:0] present_q;
  logic [1:0] complete_q;
  wire begins, filled;
  wire [LABEL_BITS-1:0] label[2];
  wire train[2];
  wire [4:0] rate[2];
  for (genvar s = 0; s < 2; s++) begin : g_side
    logic [LABEL_BITS-1:0] label_q;
    logic train_q;
    logic [4:0] rate_q;
    wire loads = begins && load_q == (s == 1);
    wire released = release_i && work_q == (s == 1);
    always_ff @(posedge clk_i) begin
      if (rst_i) begin
        present_q[s] <= 1'b0;
        complete_q[s] <= 1'b0;
      end else begin
        if (loads) present_q[s] <= 1'b1;
        else if (released) present_q[s] <= 1'b0;
        if (filled && fill_q == (s == 1)) complete_q[s] <= 1'b1;
        else if (released) complete_q[s] <= 1'b0;
      end
      if (loads) begin
        label_q <= label_i;
        train_q <= train_i;
        rate_q <= rate_i;
      end
    end
    assign label[s] = label_q;
    assign train[s] = train_q;
    assign rate[s] = rate_q;
  end
  wire feature_valid, feature_last, feature_step_last, feature_ready;
  wire [FEATURE_BITS-1:0] feature;
  wire [COLUMN_BITS-1:0] feature_column;
  wire feature_moves = feature_valid && feature_ready;
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      load_q <= 1'b0;
      fill_q <= 1'b0;
      work_q <= 1'b0;
    end else begin
      load_q <= load_q ^ (feature_moves && feature_last);
      fill_q <= fill_q ^ filled;
      work_q <= work_q ^ release_i;
    end
  end
  assign present_o = complete_q[work_q];
  assign label_o = label[work_q];
  assign train_o = train[work_q];
  assign rate_o = rate[work_q];
  assign empty_o = present_q == '0;

  grapes_features #(
    .INPUTS(INPUTS),
    .STEPS(RATE ? 1 : STEPS),
    .FEATURES(FEATURES),
    .FEATURE_BITS(FEATURE_BITS),
    .COLUMN_BITS(COLUMN_BITS)
  ) beats (
    .clk_i,
    .rst_i,
    .hold_i(hold_i || present_q[load_q]),
    .valid_i,
    .ready_o,
    .data_i,
    .begin_o(begins),
    .ready_i(feature_ready),
    .valid_o(feature_valid),
    .feature_o(feature),
    .column_o(feature_column),
    .step_last_o(feature_step_last),
    .last_o(feature_last)
  );

  // ---- what a step has, a column at a time; the end of a step closes its last word

  wire visit, visit_end, visit_bit, visit_last;
  wire [COLUMN_BITS-1:0] visit_column;
  wire visit_taken;
  if (RATE) begin : g_rate
    assign feature_ready = 1'b1;
    grapes_encoder #(
      .INPUTS(INPUTS),
      .STEPS(STEPS),
      .COLUMN_BITS(COLUMN_BITS),
      .SEED(SEED)
    ) encoder (
      .clk_i,
      .rst_i,
      .valid_i(feature_valid),
      .feature_i(feature),
      .column_i(feature_column),
      .last_i(feature_last),
      .ready_i(visit_taken),
      .valid_o(visit),
      .end_o(visit_end),
      .spike_o(visit_bit),
      .column_o(visit_column),
      .last_o(visit_last),
      .load_i,
      .load_state_i,
      .state_o
    );
    wire unused_step = feature_step_last;
  end else begin : g_features
    logic end_q;
    logic last_q;
    assign visit = feature_valid || end_q;
    assign visit_end = end_q;
    assign visit_bit = feature != '0;
    assign visit_last = last_q;
    assign visit_column = feature_column;
    assign feature_ready = visit_taken && !end_q;
    always_ff @(posedge clk_i) begin
      if (rst_i) end_q <= 1'b0;
      else if (end_q) end_q <= !visit_taken;
      else if (feature_moves && feature_step_last) end_q <= 1'b1;
      if (feature_moves) last_q <= feature_last;
    end
    assign state_o = '0;
    wire unused_load = ^{load_i, load_state_i, SEED};
  end

  logic [STEP_BITS-1:0] step_q;
  logic [WORD_INDEX_BITS-1:0] index_q;
  logic [WORD-1:0] bits_q;
  wire index_last = index_q == WORD_INDEX_BITS'(WORDS - 1);
  wire here = !visit_end && 32'(visit_column) >> WORD_LOG == 32'(index_q);
  wire marks = visit && here;
  wire closes = visit && !here;
  assign visit_taken = here || (visit_end && index_last);
  assign filled = closes && index_last && visit_last;
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      step_q <= '0;
      index_q <= '0;
      bits_q <= '0;
    end else begin
      if (marks) bits_q <= bits_q | (WORD'(visit_bit) << WORD_LOG'(visit_column));
      if (closes) begin
        bits_q <= '0;
        index_q <= index_last ? '0 : index_q + 1'b1;
        if (index_last) step_q <= visit_last ? '0 : step_q + 1'b1;
      end
    end
  end

  localparam int WORDS_ALL = 2 * STEPS * WORDS;
  localparam int WORDS_BITS = $clog2(WORDS_ALL);
  grapes_ram #(
    .DEPTH(WORDS_ALL),
    .BITS(WORD),
    .ADDRESS_BITS(WORDS_BITS)
  ) words (
    .clk_i,
    .read_i(word_read_i),
    .read_address_i(WORDS_BITS'((32'(work_q) * STEPS + 32'(word_step_i)) * WORDS + 32'(word_index_i))),
    .read_data_o(word_o),
    .write_i(closes),
    .write_address_i(WORDS_BITS'((32'(fill_q) * STEPS + 32'(step_q)) * WORDS + 32'(index_q))),
    .write_data_i(bits_q)
  );

  if (STEPS > 1) begin : g_steps
    localparam int USED_BITS = $clog2(2 * WORDS);
    wire [USED_BITS-1:0] fill_word = USED_BITS'(32'(fill_q) * WORDS + 32'(index_q));
    wire [USED_BITS-1:0] work_word = USED_BITS'(32'(work_q) * WORDS + 32'(word_index_i));
    wire [WORD-1:0] seen[2];
    for (genvar r = 0; r < 2; r++) begin : g_used
      grapes_slots #(
        .DEPTH(2 * WORDS),
        .BITS(WORD),
        .ADDRESS_BITS(USED_BITS)
      ) used (
        .clk_i,
        .read_address_i(r == 0 ? fill_word : work_word),
        .read_data_o(seen[r]),
        .write_i(closes),
        .write_address_i(fill_word),
        .write_data_i((step_q == '0 ? '0 : seen[0]) | bits_q)
      );
    end
    always_ff @(posedge clk_i) if (word_read_i) used_o <= seen[1];

    localparam int COLUMNS_BITS = $clog2(2 * INPUTS);
    wire [COLUMNS_BITS-1:0] fill_column = COLUMNS_BITS'(32'(fill_q) * INPUTS + 32'(visit_column));
    logic mark_q;
    logic mark_bit_q;
    logic [STEP_BITS-1:0] mark_step_q;
    logic [COLUMNS_BITS-1:0] mark_column_q;
    wire [STEPS-1:0] known;
    wire [STEPS-1:0] marked = STEPS'(mark_bit_q) << mark_step_q;
    wire [STEPS-1:0] after = (mark_step_q == '0 ? '0 : known) | marked;
    always_ff @(posedge clk_i) begin
      mark_q <= marks && !rst_i;
      mark_bit_q <= visit_bit;
      mark_step_q <= step_q;
      mark_column_q <= fill_column;
    end
    wire [COLUMNS_BITS-1:0] work_column = COLUMNS_BITS'(32'(work_q) * INPUTS + 32'(steps_column_i));
    for (genvar r = 0; r < 2; r++) begin : g_columns
      wire [STEPS-1:0] kept;
      grapes_ram #(
        .DEPTH(2 * INPUTS),
        .BITS(STEPS),
        .ADDRESS_BITS(COLUMNS_BITS)
      ) columns (
        .clk_i,
        .read_i(r == 0 ? marks : steps_read_i),
        .read_address_i(r == 0 ? fill_column : work_column),
        .read_data_o(kept),
        .write_i(mark_q),
        .write_address_i(mark_column_q),
        .write_data_i(after)
      );
    end
    assign known = g_columns[0].kept;
    assign steps_o = g_columns[1].kept;
  end else begin : g_constant
    assign used_o = word_o;
    assign steps_o = 1'b1;
    wire unused = ^{steps_read_i, steps_column_i};
  end

  if (VALUES) begin : g_values
    localparam int VALUES_BITS = $clog2(2 * STEPS * INPUTS);
    grapes_ram #(
      .DEPTH(2 * STEPS * INPUTS),
      .BITS(VALUE_BITS),
      .ADDRESS_BITS(VALUES_BITS)
    ) values (
      .clk_i,
      .read_i(value_read_i),
      .read_address_i(VALUES_BITS'((32'(work_q) * STEPS + 32'(value_step_i)) * INPUTS + 32'(value_column_i))),
      .read_data_o(value_o),
      .write_i(marks && visit_bit),
      .write_address_i(VALUES_BITS'((32'(fill_q) * STEPS + 32'(step_q)) * INPUTS + 32'(visit_column))),
      .write_data_i(feature)
    );
  end else begin : g_spikes
    assign value_o = VALUE_BITS'(1);
    wire unused = ^{value_read_i, value_step_i, value_column_i};
  end
endmodule

`default_nettype wire
