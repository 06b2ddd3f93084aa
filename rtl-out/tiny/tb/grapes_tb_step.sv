// Compares the trace of the way back: probabilities, factors, errors and weight writes of each training step, the digest
// of its writes, and what is missing or too much when it is over.
`default_nettype none

/* verilator lint_off BLKSEQ */
module grapes_tb_step #(
    parameter int LAYERS = 1,
    parameter int LANES = 1,
    parameter int INPUTS = 1,
    parameter int CLASSES = 2,
    parameter int ROWS = 1,  // of all layers
    parameter int DEPTH = 1,  // words of weights
    parameter int WEIGHT_BITS = 8,
    parameter int ACTIVATION_BITS = 8,
    parameter int ERROR_BITS = 8,
    parameter int STRENGTH_BITS = 8,
    parameter int FACTOR_BITS = 9,
    parameter int PROBABILITY_BITS = 9,
    parameter bit GRAPES = 1'b1,
    parameter bit LOCAL = 1'b0,  // words may pass through unchanged, for errors that are only carried further back
    // by layer, 32 bits each, the first in the low bits
    parameter logic [LAYERS*32-1:0] COLUMNS = '0,
    parameter logic [LAYERS*32-1:0] OUTPUTS = '0,
    parameter logic [LAYERS*32-1:0] FIRST = '0,  // rows of the layers below
    parameter logic [LAYERS*32-1:0] GROUPS = '0,
    parameter logic [LAYERS*32-1:0] LAST_ROWS = '0,
    parameter logic [LAYERS*32-1:0] BASE = '0,
    parameter logic [LAYERS*32-1:0] OFFSET = '0,  // index of the first weight
    parameter logic [LAYERS*32-1:0] STRENGTH_FILE_BITS = '0
) (
    input wire clk_i,
    input wire rst_i,
    input wire show_cycles_i,
    // samples with traces, and of them those with every write
    input wire [31:0] traced_i,
    input wire [31:0] written_i,
    // samples are offered in order; a mark says where a reset goes back to
    input wire begin_i,
    input wire begin_train_i,
    input wire [31:0] presented_i,
    input wire mark_i,
    input wire [31:0] forward_sample_i,
    input wire activation_valid_i,
    input wire [31:0] activation_layer_i,
    input wire [31:0] activation_row_i,
    input wire factor_valid_i,
    input wire [31:0] factor_layer_i,
    input wire [31:0] factor_row_i,
    input wire [FACTOR_BITS-1:0] factor_value_i,
    input wire [STRENGTH_BITS-1:0] factor_strength_i,
    input wire probability_valid_i,
    input wire [31:0] probability_row_i,
    input wire [PROBABILITY_BITS-1:0] probability_value_i,
    input wire error_valid_i,
    input wire [31:0] error_layer_i,
    input wire [31:0] error_row_i,
    input wire [ERROR_BITS-1:0] error_value_i,
    input wire write_valid_i,
    input wire [31:0] write_layer_i,
    input wire [31:0] write_group_i,
    input wire [31:0] write_column_i,
    input wire [2*LANES-1:0] write_mask_i,
    input wire [2*LANES*WEIGHT_BITS-1:0] write_weight_i,
    input wire step_i,
    // no training step is under way
    output logic quiet_o,
    // training steps that are over, and the cycles from the end of the first to the end of the last
    output logic [31:0] steps_o,
    output logic [31:0] step_cycles_o
);
  import grapes_tb_check::*;

  localparam int ENTRIES = 2 * LANES;  // rows of a group
  localparam int LAST = LAYERS - 1;
  localparam int QUEUE = 8;

  wire [WEIGHT_BITS-1:0] write_weight[0:ENTRIES-1];
  for (genvar p = 0; p < LANES; p++) begin : g_slice
    assign write_weight[2*p] = write_weight_i[2*p*WEIGHT_BITS+:WEIGHT_BITS];
    assign write_weight[2*p+1] = write_weight_i[(2*p+1)*WEIGHT_BITS+:WEIGHT_BITS];
  end

  int input_file;
  int probability_file;
  int digest_file;
  int error_file[0:LAYERS-1];
  int strength_file[0:LAYERS-1];
  int factor_file[0:LAYERS-1];
  int write_file[0:LAYERS-1];

  // ---- samples under way

  int queue[0:QUEUE-1];  // those that train
  int head;
  int tail;
  int sample;  // whose step is under way
  bit fetched;  // its expected values
  int factor_sample;  // whose strengths and factors are expected
  int steps;
  int first_cycle_of_steps;

  logic [31:0] probability[0:CLASSES-1];
  logic [31:0] error_expected[0:ROWS-1];
  logic [31:0] strength[0:ROWS-1];
  logic [31:0] factor[0:ROWS-1];

  // What was shown in this step.
  bit seen_probability[0:CLASSES-1];
  bit seen_factor[0:ROWS-1];  // or in inferences since the step before, whose strengths are the same
  bit seen_error[0:ROWS-1];
  bit erring[0:ROWS-1];  // the row's error is not 0
  int seen_write[0:DEPTH-1];  // the step that wrote the word last, from 1
  int step_number;
  int words[0:LAYERS-1];  // weight words written
  // Of each layer, from its first write on: rows that are written, those of them before each row, groups that have any.
  bit ranked[0:LAYERS-1];
  int rows_written[0:LAYERS-1];
  int groups_written[0:LAYERS-1];
  int rank[0:ROWS-1];
  logic [31:0] digest;
  int write_first[0:LAYERS-1];  // line of the step's first value in the layer's write file
  int write_marked[0:LAYERS-1];

  // Place of each column among those in use, or -1; of hidden layers by the sample's parity, as two may be in the core.
  int input_place[0:INPUTS-1];
  int inputs_used;
  int place[0:2*ROWS-1];
  int used[0:2*LAYERS-1];
  int list_sample;

  function automatic int of(input logic [LAYERS*32-1:0] numbers, input int layer);
    of = 32'(numbers >> (32 * layer));
  endfunction

  function automatic bit is_spread(input int layer, input int group);
    is_spread = group == of(GROUPS, layer) - 1 && of(LAST_ROWS, layer) <= LANES;
  endfunction

  function automatic int rows_of(input int layer, input int group);
    rows_of = group == of(GROUPS, layer) - 1 ? of(LAST_ROWS, layer) : ENTRIES;
  endfunction

  // Row within its group of a lane's half, or -1 where the lane has no such row.
  function automatic int row_of(input int layer, input int group, input int lane, input int half);
    row_of = is_spread(layer, group) ? (half == 0 ? lane : ENTRIES) : 2 * lane + half;
    if (row_of >= rows_of(layer, group)) row_of = -1;
  endfunction

  function automatic logic [31:0] mix(input logic [31:0] value);
    logic [31:0] h;
    h = (value ^ (value >> 16)) * 32'h85ebca6b;
    h = (h ^ (h >> 13)) * 32'hc2b2ae35;
    mix = h ^ (h >> 16);
  endfunction

  // ---- expected values

  task automatic begin_list;
    for (int r = 0; r < ROWS; r++) place[list_sample%2*ROWS+r] = -1;
    for (int l = 0; l < LAYERS; l++) used[list_sample%2*LAYERS+l] = 0;
  endtask

  task automatic begin_step;
    fetched = 1'b0;
    step_number = step_number + 1;
    for (int r = 0; r < CLASSES; r++) seen_probability[r] = 1'b0;
    for (int r = 0; r < ROWS; r++) begin
      seen_factor[r] = 1'b0;
      seen_error[r] = 1'b0;
      erring[r] = 1'b0;
    end
    for (int l = 0; l < LAYERS; l++) begin
      words[l] = 0;
      ranked[l] = 1'b0;
    end
    digest = '0;
  endtask

  task automatic fetch_step;
    logic [31:0] value;
    fetched = 1'b1;
    inputs_used = 0;
    seek(input_file, sample * INPUTS, ACTIVATION_BITS);
    for (int j = 0; j < INPUTS; j++) begin
      value = take(input_file);
      input_place[j] = value == 0 ? -1 : inputs_used;
      if (value != 0) inputs_used = inputs_used + 1;
    end
    if (sample < traced_i) begin
      seek(probability_file, sample * CLASSES, ERROR_BITS + 1);
      for (int r = 0; r < CLASSES; r++) probability[r] = take(probability_file);
      for (int l = 0; l < LAYERS; l++) begin
        seek(error_file[l], sample * of(OUTPUTS, l), ERROR_BITS);
        for (int r = 0; r < of(OUTPUTS, l); r++) error_expected[of(FIRST, l)+r] = take(error_file[l]);
      end
    end
  endtask

  // An inference's strengths are those of the sample that trains next, unless a weight is written between them.
  task automatic fetch_factors(input int wanted);
    factor_sample = wanted;
    if (wanted < traced_i)
      for (int l = 0; l < LAST; l++) begin
        seek(strength_file[l], wanted * of(OUTPUTS, l), of(STRENGTH_FILE_BITS, l));
        seek(factor_file[l], wanted * of(OUTPUTS, l), FACTOR_BITS);
        for (int r = 0; r < of(OUTPUTS, l); r++) begin
          strength[of(FIRST, l)+r] = take(strength_file[l]);
          factor[of(FIRST, l)+r] = take(factor_file[l]);
        end
      end
  endtask

  // ---- what the core shows

  task automatic observe_factor;
    int layer;
    int row;
    int at;
    layer = factor_layer_i;
    row = factor_row_i;
    if (layer >= LAST || row >= of(OUTPUTS, layer % LAYERS)) broken(RULE_EXTRA, factor_sample, layer, -1, row);
    else begin
      at = of(FIRST, layer) + row;
      if (factor_sample < traced_i) begin
        if (strength[at] !== 32'(factor_strength_i))
          differ(STRENGTH, factor_sample, layer, row, -1, strength[at], 32'(factor_strength_i), STRENGTH_BITS);
        if (factor[at] !== 32'(factor_value_i))
          differ(FACTOR, factor_sample, layer, row, -1, factor[at], 32'(factor_value_i), FACTOR_BITS);
      end
      seen_factor[at] = 1'b1;
    end
  endtask

  task automatic observe_probability;
    int row;
    row = probability_row_i;
    if (head == tail || row >= CLASSES) broken(RULE_EXTRA, sample, LAST, -1, row);
    else begin
      if (seen_probability[row]) broken(RULE_TWICE, sample, LAST, -1, row);
      seen_probability[row] = 1'b1;
      if (sample < traced_i)
        check(PROBABILITY, sample, LAST, row, -1, probability[row], 32'(probability_value_i), ERROR_BITS + 1);
    end
  endtask

  task automatic observe_error;
    int layer;
    int row;
    int at;
    layer = error_layer_i;
    row = error_row_i;
    if (head == tail || layer >= LAYERS || row >= of(OUTPUTS, layer % LAYERS))
      broken(RULE_EXTRA, sample, layer, -1, row);
    else begin
      at = of(FIRST, layer) + row;
      if (seen_error[at]) broken(RULE_TWICE, sample, layer, -1, row);
      seen_error[at] = 1'b1;
      erring[at] = error_value_i != '0;
      if (sample < traced_i)
        check(ERROR, sample, layer, row, -1, error_expected[at], 32'(error_value_i), ERROR_BITS);
    end
  endtask

  task automatic rank_rows(input int layer);
    int last;
    ranked[layer] = 1'b1;
    rows_written[layer] = 0;
    groups_written[layer] = 0;
    last = -1;
    for (int r = 0; r < of(OUTPUTS, layer); r++) begin
      rank[of(FIRST, layer)+r] = rows_written[layer];
      if (erring[of(FIRST, layer)+r]) begin
        rows_written[layer] = rows_written[layer] + 1;
        if (r / ENTRIES != last) groups_written[layer] = groups_written[layer] + 1;
        last = r / ENTRIES;
      end
    end
  endtask

  task automatic observe_write;
    int layer;
    int group;
    int column;
    int at;
    int word;
    int row;
    int entry;
    int index;
    logic [31:0] expected;
    layer = write_layer_i;
    group = write_group_i;
    column = write_column_i;
    at = -1;
    if (head < tail && layer < LAYERS)
      if (group < of(GROUPS, layer) && column < of(COLUMNS, layer))
        at = layer == 0 ? input_place[column%INPUTS]
            : place[sample%2*ROWS+of(FIRST, (layer + LAYERS - 1) % LAYERS)+column];
    if (at < 0) broken(RULE_EXTRA, sample, layer, -1, column);
    else if (!LOCAL || write_mask_i !== '0) begin
      if (!ranked[layer]) rank_rows(layer);
      word = of(BASE, layer) + group * of(COLUMNS, layer) + column;
      if (seen_write[word] == step_number) broken(RULE_TWICE, sample, layer, -1, column);
      seen_write[word] = step_number;
      words[layer] = words[layer] + 1;
      row = of(FIRST, layer) + group * ENTRIES;
      if (sample < written_i)
        seek(write_file[layer], write_first[layer] + at * rows_written[layer] + rank[row], WEIGHT_BITS);
      index = of(OFFSET, layer) + group * ENTRIES * of(COLUMNS, layer) + column;
      for (int k = 0; k < rows_of(layer, group); k++) begin
        entry = is_spread(layer, group) ? 2 * k : k;
        if (write_mask_i[entry] !== erring[row+k])
          broken(RULE_MASK, sample, layer, 32'(erring[row+k]), 32'(write_mask_i[entry]));
        if (erring[row+k]) begin
          if (sample < written_i) begin
            expected = take(write_file[layer]);
            check(WRITE, sample, layer, group * ENTRIES + k, column, expected, 32'(write_weight[entry]), WEIGHT_BITS);
          end
          digest = digest + mix(index ^ mix(32'(write_weight[entry])));
        end
        index = index + of(COLUMNS, layer);
      end
      for (int p = 0; p < LANES; p++)
        for (int h = 0; h < 2; h++)
          if (row_of(layer, group, p, h) < 0 && write_mask_i[2*p+h] !== 1'b0)
            broken(RULE_MASK, sample, layer, 0, 32'(write_mask_i[2*p+h]));
    end
  endtask

  task automatic observe_step;
    int columns;
    int at;
    logic [31:0] expected;
    if (head == tail) broken(RULE_EXTRA, sample, -1, -1, steps);
    else begin
      for (int l = 0; l < LAYERS; l++) begin
        columns = l == 0 ? inputs_used : used[sample%2*LAYERS+(l+LAYERS-1)%LAYERS];
        if (!ranked[l]) rank_rows(l);
        if (words[l] != columns * groups_written[l])
          broken(RULE_MISSING, sample, l, columns * groups_written[l], words[l]);
        write_first[l] = write_first[l] + columns * rows_written[l];
        if (l < LAST)
          for (int r = 0; r < of(OUTPUTS, l); r++) begin
            at = of(FIRST, l) + r;
            if (!seen_error[at] && sample < traced_i)
              check(ERROR, sample, l, r, -1, error_expected[at], 32'd0, ERROR_BITS);
            // A factor is made of every neuron that is active.
            if (GRAPES && place[sample%2*ROWS+at] >= 0 && !seen_factor[at]) broken(RULE_MISSING, sample, l, r, -1);
            else if (GRAPES && place[sample%2*ROWS+at] >= 0 && sample < traced_i) begin
              compared[STRENGTH] = compared[STRENGTH] + 1;
              compared[FACTOR] = compared[FACTOR] + 1;
            end
          end
      end
      for (int r = 0; r < CLASSES; r++) if (!seen_probability[r]) broken(RULE_MISSING, sample, LAST, r, -1);
      expected = value_at(digest_file, sample, 32);
      check(DIGEST, sample, -1, -1, -1, expected, digest, 32);
      if (steps == 0) first_cycle_of_steps = cycle;
      step_cycles_o <= cycle - first_cycle_of_steps;
      if (show_cycles_i) begin
        $write("GRAPES CYCLE sample=%0d at=%0d nonzero=%0d", sample, cycle, inputs_used);
        for (int l = 0; l < LAST; l++) $write(",%0d", used[sample%2*LAYERS+l]);
        $write("\n");
      end
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
    open("input.mem", input_file);
    open("probability.mem", probability_file);
    open("digest.mem", digest_file);
    for (int l = 0; l < LAYERS; l++) begin
      open($sformatf("error%0d.mem", l + 1), error_file[l]);
      open($sformatf("write%0d.mem", l + 1), write_file[l]);
      if (l < LAST) begin
        open($sformatf("strength%0d.mem", l + 1), strength_file[l]);
        open($sformatf("factor%0d.mem", l + 1), factor_file[l]);
      end
    end
  end

  always @(posedge clk_i) begin : p_step
    int wanted;
    if (mark_i) for (int l = 0; l < LAYERS; l++) write_marked[l] = write_first[l];
    if (rst_i) begin
      head = 0;
      tail = 0;
      list_sample = -1;
      factor_sample = -1;
      for (int l = 0; l < LAYERS; l++) write_first[l] = write_marked[l];
      begin_step;
    end else if (!over) begin
      if (begin_i && begin_train_i) begin
        queue[tail%QUEUE] = presented_i - 1;
        tail = tail + 1;
      end
      if (head < tail) sample = queue[head%QUEUE];
      if (head < tail && !fetched) fetch_step;
      if (list_sample != forward_sample_i) begin
        list_sample = forward_sample_i;
        begin_list;
      end
      if (activation_valid_i && 32'(activation_layer_i) < LAST) begin
        place[list_sample%2*ROWS+of(FIRST, activation_layer_i)+activation_row_i] =
            used[list_sample%2*LAYERS+activation_layer_i];
        used[list_sample%2*LAYERS+activation_layer_i] = used[list_sample%2*LAYERS+activation_layer_i] + 1;
      end
      wanted = head < tail ? sample : presented_i - 1;
      if (factor_valid_i && wanted != factor_sample) fetch_factors(wanted);
      if (factor_valid_i) observe_factor;
      if (probability_valid_i) observe_probability;
      if (error_valid_i) observe_error;
      if (write_valid_i) observe_write;
      if (step_i) observe_step;
    end
    quiet_o <= head == tail;
    steps_o <= steps;
  end
endmodule

`default_nettype wire
