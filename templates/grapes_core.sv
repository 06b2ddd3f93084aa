// A network that infers and trains with GRAPES, one sample at a time, on integers only: wiring of its units. The generated
// <name>_core gives it the sizes, tables and program of a design, which <name>_pkg explains.
//
//   grapes_host         samples in, memory port, counters
//   grapes_issue        walks the program: at most one operation a cycle, carried through the stages s0 to s5
//   grapes_activations  lists of non-zero features and activations, and what turns sums into them
//   grapes_streams      random numbers of the updates
//   grapes_array        the lanes: weights, multipliers, errors, strengths
//   grapes_errors       from the way back's products to the errors of the layer below
//   grapes_active       the groups that have errors: the way back visits no other
//   grapes_divisions    factors, softmax, results out
//   grapes_trace        every value as it is made, for testbenches

`default_nettype none

module grapes_core #(
  // Shows what the core computes on the trace ports; synthesis leaves them 0.
  parameter bit TRACE = 1'b0,
  // sizes
  parameter int LAYERS = 3, LANES = 32, INPUTS = 784, CLASSES = 10, FEATURES_PER_BEAT = 4, PASSES = 8, SWEEP_PASS = 6,
  parameter int DEPTH = 4416, SLOTS = 9, HIDDEN_SLOTS = 8, OUTPUT_SLOTS = 1, OUTPUT_SPREAD = 1, HIDDEN_LIST = 512,
  // widths
  parameter int ACTIVATION_BITS = 8, ADDRESS_BITS = 13, BACK_BITS = 24, BACK_SHIFT_BITS = 1, COLUMN_BITS = 10,
  parameter int COUNT_BITS = 10, DIVIDE_BITS = 9, ERROR_BITS = 8, EXP_SUM_BITS = 20, FACTOR_BITS = 9,
  parameter int FORWARD_SHIFT_BITS = 1, GROUP_BITS = 2, HIDDEN_LIST_BITS = 9, HIDDEN_SLOT_BITS = 3,
  parameter int INPUT_LIST_BITS = 11, LABEL_BITS = 4, LANE_BITS = 5, LAYER_BITS = 2, PASS_BITS = 3, RANDOM_BITS = 13,
  parameter int ROWS_BITS = 7, ROW_BITS = 8, SLOT_BITS = 4, STRENGTH_BITS = 17, SUM_BITS = 26, UPDATE_SHIFT_BITS = 1,
  parameter int WEIGHT_BITS = 8,
  // formats, shifts, rates and modes
  parameter int BACK_SHIFT_MAX = 14, BACK_SHIFT_MIN = 14, FACTOR_FRAC = 7, FACTOR_LOW = 128, FORWARD_SHIFT_MAX = 8,
  parameter int FORWARD_SHIFT_MIN = 8, LOGIT_SHIFT = 4, RATE_MAX = 7, RATE_MIN = 7, TARGET_FRAC = 7,
  parameter int UPDATE_SHIFT_MAX = 13, UPDATE_SHIFT_MIN = 12,
  parameter bit GRAPES_ON = 1'b1, LOCAL = 1'b0, STOCHASTIC = 1'b1,
  // depths of the pipelines
  parameter int DIVIDE_STAGES = 5, ERROR_STAGES = 7, EXP_STAGES = 3, SCALER_STAGES = 2, SCAN_LANES = 4,
  parameter int SCAN_STAGES = 4, TREE_STAGES = 3, WRITE_STAGES = 3,
  // the program, and tables with layer 0 in the low bits
  parameter logic [LAYERS*BACK_SHIFT_BITS-1:0] BACK_SHIFTS = '0,
  parameter logic [LAYERS*ADDRESS_BITS-1:0] BASES = '0,
  parameter logic [LAYERS*ADDRESS_BITS-1:0] ENDS = '0,
  parameter logic [LAYERS*FORWARD_SHIFT_BITS-1:0] FORWARD_SHIFTS = '0,
  parameter logic [LAYERS*COUNT_BITS-1:0] INPUT_COUNTS = '0,
  parameter logic [LAYERS*GROUP_BITS-1:0] LAST_GROUPS = '0,
  parameter logic [LAYERS*ROWS_BITS-1:0] LAST_ROWS = '0,
  parameter logic [LAYERS*HIDDEN_LIST_BITS-1:0] LIST_BASES = '0,
  parameter logic [PASSES*(2*LAYER_BITS+10)-1:0] PROGRAM = '0,
  parameter logic [LAYERS*SLOT_BITS-1:0] SLOT_BASES = '0,
  parameter logic [LAYERS-1:0] SPREADS = '0,
  parameter logic [LAYERS*UPDATE_SHIFT_BITS-1:0] UPDATE_SHIFTS = '0,
  parameter logic [LAYERS*32-1:0] SEEDS = '0
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
  output      logic trace_activation_valid_o,
  output      logic [LAYER_BITS-1:0] trace_activation_layer_o,
  output      logic [ROW_BITS-1:0] trace_activation_row_o,
  output      logic [ACTIVATION_BITS-1:0] trace_activation_value_o,
  output      logic trace_logit_valid_o,
  output      logic [ROW_BITS-1:0] trace_logit_row_o,
  output      logic [15:0] trace_logit_value_o,
  output      logic trace_factor_valid_o,
  output      logic [LAYER_BITS-1:0] trace_factor_layer_o,
  output      logic [ROW_BITS-1:0] trace_factor_row_o,
  output      logic [FACTOR_BITS-1:0] trace_factor_value_o,
  output      logic [STRENGTH_BITS-1:0] trace_factor_strength_o,
  output      logic trace_probability_valid_o,
  output      logic [ROW_BITS-1:0] trace_probability_row_o,
  output      logic [TARGET_FRAC+1:0] trace_probability_value_o,
  output      logic trace_error_valid_o,
  output      logic [LAYER_BITS-1:0] trace_error_layer_o,
  output      logic [ROW_BITS-1:0] trace_error_row_o,
  output      logic [ERROR_BITS-1:0] trace_error_value_o,
  output      logic trace_write_valid_o,
  output      logic [LAYER_BITS-1:0] trace_write_layer_o,
  output      logic [GROUP_BITS-1:0] trace_write_group_o,
  output      logic [COLUMN_BITS-1:0] trace_write_column_o,
  output      logic [2*LANES-1:0] trace_write_mask_o,
  output      logic [2*LANES*WEIGHT_BITS-1:0] trace_write_weight_o
);
  // A single layer has no factors.
  localparam bit GRAPES = GRAPES_ON && LAYERS > 1;
  localparam int PRODUCT_BITS = WEIGHT_BITS + ERROR_BITS;

  // ---- what goes from one unit to others

  // grapes_host: the host
  wire sample, next_sample, train, input_write, input_complete, memory_busy, sweep_needed, sweep_request,
       access_read, access_write, stream_write;
  wire [LABEL_BITS-1:0] label;
  wire [4:0] rate;
  wire [INPUT_LIST_BITS-1:0] input_write_address, input_base;
  wire [ACTIVATION_BITS+COLUMN_BITS-1:0] input_write_entry;
  wire [COUNT_BITS-1:0] input_count;
  wire [9:0] access_lane;
  wire [ADDRESS_BITS-1:0] access_address;
  wire [2*WEIGHT_BITS-1:0] access_word;
  wire access_half;
  wire [HIDDEN_SLOT_BITS-1:0] access_slot;
  wire [STRENGTH_BITS-1:0] access_strength;
  wire [LAYER_BITS-1:0] stream_layer;
  wire [31:0] stream_load;

  // grapes_issue: operations
  wire begun, release_sample, swept, idle, updates_any, takes_input_s0, draw_s0, draw_restart_s0, draw_keep_s0,
       answers_s0, takes_input_s1, valued_s1, sweep_s1, back_last_s1, read_s1, forward_s2, update_s2, half_s2, sweep_s2,
       forward_s3, back_s3, update_s3, sweep_s3, first_s3, last_s3, half_s3, sums_s4, strength_s4, update_s4, restart_s4,
       write_s4, close_s4, half_s4, spread_s4;
  wire [LAYER_BITS-1:0] source_s0, layer_s0, source_s1, layer_s4;
  wire [COLUMN_BITS-1:0] entry_s0, entry_s1;
  wire [SLOT_BITS-1:0] slot_s1, slot_s4;
  wire [UPDATE_SHIFT_BITS-1:0] update_shift_s1, update_shift_s3;
  wire [ADDRESS_BITS-1:0] address_s1, address_s4;
  wire [2*LANES-1:0] weighs_s2, exists_s4;
  wire [FORWARD_SHIFT_BITS-1:0] forward_shift_s4;
  wire open_s3;
  wire [GROUP_BITS-1:0] index_s0, group_s4;

  // grapes_activations: lists, and what fills them
  wire [COUNT_BITS-1:0] count_s0;
  wire complete_s0, neuron_half_s1, activation_half, drain_busy, activation_valid, logit_made, activation_saturated, logit_valid,
       logit_last;
  wire [COLUMN_BITS-1:0] column_s1;
  wire [ACTIVATION_BITS-1:0] x_s1, activation;
  wire [LANE_BITS-1:0] neuron_lane_s1, activation_lane;
  wire [SLOT_BITS-1:0] neuron_slot_s1, activation_slot;
  wire [FACTOR_BITS-1:0] neuron_factor_s1;
  wire [ROW_BITS-1:0] neuron_row_s1, drained_row;
  wire [LAYER_BITS-1:0] drained_layer;
  wire [15:0] made_logit, logit;

  // grapes_streams: random numbers
  wire [RANDOM_BITS-1:0] random_s3;
  wire [31:0] stream_state;

  // grapes_array: the lanes
  wire [LANES*(WEIGHT_BITS+ERROR_BITS)-1:0] products_s3;
  wire [2*LANES*WEIGHT_BITS-1:0] new_words_s4, words;
  wire [2*LANES*SUM_BITS-1:0] sums;
  wire [2*LANES-1:0] positive, erring_s4;
  wire [LANES*STRENGTH_BITS-1:0] strengths0, strengths1;

  // grapes_errors: the way back
  wire errors_any, error_valid, error_half, error_saturated;
  wire [LAYER_BITS-1:0] error_layer;
  wire [ROW_BITS-1:0] error_row;
  wire [LANE_BITS-1:0] error_lane;
  wire [SLOT_BITS-1:0] error_slot;
  wire [ERROR_BITS-1:0] error, error_plain;

  // grapes_active: groups with errors
  wire active_last, active_empty, active_updates;
  wire [GROUP_BITS-1:0] active_group;
  wire [1:0] active_halves;
  wire [ADDRESS_BITS-1:0] active_offset;

  // grapes_divisions: factors and softmax
  wire scanning, factor_valid, softmax_ready, result_busy, output_valid, output_half, output_saturated;
  wire [LAYERS-1:0] known;
  wire [LAYER_BITS-1:0] factor_layer;
  wire [FACTOR_BITS-1:0] factor;
  wire [STRENGTH_BITS-1:0] divided_strength;
  wire [LABEL_BITS-1:0] output_row;
  wire [LANE_BITS-1:0] output_lane;
  wire [SLOT_BITS-1:0] output_slot;
  wire [ERROR_BITS-1:0] output_error;
  wire [TARGET_FRAC+1:0] probability;
  wire [HIDDEN_SLOT_BITS-1:0] strength_slot;

  // ---- the host

  grapes_host #(
    .LAYERS(LAYERS), .LANES(LANES), .INPUTS(INPUTS), .FEATURES_PER_BEAT(FEATURES_PER_BEAT), .LAYER_BITS(LAYER_BITS),
    .LANE_BITS(LANE_BITS), .LABEL_BITS(LABEL_BITS), .WEIGHT_BITS(WEIGHT_BITS), .ACTIVATION_BITS(ACTIVATION_BITS),
    .STRENGTH_BITS(STRENGTH_BITS), .COLUMN_BITS(COLUMN_BITS), .COUNT_BITS(COUNT_BITS), .ROWS_BITS(ROWS_BITS),
    .ADDRESS_BITS(ADDRESS_BITS), .HIDDEN_SLOTS(HIDDEN_SLOTS), .HIDDEN_SLOT_BITS(HIDDEN_SLOT_BITS),
    .INPUT_LIST_BITS(INPUT_LIST_BITS), .GRAPES(GRAPES), .INPUT_COUNTS(INPUT_COUNTS), .ENDS(ENDS),
    .LAST_ROWS(LAST_ROWS), .SPREADS(SPREADS)
  ) host (
    .clk_i, .rst_i,
    .sample_valid_i, .sample_ready_o, .sample_data_i, .sample_label_i, .sample_train_i, .sample_rate_i,
    .sample_o(sample),
    .next_sample_o(next_sample), .label_o(label), .train_o(train), .rate_o(rate),
    .list_write_o(input_write), .list_address_o(input_write_address), .list_entry_o(input_write_entry),
    .list_base_o(input_base), .list_count_o(input_count), .list_complete_o(input_complete),
    .release_i(release_sample),
    .memory_valid_i, .memory_ready_o, .memory_write_i, .memory_address_i, .memory_data_i, .memory_valid_o,
    .memory_ready_i, .memory_data_o,
    .core_idle_i(idle), .updates_any_i(updates_any), .scanning_i(scanning), .swept_i(swept),
    .memory_busy_o(memory_busy), .sweep_needed_o(sweep_needed), .sweep_request_o(sweep_request), .idle_o,
    .word_read_o(access_read), .word_write_o(access_write), .lane_o(access_lane), .word_address_o(access_address),
    .word_o(access_word), .words_i(words), .strength_half_o(access_half), .strength_slot_o(access_slot),
    .strength_i(access_strength),
    .stream_write_o(stream_write), .stream_layer_o(stream_layer), .stream_o(stream_load), .stream_i(stream_state),
    .activation_saturated_i(activation_saturated), .activation_layer_i(drained_layer), .error_valid_i(error_valid),
    .error_saturated_i(error_saturated), .error_layer_i(error_layer)
  );

  // ---- operations

  grapes_issue #(
    .LAYERS(LAYERS), .LANES(LANES), .LAYER_BITS(LAYER_BITS), .PASSES(PASSES), .PASS_BITS(PASS_BITS),
    .SWEEP_PASS(SWEEP_PASS), .COLUMN_BITS(COLUMN_BITS), .COUNT_BITS(COUNT_BITS), .GROUP_BITS(GROUP_BITS),
    .ROWS_BITS(ROWS_BITS), .SLOT_BITS(SLOT_BITS), .ADDRESS_BITS(ADDRESS_BITS), .UPDATE_SHIFT_BITS(UPDATE_SHIFT_BITS),
    .FORWARD_SHIFT_BITS(FORWARD_SHIFT_BITS), .RATE_MIN(RATE_MIN), .RATE_MAX(RATE_MAX), .WRITE_STAGES(WRITE_STAGES),
    .PROGRAM(PROGRAM), .INPUT_COUNTS(INPUT_COUNTS), .LAST_GROUPS(LAST_GROUPS), .LAST_ROWS(LAST_ROWS),
    .SPREADS(SPREADS), .BASES(BASES), .SLOT_BASES(SLOT_BASES), .UPDATE_SHIFTS(UPDATE_SHIFTS),
    .FORWARD_SHIFTS(FORWARD_SHIFTS)
  ) issue (
    .clk_i, .rst_i, .sample_i(sample),
    .next_sample_i(next_sample), .train_i(train), .rate_i(rate), .begun_o(begun), .release_o(release_sample),
    .memory_busy_i(memory_busy),
    .sweep_needed_i(sweep_needed), .sweep_request_i(sweep_request), .softmax_ready_i(softmax_ready),
    .errors_any_i(errors_any), .drain_busy_i(drain_busy),
    .result_busy_i(result_busy), .swept_o(swept), .idle_o(idle), .updates_any_o(updates_any),
    .takes_input_s0_o(takes_input_s0), .source_s0_o(source_s0), .entry_s0_o(entry_s0), .count_s0_i(count_s0),
    .complete_s0_i(complete_s0), .index_s0_o(index_s0), .active_group_s0_i(active_group),
    .active_halves_s0_i(active_halves), .active_offset_s0_i(active_offset), .active_last_s0_i(active_last),
    .active_empty_s0_i(active_empty), .active_updates_s0_i(active_updates), .draw_s0_o(draw_s0),
    .draw_restart_s0_o(draw_restart_s0), .draw_keep_s0_o(draw_keep_s0), .layer_s0_o(layer_s0),
    .answers_s0_o(answers_s0),
    .takes_input_s1_o(takes_input_s1), .valued_s1_o(valued_s1), .sweep_s1_o(sweep_s1), .back_last_s1_o(back_last_s1),
    .source_s1_o(source_s1), .entry_s1_o(entry_s1), .slot_s1_o(slot_s1), .update_shift_s1_o(update_shift_s1),
    .column_s1_i(column_s1),
    .access_read_i(access_read), .access_address_i(access_address),
    .read_s1_o(read_s1), .address_s1_o(address_s1),
    .forward_s2_o(forward_s2), .update_s2_o(update_s2), .half_s2_o(half_s2), .sweep_s2_o(sweep_s2),
    .weighs_s2_o(weighs_s2),
    .forward_s3_o(forward_s3), .back_s3_o(back_s3), .update_s3_o(update_s3), .sweep_s3_o(sweep_s3), .first_s3_o(first_s3),
    .last_s3_o(last_s3), .open_s3_o(open_s3), .half_s3_o(half_s3), .update_shift_s3_o(update_shift_s3),
    .sums_s4_o(sums_s4), .strength_s4_o(strength_s4), .forward_shift_s4_o(forward_shift_s4), .update_s4_o(update_s4),
    .restart_s4_o(restart_s4), .write_s4_o(write_s4), .close_s4_o(close_s4), .half_s4_o(half_s4),
    .spread_s4_o(spread_s4), .layer_s4_o(layer_s4), .group_s4_o(group_s4), .slot_s4_o(slot_s4),
    .address_s4_o(address_s4), .exists_s4_o(exists_s4)
  );

  // ---- lists, and what fills them

  grapes_activations #(
    .LAYERS(LAYERS), .LANES(LANES), .INPUTS(INPUTS), .LAYER_BITS(LAYER_BITS), .LANE_BITS(LANE_BITS),
    .ACTIVATION_BITS(ACTIVATION_BITS), .SUM_BITS(SUM_BITS), .ROW_BITS(ROW_BITS), .COLUMN_BITS(COLUMN_BITS),
    .COUNT_BITS(COUNT_BITS), .GROUP_BITS(GROUP_BITS), .SLOT_BITS(SLOT_BITS), .INPUT_LIST_BITS(INPUT_LIST_BITS),
    .HIDDEN_LIST(HIDDEN_LIST), .HIDDEN_LIST_BITS(HIDDEN_LIST_BITS), .FORWARD_SHIFT_MIN(FORWARD_SHIFT_MIN),
    .FORWARD_SHIFT_MAX(FORWARD_SHIFT_MAX), .FORWARD_SHIFT_BITS(FORWARD_SHIFT_BITS), .LOGIT_SHIFT(LOGIT_SHIFT),
    .FACTOR_BITS(FACTOR_BITS), .GRAPES(GRAPES), .LIST_BASES(LIST_BASES), .FORWARD_SHIFTS(FORWARD_SHIFTS)
  ) activations (
    .clk_i, .rst_i, .clear_i(begun),
    .input_write_i(input_write), .input_write_address_i(input_write_address), .input_write_entry_i(input_write_entry),
    .input_base_i(input_base), .input_count_i(input_count), .input_complete_i(input_complete),
    .read_s0_i(!idle), .takes_input_s0_i(takes_input_s0), .source_s0_i(source_s0), .entry_s0_i(entry_s0),
    .count_s0_o(count_s0), .complete_s0_o(complete_s0),
    .takes_input_s1_i(takes_input_s1), .valued_s1_i(valued_s1), .sweep_s1_i(sweep_s1), .entry_s1_i(entry_s1),
    .column_s1_o(column_s1), .x_s1_o(x_s1), .lane_s1_o(neuron_lane_s1), .half_s1_o(neuron_half_s1),
    .slot_s1_o(neuron_slot_s1), .row_s1_o(neuron_row_s1), .factor_s1_o(neuron_factor_s1),
    .sums_s4_i(sums_s4), .layer_s4_i(layer_s4), .group_s4_i(group_s4), .slot_s4_i(slot_s4), .spread_s4_i(spread_s4),
    .close_s4_i(close_s4), .exists_s4_i(exists_s4), .positive_s4_i(positive), .sums_s4_data_i(sums),
    .drain_busy_o(drain_busy), .known_i(known),
    .activation_valid_o(activation_valid), .activation_slot_o(activation_slot), .activation_lane_o(activation_lane),
    .activation_half_o(activation_half),
    .factor_valid_i(factor_valid), .factor_layer_i(factor_layer), .factor_i(factor), .logit_made_o(logit_made),
    .layer_o(drained_layer), .row_o(drained_row), .activation_o(activation), .made_logit_o(made_logit),
    .saturated_o(activation_saturated), .logit_valid_o(logit_valid), .logit_last_o(logit_last), .logit_o(logit)
  );

  // ---- random numbers

  grapes_streams #(
    .LAYERS(LAYERS), .LAYER_BITS(LAYER_BITS), .STOCHASTIC(STOCHASTIC), .SHIFT_MIN(UPDATE_SHIFT_MIN),
    .SHIFT_MAX(UPDATE_SHIFT_MAX), .SHIFT_BITS(UPDATE_SHIFT_BITS), .RANDOM_BITS(RANDOM_BITS)
  ) streams (
    .clk_i, .rst_i, .seeds_i(SEEDS), .draw_i(draw_s0), .restart_i(draw_restart_s0), .keep_i(draw_keep_s0),
    .layer_i(layer_s0),
    .shift_s1_i(update_shift_s1),
    .random_s3_o(random_s3),
    .load_i(stream_write), .access_layer_i(stream_layer), .load_state_i(stream_load), .state_o(stream_state)
  );

  // ---- the lanes

  grapes_array #(
    .LANES(LANES), .LANE_BITS(LANE_BITS), .WEIGHT_BITS(WEIGHT_BITS), .ACTIVATION_BITS(ACTIVATION_BITS),
    .ERROR_BITS(ERROR_BITS), .SUM_BITS(SUM_BITS), .STRENGTH_BITS(STRENGTH_BITS),
    .FORWARD_SHIFT_MIN(FORWARD_SHIFT_MIN), .FORWARD_SHIFT_BITS(FORWARD_SHIFT_BITS),
    .UPDATE_SHIFT_MIN(UPDATE_SHIFT_MIN), .UPDATE_SHIFT_BITS(UPDATE_SHIFT_BITS), .RANDOM_BITS(RANDOM_BITS),
    .DEPTH(DEPTH), .ADDRESS_BITS(ADDRESS_BITS), .SLOTS(SLOTS), .SLOT_BITS(SLOT_BITS), .HIDDEN_SLOTS(HIDDEN_SLOTS),
    .HIDDEN_SLOT_BITS(HIDDEN_SLOT_BITS), .GRAPES(GRAPES), .LOCAL(LOCAL)
  ) lanes (
    .clk_i,
    .read_s1_i(read_s1), .address_s1_i(address_s1), .slot_s1_i(slot_s1), .x_s1_i(x_s1),
    .weighs_s2_i(weighs_s2), .forward_s2_i(forward_s2), .update_s2_i(update_s2), .half_s2_i(half_s2),
    .sweep_s2_i(sweep_s2),
    .forward_s3_i(forward_s3), .first_s3_i(first_s3), .last_s3_i(last_s3), .update_s3_i(update_s3), .open_s3_i(open_s3),
    .half_s3_i(half_s3), .sweep_s3_i(sweep_s3), .random_s3_i(random_s3), .update_shift_s3_i(update_shift_s3),
    .products_s3_o(products_s3),
    .write_s4_i(write_s4), .address_s4_i(address_s4), .slot_s4_i(slot_s4), .sums_s4_i(sums_s4), .update_s4_i(update_s4),
    .half_s4_i(half_s4), .strength_s4_i(strength_s4), .restart_s4_i(restart_s4),
    .forward_shift_s4_i(forward_shift_s4), .new_words_s4_o(new_words_s4), .erring_s4_o(erring_s4),
    .sums_o(sums), .positive_o(positive),
    .load_i(access_write), .load_lane_i(access_lane), .load_address_i(access_address), .load_word_i(access_word),
    .words_o(words),
    .error_write_i(error_valid), .error_lane_i(error_lane), .error_half_i(error_half), .error_slot_i(error_slot),
    .error_i(error), .error_plain_i(error_plain),
    .strength_slot_i(strength_slot), .strengths0_o(strengths0), .strengths1_o(strengths1)
  );

  // ---- the way back

  grapes_errors #(
    .LAYERS(LAYERS), .LANES(LANES), .LAYER_BITS(LAYER_BITS), .LANE_BITS(LANE_BITS), .ROW_BITS(ROW_BITS),
    .SLOT_BITS(SLOT_BITS), .PRODUCT_BITS(PRODUCT_BITS), .BACK_BITS(BACK_BITS), .FACTOR_FRAC(FACTOR_FRAC),
    .FACTOR_BITS(FACTOR_BITS), .ERROR_BITS(ERROR_BITS), .BACK_SHIFT_MIN(BACK_SHIFT_MIN),
    .BACK_SHIFT_MAX(BACK_SHIFT_MAX), .BACK_SHIFT_BITS(BACK_SHIFT_BITS), .LOCAL(LOCAL), .TREE_STAGES(TREE_STAGES),
    .SCALER_STAGES(SCALER_STAGES), .ERROR_STAGES(ERROR_STAGES), .BACK_SHIFTS(BACK_SHIFTS)
  ) errors (
    .clk_i, .rst_i, .any_o(errors_any),
    .last_s1_i(back_last_s1), .layer_s1_i(source_s1), .row_s1_i(neuron_row_s1), .lane_s1_i(neuron_lane_s1),
    .half_s1_i(neuron_half_s1), .slot_s1_i(neuron_slot_s1), .factor_s1_i(neuron_factor_s1),
    .back_s3_i(back_s3), .first_s3_i(first_s3), .last_s3_i(last_s3), .products_s3_i(products_s3),
    .output_valid_i(output_valid), .output_row_i(ROW_BITS'(output_row)), .output_lane_i(output_lane),
    .output_half_i(output_half), .output_slot_i(output_slot), .output_error_i(output_error),
    .output_saturated_i(output_saturated),
    .valid_o(error_valid), .layer_o(error_layer), .row_o(error_row), .lane_o(error_lane), .half_o(error_half),
    .slot_o(error_slot),
    .error_o(error), .plain_o(error_plain), .saturated_o(error_saturated)
  );

  grapes_active #(
    .LAYERS(LAYERS), .LAYER_BITS(LAYER_BITS), .COUNT_BITS(COUNT_BITS), .GROUP_BITS(GROUP_BITS), .SLOTS(SLOTS),
    .SLOT_BITS(SLOT_BITS), .ADDRESS_BITS(ADDRESS_BITS), .ERROR_BITS(ERROR_BITS), .LOCAL(LOCAL),
    .INPUT_COUNTS(INPUT_COUNTS), .SLOT_BASES(SLOT_BASES)
  ) active (
    .clk_i, .clear_i(begun || rst_i),
    .error_valid_i(error_valid), .error_layer_i(error_layer), .error_slot_i(error_slot), .error_half_i(error_half),
    .error_i(error), .error_plain_i(error_plain),
    .layer_i(layer_s0), .index_i(index_s0), .group_o(active_group), .halves_o(active_halves),
    .offset_o(active_offset), .last_o(active_last), .empty_o(active_empty), .updates_o(active_updates)
  );

  // ---- factors and softmax

  grapes_divisions #(
    .LAYERS(LAYERS), .LANES(LANES), .CLASSES(CLASSES), .LAYER_BITS(LAYER_BITS), .LANE_BITS(LANE_BITS),
    .LABEL_BITS(LABEL_BITS), .GROUP_BITS(GROUP_BITS), .SLOT_BITS(SLOT_BITS), .HIDDEN_SLOT_BITS(HIDDEN_SLOT_BITS),
    .OUTPUT_SLOTS(OUTPUT_SLOTS), .OUTPUT_SPREAD(OUTPUT_SPREAD), .ERROR_BITS(ERROR_BITS),
    .STRENGTH_BITS(STRENGTH_BITS), .EXP_SUM_BITS(EXP_SUM_BITS), .DIVIDE_BITS(DIVIDE_BITS), .FACTOR_FRAC(FACTOR_FRAC),
    .FACTOR_LOW(FACTOR_LOW), .TARGET_FRAC(TARGET_FRAC), .SCAN_LANES(SCAN_LANES), .SCAN_STAGES(SCAN_STAGES),
    .EXP_STAGES(EXP_STAGES), .DIVIDE_STAGES(DIVIDE_STAGES), .GRAPES(GRAPES), .LAST_GROUPS(LAST_GROUPS),
    .SPREADS(SPREADS), .SLOT_BASES(SLOT_BASES)
  ) divisions (
    .clk_i, .rst_i, .begun_i(begun), .updates_any_i(updates_any), .scanning_o(scanning), .known_o(known),
    .drained_i(activation_valid), .drained_layer_i(drained_layer), .drained_slot_i(activation_slot),
    .drained_lane_i(activation_lane), .drained_half_i(activation_half),
    .factor_valid_o(factor_valid), .factor_layer_o(factor_layer), .factor_o(factor),
    .divided_strength_o(divided_strength),
    .answers_s0_i(answers_s0),
    .train_i(train), .label_i(label),
    .logit_made_i(logit_made), .logit_valid_i(logit_valid), .logit_last_i(logit_last), .logit_i(logit),
    .error_valid_o(output_valid), .error_row_o(output_row), .error_lane_o(output_lane), .error_half_o(output_half),
    .error_slot_o(output_slot), .error_o(output_error), .error_saturated_o(output_saturated),
    .probability_o(probability), .softmax_ready_o(softmax_ready),
    .result_busy_o(result_busy), .result_valid_o, .result_ready_i, .result_prediction_o, .result_logit_o,
    .result_last_o,
    .strength_s4_i(strength_s4), .slot_s4_i(slot_s4),
    .access_lane_i(LANE_BITS'(access_lane)), .access_half_i(access_half), .access_slot_i(access_slot),
    .access_strength_o(access_strength),
    .strength_slot_o(strength_slot), .strengths0_i(strengths0), .strengths1_i(strengths1)
  );

  // ---- trace

  grapes_trace #(
    .TRACE(TRACE), .LANES(LANES), .LAYER_BITS(LAYER_BITS), .GROUP_BITS(GROUP_BITS), .ROW_BITS(ROW_BITS),
    .COLUMN_BITS(COLUMN_BITS), .WEIGHT_BITS(WEIGHT_BITS), .ACTIVATION_BITS(ACTIVATION_BITS), .ERROR_BITS(ERROR_BITS),
    .STRENGTH_BITS(STRENGTH_BITS), .FACTOR_BITS(FACTOR_BITS), .PROBABILITY_BITS(TARGET_FRAC + 2),
    .FACTOR_STAGES(3 + DIVIDE_STAGES), .DIVIDE_STAGES(DIVIDE_STAGES)
  ) trace (
    .clk_i, .rst_i, .step_i(release_sample && train), .activation_valid_i(activation_valid),
    .logit_valid_i(logit_made), .drained_layer_i(drained_layer), .drained_row_i(drained_row),
    .activation_i(activation), .logit_i(made_logit), .factor_valid_i(factor_valid), .factor_i(factor),
    .divided_strength_i(divided_strength), .probability_valid_i(output_valid), .probability_i(probability),
    .error_valid_i(error_valid), .error_layer_i(error_layer), .error_row_i(error_row), .error_i(error),
    .column_s1_i(column_s1),
    .write_s4_i(write_s4), .layer_s4_i(layer_s4), .group_s4_i(group_s4), .erring_s4_i(erring_s4),
    .new_words_s4_i(new_words_s4),
    .step_o(trace_step_o),
    .activation_valid_o(trace_activation_valid_o), .activation_layer_o(trace_activation_layer_o),
    .activation_row_o(trace_activation_row_o), .activation_value_o(trace_activation_value_o),
    .logit_valid_o(trace_logit_valid_o), .logit_row_o(trace_logit_row_o), .logit_value_o(trace_logit_value_o),
    .factor_valid_o(trace_factor_valid_o), .factor_layer_o(trace_factor_layer_o), .factor_row_o(trace_factor_row_o),
    .factor_value_o(trace_factor_value_o), .factor_strength_o(trace_factor_strength_o),
    .probability_valid_o(trace_probability_valid_o), .probability_row_o(trace_probability_row_o),
    .probability_value_o(trace_probability_value_o),
    .error_valid_o(trace_error_valid_o), .error_layer_o(trace_error_layer_o), .error_row_o(trace_error_row_o),
    .error_value_o(trace_error_value_o),
    .write_valid_o(trace_write_valid_o), .write_layer_o(trace_write_layer_o), .write_group_o(trace_write_group_o),
    .write_column_o(trace_write_column_o), .write_mask_o(trace_write_mask_o), .write_weight_o(trace_write_weight_o)
  );
endmodule

`default_nettype wire
