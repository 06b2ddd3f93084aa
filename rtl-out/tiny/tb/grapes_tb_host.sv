// The host: reads the script +host=FILE line by line, offers samples, asks for accesses to the memories, resets.
// One thing after the other: a sample begins when the access before it was taken, an access when the sample before it is
// with the core, or has begun to be. A reset waits until everything before it is over. An abort resets, lets the operations
// after it begin, resets in the middle of them, and does them again.
`default_nettype none

/* verilator lint_off BLKSEQ */
module grapes_tb_host #(
    parameter int INPUTS = 1,  // features that the core takes of a sample
    parameter int STRIDE = INPUTS,  // values of a sample in its file, of which those are the first
    parameter bit PIXELS = 1'b0,  // of pixel.mem
    parameter int FEATURES = 1,  // in a beat
    parameter int ACTIVATION_BITS = 8,
    parameter int LABEL_BITS = 1
) (
    input wire clk_i,
    input wire [31:0] noise_i,
    input wire stall_i,
    output logic rst_o,
    output logic valid_o,
    input wire ready_i,
    output logic [31:0] data_o,
    output logic [LABEL_BITS-1:0] label_o,
    output logic train_o,
    output logic [4:0] rate_o,
    // the access that the memory port is to do, until it is done
    output logic access_o,
    output logic [31:0] code_o,
    output logic [31:0] layer_o,
    output logic [31:0] row_o,
    output logic [31:0] column_o,
    output logic [31:0] value_o,
    input wire access_done_i,
    // everything presented is over
    input wire quiet_i,
    // a sample's first beat is offered for the first time; samples offered so far
    output logic begin_o,
    output logic begin_train_o,
    output logic [31:0] presented_o,
    // where a reset goes back to
    output logic mark_o,
    output logic [31:0] marked_o,
    // some beats of a sample are taken, not all
    output logic taking_o,
    output logic done_o
);
  import grapes_tb_check::*;

  localparam int BEATS = (INPUTS + FEATURES - 1) / FEATURES;
  localparam int LINE = 6 * 9;  // characters of an operation

  string script;
  int script_file;
  int input_file;
  int label_file;
  int position;  // operations read
  bit ended;  // the script
  bit held;  // an operation is in hand
  logic [31:0] code, layer, row, column, value, pause;
  bit sending;  // beats of the sample are still to be offered
  int beat;  // to be offered next
  int taken;  // beats of the last sample that are taken
  int sample;  // to be presented next
  bit train;
  logic [4:0] rate;
  logic [31:0] class_label;
  int reset_left;
  bit armed;  // an abort waits for its cycle
  int armed_since;  // cycles since the first beat was taken, or -1
  int armed_after;
  int armed_cycles;
  int resume_at;
  int resume_sample;

  task automatic next_operation;
    int status;
    status = script_file == 0 ? 0
        : $fscanf(script_file, "%h %h %h %h %h %h", code, layer, row, column, value, pause);
    held = status == 6;
    ended = !held;
    if (held) position = position + 1;
  endtask

  // What was begun is forgotten.
  task automatic stop(input int cycles);
    rst_o <= 1'b1;
    reset_left = cycles;
    held = 1'b0;
    sending = 1'b0;
    taken = 0;
    valid_o <= 1'b0;
    access_o <= 1'b0;
    armed = 1'b0;
  endtask

  task automatic abort;
    int status;
    stop(armed_cycles);
    status = $fseek(script_file, resume_at * LINE, 0);
    if (status == 0) position = resume_at;
    ended = 1'b0;
    sample = resume_sample;
    presented_o <= resume_sample;
  endtask

  task automatic offer;
    logic [31:0] feature;
    logic [31:0] data;
    if (beat == 0) seek(input_file, (sample - 1) * STRIDE, ACTIVATION_BITS);
    data = garbage(~noise_i);
    for (int f = 0; f < FEATURES; f++)
      if (beat * FEATURES + f < INPUTS) begin
        feature = take(input_file);
        data[f*ACTIVATION_BITS+:ACTIVATION_BITS] = feature[ACTIVATION_BITS-1:0];
      end
    valid_o <= 1'b1;
    data_o <= data;
    // Label, train and rate count with the first beat, label and rate where the sample trains.
    label_o <= beat == 0 && train ? class_label[LABEL_BITS-1:0] : LABEL_BITS'(garbage({noise_i[15:0], noise_i[31:16]}));
    train_o <= beat == 0 ? train : 1'(garbage(noise_i >> 3));
    rate_o <= beat == 0 ? rate : 5'(garbage({noise_i[7:0], noise_i[31:8]}));
    beat = beat + 1;
    if (beat == BEATS) sending = 1'b0;
  endtask

  initial begin
    rst_o = 1'b1;
    valid_o = 1'b0;
    access_o = 1'b0;
    begin_o = 1'b0;
    mark_o = 1'b0;
    done_o = 1'b0;
    taking_o = 1'b0;
    presented_o = '0;
    marked_o = '0;
    armed_since = -1;
    if (PIXELS) open("pixel.mem", input_file);
    else open("input.mem", input_file);
    open("label.mem", label_file);
    if ($value$plusargs("host=%s", script) == 0) script = {golden, "/host.mem"};
    script_file = $fopen(script, "r");
    if (script_file == 0) begin
      missing = script;
      over = 1'b1;
    end
    next_operation;
    // The first operation is the reset that a core begins with.
    reset_left = value;
    held = 1'b0;
  end

  always @(posedge clk_i) begin : p_host
    bit line_free;
    bit accesses_free;
    begin_o <= 1'b0;
    mark_o <= 1'b0;
    line_free = !valid_o || ready_i;
    accesses_free = !access_o || access_done_i;
    if (rst_o) begin
      reset_left = reset_left - 1;
      if (reset_left == 0) rst_o <= 1'b0;
      taking_o <= 1'b0;
    end else if (!over) begin
      if (valid_o && ready_i) begin
        taken = taken + 1;
        if (armed && armed_since < 0) armed_since = 0;
      end
      taking_o <= taken > 0 && taken < BEATS;
      if (access_done_i) access_o <= 1'b0;
      if (!held && !ended) next_operation;
      if (held && pause > 0) pause = pause - 1;
      else if (held)
        case (code)
          OP_INFER, OP_TRAIN:
          // An inference may begin beside an access that it does not change, nor the access it: `row`.
          if (line_free && !sending && (accesses_free || row != 0)) begin
            held = 1'b0;
            train = code == OP_TRAIN;
            rate = value[4:0];
            if (code == OP_INFER) rate = 5'(garbage(value));
            class_label = value_at(label_file, sample, LABEL_BITS);
            sample = sample + 1;
            sending = 1'b1;
            beat = 0;
            taken = 0;
            begin_o <= 1'b1;
            begin_train_o <= train;
            presented_o <= sample;
          end
          OP_RESET, OP_ABORT:
          if (armed) abort;
          else if (quiet_i && line_free && !valid_o && !sending && !access_o) begin
            held = 1'b0;
            mark_o <= 1'b1;
            marked_o <= sample;
            stop(code == OP_RESET ? value : 32'd1);
            if (code == OP_ABORT) begin
              armed = 1'b1;
              armed_since = -1;
              armed_after = value;
              armed_cycles = row;
              resume_at = position;
              resume_sample = sample;
            end
          end
          default:
          if (accesses_free && (line_free && !sending || taken > 0 && noise_i[13:12] == 2'd0)) begin
            held = 1'b0;
            access_o <= 1'b1;
            code_o <= code;
            layer_o <= layer - 1;
            row_o <= row;
            column_o <= column;
            value_o <= value;
          end
        endcase
      else if (ended && quiet_i && !valid_o && !sending && !access_o) begin
        if (armed) abort;
        else done_o <= 1'b1;
      end
      if (!rst_o && armed && armed_since >= 0) begin
        if (armed_since == armed_after) abort;
        else armed_since = armed_since + 1;
      end
      if (line_free && reset_left == 0) begin
        valid_o <= 1'b0;
        data_o <= garbage(noise_i);
        label_o <= LABEL_BITS'(garbage(noise_i >> 1));
        train_o <= 1'(garbage(noise_i >> 2));
        rate_o <= 5'(garbage(noise_i >> 4));
        if (sending && !gap(stall_i, noise_i, 0)) offer;
      end
    end
  end
endmodule

`default_nettype wire
