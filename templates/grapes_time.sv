// A network in time that infers and trains with GRAPES, one sample of several steps at a time, on integers only: wiring of
// its units, and the stages of an operation. The generated <name>_core gives it the sizes, tables and program of a design,
// which <name>_pkg explains.
//
//   grapes_frames    samples in, spikes encoded: what the first layer sees in every step
//   grapes_passes    walks the program, fetches words of columns
//   grapes_columns   makes operations of them: s0
//   grapes_time_array  the lanes: weights, multipliers, cells, values, errors, strengths
//   grapes_masks     which rows have a value, and are open, in every step
//   grapes_backward  from the lanes' products to the gains of errors
//   grapes_answer    softmax, result out
//   grapes_scan      the largest strengths
//
// s0 issue; s1 read word and errors; s2 multiply; s3 accumulate; s4 round, or make the new weights; s5 write the word, the
// cells speak; s6 strengths move.

`default_nettype none

module grapes_time #(
  // Shows what the core computes on the trace ports; synthesis leaves them 0.
  parameter bit TRACE = 1'b0,
  // sizes
  parameter int LAYERS = 3,
  parameter int MATRICES = 3,
  parameter int LANES = 32,
  parameter int STEPS = 4,
  parameter int INPUTS = 784,
  parameter int INPUT_STEPS = 1,
  parameter int INPUT_WORDS = 13,
  parameter int WORD = 64,
  parameter int CLASSES = 10,
  parameter int FEATURES_PER_BEAT = 4,
  parameter int PASSES = 10,
  parameter int SWEEP_PASS = 8,
  parameter int DEPTH = 4416,
  parameter int GROUPS = 4,
  parameter int SLOTS = 9,
  parameter int HIDDEN_SLOTS = 8,
  parameter int OUTPUT_SLOTS = 1,
  parameter int OUTPUT_SPREAD = 1,
  parameter int TOP_SLOTS = 4,
  parameter int FIRST_SLOTS = 4,
  parameter int TOP_COLUMNS = 256,
  // widths
  parameter int ACTIVATION_BITS = 8,
  parameter int ADDRESS_BITS = 13,
  parameter int ALIGN_BITS = 1,
  parameter int BACK_BITS = 24,
  parameter int BACK_SHIFT_BITS = 1,
  parameter int COLUMN_BITS = 10,
  parameter int COUNT_BITS = 10,
  parameter int DIVIDE_BITS = 9,
  parameter int ERROR_BITS = 8,
  parameter int EXP_SUM_BITS = 20,
  parameter int FEATURE_BITS = 8,
  parameter int FORWARD_SHIFT_BITS = 1,
  parameter int GRADIENT_BITS = 10,
  parameter int GROUP_BITS = 2,
  parameter int HIDDEN_SLOT_BITS = 3,
  parameter int LABEL_BITS = 4,
  parameter int LANE_BITS = 5,
  parameter int LAYER_BITS = 2,
  parameter int MATRIX_BITS = 2,
  parameter int MOMENT_BITS = 6,
  parameter int PASS_BITS = 4,
  parameter int RANDOM_BITS = 13,
  parameter int ROWS_BITS = 7,
  parameter int SLOT_BITS = 4,
  parameter int STEP_BITS = 2,
  parameter int STRENGTH_BITS = 17,
  parameter int SUM_BITS = 26,
  parameter int UPDATE_SHIFT_BITS = 1,
  parameter int WEIGHT_BITS = 8,
  parameter int WORD_INDEX_BITS = 4,
  parameter int X_BITS = 8,
  // formats, shifts, rates and modes
  parameter int ALIGN_MAX = 0,
  parameter int BACK_SHIFT_MAX = 14,
  parameter int BACK_SHIFT_MIN = 14,
  parameter int DECAY_SHIFT = 3,
  parameter int FACTOR_FRAC = 7,
  parameter int FACTOR_LOW = 128,
  parameter int FORWARD_SHIFT_MAX = 8,
  parameter int FORWARD_SHIFT_MIN = 8,
  parameter int RATE_MAX = 7,
  parameter int RATE_MIN = 7,
  parameter int TARGET_FRAC = 7,
  parameter int UPDATE_SHIFT_MAX = 13,
  parameter int UPDATE_SHIFT_MIN = 12,
  parameter bit GRAPES_ON = 1'b1,
  parameter bit LOCAL = 1'b0,
  parameter bit STOCHASTIC = 1'b1,
  // some layer spikes; some does not; some sees itself; the top one does
  parameter bit SPIKES = 1'b1,
  parameter bit VALUES = 1'b0,
  parameter bit RECURRENT = 1'b0,
  parameter bit TOP_RECURRENT = 1'b0,
  // how the input comes: the same at every step, as probabilities of spikes, as spikes
  parameter bit CONSTANT = 1'b1,
  parameter bit RATE_CODED = 1'b0,
  parameter bit INPUT_VALUES = 1'b1,
  // depths of the pipelines
  parameter int DIVIDE_STAGES = 5,
  parameter int EXP_STAGES = 3,
  parameter int GAIN_STAGES = 13,
  parameter int SUM_STAGES = 11,
  parameter int TREE_STAGES = 3,
  // the program, and tables with layer, matrix or slot 0 in the low bits
  parameter logic [LAYERS*BACK_SHIFT_BITS-1:0] BACK_SHIFTS = '0,
  parameter logic [LAYERS*2-1:0] CELLS = '0,
  parameter logic [LAYERS*FORWARD_SHIFT_BITS-1:0] FORWARD_SHIFTS = '0,
  parameter logic [LAYERS*GROUP_BITS-1:0] LAST_GROUPS = '0,
  parameter logic [LAYERS*ROWS_BITS-1:0] LAST_ROWS = '0,
  parameter logic [LAYERS*SLOT_BITS-1:0] SLOT_BASES = '0,
  parameter logic [LAYERS-1:0] SPREADS = '0,
  parameter logic [LAYERS*ALIGN_BITS-1:0] SUM_ALIGNS = '0,
  parameter logic [LAYERS*ALIGN_BITS-1:0] OWN_SUM_ALIGNS = '0,
  parameter logic [LAYERS*ALIGN_BITS-1:0] BACK_ALIGNS = '0,
  parameter logic [LAYERS*ALIGN_BITS-1:0] OWN_BACK_ALIGNS = '0,
  parameter logic [MATRICES*ALIGN_BITS-1:0] STRENGTH_ALIGNS = '0,
  parameter logic [MATRICES*ADDRESS_BITS-1:0] BASES = '0,
  parameter logic [MATRICES*ADDRESS_BITS-1:0] ENDS = '0,
  parameter logic [MATRICES*COUNT_BITS-1:0] COLUMN_COUNTS = '0,
  parameter logic [MATRICES*ROWS_BITS-1:0] MATRIX_LAST_ROWS = '0,
  parameter logic [MATRICES-1:0] MATRIX_SPREADS = '0,
  parameter logic [MATRICES*UPDATE_SHIFT_BITS-1:0] UPDATE_SHIFTS = '0,
  parameter logic [HIDDEN_SLOTS*LAYER_BITS-1:0] SLOT_LAYERS = '0,
  parameter logic [PASSES*(2*LAYER_BITS+MATRIX_BITS+6)-1:0] PROGRAM = '0,
  parameter logic [MATRICES*32-1:0] SEEDS = '0,
  parameter logic [31:0] ENCODER_SEED = 32'd1
) (
  input  wire logic clk_i,
  input  wire logic rst_i,

  // Samples: FEATURES_PER_BEAT features a beat, the first in the low bits; the rest is taken with the first beat.
  input  wire logic sample_valid_i,
  output      logic sample_ready_o,
  input  wire logic [31:0] sample_data_i,
  input  wire logic [LABEL_BITS-1:0] sample_label_i,
  input  wire logic sample_train_i,
  // the learning rate is 2^-sample_rate_i, within RATE_MIN..RATE_MAX
  input  wire logic [4:0] sample_rate_i,

  // Results: one beat a logit, row 0 first.
  output      logic result_valid_o,
  input  wire logic result_ready_i,
  output      logic [LABEL_BITS-1:0] result_prediction_o,
  output      logic [15:0] result_logit_o,
  output      logic result_last_o,

  // Memories, while no sample is in the core.
  input  wire logic memory_valid_i,
  output      logic memory_ready_o,
  input  wire logic memory_write_i,
  input  wire logic [31:0] memory_address_i,
  input  wire logic [31:0] memory_data_i,
  output      logic memory_valid_o,
  input  wire logic memory_ready_i,
  output      logic [31:0] memory_data_o,

  output      logic idle_o,

  // Trace: every value of a step as it is made.
  output      logic trace_step_o,
  output      logic trace_cell_valid_o,
  output      logic [LAYER_BITS-1:0] trace_cell_layer_o,
  output      logic [GROUP_BITS-1:0] trace_cell_group_o,
  output      logic [STEP_BITS-1:0] trace_cell_step_o,
  output      logic [2*LANES-1:0] trace_cell_nonzero_o,
  output      logic [2*LANES-1:0] trace_cell_open_o,
  output      logic [2*LANES*ACTIVATION_BITS-1:0] trace_cell_value_o,
  output      logic trace_logit_valid_o,
  output      logic [15:0] trace_logit_value_o,
  output      logic trace_probability_valid_o,
  output      logic [TARGET_FRAC+1:0] trace_probability_value_o,
  output      logic trace_error_valid_o,
  output      logic [LAYER_BITS-1:0] trace_error_layer_o,
  output      logic [GROUP_BITS-1:0] trace_error_group_o,
  output      logic [STEP_BITS-1:0] trace_error_step_o,
  output      logic [2*LANES-1:0] trace_error_mask_o,
  output      logic [2*LANES*ERROR_BITS-1:0] trace_error_value_o,
  output      logic trace_write_valid_o,
  output      logic [MATRIX_BITS-1:0] trace_write_matrix_o,
  output      logic [GROUP_BITS-1:0] trace_write_group_o,
  output      logic [COLUMN_BITS-1:0] trace_write_column_o,
  output      logic [2*LANES-1:0] trace_write_mask_o,
  output      logic [2*LANES*WEIGHT_BITS-1:0] trace_write_weight_o
);
  localparam int ROWS = 2 * LANES;
  localparam int GROUP_ROW_BITS = $clog2(2 * LANES);
  localparam int ROUNDED_BITS = 18;
  localparam int GAIN_BITS = ERROR_BITS + 2;
  localparam int PAIR_BITS = WEIGHT_BITS + ERROR_BITS + 1;
  localparam int NUMERATOR_BITS = STRENGTH_BITS > EXP_SUM_BITS ? STRENGTH_BITS : EXP_SUM_BITS;
  localparam int HIDDEN = LAYERS - 1;
  localparam int OUTPUT_MOMENT = STEPS * HIDDEN_SLOTS;
  localparam int MOMENTS = OUTPUT_MOMENT + OUTPUT_SLOTS;
  localparam bit SPLIT = GRAPES_ON && (LOCAL || RECURRENT);
  localparam bit GAINS = !TOP_RECURRENT;
  localparam logic [LAYER_BITS-1:0] TOP = LAYER_BITS'(LAYERS - 1);

  wire [SLOT_BITS-1:0] first_slot[LAYERS];
  wire [GROUP_BITS-1:0] last_group[LAYERS];
  wire [ROWS_BITS-1:0] last_rows[LAYERS];
  wire [1:0] cell_kind[LAYERS];
  wire [FORWARD_SHIFT_BITS-1:0] forward_shift[LAYERS];
  wire [BACK_SHIFT_BITS-1:0] back_shift[LAYERS];
  wire [ALIGN_BITS-1:0] sum_align[LAYERS];
  wire [ALIGN_BITS-1:0] own_sum_align[LAYERS];
  wire [ALIGN_BITS-1:0] back_align[LAYERS];
  wire [ALIGN_BITS-1:0] own_back_align[LAYERS];
  for (genvar l = 0; l < LAYERS; l++) begin : g_layer
    assign first_slot[l] = SLOT_BASES[l*SLOT_BITS+:SLOT_BITS];
    assign last_group[l] = LAST_GROUPS[l*GROUP_BITS+:GROUP_BITS];
    assign last_rows[l] = LAST_ROWS[l*ROWS_BITS+:ROWS_BITS];
    assign cell_kind[l] = CELLS[l*2+:2];
    assign forward_shift[l] = FORWARD_SHIFTS[l*FORWARD_SHIFT_BITS+:FORWARD_SHIFT_BITS];
    assign back_shift[l] = BACK_SHIFTS[l*BACK_SHIFT_BITS+:BACK_SHIFT_BITS];
    assign sum_align[l] = SUM_ALIGNS[l*ALIGN_BITS+:ALIGN_BITS];
    assign own_sum_align[l] = OWN_SUM_ALIGNS[l*ALIGN_BITS+:ALIGN_BITS];
    assign back_align[l] = BACK_ALIGNS[l*ALIGN_BITS+:ALIGN_BITS];
    assign own_back_align[l] = OWN_BACK_ALIGNS[l*ALIGN_BITS+:ALIGN_BITS];
  end
  wire [ADDRESS_BITS-1:0] base[MATRICES];
  wire [COUNT_BITS-1:0] columns[MATRICES];
  wire [UPDATE_SHIFT_BITS-1:0] update_shift[MATRICES];
  wire [ALIGN_BITS-1:0] strength_align[MATRICES];
  for (genvar m = 0; m < MATRICES; m++) begin : g_matrix
    assign base[m] = BASES[m*ADDRESS_BITS+:ADDRESS_BITS];
    assign columns[m] = COLUMN_COUNTS[m*COUNT_BITS+:COUNT_BITS];
    assign update_shift[m] = UPDATE_SHIFTS[m*UPDATE_SHIFT_BITS+:UPDATE_SHIFT_BITS];
    assign strength_align[m] = STRENGTH_ALIGNS[m*ALIGN_BITS+:ALIGN_BITS];
  end

  // ---- the host: samples, memory port

  wire sample, train, no_sample, release_sample, begins, core_idle;
  wire [LABEL_BITS-1:0] label;
  wire [4:0] rate;
  wire memory_busy, sweep_request, swept;

  wire access_read, access_write;
  wire [1:0] access_space;
  wire [9:0] access_lane;
  wire [19:0] access_word;
  wire [31:0] access_data, counter, stream_state, encoder_state;
  wire [1:0] holds;
  wire [ROWS*WEIGHT_BITS-1:0] words;
  wire [STRENGTH_BITS-1:0] strength;
  grapes_words #(
    .LAYERS(MATRICES),
    .LANES(LANES),
    .ROWS_BITS(ROWS_BITS),
    .COUNT_BITS(COUNT_BITS),
    .ADDRESS_BITS(ADDRESS_BITS),
    .INPUT_COUNTS(COLUMN_COUNTS),
    .ENDS(ENDS),
    .LAST_ROWS(MATRIX_LAST_ROWS),
    .SPREADS(MATRIX_SPREADS)
  ) table_of_words (
    .word_i(access_word),
    .lane_i(access_lane),
    .holds_o(holds)
  );
  wire access_first_lane = access_lane == '0;
  wire stream_exists = access_first_lane && access_word < 20'(MATRICES);
  wire encoder_exists = RATE_CODED && access_first_lane && access_word == 20'(MATRICES);
  wire strength_exists = access_word[19:1] < 19'(HIDDEN_SLOTS) && 11'(access_lane) < 11'(LANES);
  wire word_read = access_read && access_space == 2'd0;
  wire word_write = access_write && access_space == 2'd0 && holds != '0;
  wire stream_write = access_write && access_space == 2'd2 && stream_exists;
  wire encoder_write = access_write && access_space == 2'd2 && encoder_exists;

  wire [2*WEIGHT_BITS-1:0] lane_word[LANES];
  for (genvar p = 0; p < LANES; p++) begin : g_lane
    assign lane_word[p] = words[p*2*WEIGHT_BITS+:2*WEIGHT_BITS];
  end
  wire [2*WEIGHT_BITS-1:0] weights = lane_word[LANE_BITS'(access_lane)];
  wire signed [WEIGHT_BITS-1:0] weight0 = holds[0] ? weights[0+:WEIGHT_BITS] : '0;
  wire signed [WEIGHT_BITS-1:0] weight1 = holds[1] ? weights[WEIGHT_BITS+:WEIGHT_BITS] : '0;
  logic [31:0] answer;
  always_comb begin
    case (access_space)
      2'd0: answer = {16'(weight1), 16'(weight0)};
      2'd1: answer = strength_exists ? 32'(strength) : '0;
      2'd2: answer = stream_exists ? stream_state : encoder_exists ? encoder_state : '0;
      default: answer = access_first_lane ? counter : '0;
    endcase
  end

  // Strengths are out of date after reset and after a weight was loaded.
  logic stale_q;
  always_ff @(posedge clk_i) begin
    if (rst_i || word_write) stale_q <= GRAPES_ON;
    else if (swept) stale_q <= 1'b0;
  end
  grapes_port port (
    .clk_i,
    .rst_i,
    .open_i(core_idle && no_sample),
    .quiet_i(core_idle),
    .valid_i(memory_valid_i),
    .ready_o(memory_ready_o),
    .write_i(memory_write_i),
    .address_i(memory_address_i),
    .data_i(memory_data_i),
    .valid_o(memory_valid_o),
    .ready_i(memory_ready_i),
    .data_o(memory_data_o),
    .stale_i(stale_q),
    .sweep_request_o(sweep_request),
    .busy_o(memory_busy),
    .read_o(access_read),
    .write_o(access_write),
    .space_o(access_space),
    .lane_o(access_lane),
    .word_o(access_word),
    .data_out_o(access_data),
    .data_in_i(answer)
  );
  assign idle_o = core_idle && no_sample;

  // ---- passes and columns

  wire quiet, errors_ready, closed;
  logic [SLOTS-1:0] learning_q, plain_q;
  wire forward, top, back, update, sweep, from_input, recurrent, single;
  wire [LAYER_BITS-1:0] layer, source;
  wire [MATRIX_BITS-1:0] matrix;
  wire word_ask;
  wire [STEP_BITS-1:0] ask_step;
  wire [SLOT_BITS-1:0] ask_slot;
  wire [WORD_INDEX_BITS-1:0] ask_word;
  wire [WORD-1:0] input_word, input_used;
  wire [ROWS-1:0] mask_nonzero, mask_open, mask_used, mask_earlier, mask_opened;
  wire column_ready, word_valid, word_carry, word_flush, word_own, word_close, word_group_first, word_group_final,
       word_spread;
  wire [WORD-1:0] word_bits;
  wire [ROWS-1:0] word_nonzero;
  wire [GROUP_BITS-1:0] word_group;
  wire [STEP_BITS-1:0] word_step;
  wire [SLOT_BITS-1:0] word_slot;
  wire [COLUMN_BITS-1:0] word_column;
  grapes_passes #(
    .LAYERS(LAYERS),
    .LAYER_BITS(LAYER_BITS),
    .MATRIX_BITS(MATRIX_BITS),
    .LANES(LANES),
    .ROWS_BITS(ROWS_BITS),
    .STEPS(STEPS),
    .STEP_BITS(STEP_BITS),
    .PASSES(PASSES),
    .PASS_BITS(PASS_BITS),
    .SWEEP_PASS(SWEEP_PASS),
    .GROUPS(GROUPS),
    .GROUP_BITS(GROUP_BITS),
    .SLOTS(SLOTS),
    .SLOT_BITS(SLOT_BITS),
    .COLUMN_BITS(COLUMN_BITS),
    .WORD(WORD),
    .INPUTS(INPUTS),
    .INPUT_WORDS(INPUT_WORDS),
    .WORD_INDEX_BITS(WORD_INDEX_BITS),
    .CONSTANT(CONSTANT),
    .PROGRAM(PROGRAM),
    .LAST_GROUPS(LAST_GROUPS),
    .LAST_ROWS(LAST_ROWS),
    .SPREADS(SPREADS),
    .SLOT_BASES(SLOT_BASES)
  ) passes (
    .clk_i,
    .rst_i,
    .sample_i(sample),
    .train_i(train),
    .begin_o(begins),
    .release_o(release_sample),
    .idle_o(core_idle),
    .memory_busy_i(memory_busy),
    .sweep_needed_i(stale_q),
    .sweep_request_i(sweep_request),
    .swept_o(swept),
    .quiet_i(quiet),
    .errors_ready_i(errors_ready),
    .closed_i(closed),
    .learning_i(learning_q),
    .carrying_i(LOCAL ? plain_q : learning_q),
    .forward_o(forward),
    .top_o(top),
    .back_o(back),
    .update_o(update),
    .sweep_o(sweep),
    .layer_o(layer),
    .matrix_o(matrix),
    .source_o(source),
    .input_o(from_input),
    .recurrent_o(recurrent),
    .single_o(single),
    .read_o(word_ask),
    .read_step_o(ask_step),
    .read_slot_o(ask_slot),
    .read_word_o(ask_word),
    .input_word_i(input_word),
    .input_used_i(input_used),
    .nonzero_i(mask_nonzero),
    .open_i(mask_open),
    .used_i(mask_used),
    .earlier_i(mask_earlier),
    .opened_i(mask_opened),
    .ready_i(column_ready),
    .valid_o(word_valid),
    .word_o(word_bits),
    .nonzero_o(word_nonzero),
    .carry_o(word_carry),
    .flush_o(word_flush),
    .own_o(word_own),
    .close_o(word_close),
    .group_o(word_group),
    .group_first_o(word_group_first),
    .group_final_o(word_group_final),
    .step_o(word_step),
    .slot_o(word_slot),
    .column_o(word_column),
    .spread_o(word_spread)
  );

  // groups that carry errors down: of the layer above, and of the layer itself a step later
  wire [SLOTS-1:0] carrying = LOCAL ? plain_q : learning_q;
  wire [SLOTS-1:0] own_carrying = SPLIT ? plain_q : learning_q;
  wire [LAYER_BITS-1:0] above = top ? layer : LAYER_BITS'(32'(layer) + 1);
  wire [GROUPS-1:0] groups_above = back && single ? '0 : group_flags(carrying, above);
  wire [GROUPS-1:0] groups_own = back ? group_flags(own_carrying, layer) : '0;
  function automatic logic [GROUPS-1:0] group_flags(input logic [SLOTS-1:0] flags, input logic [LAYER_BITS-1:0] of);
    group_flags = '0;
    for (int g = 0; g < GROUPS; g++) begin
      for (int s = 0; s < SLOTS; s++) begin
        if (s == 32'(SLOT_BASES[32'(of)*SLOT_BITS+:SLOT_BITS]) + g && g <= 32'(LAST_GROUPS[32'(of)*GROUP_BITS+:GROUP_BITS]))
          group_flags[g] = flags[s];
      end
    end
  endfunction

  wire steps_ask;
  wire [COLUMN_BITS-1:0] steps_column;
  wire [SLOT_BITS-1:0] steps_slot;
  wire [GROUP_ROW_BITS-1:0] steps_row;
  wire [INPUT_STEPS-1:0] input_steps;
  wire [STEPS-1:0] row_steps;
  wire valid_s0, issue_s0, null_s0, carry_s0, flush_s0, own_s0, close_s0, first_s0, last_s0, begins_s0, group_first_s0,
       group_final_s0, columns_busy;
  wire [GROUP_BITS-1:0] group_s0;
  wire [STEP_BITS-1:0] step_s0;
  wire [SLOT_BITS-1:0] slot_s0;
  wire [GROUP_ROW_BITS-1:0] row_s0;
  wire [COLUMN_BITS-1:0] column_s0;
  wire [ROWS-1:0] open_s0, nonzero_s0;
  wire block;
  grapes_columns #(
    .LANES(LANES),
    .STEPS(STEPS),
    .STEP_BITS(STEP_BITS),
    .GROUPS(GROUPS),
    .GROUP_BITS(GROUP_BITS),
    .SLOT_BITS(SLOT_BITS),
    .COLUMN_BITS(COLUMN_BITS),
    .WORD(WORD)
  ) operations (
    .clk_i,
    .rst_i,
    .goes_back_i(top || back),
    .update_i(update),
    .recurrent_i(recurrent),
    .single_i(single),
    .valid_i(word_valid),
    .ready_o(column_ready),
    .word_i(word_bits),
    .nonzero_i(word_nonzero),
    .carry_i(word_carry),
    .flush_i(word_flush),
    .own_i(word_own),
    .close_i(word_close),
    .group_i(word_group),
    .group_first_i(word_group_first),
    .group_final_i(word_group_final),
    .step_i(word_step),
    .slot_i(word_slot),
    .column_i(word_column),
    .spread_i(word_spread),
    .read_o(steps_ask),
    .read_column_o(steps_column),
    .column_slot_o(steps_slot),
    .column_row_o(steps_row),
    .column_steps_i(from_input ? STEPS'(input_steps) : row_steps),
    .above_i(groups_above),
    .own_groups_i(groups_own),
    .block_i(block),
    .valid_o(valid_s0),
    .issue_o(issue_s0),
    .null_o(null_s0),
    .carry_o(carry_s0),
    .flush_o(flush_s0),
    .own_o(own_s0),
    .close_o(close_s0),
    .first_o(first_s0),
    .last_o(last_s0),
    .begins_o(begins_s0),
    .group_o(group_s0),
    .group_first_o(group_first_s0),
    .group_final_o(group_final_s0),
    .step_o(step_s0),
    .slot_o(slot_s0),
    .row_o(row_s0),
    .column_o(column_s0),
    .open_o(open_s0),
    .nonzero_o(nonzero_s0),
    .busy_o(columns_busy)
  );

  // ---- s0: where the operation finds what it needs

  wire goes_back = (top || back) && !carry_s0;
  wire [MATRIX_BITS-1:0] matrix_s0 = !own_s0 ? matrix : forward ? matrix + 1'b1 : matrix - 1'b1;
  wire [LAYER_BITS-1:0] rows_layer_s0 = back && !own_s0 ? LAYER_BITS'(32'(layer) + 1) : layer;
  wire [SLOT_BITS-1:0] rows_slot_s0 = first_slot[rows_layer_s0] + SLOT_BITS'(group_s0);
  wire rows_output_s0 = rows_layer_s0 == TOP;
  // errors meet the values of the step before in a layer's own matrix
  wire later_s0 = back ? own_s0 : update && recurrent;
  wire [MOMENT_BITS-1:0] error_moment_s0 =
    rows_output_s0 ? MOMENT_BITS'(OUTPUT_MOMENT + 32'(group_s0))
                   : MOMENT_BITS'((32'(step_s0) + 32'(later_s0)) * HIDDEN_SLOTS + 32'(rows_slot_s0));
  wire [MOMENT_BITS-1:0] value_moment_s0 =
    MOMENT_BITS'((32'(step_s0) - 32'(forward && own_s0)) * HIDDEN_SLOTS + 32'(slot_s0));
  wire takes_input_s0 = from_input && !own_s0;
  wire [STEP_BITS-1:0] input_step_s0 = CONSTANT ? '0 : step_s0;
  wire [ADDRESS_BITS-1:0] address_s0 =
    base[matrix_s0] + ADDRESS_BITS'(32'(group_s0) * 32'(columns[matrix_s0])) + ADDRESS_BITS'(column_s0);
  wire group_last_s0 = group_s0 == last_group[rows_layer_s0];

  // ---- the stages

  typedef struct packed {
    logic                  active;
    logic                  sums;
    logic                  learns;
    logic                  counts;
    logic                  first;
    logic                  last;
    logic                  close;
    logic                  clear;
    logic [GROUP_BITS-1:0] group;
    logic [SLOT_BITS-1:0]  slot;
    logic [ALIGN_BITS-1:0] align;
  } op_t;
  op_t op_s0, op_s1, op_s2, op_s3, op_s4, op_s5, op_s6;
  wire works = issue_s0 && !carry_s0;
  assign op_s0.active = issue_s0;
  assign op_s0.sums = works && (forward || update);
  assign op_s0.learns = works && update && last_s0;
  assign op_s0.counts = works && (sweep || (update && last_s0)) && GRAPES_ON && layer != TOP;
  assign op_s0.first = first_s0;
  assign op_s0.last = last_s0;
  assign op_s0.close = works && forward && close_s0;
  assign op_s0.clear = works && forward && close_s0 && step_s0 == '0;
  assign op_s0.group = group_s0;
  assign op_s0.slot = rows_slot_s0;
  assign op_s0.align = forward ? (own_s0 ? own_sum_align[layer] : sum_align[layer]) : '0;
  always_ff @(posedge clk_i) begin
    op_s1 <= rst_i ? '0 : op_s0;
    op_s2 <= rst_i ? '0 : op_s1;
    op_s3 <= rst_i ? '0 : op_s2;
    op_s4 <= rst_i ? '0 : op_s3;
    op_s5 <= rst_i ? '0 : op_s4;
    op_s6 <= rst_i ? '0 : op_s5;
  end

  logic null_s1, input_s1, spread_s1, plain_s1, total_s1, value_sum_s1, carry_s1, flush_s1, carry_first_s1;
  logic [ROWS_BITS-1:0] rows_s1;
  logic [ADDRESS_BITS-1:0] address_s1, address_s2, address_s3, address_s4, address_s5;
  logic [COLUMN_BITS-1:0] column_s1, column_s2, column_s3, column_s4, column_s5;
  logic [MOMENT_BITS-1:0] error_moment_s1, carry_moment_s1;
  logic [SLOT_BITS-1:0] value_slot_s1;
  logic [GROUP_ROW_BITS-1:0] row_s1;
  logic [STEP_BITS-1:0] step_s1;
  logic [ROWS-1:0] open_s1, nonzero_s1;
  logic [ROWS-1:0] exists_s2, exists_s3, exists_s4, exists_s5, learns_s3, learns_s4, learns_s5;
  wire [ROWS-1:0] exists_s1, learns_s2;
  always_ff @(posedge clk_i) begin
    null_s1 <= null_s0;
    input_s1 <= takes_input_s0;
    rows_s1 <= group_last_s0 ? last_rows[rows_layer_s0] : ROWS_BITS'(ROWS);
    spread_s1 <= group_last_s0 && SPREADS[rows_layer_s0];
    plain_s1 <= back && own_s0 ? SPLIT : goes_back && LOCAL;
    total_s1 <= update && single && from_input;
    value_sum_s1 <= single && !from_input;
    carry_s1 <= issue_s0 && carry_s0 && !rst_i;
    flush_s1 <= flush_s0;
    carry_first_s1 <= step_s0 == STEP_BITS'(STEPS - 1) && !flush_s0;
    address_s1 <= address_s0;
    {address_s2, address_s3, address_s4, address_s5} <= {address_s1, address_s2, address_s3, address_s4};
    column_s1 <= column_s0;
    {column_s2, column_s3, column_s4, column_s5} <= {column_s1, column_s2, column_s3, column_s4};
    error_moment_s1 <= error_moment_s0;
    carry_moment_s1 <= value_moment_s0;
    value_slot_s1 <= slot_s0;
    row_s1 <= row_s0;
    step_s1 <= step_s0;
    open_s1 <= open_s0;
    nonzero_s1 <= nonzero_s0;
    {exists_s2, exists_s3, exists_s4, exists_s5} <= {exists_s1, exists_s2, exists_s3, exists_s4};
    {learns_s3, learns_s4, learns_s5} <= {learns_s2, learns_s3, learns_s4};
  end
  grapes_rows #(
    .LANES(LANES),
    .ROWS_BITS(ROWS_BITS)
  ) rows (
    .rows_i(rows_s1),
    .spread_i(spread_s1),
    .exists_o(exists_s1)
  );
  logic back_s2, update_s2;
  wire signed [X_BITS-1:0] row_value_s1;
  localparam int INPUT_BITS = RATE_CODED ? 1 : FEATURE_BITS;
  wire [INPUT_BITS-1:0] input_value_s1;
  wire signed [X_BITS-1:0] input_x_s1 = INPUT_VALUES ? X_BITS'($signed(input_value_s1)) : X_BITS'(1);
  logic signed [X_BITS-1:0] x_s2;
  always_ff @(posedge clk_i) begin
    back_s2 <= top || back;
    update_s2 <= update;
    // An operation without a column adds nothing.
    x_s2 <= null_s1 ? '0 : input_s1 ? input_x_s1 : row_value_s1;
  end
  logic null_s2;
  always_ff @(posedge clk_i) null_s2 <= null_s1;

  // The update's shift, with the rate held within the range that the shifters cover.
  wire [5:0] rate_raised = 6'(rate) + 6'd1 > 6'(RATE_MIN) ? 6'(rate) : 6'(RATE_MIN);
  wire [5:0] rate_held = rate_raised < 6'(RATE_MAX + 1) ? rate_raised : 6'(RATE_MAX);
  wire [UPDATE_SHIFT_BITS-1:0] shift_now = update_shift[matrix] + UPDATE_SHIFT_BITS'(rate_held - 6'(RATE_MIN));

  // ---- random numbers: every group of rows draws the same

  logic drawn_q;
  logic [GROUP_BITS-1:0] drawn_group_q;
  logic [MATRIX_BITS-1:0] drawn_matrix_q;
  wire draw = works && update && begins_s0;
  always_ff @(posedge clk_i) begin
    drawn_q <= update && (drawn_q || draw);
    if (draw) begin
      drawn_group_q <= group_s0;
      drawn_matrix_q <= matrix;
    end
  end
  wire draw_restart = !drawn_q || drawn_group_q != group_s0 || drawn_matrix_q != matrix;
  wire [RANDOM_BITS-1:0] random_s3;
  logic [RANDOM_BITS-1:0] random_s4;
  always_ff @(posedge clk_i) random_s4 <= random_s3;
  grapes_streams #(
    .LAYERS(MATRICES),
    .LAYER_BITS(MATRIX_BITS),
    .STOCHASTIC(STOCHASTIC),
    .SHIFT_MIN(UPDATE_SHIFT_MIN),
    .SHIFT_MAX(UPDATE_SHIFT_MAX),
    .SHIFT_BITS(UPDATE_SHIFT_BITS),
    .RANDOM_BITS(RANDOM_BITS)
  ) streams (
    .clk_i,
    .rst_i,
    .seeds_i(SEEDS),
    .draw_i(draw),
    .restart_i(draw_restart),
    .keep_i(group_final_s0),
    .layer_i(matrix),
    .shift_s1_i(shift_now),
    .random_s3_o(random_s3),
    .load_i(stream_write),
    .access_layer_i(MATRIX_BITS'(access_word)),
    .load_state_i(access_data),
    .state_o(stream_state)
  );

  // ---- cells, or logits, behind s4

  logic cells_q, drain_q;
  logic [STEP_BITS-1:0] cell_step_q;
  logic [STEP_BITS-1:0] close_step_s2, close_step_s3, close_step_s4;
  logic [SLOT_BITS-1:0] cell_slot_q;
  logic [GROUP_BITS-1:0] cell_group_q;
  logic [ROWS-1:0] cell_rows_q;
  wire output_layer = layer == TOP;
  wire cells_last = !single || cell_step_q == STEP_BITS'(STEPS - 1);
  wire [ROWS-1:0] drain_others = cell_rows_q & (cell_rows_q - 1'b1);
  wire drain_last = drain_others == '0;
  always_ff @(posedge clk_i) begin
    {close_step_s2, close_step_s3, close_step_s4} <= {step_s1, close_step_s2, close_step_s3};
    if (rst_i) begin
      cells_q <= 1'b0;
      drain_q <= 1'b0;
    end else begin
      if (op_s4.close && !output_layer) cells_q <= 1'b1;
      else if (cells_last) cells_q <= 1'b0;
      if (op_s4.close && output_layer) drain_q <= 1'b1;
      else if (drain_last) drain_q <= 1'b0;
    end
    if (op_s4.close) begin
      cell_step_q <= close_step_s4;
      cell_slot_q <= op_s4.slot;
      cell_group_q <= op_s4.group;
      cell_rows_q <= exists_s4;
    end else begin
      if (cells_q) cell_step_q <= cell_step_q + 1'b1;
      if (drain_q) cell_rows_q <= drain_others;
    end
  end
  assign closed = (cells_q && cells_last) || (drain_q && drain_last);
  wire [MOMENT_BITS-1:0] cell_moment = MOMENT_BITS'(32'(cell_step_q) * HIDDEN_SLOTS + 32'(cell_slot_q));
  wire [ROWS-1:0] cell_nonzero, cell_open, cell_saturated;
  wire [ROWS*ACTIVATION_BITS-1:0] cell_values;
  grapes_masks #(
    .ROWS(ROWS),
    .STEPS(STEPS),
    .HIDDEN_SLOTS(HIDDEN_SLOTS),
    .HIDDEN_SLOT_BITS(HIDDEN_SLOT_BITS),
    .MOMENT_BITS(MOMENT_BITS),
    .RECURRENT(RECURRENT)
  ) masks (
    .clk_i,
    .write_i(cells_q),
    .write_first_i(cell_step_q == '0),
    .write_last_i(cell_step_q == STEP_BITS'(STEPS - 1)),
    .write_slot_i(HIDDEN_SLOT_BITS'(cell_slot_q)),
    .write_moment_i(cell_moment),
    .write_nonzero_i(cell_nonzero),
    .write_open_i(cell_open),
    .read_i(word_ask),
    .read_slot_i(HIDDEN_SLOT_BITS'(ask_slot)),
    .read_moment_i(MOMENT_BITS'(32'(ask_step) * HIDDEN_SLOTS + 32'(ask_slot))),
    .nonzero_o(mask_nonzero),
    .open_o(mask_open),
    .used_o(mask_used),
    .earlier_o(mask_earlier),
    .opened_o(mask_opened)
  );

  logic [GROUP_ROW_BITS-1:0] drain_row;
  always_comb begin
    drain_row = '0;
    for (int k = ROWS - 1; k >= 0; k--) if (cell_rows_q[k]) drain_row = GROUP_ROW_BITS'(k);
  end
  wire signed [ROUNDED_BITS-1:0] drained;
  wire signed [15:0] logit;
  wire logit_saturated;
  grapes_requantise #(
    .IN_BITS(ROUNDED_BITS),
    .OUT_BITS(16)
  ) logit_saturate (
    .value_i(drained),
    .shift_i(1'b0),
    .value_o(logit),
    .saturated_o(logit_saturated)
  );
  logic logit_valid_q, logit_last_q;
  logic signed [15:0] logit_q;
  always_ff @(posedge clk_i) begin
    logit_valid_q <= drain_q && !rst_i;
    logit_last_q <= drain_last && cell_group_q == last_group[LAYERS-1];
    logit_q <= logit;
  end

  // ---- the output layer

  wire divide, answer_valid, answer_ready, answer_saturated, result_busy;
  wire [15:0] exponential;
  wire [EXP_SUM_BITS-1:0] exp_sum;
  wire [DIVIDE_BITS-1:0] quotient;
  wire [GROUP_BITS-1:0] answer_group;
  wire [GROUP_ROW_BITS-1:0] answer_row;
  wire signed [ERROR_BITS-1:0] answer_error;
  wire [TARGET_FRAC+1:0] probability;
  grapes_answer #(
    .CLASSES(CLASSES),
    .LABEL_BITS(LABEL_BITS),
    .LANES(LANES),
    .GROUPS(OUTPUT_SLOTS),
    .GROUP_BITS(GROUP_BITS),
    .SPREAD(OUTPUT_SPREAD == 1),
    .SUM_BITS(EXP_SUM_BITS),
    .ERROR_BITS(ERROR_BITS),
    .TARGET_FRAC(TARGET_FRAC),
    .EXP_STAGES(EXP_STAGES),
    .DIVIDE_BITS(DIVIDE_BITS),
    .DIVIDE_STAGES(DIVIDE_STAGES)
  ) output_answer (
    .clk_i,
    .rst_i,
    .begin_i(begins),
    .train_i(train),
    .label_i(label),
    .logit_valid_i(logit_valid_q),
    .logit_last_i(logit_last_q),
    .logit_i(logit_q),
    .divide_o(divide),
    .numerator_o(exponential),
    .denominator_o(exp_sum),
    .quotient_i(quotient),
    .valid_o(answer_valid),
    .group_o(answer_group),
    .row_o(answer_row),
    .error_o(answer_error),
    .saturated_o(answer_saturated),
    .probability_o(probability),
    .ready_o(answer_ready),
    .result_busy_o(result_busy),
    .result_valid_o,
    .result_ready_i,
    .result_prediction_o,
    .result_logit_o,
    .result_last_o
  );

  // ---- strengths: read for the way back, the scan, or the memory port

  logic [HIDDEN_SLOT_BITS-1:0] strength_slot_q;
  logic [GROUP_ROW_BITS-1:0] strength_row_q;
  logic [STRENGTH_BITS-1:0] strength_s2;
  wire scanning, scanned;
  wire [HIDDEN_SLOT_BITS-1:0] scan_slot;
  wire [GROUP_ROW_BITS-1:0] scan_row;
  wire [HIDDEN*STRENGTH_BITS-1:0] largest_all;
  wire [STRENGTH_BITS-1:0] largest[LAYERS];
  for (genvar l = 0; l < LAYERS; l++) begin : g_largest
    if (l < HIDDEN) begin : g_hidden
      assign largest[l] = largest_all[l*STRENGTH_BITS+:STRENGTH_BITS];
    end else begin : g_output
      assign largest[l] = '0;
    end
  end
  always_ff @(posedge clk_i) begin
    strength_slot_q <= op_s5.counts ? HIDDEN_SLOT_BITS'(op_s5.slot)
                     : scanning ? scan_slot
                     : memory_busy ? HIDDEN_SLOT_BITS'(access_word >> 1) : HIDDEN_SLOT_BITS'(slot_s0);
    strength_row_q <= scanning ? scan_row
                    : memory_busy ? GROUP_ROW_BITS'({access_lane, access_word[0]}) : row_s0;
    strength_s2 <= strength;
  end
  if (GRAPES_ON) begin : g_scan
    grapes_scan #(
      .HIDDEN(HIDDEN),
      .LAYER_BITS(LAYER_BITS),
      .ROWS(ROWS),
      .GROUP_ROW_BITS(GROUP_ROW_BITS),
      .HIDDEN_SLOTS(HIDDEN_SLOTS),
      .HIDDEN_SLOT_BITS(HIDDEN_SLOT_BITS),
      .STRENGTH_BITS(STRENGTH_BITS),
      .SLOT_LAYERS(SLOT_LAYERS)
    ) scan (
      .clk_i,
      .rst_i,
      .start_i(begins && train),
      .active_o(scanning),
      .done_o(scanned),
      .slot_o(scan_slot),
      .row_o(scan_row),
      .strength_i(strength_s2),
      .largest_o(largest_all)
    );
  end else begin : g_no_scan
    assign {scanning, scan_slot, scan_row, largest_all} = '0;
    assign scanned = 1'b1;
    wire unused = ^{SLOT_LAYERS};
  end
  assign errors_ready = answer_ready && scanned;

  // ---- the way back

  wire [LANES*PAIR_BITS-1:0] pairs_s4;
  wire back_busy, gain_soon, gain_same, gain_valid, gain_top;
  wire [GROUP_ROW_BITS-1:0] gain_row;
  wire [SLOT_BITS-1:0] gain_slot;
  wire [STEP_BITS-1:0] gain_step;
  wire signed [GAIN_BITS-1:0] gain, plain_gain;
  wire [LAYER_BITS-1:0] target = top ? source : layer;
  grapes_backward #(
    .LANES(LANES),
    .LANE_BITS(LANE_BITS),
    .PAIR_BITS(PAIR_BITS),
    .BACK_BITS(BACK_BITS),
    .ERROR_BITS(ERROR_BITS),
    .ALIGN_BITS(ALIGN_BITS),
    .STRENGTH_BITS(STRENGTH_BITS),
    .NUMERATOR_BITS(NUMERATOR_BITS),
    .FACTOR_FRAC(FACTOR_FRAC),
    .FACTOR_LOW(FACTOR_LOW),
    .SHIFT_MIN(BACK_SHIFT_MIN),
    .SHIFT_MAX(BACK_SHIFT_MAX),
    .SHIFT_BITS(BACK_SHIFT_BITS),
    .STEP_BITS(STEP_BITS),
    .SLOT_BITS(SLOT_BITS),
    .COLUMN_BITS(COLUMN_BITS),
    .TOP_COLUMNS(TOP_COLUMNS),
    .TREE_STAGES(TREE_STAGES),
    .DIVIDE_BITS(DIVIDE_BITS),
    .DIVIDE_STAGES(DIVIDE_STAGES),
    .SUM_STAGES(SUM_STAGES),
    .GAIN_STAGES(GAIN_STAGES),
    .GRAPES(GRAPES_ON),
    .GAINS(GAINS)
  ) way_back (
    .clk_i,
    .rst_i,
    .issue_s0_i(issue_s0 && goes_back),
    .first_s0_i(first_s0),
    .last_s0_i(last_s0),
    .top_s0_i(top),
    .kept_s0_i(back && single),
    .align_s0_i(own_s0 ? own_back_align[target] : back_align[target]),
    .column_s0_i(column_s0),
    .row_s0_i(row_s0),
    .slot_s0_i(slot_s0),
    .step_s0_i(step_s0),
    .pairs_s4_i(pairs_s4),
    .strength_s2_i(strength_s2),
    .largest_i(largest[target]),
    .shift_i(back_shift[target]),
    .divide_i(divide),
    .numerator_i(NUMERATOR_BITS'(exponential)),
    .denominator_i(NUMERATOR_BITS'(exp_sum)),
    .quotient_o(quotient),
    .busy_o(back_busy),
    .soon_o(gain_soon),
    .slot_i(slot_s0),
    .same_o(gain_same),
    .valid_o(gain_valid),
    .top_o(gain_top),
    .row_o(gain_row),
    .slot_o(gain_slot),
    .step_o(gain_step),
    .gain_o(gain),
    .plain_o(plain_gain)
  );

  wire [SLOT_BITS-1:0] answer_slot = first_slot[LAYERS-1] + SLOT_BITS'(answer_group);
  wire [SLOT_BITS-1:0] write_slot = carry_s1 ? value_slot_s1 : gain_valid ? gain_slot : answer_slot;
  wire [MOMENT_BITS-1:0] write_moment = carry_s1 ? carry_moment_s1
                                      : gain_valid ? MOMENT_BITS'(32'(gain_step) * HIDDEN_SLOTS + 32'(gain_slot))
                                      : MOMENT_BITS'(OUTPUT_MOMENT + 32'(answer_group));
  for (genvar s = 0; s < SLOTS; s++) begin : g_learning
    wire mine = write_slot == SLOT_BITS'(s);
    always_ff @(posedge clk_i) begin
      if (rst_i || begins) begin
        learning_q[s] <= 1'b0;
        plain_q[s] <= 1'b0;
      end else if (mine) begin
        if ((gain_valid && gain != '0) || (answer_valid && answer_error != '0)) learning_q[s] <= 1'b1;
        if ((gain_valid && plain_gain != '0) || (answer_valid && answer_error != '0)) plain_q[s] <= 1'b1;
      end
    end
  end

  // ---- the lanes

  wire [ROWS*WEIGHT_BITS-1:0] new_words_s5;
  wire [ROWS*ERROR_BITS-1:0] written;
  wire [ROWS-1:0] errors_saturated;
  wire signed [GAIN_BITS-1:0] answer_gain = GAIN_BITS'(answer_error);
  grapes_time_array #(
    .LANES(LANES),
    .WEIGHT_BITS(WEIGHT_BITS),
    .ACTIVATION_BITS(ACTIVATION_BITS),
    .X_BITS(X_BITS),
    .ERROR_BITS(ERROR_BITS),
    .GRADIENT_BITS(GRADIENT_BITS),
    .SUM_BITS(SUM_BITS),
    .ROUNDED_BITS(ROUNDED_BITS),
    .STRENGTH_BITS(STRENGTH_BITS),
    .ALIGN_BITS(ALIGN_BITS),
    .STRENGTH_ALIGN_BITS(ALIGN_BITS),
    .STRENGTH_ALIGN_MAX(ALIGN_MAX),
    .FORWARD_SHIFT_MIN(FORWARD_SHIFT_MIN),
    .FORWARD_SHIFT_MAX(FORWARD_SHIFT_MAX),
    .FORWARD_SHIFT_BITS(FORWARD_SHIFT_BITS),
    .UPDATE_SHIFT_MIN(UPDATE_SHIFT_MIN),
    .UPDATE_SHIFT_BITS(UPDATE_SHIFT_BITS),
    .RANDOM_BITS(RANDOM_BITS),
    .DEPTH(DEPTH),
    .ADDRESS_BITS(ADDRESS_BITS),
    .STEPS(STEPS),
    .STEP_BITS(STEP_BITS),
    .SLOTS(SLOTS),
    .SLOT_BITS(SLOT_BITS),
    .HIDDEN_SLOTS(HIDDEN_SLOTS),
    .HIDDEN_SLOT_BITS(HIDDEN_SLOT_BITS),
    .TOP_SLOT(HIDDEN_SLOTS - TOP_SLOTS),
    .TOP_SLOTS(TOP_SLOTS),
    .FIRST_SLOTS(FIRST_SLOTS),
    .MOMENTS(MOMENTS),
    .MOMENT_BITS(MOMENT_BITS),
    .DECAY_SHIFT(DECAY_SHIFT),
    .SPIKES(SPIKES),
    .VALUES(VALUES),
    .CONSTANT(CONSTANT),
    .GAINS(GAINS),
    .GRAPES(GRAPES_ON),
    .SPLIT(SPLIT)
  ) lanes (
    .clk_i,
    .read_s1_i(word_read || op_s1.active),
    .address_s1_i(word_read ? ADDRESS_BITS'(access_word) : address_s1),
    .exists_s2_i(null_s2 ? '0 : exists_s2),
    .back_s2_i(back_s2),
    .update_s2_i(update_s2),
    .x_s2_i(x_s2),
    .accumulate_s3_i(op_s3.sums),
    .first_s3_i(op_s3.first),
    .align_s3_i(op_s3.align),
    .back_s4_o(pairs_s4),
    .round_s4_i(op_s4.close),
    .forward_shift_s4_i(forward_shift[layer]),
    .random_s4_i(random_s4),
    .update_shift_s4_i(shift_now),
    .rounded_row_i(drain_row),
    .rounded_o(drained),
    .write_s5_i(op_s5.learns),
    .address_s5_i(address_s5),
    .new_words_s5_o(new_words_s5),
    .load_i(word_write),
    .load_lane_i(access_lane),
    .load_address_i(ADDRESS_BITS'(access_word)),
    .load_word_i({access_data[16+:WEIGHT_BITS], access_data[0+:WEIGHT_BITS]}),
    .words_o(words),
    .cell_i(cells_q),
    .cell_kind_i(cell_kind[layer]),
    .cell_first_i(cell_step_q == '0),
    .cell_step_i(cell_step_q),
    .cell_slot_i(HIDDEN_SLOT_BITS'(cell_slot_q)),
    .cell_moment_i(cell_moment),
    .cell_exists_i(cell_rows_q),
    .cell_nonzero_o(cell_nonzero),
    .cell_open_o(cell_open),
    .cell_saturated_o(cell_saturated),
    .cell_values_o(cell_values),
    .column_slot_i(HIDDEN_SLOT_BITS'(steps_slot)),
    .column_row_i(steps_row),
    .column_steps_o(row_steps),
    .value_read_s0_i(issue_s0),
    .value_moment_s0_i(value_moment_s0),
    .value_sum_s1_i(value_sum_s1),
    .value_slot_s1_i(HIDDEN_SLOT_BITS'(value_slot_s1)),
    .value_row_s1_i(row_s1),
    .value_s1_o(row_value_s1),
    .error_read_s1_i(op_s1.active),
    .error_moment_s1_i(error_moment_s1),
    .error_slot_s1_i(op_s1.slot),
    .error_plain_s1_i(plain_s1),
    .error_sum_s1_i(total_s1),
    .learns_s2_o(learns_s2),
    .carry_i(carry_s1),
    .carry_first_i(carry_first_s1),
    .carry_leaks_i(cell_kind[layer] == 2'd2),
    .carry_top_i(single),
    .carry_flush_i(flush_s1),
    .carry_open_i(open_s1),
    .carry_nonzero_i(nonzero_s1),
    .gain_write_i(gain_valid),
    .gain_top_i(gain_top),
    .output_i(answer_valid),
    .write_row_i(gain_valid ? gain_row : answer_row),
    .gain_i(gain_valid ? gain : answer_gain),
    .plain_gain_i(gain_valid ? plain_gain : answer_gain),
    .write_slot_i(write_slot),
    .write_moment_i(write_moment),
    .written_o(written),
    .error_saturated_o(errors_saturated),
    .clear_i(op_s4.clear),
    .clear_slot_i(op_s4.slot),
    .move_s5_i(op_s5.counts),
    .restart_s5_i(sweep && single && op_s5.first),
    .recount_s5_i(sweep),
    .slot_s5_i(HIDDEN_SLOT_BITS'(op_s5.slot)),
    .align_s5_i(strength_align[matrix]),
    .strength_slot_i(strength_slot_q),
    .strength_row_i(strength_row_q),
    .strength_o(strength)
  );

  // ---- the samples

  grapes_frames #(
    .INPUTS(INPUTS),
    .STEPS(INPUT_STEPS),
    .STEP_BITS(STEP_BITS),
    .COLUMN_BITS(COLUMN_BITS),
    .WORD(WORD),
    .WORDS(INPUT_WORDS),
    .WORD_INDEX_BITS(WORD_INDEX_BITS),
    .LABEL_BITS(LABEL_BITS),
    .FEATURES(FEATURES_PER_BEAT),
    .FEATURE_BITS(FEATURE_BITS),
    .VALUE_BITS(INPUT_BITS),
    .RATE(RATE_CODED),
    .VALUES(INPUT_VALUES),
    .SEED(ENCODER_SEED)
  ) frames (
    .clk_i,
    .rst_i,
    .hold_i(memory_busy),
    .valid_i(sample_valid_i),
    .ready_o(sample_ready_o),
    .data_i(sample_data_i),
    .label_i(sample_label_i),
    .train_i(sample_train_i),
    .rate_i(sample_rate_i),
    .release_i(release_sample),
    .present_o(sample),
    .label_o(label),
    .train_o(train),
    .rate_o(rate),
    .empty_o(no_sample),
    .word_read_i(word_ask),
    .word_step_i(CONSTANT || update || sweep ? '0 : ask_step),
    .word_index_i(ask_word),
    .word_o(input_word),
    .used_o(input_used),
    .steps_read_i(steps_ask),
    .steps_column_i(steps_column),
    .steps_o(input_steps),
    .value_read_i(issue_s0 && takes_input_s0),
    .value_step_i(input_step_s0),
    .value_column_i(column_s0),
    .value_o(input_value_s1),
    .load_i(encoder_write),
    .load_state_i(access_data),
    .state_o(encoder_state)
  );

  // ---- what blocks an operation, and what is on its way

  wire closing = op_s1.close || op_s2.close || op_s3.close || op_s4.close || cells_q || drain_q;
  // Errors are carried when no gain is to come that would be carried too: of the group, or of any where the layer sees itself.
  assign block = (carry_s0 && (gain_soon || gain_same || (recurrent && back_busy)))
              || (forward && close_s0 && (closing || (output_layer && (result_busy || logit_valid_q))));
  assign quiet = !columns_busy && !op_s1.active && !op_s2.active && !op_s3.active && !op_s4.active && !op_s5.active
              && !op_s6.active && !back_busy && !cells_q && !drain_q;

  // ---- what is counted

  wire [ROWS-1:0] values_saturated = cells_q ? cell_saturated & cell_rows_q : ROWS'(drain_q && logit_saturated);
  wire [LAYER_BITS-1:0] error_layer = answer_valid ? TOP : layer;
  logic [ROWS-1:0] written_rows;
  always_comb begin
    written_rows = '0;
    if (carry_s1) written_rows = flush_s1 ? '0 : '1;
    else if (gain_valid && !gain_top) written_rows[gain_row] = 1'b1;
    else if (answer_valid) written_rows[answer_row] = 1'b1;
  end
  wire [ROWS-1:0] errors_counted = answer_valid ? ROWS'(answer_saturated) : errors_saturated & written_rows;
  grapes_tally #(
    .LAYERS(LAYERS),
    .LAYER_BITS(LAYER_BITS),
    .ROWS(ROWS),
    .EVENT_BITS(ROWS_BITS)
  ) tally (
    .clk_i,
    .rst_i,
    .sample_i(release_sample),
    .busy_i(!idle_o),
    .values_i(values_saturated),
    .values_layer_i(layer),
    .errors_i(errors_counted),
    .errors_layer_i(error_layer),
    .index_i(access_word),
    .count_o(counter)
  );

  // ---- trace

  if (TRACE) begin : g_trace
    assign trace_step_o = release_sample && train;
    assign trace_cell_valid_o = cells_q;
    assign trace_cell_layer_o = layer;
    assign trace_cell_group_o = cell_group_q;
    assign trace_cell_step_o = cell_step_q;
    assign trace_cell_nonzero_o = cell_nonzero;
    assign trace_cell_open_o = cell_open;
    assign trace_cell_value_o = cell_values;
    assign trace_logit_valid_o = logit_valid_q;
    assign trace_logit_value_o = logit_q;
    assign trace_probability_valid_o = answer_valid;
    assign trace_probability_value_o = probability;
    assign trace_error_valid_o = written_rows != '0;
    assign trace_error_layer_o = error_layer;
    assign trace_error_group_o = GROUP_BITS'(write_slot - first_slot[error_layer]);
    assign trace_error_step_o = carry_s1 ? step_s1 : gain_step;
    assign trace_error_mask_o = written_rows;
    assign trace_error_value_o = written;
    assign trace_write_valid_o = op_s5.learns;
    assign trace_write_matrix_o = matrix;
    assign trace_write_group_o = op_s5.group;
    assign trace_write_column_o = column_s5;
    assign trace_write_mask_o = exists_s5 & learns_s5;
    assign trace_write_weight_o = new_words_s5;
  end else begin : g_no_trace
    assign trace_step_o = 1'b0;
    assign {trace_cell_valid_o, trace_cell_layer_o, trace_cell_group_o, trace_cell_step_o} = '0;
    assign {trace_cell_nonzero_o, trace_cell_open_o, trace_cell_value_o} = '0;
    assign {trace_logit_valid_o, trace_logit_value_o, trace_probability_valid_o, trace_probability_value_o} = '0;
    assign {trace_error_valid_o, trace_error_layer_o, trace_error_group_o, trace_error_step_o} = '0;
    assign {trace_error_mask_o, trace_error_value_o} = '0;
    assign {trace_write_valid_o, trace_write_matrix_o, trace_write_group_o, trace_write_column_o} = '0;
    assign {trace_write_mask_o, trace_write_weight_o} = '0;
    wire unused_trace = ^{cell_values, probability, written, learns_s5, exists_s5, step_s1, new_words_s5};
  end
  wire unused = ^{valid_s0, steps_slot, group_first_s0, op_s6, op_s5, column_s5, access_data, access_word};
endmodule

`default_nettype wire
