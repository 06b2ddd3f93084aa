// What the modules of the core's testbench share: counts of compared values by kind, the first difference, golden files.
// A value is looked up in the golden directory (+golden=DIR) and compared; the first difference ends the run.
`default_nettype none

package grapes_tb_check;
  localparam int ACTIVATION = 0;
  localparam int LOGIT = 1;
  localparam int RESULT = 2;
  localparam int PREDICTION = 3;
  localparam int PROBABILITY = 4;
  localparam int ERROR = 5;
  localparam int STRENGTH = 6;
  localparam int FACTOR = 7;
  localparam int WRITE = 8;
  localparam int DIGEST = 9;
  localparam int WEIGHT = 10;
  localparam int READ = 11;
  localparam int STREAM = 12;
  localparam int COUNTER = 13;
  localparam int PROTOCOL = 14;
  localparam int TIMEOUT = 15;
  localparam int MEMBRANE = 16;
  localparam int KINDS = 17;

  function automatic string kind_name(input int kind);
    case (kind)
      ACTIVATION: kind_name = "activation";
      LOGIT: kind_name = "logit";
      RESULT: kind_name = "result";
      PREDICTION: kind_name = "prediction";
      PROBABILITY: kind_name = "probability";
      ERROR: kind_name = "error";
      STRENGTH: kind_name = "strength";
      FACTOR: kind_name = "factor";
      WRITE: kind_name = "write";
      DIGEST: kind_name = "digest";
      WEIGHT: kind_name = "weight";
      READ: kind_name = "read";
      STREAM: kind_name = "stream";
      COUNTER: kind_name = "counter";
      PROTOCOL: kind_name = "protocol";
      MEMBRANE: kind_name = "membrane";
      default: kind_name = "timeout";
    endcase
  endfunction

  // Rules of the interface. A broken one is a difference of kind PROTOCOL whose row is the rule's number.
  localparam int RULE_UNKNOWN = 1;  // a valid, a ready, idle, or what comes with a valid is X
  localparam int RULE_HOLD = 2;  // what was offered changed or went away before it was taken
  localparam int RULE_RESULT = 3;  // `last` is not on the last logit, or a result came unasked
  localparam int RULE_UNASKED = 4;  // a read response without a request
  localparam int RULE_BUSY = 5;  // a memory request taken while a sample was in flight
  localparam int RULE_ORDER = 6;  // rows of activations or logits out of order, or out of range
  localparam int RULE_TWICE = 7;  // the same error or weight shown twice in a step
  localparam int RULE_MISSING = 8;  // an error, a factor, a probability or a write missing from a step
  localparam int RULE_MASK = 9;  // lanes shown that have no row, or not shown though they have
  localparam int RULE_EXTRA = 10;  // a write to a column that is not in use, or a step too many
  localparam int RULE_IDLE = 11;  // idle while a sample is being taken

  // What a line of host.mem asks for: six words, {operation, layer, row, column, value, wait}.
  localparam int OP_INFER = 0;
  localparam int OP_TRAIN = 1;
  localparam int OP_RESET = 2;
  localparam int OP_ABORT = 3;
  localparam int OP_LOAD = 4;
  localparam int OP_FINAL = 5;
  localparam int OP_WRITE_WEIGHT = 6;
  localparam int OP_WRITE_STREAM = 7;
  localparam int OP_READ_WEIGHT = 8;
  localparam int OP_READ_STRENGTH = 9;
  localparam int OP_READ_STREAM = 10;
  localparam int OP_READ_COUNTER = 11;
  localparam int OP_READ_STRAY = 12;
  localparam int OP_WRITE_STRAY = 13;

  // ---- comparison

  bit over;  // the verdict is out
  int cycle;
  int compared[0:KINDS-1];
  int compared_at_mark[0:KINDS-1];
  int mismatches;
  int first_kind;
  int first_sample;
  int first_layer;
  int first_row;
  int first_column;
  logic [31:0] first_expected;
  logic [31:0] first_actual;
  int first_bits;
  int first_difference_at;

  // Layers count from 0 here and from 1 in the message; -1 where a place has no meaning.
  task automatic differ(input int kind, input int sample, input int layer, input int row, input int column,
                        input logic [31:0] expected, input logic [31:0] actual, input int bits);
    mismatches = mismatches + 1;
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
      first_difference_at = cycle;
    end
  endtask

  task automatic check(input int kind, input int sample, input int layer, input int row, input int column,
                       input logic [31:0] expected, input logic [31:0] actual, input int bits);
    compared[kind] = compared[kind] + 1;
    if (expected !== actual) differ(kind, sample, layer, row, column, expected, actual, bits);
  endtask

  task automatic broken(input int rule, input int sample, input int layer, input logic [31:0] expected,
                        input logic [31:0] actual);
    differ(PROTOCOL, sample, layer, rule, -1, expected, actual, 32);
  endtask

  // What was compared since the mark does not count: the host starts over from there.
  task automatic set_mark;
    for (int k = 0; k < KINDS; k++) compared_at_mark[k] = compared[k];
  endtask

  task automatic rewind;
    for (int k = 0; k < KINDS; k++) compared[k] = compared_at_mark[k];
  endtask

  // ---- golden files

  string golden;
  string missing;  // a file that is not there
  bit short_file;  // a file that ends early

  task automatic open(input string name, output int file);
    if ($value$plusargs("golden=%s", golden) == 0) golden = ".";
    file = $fopen({golden, "/", name}, "r");
    if (file == 0) begin
      missing = {golden, "/", name};
      over = 1'b1;
    end
  endtask

  // Goes to value number `index` of a file whose values have `bits` bits: a value is a line of fixed width.
  task automatic seek(input int file, input int index, input int bits);
    int status;
    status = file == 0 ? 0 : $fseek(file, index * ((bits + 3) / 4 + 1), 0);
    if (status != 0) begin
      short_file = 1'b1;
      over = 1'b1;
    end
  endtask

  // The value at the file's position, which moves on.
  function automatic logic [31:0] take(input int file);
    int status;
    logic [31:0] value;
    status = file == 0 ? 0 : $fscanf(file, "%h", value);
    if (status != 1) begin
      short_file = 1'b1;
      over = 1'b1;
      value = '0;
    end
    take = value;
  endfunction

  // Value number `index` of a file.
  function automatic logic [31:0] value_at(input int file, input int index, input int bits);
    int status;
    status = file == 0 ? 0 : $fseek(file, index * ((bits + 3) / 4 + 1), 0);
    if (status != 0) begin
      short_file = 1'b1;
      over = 1'b1;
    end
    value_at = take(file);
  endfunction

  // ---- noise

  function automatic logic [31:0] xorshift(input logic [31:0] state);
    logic [31:0] y;
    y = state ^ (state << 13);
    y = y ^ (y >> 17);
    xorshift = y ^ (y << 5);
  endfunction

  // What lines carry in a cycle in which nobody looks at them.
  function automatic logic [31:0] garbage(input logic [31:0] noise);
`ifdef __ICARUS__
    garbage = noise[0] ? 'x : noise;
`else
    garbage = noise;
`endif
  endfunction

  // With stall, true in one of four cycles, now and then for many in a row, and seldom for longer than a sample takes.
  function automatic bit gap(input bit stall, input logic [31:0] noise, input int which);
    gap = stall && (noise[4*which+:2] == 2'd0 || cycle / 64 % 8 == which || cycle / 512 % 16 == which);
  endfunction

  // ---- verdict

  task automatic verdict(input bit reached_end, input int samples);
    int total;
    total = 0;
    if (missing != "") $display("GRAPES ERROR cannot open %0s", missing);
    if (short_file) $display("GRAPES ERROR a golden file ends early (cycle %0d)", cycle);
    if (mismatches > 0)
      $display("GRAPES MISMATCH kind=%0s sample=%0d layer=%0d row=%0d column=%0d expected=%0h actual=%0h bits=%0d cycle=%0d",
               kind_name(first_kind), first_sample, first_layer, first_row, first_column, first_expected,
               first_actual, first_bits, first_difference_at);
    for (int k = 0; k < KINDS; k++) begin
      if (compared[k] > 0 || mismatches > 0 && k == first_kind)
        $display("GRAPES COUNT kind=%0s compared=%0d mismatches=%0d", kind_name(k), compared[k],
                 mismatches > 0 && k == first_kind ? 1 : 0);
      total = total + compared[k];
    end
    if (reached_end && mismatches == 0 && missing == "" && !short_file)
      $display("GRAPES DONE samples=%0d compared=%0d mismatches=0", samples, total);
  endtask
endpackage

`default_nettype wire
