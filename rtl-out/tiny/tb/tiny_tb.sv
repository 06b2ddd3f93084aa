// Testbench of tiny_core: a host that does what a script says, and modules that compare what the core shows with the
// golden directory, value by value. The same file runs under Verilator (main.cpp makes the clock) and Icarus
// (tiny_tb_clock makes it). Ends at the first difference; no DONE line means that the run failed.
//
// +golden=DIR     golden directory
// +host=FILE      what the host does; by default the directory's host.mem
// +trace=T        samples whose every value is compared, +writes=W of them with every weight write
// +images=DIR     contents of the lanes' weight RAMs, lane<p>.mem, that a load takes instead of the memory port
// +stall          random gaps on every valid and ready; +stall_seed=S picks them
// +cycles         one line a step: when it ended, and the list lengths it had
// +wave=FILE      VCD, from cycle C on with +wave_from=C
//
// With GATE_LEVEL defined, a netlist without trace is checked through its ports only.
`default_nettype none

/* verilator lint_off BLKSEQ */
module tiny_tb (
    input wire clk_i
);
  import grapes_tb_check::*;

  localparam int LAYERS = 3;
  localparam int LANES = 4;
  localparam int INPUTS = 13;
  localparam int CLASSES = 4;
  localparam int FEATURES = 4;
  localparam int ROWS = 35;
  localparam int DEPTH = 91;
  localparam int HIDDEN_SLOTS = 5;
  localparam int WEIGHT_BITS = 8;
  localparam int ACTIVATION_BITS = 8;
  localparam int ERROR_BITS = 8;
  localparam int LABEL_BITS = 2;
  localparam int STRENGTH_BITS = 12;
  localparam int FACTOR_BITS = 9;
  localparam int PROBABILITY_BITS = 9;
  localparam int LAYER_BITS = 2;
  localparam int ROW_BITS = 5;
  localparam int COLUMN_BITS = 5;
  localparam int GROUP_BITS = 2;
  localparam int GRAPES = 1;
  localparam int LOCAL = 0;
  localparam int LOGIT_BITS = 16;

  // By layer, the last one first.
  localparam logic [LAYERS*32-1:0] COLUMNS = {32'd10, 32'd21, 32'd13};
  localparam logic [LAYERS*32-1:0] OUTPUTS = {32'd4, 32'd10, 32'd21};
  localparam logic [LAYERS*32-1:0] FIRST = {32'd31, 32'd21, 32'd0};
  localparam logic [LAYERS*32-1:0] GROUPS = {32'd1, 32'd2, 32'd3};
  localparam logic [LAYERS*32-1:0] LAST_ROWS = {32'd4, 32'd2, 32'd5};
  localparam logic [LAYERS*32-1:0] BASE = {32'd81, 32'd39, 32'd0};
  localparam logic [LAYERS*32-1:0] SLOT = {32'd5, 32'd3, 32'd0};
  localparam logic [LAYERS*32-1:0] OFFSET = {32'd483, 32'd273, 32'd0};
  localparam logic [LAYERS*32-1:0] STRENGTH_FILE_BITS = {32'd1, 32'd12, 32'd11};

  localparam int PATIENCE = 20_000 + 16 * DEPTH;  // cycles without progress before the run is given up
  localparam int QUIET = 32;  // cycles for which nothing may happen at the end
`ifdef GATE_LEVEL
  localparam bit TRACED = 1'b0;
`else
  localparam bit TRACED = 1'b1;
`endif

  // ---- arguments

  logic [31:0] traced;
  logic [31:0] written;
  logic stall;
  logic show_cycles;
  logic [31:0] noise;
  string images;
  logic loaded;  // by images
  string wave;
  int wave_from;

  initial begin
    // Kept, since a result that nobody reads takes the call with it in Verilator 5.006.
    int given;
    traced = '0;
    written = '0;
    noise = 32'd1;
    given = $value$plusargs("trace=%d", traced);
    given = given + $value$plusargs("writes=%d", written);
    given = given + $value$plusargs("stall_seed=%d", noise);
    if (noise == 0) noise = 32'd1;
    stall = $test$plusargs("stall") != 0;
    show_cycles = $test$plusargs("cycles") != 0;
    loaded = $value$plusargs("images=%s", images) != 0 && TRACED;
    given = given + $value$plusargs("wave_from=%d", wave_from);
    if ($value$plusargs("wave=%s", wave) != 0) begin
      $dumpfile(wave);
      $dumpvars;
      if (wave_from > 0) $dumpoff;
    end
    if (given == 0 && show_cycles) $display("GRAPES STEP sample=0");
  end

  always @(posedge clk_i) noise <= xorshift(noise);
  wire [31:0] now = cycle;  // for waveforms

  // ---- the core

  logic rst;
  logic sample_valid, sample_ready, sample_train;
  logic [31:0] sample_data;
  logic [LABEL_BITS-1:0] sample_label;
  logic [4:0] sample_rate;
  logic result_valid, result_ready, result_last;
  logic [LABEL_BITS-1:0] result_prediction;
  logic [LOGIT_BITS-1:0] result_logit;
  logic memory_valid, memory_ready, memory_write;
  logic [31:0] memory_address, memory_data;
  logic response_valid, response_ready;
  logic [31:0] response_data;
  logic idle;

  logic trace_step;
  logic trace_activation_valid;
  logic [LAYER_BITS-1:0] trace_activation_layer;
  logic [ROW_BITS-1:0] trace_activation_row;
  logic [ACTIVATION_BITS-1:0] trace_activation_value;
  logic trace_logit_valid;
  logic [ROW_BITS-1:0] trace_logit_row;
  logic [LOGIT_BITS-1:0] trace_logit_value;
  logic trace_factor_valid;
  logic [LAYER_BITS-1:0] trace_factor_layer;
  logic [ROW_BITS-1:0] trace_factor_row;
  logic [FACTOR_BITS-1:0] trace_factor_value;
  logic [STRENGTH_BITS-1:0] trace_factor_strength;
  logic trace_probability_valid;
  logic [ROW_BITS-1:0] trace_probability_row;
  logic [PROBABILITY_BITS-1:0] trace_probability_value;
  logic trace_error_valid;
  logic [LAYER_BITS-1:0] trace_error_layer;
  logic [ROW_BITS-1:0] trace_error_row;
  logic [ERROR_BITS-1:0] trace_error_value;
  logic trace_write_valid;
  logic [LAYER_BITS-1:0] trace_write_layer;
  logic [GROUP_BITS-1:0] trace_write_group;
  logic [COLUMN_BITS-1:0] trace_write_column;
  logic [2*LANES-1:0] trace_write_mask;
  logic [2*LANES*WEIGHT_BITS-1:0] trace_write_weight;

  tiny_core
`ifndef GATE_LEVEL
  #(.TRACE(1'b1))
`endif
  dut (
      .clk_i,
      .rst_i(rst),
      .sample_valid_i(sample_valid),
      .sample_ready_o(sample_ready),
      .sample_data_i(sample_data),
      .sample_label_i(sample_label),
      .sample_train_i(sample_train),
      .sample_rate_i(sample_rate),
      .result_valid_o(result_valid),
      .result_ready_i(result_ready),
      .result_prediction_o(result_prediction),
      .result_logit_o(result_logit),
      .result_last_o(result_last),
      .memory_valid_i(memory_valid),
      .memory_ready_o(memory_ready),
      .memory_write_i(memory_write),
      .memory_address_i(memory_address),
      .memory_data_i(memory_data),
      .memory_valid_o(response_valid),
      .memory_ready_i(response_ready),
      .memory_data_o(response_data),
      .idle_o(idle),
      .trace_step_o(trace_step),
      .trace_activation_valid_o(trace_activation_valid),
      .trace_activation_layer_o(trace_activation_layer),
      .trace_activation_row_o(trace_activation_row),
      .trace_activation_value_o(trace_activation_value),
      .trace_logit_valid_o(trace_logit_valid),
      .trace_logit_row_o(trace_logit_row),
      .trace_logit_value_o(trace_logit_value),
      .trace_factor_valid_o(trace_factor_valid),
      .trace_factor_layer_o(trace_factor_layer),
      .trace_factor_row_o(trace_factor_row),
      .trace_factor_value_o(trace_factor_value),
      .trace_factor_strength_o(trace_factor_strength),
      .trace_probability_valid_o(trace_probability_valid),
      .trace_probability_row_o(trace_probability_row),
      .trace_probability_value_o(trace_probability_value),
      .trace_error_valid_o(trace_error_valid),
      .trace_error_layer_o(trace_error_layer),
      .trace_error_row_o(trace_error_row),
      .trace_error_value_o(trace_error_value),
      .trace_write_valid_o(trace_write_valid),
      .trace_write_layer_o(trace_write_layer),
      .trace_write_group_o(trace_write_group),
      .trace_write_column_o(trace_write_column),
      .trace_write_mask_o(trace_write_mask),
      .trace_write_weight_o(trace_write_weight)
  );

  // ---- the host

  wire access, access_done;
  wire [31:0] access_code, access_layer, access_row, access_column, access_value;
  wire sample_begin, sample_begin_train, taking, mark, done;
  wire [31:0] presented, marked, finished, forward_sample, steps, step_cycles;
  wire memory_quiet, steps_quiet;
  logic [31:0] busy;  // cycles since reset in which the core was not idle
  wire everything_over = finished == presented && idle && memory_quiet && (steps_quiet || !TRACED);
  logic [4:0] over_for;  // cycles: without a trace the last writes are not seen
  wire quiet = everything_over && (TRACED || &over_for);

  always @(posedge clk_i) begin
    busy <= rst ? 32'd0 : busy + 32'(!idle);
    over_for <= !everything_over ? 5'd0 : over_for + 5'(!(&over_for));
  end

  grapes_tb_host #(
      .INPUTS(INPUTS),
      .FEATURES(FEATURES),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .LABEL_BITS(LABEL_BITS)
  ) host (
      .clk_i,
      .noise_i(noise),
      .stall_i(stall),
      .rst_o(rst),
      .valid_o(sample_valid),
      .ready_i(sample_ready),
      .data_o(sample_data),
      .label_o(sample_label),
      .train_o(sample_train),
      .rate_o(sample_rate),
      .access_o(access),
      .code_o(access_code),
      .layer_o(access_layer),
      .row_o(access_row),
      .column_o(access_column),
      .value_o(access_value),
      .access_done_i(access_done),
      .quiet_i(quiet),
      .begin_o(sample_begin),
      .begin_train_o(sample_begin_train),
      .presented_o(presented),
      .mark_o(mark),
      .marked_o(marked),
      .taking_o(taking),
      .done_o(done)
  );

  grapes_tb_memory #(
      .LAYERS(LAYERS),
      .LANES(LANES),
      .WEIGHT_BITS(WEIGHT_BITS),
      .DEPTH(DEPTH),
      .HIDDEN_SLOTS(HIDDEN_SLOTS),
      .COLUMNS(COLUMNS),
      .GROUPS(GROUPS),
      .LAST_ROWS(LAST_ROWS),
      .BASE(BASE),
      .SLOT(SLOT)
  ) memory (
      .clk_i,
      .rst_i(rst),
      .noise_i(noise),
      .stall_i(stall),
      .loaded_i(loaded),
      .busy_i(busy),
      .idle_i(idle),
      .access_i(access),
      .code_i(access_code),
      .layer_i(access_layer),
      .row_i(access_row),
      .column_i(access_column),
      .value_i(access_value),
      .done_o(access_done),
      .quiet_o(memory_quiet),
      .valid_o(memory_valid),
      .ready_i(memory_ready),
      .write_o(memory_write),
      .address_o(memory_address),
      .data_o(memory_data),
      .valid_i(response_valid),
      .ready_o(response_ready),
      .data_i(response_data)
  );

`ifndef GATE_LEVEL
  for (genvar p = 0; p < LANES; p++) begin : g_image
    always @(posedge clk_i)
      if (loaded && access && access_code == OP_LOAD && access_done)
        $readmemh($sformatf("%0s/lane%0d.mem", images, p), dut.core.lanes.g_lane[p].lane.weights.weights.memory);
  end
`endif

  // ---- rules and values

  grapes_tb_rules #(
      .BITS(LABEL_BITS + LOGIT_BITS + 1)
  ) result_rules (
      .clk_i,
      .rst_i(rst),
      .valid_i(result_valid),
      .ready_i(result_ready),
      .payload_i({result_prediction, result_logit, result_last})
  );

  grapes_tb_rules #(
      .BITS(1)
  ) response_rules (
      .clk_i,
      .rst_i(rst),
      .valid_i(response_valid),
      .ready_i(response_ready),
      .payload_i(1'b0)
  );

  grapes_tb_results #(
      .CLASSES(CLASSES),
      .LABEL_BITS(LABEL_BITS),
      .LOGIT_BITS(LOGIT_BITS)
  ) results (
      .clk_i,
      .rst_i(rst),
      .noise_i(noise),
      .stall_i(stall),
      .traced_i(traced),
      .presented_i(presented),
      .marked_i(marked),
      .valid_i(result_valid),
      .ready_o(result_ready),
      .prediction_i(result_prediction),
      .logit_i(result_logit),
      .last_i(result_last),
      .samples_o(finished)
  );

  grapes_tb_forward #(
      .LAYERS(LAYERS),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .LOGIT_BITS(LOGIT_BITS),
      .ROWS(ROWS),
      .OUTPUTS(OUTPUTS),
      .FIRST(FIRST)
  ) forward (
      .clk_i,
      .rst_i(rst),
      .traced_i(traced),
      .presented_i(presented),
      .marked_i(marked),
      .activation_valid_i(trace_activation_valid),
      .activation_layer_i(32'(trace_activation_layer)),
      .activation_row_i(32'(trace_activation_row)),
      .activation_value_i(32'(trace_activation_value)),
      .logit_valid_i(trace_logit_valid),
      .logit_row_i(32'(trace_logit_row)),
      .logit_value_i(32'(trace_logit_value)),
      .samples_o(forward_sample)
  );

  grapes_tb_step #(
      .LAYERS(LAYERS),
      .LANES(LANES),
      .INPUTS(INPUTS),
      .CLASSES(CLASSES),
      .ROWS(ROWS),
      .DEPTH(DEPTH),
      .WEIGHT_BITS(WEIGHT_BITS),
      .ACTIVATION_BITS(ACTIVATION_BITS),
      .ERROR_BITS(ERROR_BITS),
      .STRENGTH_BITS(STRENGTH_BITS),
      .FACTOR_BITS(FACTOR_BITS),
      .PROBABILITY_BITS(PROBABILITY_BITS),
      .GRAPES(GRAPES == 1),
      .LOCAL(LOCAL == 1),
      .COLUMNS(COLUMNS),
      .OUTPUTS(OUTPUTS),
      .FIRST(FIRST),
      .GROUPS(GROUPS),
      .LAST_ROWS(LAST_ROWS),
      .BASE(BASE),
      .OFFSET(OFFSET),
      .STRENGTH_FILE_BITS(STRENGTH_FILE_BITS)
  ) step (
      .clk_i,
      .rst_i(rst),
      .show_cycles_i(show_cycles),
      .traced_i(traced),
      .written_i(written),
      .begin_i(sample_begin),
      .begin_train_i(sample_begin_train),
      .presented_i(presented),
      .mark_i(mark),
      .forward_sample_i(forward_sample),
      .activation_valid_i(trace_activation_valid),
      .activation_layer_i(32'(trace_activation_layer)),
      .activation_row_i(32'(trace_activation_row)),
      .factor_valid_i(trace_factor_valid),
      .factor_layer_i(32'(trace_factor_layer)),
      .factor_row_i(32'(trace_factor_row)),
      .factor_value_i(trace_factor_value),
      .factor_strength_i(trace_factor_strength),
      .probability_valid_i(trace_probability_valid),
      .probability_row_i(32'(trace_probability_row)),
      .probability_value_i(trace_probability_value),
      .error_valid_i(trace_error_valid),
      .error_layer_i(32'(trace_error_layer)),
      .error_row_i(32'(trace_error_row)),
      .error_value_i(trace_error_value),
      .write_valid_i(trace_write_valid),
      .write_layer_i(32'(trace_write_layer)),
      .write_group_i(32'(trace_write_group)),
      .write_column_i(32'(trace_write_column)),
      .write_mask_i(trace_write_mask),
      .write_weight_i(trace_write_weight),
      .step_i(trace_step),
      .quiet_o(steps_quiet),
      .steps_o(steps),
      .step_cycles_o(step_cycles)
  );

  // ---- progress, and the end

  wire progress = sample_valid && sample_ready || result_valid && result_ready || memory_valid && memory_ready
      || response_valid && response_ready || trace_activation_valid || trace_logit_valid || trace_factor_valid
      || trace_probability_valid || trace_error_valid || trace_write_valid || trace_step;
  // 0, unless one of them is X.
  wire [11:0] controls = {sample_ready, result_valid, memory_ready, response_valid, idle, trace_step,
      trace_activation_valid, trace_logit_valid, trace_factor_valid, trace_probability_valid, trace_error_valid, trace_write_valid};
  wire [11:0] known = controls ^ controls;
  int since_progress;
  int done_for;
  bit ended;

  always @(posedge clk_i) begin : p_main
    cycle <= cycle + 1;
    if (wave_from > 0 && cycle + 1 == wave_from) $dumpon;
    if (mark) set_mark;
    if (rst) rewind;
    else if (!over) begin
      if (known !== 12'd0) broken(RULE_UNKNOWN, -1, -1, 0, 32'(known));
      if (taking && idle) broken(RULE_IDLE, 32'(presented) - 1, -1, 0, 1);
      if (done && progress !== 1'b0) broken(RULE_EXTRA, -1, -1, 0, 1);
      since_progress = progress === 1'b1 || done ? 0 : since_progress + 1;
      if (since_progress > PATIENCE) differ(TIMEOUT, 32'(finished), -1, -1, -1, 0, 0, 1);
      done_for = done ? done_for + 1 : 0;
    end
    if ((over || done_for == QUIET) && !ended) begin
      ended = 1'b1;
      if (TRACED) $display("GRAPES CYCLES steps=%0d total=%0d", steps, step_cycles);
      verdict(!over, presented);
      $finish;
    end
  end
endmodule

`default_nettype wire
