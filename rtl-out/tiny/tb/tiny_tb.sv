// Testbench of tiny_core. Loads the initial weights through the memory port, trains sample by sample and compares
// what the core shows with the golden directory, value by value. The same file runs under Verilator (main.cpp makes the
// clock) and Icarus (tiny_tb_clock makes it). Ends at the first difference; no DONE line means that the run failed.
//
// +golden=DIR     golden directory
// +samples=N      samples to train, +trace=T of them with full traces, +writes=W of them with every weight write
// +rate=K         learning rate 2^-K
// +streams=HEX    states of the layers' random streams before the first sample, 8 digits each, layer 1 first
// +final=1        compare all weights at the end (N is then all that the golden directory holds)
// +fast_load      write the weights straight into the lane RAMs; otherwise through the memory port
// +stall          random gaps on every valid and ready; +stall_seed=S picks them
// +infer          every sample is inferred before it is trained
// +peek           memory port requests in the middle of the run: weights and strengths read, weights written again
// +reset_at=C     reset C cycles after the first beat of the first sample, load again and start over
// +cycles         one line a step: when it ended, and the list lengths it had
// +wave=FILE      VCD, from cycle C on with +wave_from=C
//
// With GATE_LEVEL defined, a netlist without trace is checked through its ports only.
`default_nettype none

// The testbench is one process: its variables are written and read in program order. Indices are plain integers.
/* verilator lint_off BLKSEQ */
/* verilator lint_off UNUSEDSIGNAL */
module tiny_tb (
    input wire clk_i
);
  localparam int LAYERS = tiny_pkg::LAYERS;
  localparam int LANES = tiny_pkg::LANES;
  localparam int INPUTS = tiny_pkg::INPUTS;
  localparam int CLASSES = tiny_pkg::CLASSES;
  localparam int WEIGHT_BITS = tiny_pkg::WEIGHT_BITS;
  localparam int ACTIVATION_BITS = tiny_pkg::ACTIVATION_BITS;
  localparam int ERROR_BITS = tiny_pkg::ERROR_BITS;
  localparam int LABEL_BITS = tiny_pkg::LABEL_BITS;
  localparam int STRENGTH_BITS = tiny_pkg::STRENGTH_BITS;
  localparam int FACTOR_BITS = tiny_pkg::FACTOR_BITS;
  localparam int DIVIDE_BITS = tiny_pkg::DIVIDE_BITS;
  localparam int LAYER_BITS = tiny_pkg::LAYER_BITS;
  localparam int ROW_BITS = tiny_pkg::ROW_BITS;
  localparam int COLUMN_BITS = tiny_pkg::COLUMN_BITS;
  localparam int GROUP_BITS = tiny_pkg::GROUP_BITS;
  localparam int DEPTH = tiny_pkg::DEPTH;
  localparam int SLOTS = tiny_pkg::SLOTS;
  localparam int FEATURES_PER_BEAT = tiny_pkg::FEATURES_PER_BEAT;
  localparam bit GRAPES_ON = tiny_pkg::GRAPES_ON;
  localparam bit STOCHASTIC = tiny_pkg::STOCHASTIC;

  localparam int ENTRIES = 2 * LANES;  // weights of one word address, over all lanes
  localparam int ROWS = SLOTS * ENTRIES;  // rows of all layers, every layer padded to whole groups
  localparam int BEATS = (INPUTS + FEATURES_PER_BEAT - 1) / FEATURES_PER_BEAT;
  localparam int PATIENCE = 20_000 + 16 * DEPTH;  // cycles without progress before the run is given up
  localparam int QUIET = 32;  // cycles that the core has to stay idle after the last sample
  localparam int LOGIT_BITS = 16;
  localparam logic [FACTOR_BITS-1:0] FACTOR_ONE = FACTOR_BITS'(1 << (FACTOR_BITS - 2));

`ifdef GATE_LEVEL
  localparam bit TRACED = 1'b0;
`else
  localparam bit TRACED = 1'b1;
`endif

  // ---- what is compared --------------------------------------------------------------------------------------------

  localparam int K_ACTIVATION = 0;
  localparam int K_LOGIT = 1;
  localparam int K_RESULT = 2;
  localparam int K_PREDICTION = 3;
  localparam int K_PROBABILITY = 4;
  localparam int K_ERROR = 5;
  localparam int K_STRENGTH = 6;
  localparam int K_FACTOR = 7;
  localparam int K_WRITE = 8;
  localparam int K_DIGEST = 9;
  localparam int K_WEIGHT = 10;
  localparam int K_STREAM = 11;
  localparam int K_COUNTER = 12;
  localparam int K_SHADOW = 13;
  localparam int K_INFERENCE = 14;
  localparam int K_PEEK = 15;
  localparam int K_PROTOCOL = 16;
  localparam int K_TIMEOUT = 17;
  localparam int KINDS = 18;

  function automatic string kind_name(input int kind);
    case (kind)
      K_ACTIVATION: kind_name = "activation";
      K_LOGIT: kind_name = "logit";
      K_RESULT: kind_name = "result";
      K_PREDICTION: kind_name = "prediction";
      K_PROBABILITY: kind_name = "probability";
      K_ERROR: kind_name = "error";
      K_STRENGTH: kind_name = "strength";
      K_FACTOR: kind_name = "factor";
      K_WRITE: kind_name = "write";
      K_DIGEST: kind_name = "digest";
      K_WEIGHT: kind_name = "weight";
      K_STREAM: kind_name = "stream";
      K_COUNTER: kind_name = "counter";
      K_SHADOW: kind_name = "shadow";
      K_INFERENCE: kind_name = "inference";
      K_PEEK: kind_name = "peek";
      K_PROTOCOL: kind_name = "protocol";
      default: kind_name = "timeout";
    endcase
  endfunction

  int compared[0:KINDS-1];
  int mismatches[0:KINDS-1];
  bit over = 1'b0;  // the verdict is out
  int cycle = 0;

  // Counts one comparison; the first difference ends the run.
  task automatic check(input int kind, input int sample, input int layer, input int row, input int column,
                       input logic [31:0] expected, input logic [31:0] actual, input int bits);
    compared[kind] = compared[kind] + 1;
    if (expected !== actual) differ(kind, sample, layer, row, column, expected, actual, bits);
  endtask

  // The first difference, told with the verdict. `layer` counts from 0 here and from 1 in the message.
  int first_kind = -1;
  int first_sample;
  int first_layer;
  int first_row;
  int first_column;
  logic [31:0] first_expected;
  logic [31:0] first_actual;
  int first_bits;
  int first_cycle;

  task automatic differ(input int kind, input int sample, input int layer, input int row, input int column,
                        input logic [31:0] expected, input logic [31:0] actual, input int bits);
    mismatches[kind] = mismatches[kind] + 1;
    if (!over) begin
      over = 1'b1;
      first_kind = kind;
      first_sample = sample;
      first_layer = layer < 0 ? -1 : layer + 1;
      first_row = row;
      first_column = column;
      first_expected = expected;
      first_actual = actual;
      first_bits = bits;
      first_cycle = cycle;
    end
  endtask

  // A rule of the interface that is broken: `row` carries the number of the rule, below.
  localparam int RULE_UNKNOWN = 1;  // a valid, a ready or idle is X
  localparam int RULE_RESULT_HOLD = 2;  // a result changed or went away before it was taken
  localparam int RULE_RESULT_LAST = 3;  // `last` is not on the last logit, or a result came unasked
  localparam int RULE_MEMORY_HOLD = 4;  // a read response changed or went away before it was taken
  localparam int RULE_MEMORY_UNASKED = 5;  // a read response without a request
  localparam int RULE_MEMORY_BUSY = 6;  // a memory request taken while a sample was in flight
  localparam int RULE_ORDER = 7;  // rows of activations or logits out of order, or out of range
  localparam int RULE_TWICE = 8;  // the same error or weight shown twice in a step
  localparam int RULE_MISSING = 9;  // an error, a factor, a probability or a write missing from a step
  localparam int RULE_MASK = 10;  // lanes shown that have no row, or not shown though they have
  localparam int RULE_EXTRA = 11;  // a write to a column that is not in use, or a step too many
  localparam int RULE_IDLE = 12;  // idle while a sample is being taken

  task automatic broken(input int rule, input int sample, input int layer, input logic [31:0] expected,
                        input logic [31:0] actual);
    differ(K_PROTOCOL, sample, layer, rule, -1, expected, actual, 32);
  endtask

  // ---- the core ----------------------------------------------------------------------------------------------------

  logic rst = 1'b1;
  logic sample_valid = 1'b0;
  logic sample_ready;
  logic [31:0] sample_data = '0;
  logic [LABEL_BITS-1:0] sample_label = '0;
  logic sample_train = 1'b0;
  logic [4:0] sample_rate = '0;
  logic result_valid;
  logic result_ready = 1'b0;
  logic [LABEL_BITS-1:0] result_prediction;
  logic [LOGIT_BITS-1:0] result_logit;
  logic result_last;
  logic memory_valid = 1'b0;
  logic memory_ready;
  logic memory_write = 1'b0;
  logic [31:0] memory_address = '0;
  logic [31:0] memory_data = '0;
  logic response_valid;
  logic response_ready = 1'b0;
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
  logic trace_divide_valid;
  logic trace_divide_softmax;
  logic [LAYER_BITS-1:0] trace_divide_layer;
  logic [GROUP_BITS-1:0] trace_divide_group;
  logic trace_divide_half;
  logic [LANES-1:0] trace_divide_mask;
  logic [LANES*DIVIDE_BITS-1:0] trace_divide_value;
  logic [LANES*STRENGTH_BITS-1:0] trace_divide_strength;
  logic [LANES*ERROR_BITS-1:0] trace_divide_error;
  logic trace_error_valid;
  logic [LAYER_BITS-1:0] trace_error_layer;
  logic [ROW_BITS-1:0] trace_error_row;
  logic [ERROR_BITS-1:0] trace_error_value;
  logic trace_write_valid;
  logic [LAYER_BITS-1:0] trace_write_layer;
  logic [GROUP_BITS-1:0] trace_write_group;
  logic [COLUMN_BITS-1:0] trace_write_column;
  logic [ENTRIES-1:0] trace_write_mask;
  logic [ENTRIES*WEIGHT_BITS-1:0] trace_write_weight;

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
      .trace_divide_valid_o(trace_divide_valid),
      .trace_divide_softmax_o(trace_divide_softmax),
      .trace_divide_layer_o(trace_divide_layer),
      .trace_divide_group_o(trace_divide_group),
      .trace_divide_half_o(trace_divide_half),
      .trace_divide_mask_o(trace_divide_mask),
      .trace_divide_value_o(trace_divide_value),
      .trace_divide_strength_o(trace_divide_strength),
      .trace_divide_error_o(trace_divide_error),
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

  // Flat vectors, sliced once.
  wire [DIVIDE_BITS-1:0] divide_value[0:LANES-1];
  wire [STRENGTH_BITS-1:0] divide_strength[0:LANES-1];
  wire [ERROR_BITS-1:0] divide_error[0:LANES-1];
  wire [WEIGHT_BITS-1:0] write_weight[0:ENTRIES-1];
  for (genvar p = 0; p < LANES; p++) begin : g_slice
    assign divide_value[p] = trace_divide_value[p*DIVIDE_BITS+:DIVIDE_BITS];
    assign divide_strength[p] = trace_divide_strength[p*STRENGTH_BITS+:STRENGTH_BITS];
    assign divide_error[p] = trace_divide_error[p*ERROR_BITS+:ERROR_BITS];
    assign write_weight[2*p] = trace_write_weight[2*p*WEIGHT_BITS+:WEIGHT_BITS];
    assign write_weight[2*p+1] = trace_write_weight[(2*p+1)*WEIGHT_BITS+:WEIGHT_BITS];
  end

  // ---- the layers --------------------------------------------------------------------------------------------------

  int inputs[0:LAYERS-1];
  int outputs[0:LAYERS-1];
  int groups[0:LAYERS-1];
  int base[0:LAYERS-1];
  int slot[0:LAYERS-1];
  int last_rows[0:LAYERS-1];
  bit spread[0:LAYERS-1];
  int forward_shift[0:LAYERS-1];
  int back_shift[0:LAYERS-1];
  int weight_offset[0:LAYERS-1];  // index of the layer's first weight, all layers laid out one after the other

  initial begin : g_layers
    int offset;
    offset = 0;
    for (int l = 0; l < LAYERS; l++) begin
      inputs[l] = 32'({ tiny_pkg::inputs(LAYER_BITS'(l)) });
      outputs[l] = 32'({ tiny_pkg::outputs(LAYER_BITS'(l)) });
      groups[l] = 32'({ tiny_pkg::last_group(LAYER_BITS'(l)) }) + 1;
      base[l] = 32'({ tiny_pkg::base(LAYER_BITS'(l)) });
      slot[l] = 32'({ tiny_pkg::slot(LAYER_BITS'(l)) });
      last_rows[l] = 32'({ tiny_pkg::last_rows(LAYER_BITS'(l)) });
      spread[l] = tiny_pkg::spread(LAYER_BITS'(l)) != 0;
      forward_shift[l] = l == LAYERS - 1
          ? tiny_pkg::LOGIT_SHIFT
          : tiny_pkg::FORWARD_SHIFT_MIN + 32'({ tiny_pkg::forward_shift(LAYER_BITS'(l)) });
      back_shift[l] = tiny_pkg::BACK_SHIFT_MIN + 32'({ tiny_pkg::back_shift(LAYER_BITS'(l)) });
      weight_offset[l] = offset;
      offset = offset + inputs[l] * outputs[l];
    end
    for (int k = 0; k < KINDS; k++) begin
      compared[k] = 0;
      mismatches[k] = 0;
    end
  end

  function automatic bit is_spread(input int layer, input int group);
    is_spread = spread[layer] && group == groups[layer] - 1;
  endfunction

  // Row within its group of a lane's half, or -1 where the lane has no such row.
  function automatic int entry_row(input int layer, input int group, input int lane, input int half);
    int rows;
    rows = group == groups[layer] - 1 ? last_rows[layer] : ENTRIES;
    entry_row = is_spread(layer, group) ? (half == 0 ? lane : rows) : 2 * lane + half;
    if (entry_row >= rows) entry_row = -1;
  endfunction

  function automatic int word_of(input int layer, input int group, input int column);
    word_of = base[layer] + group * inputs[layer] + column;
  endfunction

  // ---- golden files ------------------------------------------------------------------------------------------------

  string golden = ".";
  int samples = 1;
  int traced = 0;
  int written = 0;
  logic [31:0] rate_argument = 32'd0;
  logic [LAYERS*32-1:0] streams = '0;
  bit with_streams = 1'b0;
  bit final_weights = 1'b0;
  bit fast_load = 1'b0;
  bit stall = 1'b0;
  bit infer = 1'b0;
  bit peek = 1'b0;
  int reset_at = 0;
  bit show_cycles = 1'b0;
  string wave = "";
  int wave_from = 0;

  int input_file;  // what the core is given
  int column_file;  // the same file, read again when the sample is trained
  int label_file;
  int prediction_file;
  int digest_file;
  int logit_file;
  int probability_file;
  int activation_file[0:LAYERS-1];
  int error_file[0:LAYERS-1];
  int strength_file[0:LAYERS-1];
  int factor_file[0:LAYERS-1];
  int write_file[0:LAYERS-1];

  string missing = "";  // a file that is not there
  bit short_file = 1'b0;  // a file that ends early

  task automatic open(input string name, output int file);
    file = $fopen({golden, "/", name}, "r");
    if (file == 0) begin
      missing = name;
      over = 1'b1;
    end
  endtask

  // Goes to value number `index` of a file whose values have `bits` bits: a value is a line of fixed width.
  task automatic seek(input int file, input int index, input int bits);
    int status;
    status = $fseek(file, index * ((bits + 3) / 4 + 1), 0);
    if (status != 0) begin
      short_file = 1'b1;
      over = 1'b1;
    end
  endtask

  // The value at the file's position, which moves on.
  function automatic logic [31:0] take(input int file);
    int status;
    logic [31:0] value;
    status = $fscanf(file, "%h", value);
    if (status != 1) begin
      short_file = 1'b1;
      over = 1'b1;
      value = '0;
    end
    take = value;
  endfunction

  initial begin : g_arguments
    int given;
    // Counted, since a result that nobody reads takes the call with it in Verilator 5.006.
    given = $value$plusargs("golden=%s", golden);
    given = given + $value$plusargs("samples=%d", samples);
    given = given + $value$plusargs("trace=%d", traced);
    given = given + $value$plusargs("writes=%d", written);
    given = given + $value$plusargs("rate=%d", rate_argument);
    with_streams = $value$plusargs("streams=%h", streams) != 0;
    final_weights = $test$plusargs("final=1") != 0;
    fast_load = $test$plusargs("fast_load") != 0 && TRACED;
    stall = $test$plusargs("stall") != 0;
    infer = $test$plusargs("infer") != 0;
    peek = $test$plusargs("peek") != 0;
    show_cycles = $test$plusargs("cycles") != 0;
    given = given + $value$plusargs("stall_seed=%d", noise);
    if (noise == 0) noise = 32'd1;
    given = given + $value$plusargs("reset_at=%d", reset_at);
    given = given + $value$plusargs("wave_from=%d", wave_from);
    if ($value$plusargs("wave=%s", wave) != 0) begin
      $dumpfile(wave);
      $dumpvars(0, tiny_tb);
      if (wave_from > 0) $dumpoff;
    end
    if (given == 0) $display("GRAPES ERROR no arguments; see the head of tiny_tb.sv");
    if (traced > samples) traced = samples;
    if (written > traced) written = traced;
    open("input.mem", input_file);
    open("input.mem", column_file);
    open("label.mem", label_file);
    open("prediction.mem", prediction_file);
    open("digest.mem", digest_file);
    open("logit.mem", logit_file);
    open("probability.mem", probability_file);
    for (int l = 0; l < LAYERS; l++) begin
      open($sformatf("error%0d.mem", l + 1), error_file[l]);
      open($sformatf("write%0d.mem", l + 1), write_file[l]);
      if (l < LAYERS - 1) begin
        open($sformatf("activation%0d.mem", l + 1), activation_file[l]);
        open($sformatf("strength%0d.mem", l + 1), strength_file[l]);
        open($sformatf("factor%0d.mem", l + 1), factor_file[l]);
      end
    end
  end

  // ---- the testbench's own copy of the weights and strengths -------------------------------------------------------

  logic [WEIGHT_BITS-1:0] weight[0:DEPTH*ENTRIES-1];  // word address, row within the group
  logic [WEIGHT_BITS-1:0] weight_before[0:DEPTH*ENTRIES-1];  // as before it was written last
  logic [31:0] strength[0:ROWS-1];  // slot, row within the layer
  logic [31:0] strength_start[0:ROWS-1];  // as at the beginning of the step

  function automatic logic [31:0] magnitude(input logic [WEIGHT_BITS-1:0] w);
    magnitude = w[WEIGHT_BITS-1] ? 32'(1 << WEIGHT_BITS) - 32'(w) : 32'(w);
  endfunction

  function automatic logic [15:0] extend(input logic [WEIGHT_BITS-1:0] w);
    extend = 16'($signed(w));
  endfunction

  task automatic read_weights(input string suffix);
    logic [31:0] value;
    int file;
    for (int r = 0; r < ROWS; r++) strength[r] = '0;
    for (int l = 0; l < LAYERS; l++) begin
      open($sformatf("weight%0d_%0s.mem", l + 1, suffix), file);
      for (int r = 0; r < outputs[l] && !over; r++)
        for (int j = 0; j < inputs[l] && !over; j++) begin
          value = take(file);
          weight[word_of(l, r / ENTRIES, j)*ENTRIES+r%ENTRIES] = value[WEIGHT_BITS-1:0];
          strength[slot[l]*ENTRIES+r] = strength[slot[l]*ENTRIES+r] + magnitude(value[WEIGHT_BITS-1:0]);
        end
      if (file != 0) $fclose(file);
    end
  endtask

  function automatic logic [31:0] xorshift(input logic [31:0] state);
    logic [31:0] y;
    y = state ^ (state << 13);
    y = y ^ (y >> 17);
    xorshift = y ^ (y << 5);
  endfunction

  function automatic logic [31:0] mix(input logic [31:0] value);
    logic [31:0] h;
    h = (value ^ (value >> 16)) * 32'h85ebca6b;
    h = (h ^ (h >> 13)) * 32'hc2b2ae35;
    mix = h ^ (h >> 16);
  endfunction

  logic [31:0] stream[0:LAYERS-1];

  // ---- forward: activations and logits ------------------------------------------------------------------------------
  // Samples go through the core in order, and with +infer each of them twice. Two samples may be in the core at once, so
  // what an update needs to know about the forward pass is kept by the sample's parity.

  function automatic int sample_of(input int item);
    sample_of = infer ? item / 2 : item;
  endfunction

  function automatic bit trains(input int item);
    trains = !infer || item % 2 == 1;
  endfunction

  int forward_item = 0;
  int next_row[0:LAYERS-1];
  int position[0:2*ROWS-1];  // of a hidden activation among the non-zero ones of its layer, or -1
  int used[0:2*LAYERS-1];  // non-zero activations of a hidden layer
  logic [31:0] expected_activation[0:ROWS-1];
  logic [31:0] expected_logit[0:CLASSES-1];
  // What the core has to have counted as saturated. Only a value at the limit of its format can be: it is computed again.
  int saturated[0:LAYERS-1];
  int saturated_error[0:LAYERS-1];
  logic signed [ACTIVATION_BITS-1:0] feature[0:4*INPUTS-1];  // of the sample modulo 4
  logic signed [ACTIVATION_BITS-1:0] hidden[0:2*ROWS-1];  // activations of the sample modulo 2

  // Whether a value of `bits` bits saturates when it is rounded and shifted right.
  function automatic bit beyond(input longint value, input int shift, input int bits);
    longint rounded;
    rounded = shift > 0 ? (value + (64'sd1 <<< (shift - 1))) >>> shift : value <<< -shift;
    beyond = rounded > (64'sd1 <<< (bits - 1)) - 1 || rounded < -(64'sd1 <<< (bits - 1));
  endfunction

  function automatic longint forward_sum(input int s, input int layer, input int row);
    logic signed [WEIGHT_BITS-1:0] w;
    longint x;
    forward_sum = 0;
    for (int j = 0; j < inputs[layer]; j++) begin
      w = weight[word_of(layer, row / ENTRIES, j)*ENTRIES+row%ENTRIES];
      x = layer == 0 ? 64'(feature[s%4*INPUTS+(layer==0?j : 0)]) : 64'(hidden[s%2*ROWS+(layer==0?0 : slot[layer-1]*ENTRIES+j)]);
      forward_sum = forward_sum + 64'(w) * x;
    end
  endfunction

  task automatic begin_forward;
    int s;
    s = sample_of(forward_item);
    for (int l = 0; l < LAYERS; l++) begin
      next_row[l] = 0;
      used[s%2*LAYERS+l] = 0;
    end
    if (s < traced) begin
      for (int l = 0; l < LAYERS - 1; l++) begin
        seek(activation_file[l], s * outputs[l], ACTIVATION_BITS);
        for (int r = 0; r < outputs[l]; r++) expected_activation[slot[l]*ENTRIES+r] = take(activation_file[l]);
      end
      seek(logit_file, s * CLASSES, LOGIT_BITS);
      for (int r = 0; r < CLASSES; r++) expected_logit[r] = take(logit_file);
    end
  endtask

  // Zeros up to (not including) `row`.
  task automatic fill_zeros(input int layer, input int row);
    int s;
    s = sample_of(forward_item);
    for (int r = next_row[layer]; r < row; r++) begin
      position[s%2*ROWS+slot[layer]*ENTRIES+r] = -1;
      hidden[s%2*ROWS+slot[layer]*ENTRIES+r] = '0;
      if (s < traced)
        check(trains(forward_item) ? K_ACTIVATION : K_INFERENCE, s, layer, r, -1,
              expected_activation[slot[layer]*ENTRIES+r], 32'd0, ACTIVATION_BITS);
    end
    next_row[layer] = row;
  endtask

  task automatic observe_activation;
    int s;
    int l;
    int r;
    s = sample_of(forward_item);
    l = 32'(trace_activation_layer);
    r = 32'(trace_activation_row);
    if (l >= LAYERS - 1 || r < next_row[l] || r >= outputs[l]) broken(RULE_ORDER, s, l, next_row[l], r);
    else begin
      // The layer below is complete: the sum of a row needs all of it.
      if (l > 0) fill_zeros(l - 1, outputs[l-1]);
      fill_zeros(l, r);
      if (s < traced)
        check(trains(forward_item) ? K_ACTIVATION : K_INFERENCE, s, l, r, -1,
              expected_activation[slot[l]*ENTRIES+r], 32'(trace_activation_value), ACTIVATION_BITS);
      position[s%2*ROWS+slot[l]*ENTRIES+r] = used[s%2*LAYERS+l];
      used[s%2*LAYERS+l] = used[s%2*LAYERS+l] + 1;
      hidden[s%2*ROWS+slot[l]*ENTRIES+r] = trace_activation_value;
      if (32'(trace_activation_value) == 32'(1 << (ACTIVATION_BITS - 1)) - 1 &&
          beyond(forward_sum(s, l, r), forward_shift[l], ACTIVATION_BITS))
        saturated[l] = saturated[l] + 1;
      next_row[l] = r + 1;
    end
  endtask

  task automatic observe_logit;
    int s;
    int r;
    s = sample_of(forward_item);
    r = 32'(trace_logit_row);
    if (r != next_row[LAYERS-1] || forward_item >= items) broken(RULE_ORDER, s, LAYERS - 1, next_row[LAYERS-1], r);
    else begin
      if (r == 0) for (int l = 0; l < LAYERS - 1; l++) fill_zeros(l, outputs[l]);
      if (s < traced)
        check(trains(forward_item) ? K_LOGIT : K_INFERENCE, s, LAYERS - 1, r, -1, expected_logit[r],
              32'(trace_logit_value), LOGIT_BITS);
      if ((trace_logit_value == 16'h7fff || trace_logit_value == 16'h8000) &&
          beyond(forward_sum(s, LAYERS - 1, r), forward_shift[LAYERS-1], LOGIT_BITS))
        saturated[LAYERS-1] = saturated[LAYERS-1] + 1;
      next_row[LAYERS-1] = r + 1;
      if (r == CLASSES - 1) begin
        forward_item = forward_item + 1;
        if (forward_item < items) begin_forward;
      end
    end
  endtask

  // ---- results ------------------------------------------------------------------------------------------------------

  int result_item = 0;
  int result_row = 0;
  logic [31:0] expected_prediction;
  logic [31:0] expected_result;
  logic result_held = 1'b0;
  logic [LABEL_BITS+LOGIT_BITS:0] result_before;

  task automatic observe_result;
    int s;
    s = sample_of(result_item);
    if (result_held && (!result_valid || result_before !== {result_prediction, result_logit, result_last}))
      broken(RULE_RESULT_HOLD, s, -1, 32'(result_before), 32'({result_prediction, result_logit, result_last}));
    result_held = result_valid && !result_ready;
    result_before = {result_prediction, result_logit, result_last};
    if (result_valid && result_ready) begin
      if (result_item >= items_begun || result_last !== (result_row == CLASSES - 1))
        broken(RULE_RESULT_LAST, s, -1, 32'(result_row == CLASSES - 1), 32'(result_last));
      else begin
        if (result_row == 0) begin
          seek(prediction_file, s, LABEL_BITS);
          expected_prediction = take(prediction_file);
          if (s < traced) seek(logit_file, s * CLASSES, LOGIT_BITS);
        end
        if (s < traced) begin
          seek(logit_file, s * CLASSES + result_row, LOGIT_BITS);
          expected_result = take(logit_file);
          check(trains(result_item) ? K_RESULT : K_INFERENCE, s, LAYERS - 1, result_row, -1, expected_result,
                32'(result_logit), LOGIT_BITS);
        end
        if (result_row == CLASSES - 1)
          check(trains(result_item) ? K_PREDICTION : K_INFERENCE, s, -1, -1, -1, expected_prediction,
                32'(result_prediction), LABEL_BITS);
        else if (expected_prediction !== 32'(result_prediction))
          differ(K_PREDICTION, s, -1, result_row, -1, expected_prediction, 32'(result_prediction), LABEL_BITS);
        result_row = result_row + 1;
        if (result_last) begin
          result_row = 0;
          result_item = result_item + 1;
        end
      end
    end
  endtask

  // ---- backward and update -----------------------------------------------------------------------------------------

  int step = 0;  // training steps that are over
  int input_position[0:INPUTS-1];
  int input_used;
  logic [31:0] expected_probability[0:CLASSES-1];
  logic [31:0] expected_error[0:ROWS-1];
  logic [31:0] expected_strength[0:ROWS-1];
  logic [31:0] expected_factor[0:ROWS-1];
  int seen_factor[0:ROWS-1];  // the step that showed it last, from 1
  int seen_error[0:ROWS-1];
  int seen_probability[0:CLASSES-1];
  logic signed [ERROR_BITS-1:0] error_value[0:ROWS-1];
  logic [31:0] factor_value[0:ROWS-1];
  logic [31:0] step_label;
  int seen_write[0:DEPTH-1];
  int words[0:LAYERS-1];  // weight words written in this step
  int write_first[0:LAYERS-1];  // line of the step's first value in the layer's write file
  logic [31:0] digest;
  int first_step_cycle = 0;
  int last_step_cycle = 0;

  task automatic begin_step;
    logic [31:0] value;
    input_used = 0;
    seek(column_file, step * INPUTS, ACTIVATION_BITS);
    for (int j = 0; j < INPUTS; j++) begin
      value = take(column_file);
      input_position[j] = value == 0 ? -1 : input_used;
      if (value != 0) input_used = input_used + 1;
    end
    seek(label_file, step, LABEL_BITS);
    step_label = take(label_file);
    for (int l = 0; l < LAYERS; l++) words[l] = 0;
    for (int r = 0; r < ROWS; r++) strength_start[r] = strength[r];
    digest = '0;
    if (step < traced) begin
      seek(probability_file, step * CLASSES, ERROR_BITS + 1);
      for (int r = 0; r < CLASSES; r++) expected_probability[r] = take(probability_file);
      for (int l = 0; l < LAYERS; l++) begin
        seek(error_file[l], step * outputs[l], ERROR_BITS);
        for (int r = 0; r < outputs[l]; r++) expected_error[slot[l]*ENTRIES+r] = take(error_file[l]);
      end
      for (int l = 0; l < LAYERS - 1; l++) begin
        seek(strength_file[l], step * outputs[l], strength_digits(l) * 4);
        seek(factor_file[l], step * outputs[l], FACTOR_BITS);
        for (int r = 0; r < outputs[l]; r++) begin
          expected_strength[slot[l]*ENTRIES+r] = take(strength_file[l]);
          expected_factor[slot[l]*ENTRIES+r] = take(factor_file[l]);
        end
        if (!GRAPES_ON)
          for (int r = 0; r < outputs[l]; r++) begin
            check(K_STRENGTH, step, l, r, -1, expected_strength[slot[l]*ENTRIES+r], strength[slot[l]*ENTRIES+r],
                  STRENGTH_BITS);
            check(K_FACTOR, step, l, r, -1, expected_factor[slot[l]*ENTRIES+r], 32'(FACTOR_ONE), FACTOR_BITS);
          end
      end
    end
  endtask

  // Hex digits of a strength: bit length of fan-in * 2^(WEIGHT_BITS-1).
  function automatic int strength_digits(input int layer);
    int bits;
    bits = WEIGHT_BITS - 1;
    for (int rest = inputs[layer]; rest > 0; rest = rest / 2) bits = bits + 1;
    strength_digits = (bits + 3) / 4;
  endfunction

  task automatic observe_divide;
    int l;
    int g;
    int h;
    int r;
    int at;
    longint deviation;
    l = 32'(trace_divide_layer);
    g = 32'(trace_divide_group);
    h = 32'(trace_divide_half);
    if (step >= samples || l >= LAYERS || g >= groups[l]) broken(RULE_EXTRA, step, l, samples, step);
    else
      for (int p = 0; p < LANES; p++) begin
        r = entry_row(l, g, p, h);
        if (trace_divide_mask[p] !== (r >= 0)) broken(RULE_MASK, step, l, 32'(r >= 0), 32'(trace_divide_mask[p]));
        if (r >= 0) begin
          r = r + g * ENTRIES;
          at = slot[l] * ENTRIES + r;
          if (trace_divide_softmax) begin
            if (step < traced && seen_probability[r] != step + 1) begin
              check(K_PROBABILITY, step, l, r, -1, expected_probability[r], 32'(divide_value[p]), ERROR_BITS + 1);
              check(K_ERROR, step, l, r, -1, expected_error[at], 32'(divide_error[p]), ERROR_BITS);
            end
            if (step_label === 32'(r)) deviation = 64'(divide_value[p]) - (64'sd1 <<< tiny_pkg::TARGET_FRAC);
            else deviation = 64'(divide_value[p]);
            if (beyond(deviation, 0, ERROR_BITS)) saturated_error[l] = saturated_error[l] + 1;
            seen_probability[r] = step + 1;
            error_value[at] = divide_error[p];
          end else begin
            factor_value[at] = 32'(divide_value[p]);
            if (step < traced && seen_factor[at] != step + 1) begin
              check(K_STRENGTH, step, l, r, -1, expected_strength[at], 32'(divide_strength[p]), STRENGTH_BITS);
              check(K_FACTOR, step, l, r, -1, expected_factor[at], 32'(divide_value[p]), FACTOR_BITS);
            end
            check(K_SHADOW, step, l, r, -1, strength_start[at], 32'(divide_strength[p]), STRENGTH_BITS);
            seen_factor[at] = step + 1;
          end
        end
      end
  endtask

  // The backward sum of a neuron, by the weights before this step.
  function automatic longint backward_sum(input int layer, input int row);
    logic signed [WEIGHT_BITS-1:0] w;
    int above;
    backward_sum = 0;
    for (int i = 0; i < outputs[layer+1]; i++) begin
      above = slot[layer+1] * ENTRIES + i;
      w = weight_before[word_of(layer + 1, i / ENTRIES, row)*ENTRIES+i%ENTRIES];
      if (layer + 1 == LAYERS - 1 || seen_error[above] == step + 1)
        backward_sum = backward_sum + 64'(w) * 64'(error_value[above]);
    end
  endfunction

  task automatic observe_error;
    int l;
    int r;
    int at;
    l = 32'(trace_error_layer);
    r = 32'(trace_error_row);
    if (step >= samples || l >= LAYERS - 1 || r >= outputs[l]) broken(RULE_EXTRA, step, l, samples, step);
    else begin
      at = slot[l] * ENTRIES + r;
      if (seen_error[at] == step + 1) broken(RULE_TWICE, step, l, -1, r);
      seen_error[at] = step + 1;
      error_value[at] = trace_error_value;
      // In mode `local` the errors that the layer below sees are not shown.
      if (!tiny_pkg::LOCAL && (trace_error_value == {1'b0, {(ERROR_BITS - 1) {1'b1}}} ||
                           trace_error_value == {1'b1, {(ERROR_BITS - 1) {1'b0}}}) &&
          beyond(backward_sum(l, r) * (GRAPES_ON ? 64'(factor_value[at]) : 64'(FACTOR_ONE)),
                 back_shift[l], ERROR_BITS))
        saturated_error[l] = saturated_error[l] + 1;
      if (step < traced) check(K_ERROR, step, l, r, -1, expected_error[at], 32'(trace_error_value), ERROR_BITS);
    end
  endtask

  // The row's weights are updated: its error is not 0.
  function automatic logic erring(input int layer, input int row);
    int at;
    at = slot[layer] * ENTRIES + row;
    erring = (layer == LAYERS - 1 || seen_error[at] == step + 1) && error_value[at] != '0;
  endfunction

  function automatic int erring_below(input int layer, input int row);
    erring_below = 0;
    for (int r = 0; r < row; r++) if (erring(layer, r)) erring_below = erring_below + 1;
  endfunction

  function automatic int erring_groups(input int layer);
    int last;
    erring_groups = 0;
    last = -1;
    for (int r = 0; r < outputs[layer]; r++)
      if (erring(layer, r) && r / ENTRIES != last) begin
        erring_groups = erring_groups + 1;
        last = r / ENTRIES;
      end
  endfunction

  task automatic observe_write;
    int l;
    int g;
    int j;
    int r;
    int n;
    int index;
    int place;
    int word;
    logic [31:0] expected;
    logic [WEIGHT_BITS-1:0] w;
    l = 32'(trace_write_layer);
    g = 32'(trace_write_group);
    j = 32'(trace_write_column);
    place = -1;
    if (step < samples && l < LAYERS && g < groups[l] && j < inputs[l])
      place = l == 0 ? input_position[j] : position[step%2*ROWS+slot[l-1]*ENTRIES+j];
    if (place < 0) broken(RULE_EXTRA, step, l, -1, j);
    // In mode `local` words are passed through for errors that are only carried further back.
    else if (trace_write_mask != '0 || !tiny_pkg::LOCAL) begin
      word = word_of(l, g, j);
      if (seen_write[word] == step + 1) broken(RULE_TWICE, step, l, -1, j);
      seen_write[word] = step + 1;
      words[l] = words[l] + 1;
      if (step < written) seek(write_file[l], write_first[l] + place * erring_below(l, outputs[l]) + erring_below(l, g * ENTRIES),
                                WEIGHT_BITS);
      index = weight_offset[l] + g * ENTRIES * inputs[l] + j;
      n = g == groups[l] - 1 ? last_rows[l] : ENTRIES;
      for (int k = 0; k < n; k++) begin
        r = is_spread(l, g) ? 2 * k : k;  // entry of the row
        if (trace_write_mask[r] !== erring(l, g * ENTRIES + k))
          broken(RULE_MASK, step, l, 32'(erring(l, g * ENTRIES + k)), 32'(trace_write_mask[r]));
        w = write_weight[r];
        if (erring(l, g * ENTRIES + k)) begin
          if (step < written) begin
            expected = take(write_file[l]);
            check(K_WRITE, step, l, g * ENTRIES + k, j, expected, 32'(w), WEIGHT_BITS);
          end
          digest = digest + mix(index ^ mix(32'(w)));
        end
        index = index + inputs[l];
        r = slot[l] * ENTRIES + g * ENTRIES + k;
        strength[r] = strength[r] + magnitude(w) - magnitude(weight[word*ENTRIES+k]);
        weight_before[word*ENTRIES+k] = weight[word*ENTRIES+k];
        weight[word*ENTRIES+k] = w;
      end
      for (int p = 0; p < LANES; p++)
        for (int h = 0; h < 2; h++)
          if (entry_row(l, g, p, h) < 0 && trace_write_mask[2*p+h] !== 1'b0)
            broken(RULE_MASK, step, l, 0, 32'(trace_write_mask[2*p+h]));
    end
  endtask

  task automatic observe_step;
    logic [31:0] value;
    int n;
    int at;
    if (step >= samples) broken(RULE_EXTRA, step, -1, samples, step);
    else begin
      for (int l = 0; l < LAYERS; l++) begin
        n = l == 0 ? input_used : used[step%2*LAYERS+l-1];
        if (words[l] != n * erring_groups(l)) broken(RULE_MISSING, step, l, n * erring_groups(l), words[l]);
        if (with_streams && erring_groups(l) > 0) for (int i = 0; i < n; i++) stream[l] = xorshift(stream[l]);
        write_first[l] = write_first[l] + n * erring_below(l, outputs[l]);
        if (l < LAYERS - 1)
          for (int r = 0; r < outputs[l]; r++) begin
            at = slot[l] * ENTRIES + r;
            if (seen_error[at] != step + 1 && step < traced)
              check(K_ERROR, step, l, r, -1, expected_error[at], 32'd0, ERROR_BITS);
            if (GRAPES_ON && seen_factor[at] != step + 1) broken(RULE_MISSING, step, l, r, -1);
          end
      end
      for (int r = 0; r < CLASSES; r++)
        if (seen_probability[r] != step + 1) broken(RULE_MISSING, step, LAYERS - 1, r, -1);
      seek(digest_file, step, 32);
      value = take(digest_file);
      check(K_DIGEST, step, -1, -1, -1, value, digest, 32);
      if (step == 0) first_step_cycle = cycle;
      last_step_cycle = cycle;
      if (show_cycles) begin
        $write("GRAPES CYCLE sample=%0d at=%0d nonzero=%0d", step, cycle, input_used);
        for (int l = 0; l < LAYERS - 1; l++) $write(",%0d", used[step%2*LAYERS+l]);
        $write("\n");
      end
      step = step + 1;
      if (step % 10 == 0) $display("GRAPES STEP sample=%0d", step);
      if (step < samples) begin_step;
    end
  endtask

  // ---- random gaps -------------------------------------------------------------------------------------------------

  logic [31:0] noise = 32'd1;

  // True in one of four cycles, and now and then for many in a row.
  function automatic bit gap(input int which);
    gap = stall && (noise[4*which+:2] == 2'd0 || cycle / 64 % 8 == which);
  endfunction

  // ---- sample port -------------------------------------------------------------------------------------------------

  int items = 0;
  int items_begun = 0;  // items whose first beat was taken
  int item = 0;
  int beat = 0;
  bit running = 1'b0;
  int beat_first_cycle = 0;

  // With +peek a weight is written again before every fourth item, with the value it has: the strengths have to be counted
  // anew. The core must have been idle for a while then, so that its last writes are known, and the item waits.
  localparam int SETTLED = 8;
  int idle_cycles = 0;
  bit taking = 1'b0;  // a sample's first beat was taken in an earlier cycle, its last not before the one before
  int busy_cycles = 0;  // since reset
  bit rewriting = 1'b0;
  int rewritten = -1;  // the item before which it was done last
  wire rewrites = peek && running && beat == 0 && item < items && item % 4 == 3;

  task automatic drive_sample;
    logic [31:0] value;
    logic [31:0] data;
    int s;
    if (taking && idle) broken(RULE_IDLE, sample_of(items_begun - 1), -1, 0, 1);
    taking = sample_valid && sample_ready || taking && beat != 0;
    if (sample_valid && sample_ready) begin
      if (beat_taken_first) begin
        items_begun = items_begun + 1;
        if (items_begun == 1) beat_first_cycle = cycle;
      end
    end
    if (!sample_valid || sample_ready) begin
      sample_valid <= 1'b0;
      if (running && item < items && !gap(0) && (!rewrites || rewritten == item)) begin
        s = sample_of(item);
        if (beat == 0) seek(input_file, s * INPUTS, ACTIVATION_BITS);
        data = ~noise;  // whatever is not a feature is noise
        for (int f = 0; f < FEATURES_PER_BEAT; f++)
          if (beat * FEATURES_PER_BEAT + f < INPUTS) begin
            value = take(input_file);
            data[f*ACTIVATION_BITS+:ACTIVATION_BITS] = value[ACTIVATION_BITS-1:0];
            feature[s%4*INPUTS+beat*FEATURES_PER_BEAT+f] = value[ACTIVATION_BITS-1:0];
          end
        seek(label_file, s, LABEL_BITS);
        value = take(label_file);
        // Label, train and rate count in the first beat only.
        sample_valid <= 1'b1;
        sample_data <= data;
        sample_label <= beat == 0 ? value[LABEL_BITS-1:0] : ~value[LABEL_BITS-1:0];
        sample_train <= beat == 0 ? trains(item) : !trains(item);
        sample_rate <= beat == 0 ? rate_argument[4:0] : ~rate_argument[4:0];
        beat_taken_first = beat == 0;
        beat = beat + 1;
        if (beat == BEATS) begin
          beat = 0;
          item = item + 1;
        end
      end
    end
    result_ready <= !gap(1);
  endtask

  bit beat_taken_first = 1'b0;

  // ---- memory port -------------------------------------------------------------------------------------------------
  // A pass is a list of requests: [0] walks over the requests, [1] over the responses to the reads.

  localparam int PASS_NONE = 0;
  localparam int PASS_LOAD = 1;
  localparam int PASS_STREAM = 2;
  localparam int PASS_STRENGTH = 3;
  localparam int PASS_WEIGHT = 4;
  localparam int PASS_FINAL_STREAM = 5;
  localparam int PASS_COUNTER = 6;

  int pass = PASS_NONE;
  bit walked[0:1];
  int at_layer[0:1];
  int at_group[0:1];
  int at_lane[0:1];
  int at_column[0:1];  // or half, or counter
  bit peek_pending = 1'b0;
  bit peek_strength;
  int peek_half;
  logic [31:0] peek_expected;
  int peek_lane;
  int peek_layer;
  int peek_group;
  int peek_column;
  logic response_held = 1'b0;
  logic [31:0] response_before;

  function automatic bit reads(input int which_pass);
    reads = which_pass >= PASS_STRENGTH;
  endfunction

  task automatic begin_pass(input int which_pass);
    pass = which_pass;
    for (int w = 0; w < 2; w++) begin
      walked[w] = 1'b0;
      at_layer[w] = 0;
      at_group[w] = 0;
      at_lane[w] = 0;
      at_column[w] = 0;
    end
    walked[0] = which_pass == PASS_NONE || (which_pass == PASS_STRENGTH && LAYERS == 1);
    walked[1] = walked[0] || !reads(which_pass);
  endtask

  task automatic advance(input int w);
    int columns;
    int last_layer;
    last_layer = pass == PASS_STRENGTH ? LAYERS - 2 : LAYERS - 1;
    if (pass == PASS_COUNTER) begin
      at_column[w] = at_column[w] + 1;
      walked[w] = at_column[w] == 2 + 2 * LAYERS;
    end else if (pass == PASS_STREAM || pass == PASS_FINAL_STREAM) begin
      at_layer[w] = at_layer[w] + 1;
      walked[w] = at_layer[w] == LAYERS;
    end else begin
      columns = inputs[at_layer[w]];
      if (pass == PASS_STRENGTH)
        columns = entry_row(at_layer[w], at_group[w], at_lane[w], 1) < 0 ? 1 : 2;
      at_column[w] = at_column[w] + 1;
      if (at_column[w] == columns) begin
        at_column[w] = 0;
        at_lane[w] = at_lane[w] + 1;
        if (at_lane[w] == LANES || entry_row(at_layer[w], at_group[w], at_lane[w] % LANES, 0) < 0) begin
          at_lane[w] = 0;
          at_group[w] = at_group[w] + 1;
          if (at_group[w] == groups[at_layer[w]]) begin
            at_group[w] = 0;
            if (at_layer[w] == last_layer) walked[w] = 1'b1;
            else at_layer[w] = at_layer[w] + 1;
          end
        end
      end
    end
  endtask

  // The weight of a lane's half; noise where there is no row.
  function automatic logic [WEIGHT_BITS-1:0] lane_weight(input int layer, input int group, input int lane,
                                                         input int half, input int column);
    int r;
    r = entry_row(layer, group, lane, half);
    lane_weight = r < 0 ? noise[31-:WEIGHT_BITS] : weight[word_of(layer, group, column)*ENTRIES+(r<0 ? 0 : r)];
  endfunction

  function automatic logic [31:0] address(input int space, input int lane, input int word);
    address = {2'(space), 10'(lane), 20'(word)};
  endfunction

  task automatic drive_memory;
    if (!memory_valid || memory_ready) begin
      memory_valid <= 1'b0;
      memory_write <= noise[7];
      memory_address <= noise;
      memory_data <= ~noise;
      if (rewriting) begin
        rewriting = 1'b0;
        rewritten = item;
      end
      if (peek && running && item < items && !peek_pending && !gap(2)) begin
        peek_strength = noise[5] && GRAPES_ON && LAYERS > 1 && !rewrites;
        peek_layer = 32'(noise[15:0]) % (peek_strength ? LAYERS - 1 : LAYERS);
        peek_group = 32'(noise[19:8]) % groups[peek_layer];
        peek_lane = 32'(noise[23:12]) % LANES;
        if (entry_row(peek_layer, peek_group, peek_lane, 0) < 0) peek_lane = 0;
        peek_column = 32'(noise[31:16]) % inputs[peek_layer];
        peek_half = entry_row(peek_layer, peek_group, peek_lane, 1) < 0 ? 0 : 32'(noise[6]);
        if (!rewrites || rewritten == item) begin
          peek_pending = 1'b1;
          memory_valid <= 1'b1;
          memory_write <= 1'b0;
          memory_address <= peek_strength ? address(1, peek_lane, 2 * (slot[peek_layer] + peek_group) + peek_half)
                                          : address(0, peek_lane, word_of(peek_layer, peek_group, peek_column));
        end else if (idle_cycles >= SETTLED && !sample_valid) begin
          rewriting = 1'b1;
          memory_valid <= 1'b1;
          memory_write <= 1'b1;
          memory_address <= address(0, peek_lane, word_of(peek_layer, peek_group, peek_column));
          memory_data <= {
            extend(lane_weight(peek_layer, peek_group, peek_lane, 1, peek_column)),
            extend(lane_weight(peek_layer, peek_group, peek_lane, 0, peek_column))
          };
        end
      end else if (!walked[0] && !gap(2)) begin
        memory_valid <= 1'b1;
        memory_write <= !reads(pass);
        case (pass)
          PASS_LOAD: begin
            memory_address <= address(0, at_lane[0], word_of(at_layer[0], at_group[0], at_column[0]));
            memory_data <= {
              extend(lane_weight(at_layer[0], at_group[0], at_lane[0], 1, at_column[0])),
              extend(lane_weight(at_layer[0], at_group[0], at_lane[0], 0, at_column[0]))
            };
          end
          PASS_WEIGHT: memory_address <= address(0, at_lane[0], word_of(at_layer[0], at_group[0], at_column[0]));
          PASS_STRENGTH:
          memory_address <= address(1, at_lane[0], 2 * (slot[at_layer[0]] + at_group[0]) + at_column[0]);
          PASS_STREAM, PASS_FINAL_STREAM: begin
            memory_address <= address(2, 0, at_layer[0]);
            memory_data <= stream[at_layer[0]];
          end
          default: memory_address <= address(3, 0, at_column[0]);
        endcase
        advance(0);
      end
    end
    response_ready <= !gap(3);
  endtask

  task automatic observe_memory;
    int r;
    int l;
    int c;
    logic [31:0] expected;
    if (response_held && (!response_valid || response_before !== response_data))
      broken(RULE_MEMORY_HOLD, -1, -1, response_before, response_data);
    // The core was idle and has written all when it answers, not when the answer is taken.
    if (response_valid && !response_held && peek_pending) begin
      r = entry_row(peek_layer, peek_group, peek_lane, 0);
      l = entry_row(peek_layer, peek_group, peek_lane, 1);
      c = word_of(peek_layer, peek_group, peek_column) * ENTRIES;
      peek_expected = peek_strength ? strength[(slot[peek_layer]+peek_group)*ENTRIES+(peek_half==0?r : l)] : {
        l < 0 ? response_data[31:16] : extend(weight[c+(l<0?0 : l)]), extend(weight[c+r])
      };
    end
    idle_cycles = idle ? idle_cycles + 1 : 0;
    response_held = response_valid && !response_ready;
    response_before = response_data;
    if (memory_valid && memory_ready && !idle) broken(RULE_MEMORY_BUSY, step, -1, 1, 0);
    if (response_valid && response_ready) begin
      l = at_layer[1];
      c = at_column[1];
      if (peek_pending) begin
        check(K_PEEK, step, peek_layer, ENTRIES * peek_group + entry_row(peek_layer, peek_group, peek_lane, peek_half),
              peek_strength ? -1 : peek_column, peek_expected, response_data, 32);
        peek_pending = 1'b0;
      end else if (walked[1]) broken(RULE_MEMORY_UNASKED, -1, -1, 0, 1);
      else begin
        case (pass)
          PASS_WEIGHT:
          for (int h = 0; h < 2; h++) begin
            r = entry_row(l, at_group[1], at_lane[1], h);
            expected = 32'(extend(weight[word_of(l, at_group[1], c)*ENTRIES+(r<0?0 : r)]));
            if (r >= 0) check(K_WEIGHT, -1, l, r + ENTRIES * at_group[1], c, expected,
                              32'(response_data[16*h+:16]), 16);
          end
          PASS_STRENGTH: begin
            r = entry_row(l, at_group[1], at_lane[1], c) + ENTRIES * at_group[1];
            check(K_SHADOW, -1, l, r, -1, strength[slot[l]*ENTRIES+r], response_data, 32);
          end
          PASS_FINAL_STREAM: check(K_STREAM, -1, l, -1, -1, stream[l], response_data, 32);
          default:
          if (c == 0) check(K_COUNTER, -1, -1, c, -1, items, response_data, 32);
          else if (c == 1) check(K_COUNTER, -1, -1, c, -1, busy_cycles, response_data, 32);
          else if (TRACED) begin
            l = c / 2 - 1;
            r = c % 2 == 0 ? saturated[l] : saturated_error[l];
            if (c % 2 == 1 && l < LAYERS - 1 && tiny_pkg::LOCAL) r = response_data;
            check(K_COUNTER, -1, l, c, -1, r, response_data, 32);
          end
        endcase
        advance(1);
      end
    end
  endtask

  // ---- fast load: one word of every lane a cycle -------------------------------------------------------------------

  bit fast_valid = 1'b0;
  int fast_layer = 0;
  int fast_group = 0;
  int fast_column = 0;
`ifndef GATE_LEVEL
  for (genvar p = 0; p < LANES; p++) begin : g_fast
    always @(posedge clk_i)
      if (fast_valid)
        dut.core.lanes.g_lane[p].lane.weights.weights.memory[word_of(fast_layer, fast_group, fast_column)] <= {
          lane_weight(fast_layer, fast_group, p, 1, fast_column), lane_weight(fast_layer, fast_group, p, 0, fast_column)
        };
  end
`endif

  // The process below moves the position on, after the lanes have taken the word (nonblocking, so in either order).
  task automatic drive_fast;
    if (!fast_valid) begin
      fast_valid <= 1'b1;
      fast_layer <= 0;
      fast_group <= 0;
      fast_column <= 0;
    end else if (fast_column < inputs[fast_layer] - 1) fast_column <= fast_column + 1;
    else begin
      fast_column <= 0;
      if (fast_group < groups[fast_layer] - 1) fast_group <= fast_group + 1;
      else begin
        fast_group <= 0;
        if (fast_layer < LAYERS - 1) fast_layer <= fast_layer + 1;
        else begin
          fast_valid <= 1'b0;
          enter(PHASE_STREAM);
        end
      end
    end
  endtask

  // ---- phases ------------------------------------------------------------------------------------------------------

  localparam int PHASE_RESET = 0;
  localparam int PHASE_LOAD = 1;
  localparam int PHASE_FAST = 2;
  localparam int PHASE_STREAM = 3;
  localparam int PHASE_STRENGTH = 4;
  localparam int PHASE_RUN = 5;
  localparam int PHASE_QUIET = 6;
  localparam int PHASE_WEIGHT = 7;
  localparam int PHASE_FINAL_STREAM = 8;
  localparam int PHASE_COUNTER = 9;
  localparam int PHASE_END = 10;

  int phase = PHASE_RESET;
  int phase_cycles = 0;  // since the phase began
  int since_progress = 0;

  // Everything as before the first sample.
  task automatic begin_run;
    read_weights("init");
    forward_item = 0;
    result_item = 0;
    result_row = 0;
    step = 0;
    items = infer ? 2 * samples : samples;
    items_begun = 0;
    item = 0;
    beat = 0;
    peek_pending = 1'b0;
    taking = 1'b0;
    rewriting = 1'b0;
    rewritten = -1;
    // What a reset takes back need not hold.
    result_held = 1'b0;
    response_held = 1'b0;
    for (int k = 0; k < KINDS; k++) compared[k] = 0;
    for (int r = 0; r < ROWS; r++) begin
      seen_factor[r] = 0;
      seen_error[r] = 0;
    end
    for (int r = 0; r < CLASSES; r++) seen_probability[r] = 0;
    for (int w = 0; w < DEPTH; w++) seen_write[w] = 0;
    for (int l = 0; l < LAYERS; l++) begin
      write_first[l] = 0;
      saturated[l] = 0;
      saturated_error[l] = 0;
      stream[l] = streams[32*(LAYERS-1-l)+:32];
    end
    begin_forward;
    begin_step;
  endtask

  // Goes to a phase, or past it where there is nothing to do in it.
  task automatic enter(input int wanted);
    int next_phase;
    next_phase = wanted;
    if (next_phase == PHASE_STREAM && !with_streams) next_phase = PHASE_STRENGTH;
    if (next_phase == PHASE_STRENGTH && (!GRAPES_ON || LAYERS == 1)) next_phase = PHASE_RUN;
    if (next_phase == PHASE_WEIGHT && !final_weights) next_phase = PHASE_FINAL_STREAM;
    if (next_phase == PHASE_FINAL_STREAM && !(with_streams && STOCHASTIC && TRACED)) next_phase = PHASE_COUNTER;
    case (next_phase)
      PHASE_LOAD: begin_pass(PASS_LOAD);
      PHASE_STREAM: begin_pass(PASS_STREAM);
      PHASE_STRENGTH: begin_pass(PASS_STRENGTH);
      PHASE_WEIGHT: begin
        read_weights("final");
        begin_pass(PASS_WEIGHT);
      end
      PHASE_FINAL_STREAM: begin_pass(PASS_FINAL_STREAM);
      PHASE_COUNTER: begin_pass(PASS_COUNTER);
      default: begin_pass(PASS_NONE);
    endcase
    running = next_phase == PHASE_RUN;
    phase = next_phase;
    phase_cycles = 0;
    since_progress = 0;
  endtask

  task automatic control;
    bit passed;
    passed = walked[0] && walked[1] && !memory_valid;
    phase_cycles = phase_cycles + 1;
    case (phase)
      PHASE_RESET: begin
        rst <= phase_cycles < 4;
        if (phase_cycles == 6) begin
          begin_run;
          enter(fast_load ? PHASE_FAST : PHASE_LOAD);
        end
      end
      PHASE_FAST: drive_fast;
      PHASE_LOAD: if (passed) enter(PHASE_STREAM);
      PHASE_STREAM: if (passed) enter(PHASE_STRENGTH);
      PHASE_STRENGTH: if (passed) enter(PHASE_RUN);
      PHASE_RUN:
      if (reset_at > 0 && items_begun > 0 && cycle - beat_first_cycle >= reset_at) begin
        reset_at = 0;
        rst <= 1'b1;
        sample_valid <= 1'b0;
        memory_valid <= 1'b0;
        enter(PHASE_RESET);
      end else if (result_item == items && (step == samples || !TRACED) && idle && !sample_valid && !memory_valid && !peek_pending)
        enter(PHASE_QUIET);
      PHASE_QUIET: if (phase_cycles == QUIET) enter(PHASE_WEIGHT);
      PHASE_WEIGHT: if (passed) enter(PHASE_FINAL_STREAM);
      PHASE_FINAL_STREAM: if (passed) enter(PHASE_COUNTER);
      PHASE_COUNTER: if (passed) enter(PHASE_END);
      default: over = 1'b1;
    endcase
  endtask

  task automatic verdict;
    int total;
    int wrong;
    total = 0;
    wrong = 0;
    if (missing != "") $display("GRAPES ERROR cannot open %0s/%0s", golden, missing);
    if (short_file) $display("GRAPES ERROR a golden file ends early (cycle %0d)", cycle);
    for (int k = 0; k < KINDS; k++) wrong = wrong + mismatches[k];
    if (first_kind >= 0)
      $display("GRAPES MISMATCH kind=%0s sample=%0d layer=%0d row=%0d column=%0d expected=%0h actual=%0h bits=%0d cycle=%0d",
               kind_name(first_kind), first_sample, first_layer, first_row, first_column, first_expected,
               first_actual, first_bits, first_cycle);
    for (int k = 0; k < KINDS; k++) begin
      if (compared[k] > 0 || mismatches[k] > 0)
        $display("GRAPES COUNT kind=%0s compared=%0d mismatches=%0d", kind_name(k), compared[k], mismatches[k]);
      total = total + compared[k];
    end
    if (TRACED) $display("GRAPES CYCLES steps=%0d total=%0d", step, last_step_cycle - first_step_cycle);
    if (phase == PHASE_END && wrong == 0) $display("GRAPES DONE samples=%0d compared=%0d mismatches=0", samples, total);
    $finish;
  endtask

  // Requests in the middle of the run don't count as progress: they must not starve the samples.
  wire progress = sample_valid && sample_ready || result_valid && result_ready ||
      !running && (memory_valid && memory_ready || response_valid && response_ready) || trace_step || trace_activation_valid || trace_logit_valid ||
      trace_divide_valid || trace_error_valid || trace_write_valid;
  // 0, unless one of them is X.
  wire [10:0] controls = {sample_ready, result_valid, memory_ready, response_valid, idle, trace_step,
      trace_activation_valid, trace_logit_valid, trace_divide_valid, trace_error_valid, trace_write_valid};
  wire [10:0] known = controls ^ controls;

  bit ended = 1'b0;

  always @(posedge clk_i) begin : p_main
    cycle = cycle + 1;
    if (wave_from > 0 && cycle == wave_from) $dumpon;
    noise = xorshift(noise);
    busy_cycles = rst ? 0 : busy_cycles + 32'(!idle);
    if (!over && phase != PHASE_RESET) begin
      if (known !== 11'd0) broken(RULE_UNKNOWN, step, -1, 0, 32'(known));
      observe_memory;
      if (running || phase == PHASE_QUIET) begin
        if (trace_activation_valid) observe_activation;
        if (trace_logit_valid) observe_logit;
        observe_result;
        if (trace_divide_valid) observe_divide;
        if (trace_error_valid) observe_error;
        if (trace_write_valid) observe_write;
        if (trace_step) observe_step;
      end
      since_progress = progress === 1'b1 || phase == PHASE_FAST ? 0 : since_progress + 1;
      if (since_progress > PATIENCE) differ(K_TIMEOUT, step, -1, phase, -1, 0, 0, 1);
      drive_sample;
      drive_memory;
    end
    if (!over) control;
    if (over && !ended) begin
      ended = 1'b1;
      verdict;
    end
  end
endmodule

`default_nettype wire
