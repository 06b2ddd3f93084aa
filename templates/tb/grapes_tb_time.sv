// Compares what a core in time shows of its samples with the golden directory: values and membranes of every step, logits,
// probabilities, errors of every step, weight writes in the order of their file, and the digest of a sample's writes.
`default_nettype none

/* verilator lint_off BLKSEQ */
module grapes_tb_time #(
    parameter int LAYERS = 1,
    parameter int MATRICES = 1,
    parameter int LANES = 1,
    parameter int STEPS = 1,
    parameter int CLASSES = 2,
    parameter int ROWS = 1,  // neurons of all layers
    parameter int WEIGHT_BITS = 8,
    parameter int ACTIVATION_BITS = 8,
    parameter int ERROR_BITS = 8,
    parameter int LOGIT_BITS = 16,
    // by layer, 32 bits each, the first in the low bits
    parameter logic [LAYERS*32-1:0] OUTPUTS = '0,
    parameter logic [LAYERS*32-1:0] FIRST = '0,
    parameter logic [LAYERS*32-1:0] GROUPS = '0,
    parameter logic [LAYERS*32-1:0] LAST_ROWS = '0,
    parameter logic [LAYERS-1:0] SPIKES = '0,
    // by matrix
    parameter logic [MATRICES*32-1:0] COLUMNS = '0,
    parameter logic [MATRICES*32-1:0] OFFSET = '0,
    parameter logic [MATRICES*32-1:0] LAYER = '0
) (
    input wire clk_i,
    input wire rst_i,
    // samples with traces, and those with every write
    input wire [31:0] traced_i,
    input wire [31:0] written_i,
    input wire begin_i,
    input wire begin_train_i,
    input wire [31:0] presented_i,
    input wire mark_i,
    input wire [31:0] marked_i,
    input wire cell_valid_i,
    input wire [31:0] cell_layer_i,
    input wire [31:0] cell_group_i,
    input wire [31:0] cell_step_i,
    input wire [2*LANES-1:0] cell_nonzero_i,
    input wire [2*LANES*ACTIVATION_BITS-1:0] cell_value_i,
    input wire logit_valid_i,
    input wire [LOGIT_BITS-1:0] logit_value_i,
    input wire probability_valid_i,
    input wire [31:0] probability_value_i,
    input wire error_valid_i,
    input wire [31:0] error_layer_i,
    input wire [31:0] error_group_i,
    input wire [31:0] error_step_i,
    input wire [2*LANES-1:0] error_mask_i,
    input wire [2*LANES*ERROR_BITS-1:0] error_value_i,
    input wire write_valid_i,
    input wire [31:0] write_matrix_i,
    input wire [31:0] write_group_i,
    input wire [31:0] write_column_i,
    input wire [2*LANES-1:0] write_mask_i,
    input wire [2*LANES*WEIGHT_BITS-1:0] write_weight_i,
    input wire step_i,
    output logic quiet_o,
    output logic [31:0] steps_o,
    output logic [31:0] step_cycles_o
);
  import grapes_tb_check::*;

  localparam int ENTRIES = 2 * LANES;
  localparam int LAST = LAYERS - 1;
  localparam int QUEUE = 4;

  int activation_file[0:LAYERS-1];
  int membrane_file[0:LAYERS-1];
  int error_file[0:LAYERS-1];
  int write_file[0:LAYERS-1];
  int logit_file;
  int probability_file;
  int digest_file;

  int forward_sample;  // whose values come
  int logit_row;
  int queue[0:QUEUE-1];  // samples that train, offered and not over
  int head;
  int tail;
  int sample;  // the oldest of them
  int probability_row;
  int steps;
  int first_cycle;
  logic [ERROR_BITS-1:0] errors[0:STEPS*ROWS-1];
  bit learns[0:ROWS-1];
  bit ranked[0:LAYERS-1];
  int rank[0:ROWS-1];
  int rows_written[0:LAYERS-1];
  int write_first[0:LAYERS-1];  // values of the file that belong to samples before
  int write_marked[0:LAYERS-1];
  int last_matrix;
  int last_group;
  int place;  // of the column among those in use
  int matrix_first;  // values of the sample in the file before those of the matrix
  int matrix_values;
  logic [31:0] digest;

  function automatic int of(input logic [LAYERS*32-1:0] numbers, input int layer);
    of = 32'(numbers >> (32 * layer));
  endfunction

  function automatic int of_matrix(input logic [MATRICES*32-1:0] numbers, input int matrix);
    of_matrix = 32'(numbers >> (32 * matrix));
  endfunction

  function automatic logic [31:0] mix(input logic [31:0] value);
    logic [31:0] h;
    h = (value ^ (value >> 16)) * 32'h85ebca6b;
    h = (h ^ (h >> 13)) * 32'hc2b2ae35;
    mix = h ^ (h >> 16);
  endfunction

  // Row of the layer that is entry k of a group, or -1.
  function automatic int row_of(input int layer, input int group, input int k);
    int rows;
    bit spread;
    rows = group == of(GROUPS, layer) - 1 ? of(LAST_ROWS, layer) : ENTRIES;
    spread = group == of(GROUPS, layer) - 1 && rows <= LANES;
    row_of = spread ? (k % 2 == 0 ? k / 2 : ENTRIES) : k;
    row_of = row_of < rows ? group * ENTRIES + row_of : -1;
  endfunction

  task automatic begin_step;
    for (int n = 0; n < STEPS * ROWS; n++) errors[n] = '0;
    for (int r = 0; r < ROWS; r++) learns[r] = 1'b0;
    for (int l = 0; l < LAYERS; l++) ranked[l] = 1'b0;
    probability_row = 0;
    last_matrix = -1;
    last_group = -1;
    digest = '0;
  endtask

  task automatic observe_cells;
    int layer;
    int row;
    int at;
    logic [31:0] expected;
    logic [31:0] value;
    layer = cell_layer_i;
    if (forward_sample >= 32'(presented_i) || layer >= LAST) broken(RULE_EXTRA, forward_sample, layer, -1, 0);
    else if (forward_sample < 32'(traced_i))
      for (int k = 0; k < ENTRIES; k++) begin
        row = row_of(layer, cell_group_i, k);
        if (row >= 0) begin
          at = (forward_sample * STEPS + cell_step_i) * of(OUTPUTS, layer) + row;
          value = 32'(cell_value_i[k*ACTIVATION_BITS+:ACTIVATION_BITS]);
          if (SPIKES[layer]) begin
            expected = value_at(activation_file[layer], at, 1);
            check(ACTIVATION, forward_sample, layer, row, cell_step_i, expected, 32'(cell_nonzero_i[k]), 1);
            expected = value_at(membrane_file[layer], at, ACTIVATION_BITS);
            check(MEMBRANE, forward_sample, layer, row, cell_step_i, expected, value, ACTIVATION_BITS);
          end else begin
            expected = value_at(activation_file[layer], at, ACTIVATION_BITS);
            check(ACTIVATION, forward_sample, layer, row, cell_step_i, expected, value, ACTIVATION_BITS);
          end
        end else if (cell_nonzero_i[k] !== 1'b0) broken(RULE_MASK, forward_sample, layer, 0, 1);
      end
  endtask

  task automatic observe_logit;
    logic [31:0] expected;
    if (forward_sample < 32'(traced_i)) begin
      expected = value_at(logit_file, forward_sample * CLASSES + logit_row, LOGIT_BITS);
      check(LOGIT, forward_sample, LAST, logit_row, -1, expected, 32'(logit_value_i), LOGIT_BITS);
    end
    logit_row = logit_row + 1;
    if (logit_row == CLASSES) begin
      logit_row = 0;
      forward_sample = forward_sample + 1;
    end
  endtask

  task automatic observe_probability;
    logic [31:0] expected;
    if (head == tail || probability_row == CLASSES) broken(RULE_EXTRA, sample, LAST, -1, probability_row);
    else if (sample < 32'(traced_i)) begin
      expected = value_at(probability_file, sample * CLASSES + probability_row, ERROR_BITS + 1);
      check(PROBABILITY, sample, LAST, probability_row, -1, expected, probability_value_i, ERROR_BITS + 1);
    end
    probability_row = probability_row + 1;
  endtask

  // What is written last counts; the output layer's errors are the same at every step.
  task automatic observe_errors;
    int layer;
    int row;
    int at;
    logic [ERROR_BITS-1:0] value;
    layer = error_layer_i;
    for (int k = 0; k < ENTRIES; k++) begin
      row = row_of(layer, error_group_i, k);
      if (error_mask_i[k] !== 1'b0 && row >= 0) begin
        value = error_value_i[k*ERROR_BITS+:ERROR_BITS];
        for (int t = 0; t < STEPS; t++)
          if (layer == LAST || t == 32'(error_step_i)) begin
            at = t * ROWS + of(FIRST, layer) + row;
            errors[at] = value;
          end
      end
    end
  endtask

  task automatic rank_rows(input int layer);
    int r;
    ranked[layer] = 1'b1;
    rows_written[layer] = 0;
    for (int i = 0; i < of(OUTPUTS, layer); i++) begin
      r = of(FIRST, layer) + i;
      for (int t = 0; t < STEPS; t++) if (errors[t*ROWS+r] !== '0) learns[r] = 1'b1;
      rank[r] = rows_written[layer];
      if (learns[r]) rows_written[layer] = rows_written[layer] + 1;
    end
  endtask

  task automatic observe_write;
    int layer;
    int matrix;
    int row;
    int index;
    bit written;
    logic [31:0] weight;
    logic [31:0] expected;
    matrix = write_matrix_i;
    layer = of_matrix(LAYER, matrix % MATRICES);
    if (head == tail || matrix >= MATRICES) broken(RULE_EXTRA, sample, layer, -1, write_column_i);
    else begin
      if (!ranked[layer]) rank_rows(layer);
      if (matrix != last_matrix) begin
        // H's writes come behind W's.
        matrix_first = last_matrix >= 0 && of_matrix(LAYER, last_matrix) == layer ? matrix_first + matrix_values : 0;
        matrix_values = 0;
      end
      place = matrix != last_matrix || 32'(write_group_i) != last_group ? 0 : place + 1;
      last_matrix = matrix;
      last_group = write_group_i;
      for (int k = 0; k < ENTRIES; k++) begin
        row = row_of(layer, write_group_i, k);
        written = row >= 0 && learns[of(FIRST, layer)+(row < 0 ? 0 : row)];
        if (write_mask_i[k] !== written) broken(RULE_MASK, sample, layer, 32'(written), 32'(write_mask_i[k]));
        if (written) begin
          weight = 32'(write_weight_i[k*WEIGHT_BITS+:WEIGHT_BITS]);
          matrix_values = matrix_values + 1;
          if (sample < 32'(written_i)) begin
            expected = value_at(write_file[layer],
                                write_first[layer] + matrix_first + place * rows_written[layer]
                                + rank[of(FIRST, layer)+row], WEIGHT_BITS);
            check(WRITE, sample, layer, row, write_column_i, expected, weight, WEIGHT_BITS);
          end
          index = of_matrix(OFFSET, matrix) + row * of_matrix(COLUMNS, matrix) + write_column_i;
          digest = digest + mix(index ^ mix(weight));
        end
      end
      if (matrix == last_matrix) write_sums(layer);
    end
  endtask

  int sample_values[0:LAYERS-1];
  task automatic write_sums(input int layer);
    sample_values[layer] = matrix_first + matrix_values;
  endtask

  task automatic observe_step;
    int at;
    logic [31:0] expected;
    if (head == tail) broken(RULE_EXTRA, sample, -1, -1, steps);
    else begin
      if (probability_row != CLASSES) broken(RULE_MISSING, sample, LAST, CLASSES, probability_row);
      if (sample < 32'(traced_i))
        for (int l = 0; l < LAYERS; l++)
          for (int t = 0; t < STEPS; t++)
            for (int r = 0; r < of(OUTPUTS, l); r++) begin
              at = (sample * STEPS + t) * of(OUTPUTS, l) + r;
              expected = value_at(error_file[l], at, ERROR_BITS);
              check(ERROR, sample, l, r, t, expected, 32'(errors[t*ROWS+of(FIRST, l)+r]), ERROR_BITS);
            end
      for (int l = 0; l < LAYERS; l++) begin
        write_first[l] = write_first[l] + sample_values[l];
        sample_values[l] = 0;
      end
      expected = value_at(digest_file, sample, 32);
      check(DIGEST, sample, -1, -1, -1, expected, digest, 32);
      if (steps == 0) first_cycle = cycle;
      step_cycles_o <= cycle - first_cycle;
      steps = steps + 1;
      if (steps % 10 == 0) $display("GRAPES STEP sample=%0d", sample + 1);
      head = head + 1;
      begin_step;
    end
  endtask

  initial begin
    quiet_o = 1'b1;
    steps_o = '0;
    step_cycles_o = '0;
    open("logit.mem", logit_file);
    open("probability.mem", probability_file);
    open("digest.mem", digest_file);
    for (int l = 0; l < LAYERS; l++) begin
      open($sformatf("error%0d.mem", l + 1), error_file[l]);
      open($sformatf("write%0d.mem", l + 1), write_file[l]);
      if (l < LAST) open($sformatf("activation%0d.mem", l + 1), activation_file[l]);
      if (l < LAST && SPIKES[l]) open($sformatf("membrane%0d.mem", l + 1), membrane_file[l]);
    end
  end

  always @(posedge clk_i) begin : p_time
    if (mark_i) for (int l = 0; l < LAYERS; l++) write_marked[l] = write_first[l];
    if (rst_i) begin
      forward_sample = marked_i;
      logit_row = 0;
      head = 0;
      tail = 0;
      for (int l = 0; l < LAYERS; l++) begin
        write_first[l] = write_marked[l];
        sample_values[l] = 0;
      end
      begin_step;
    end else if (!over) begin
      if (begin_i && begin_train_i) begin
        queue[tail%QUEUE] = presented_i - 1;
        tail = tail + 1;
      end
      if (head < tail) sample = queue[head%QUEUE];
      if (cell_valid_i) observe_cells;
      if (logit_valid_i) observe_logit;
      if (probability_valid_i) observe_probability;
      if (error_valid_i) observe_errors;
      if (write_valid_i) observe_write;
      if (step_i) observe_step;
    end
    quiet_o <= head == tail;
    steps_o <= steps;
  end
endmodule

`default_nettype wire
