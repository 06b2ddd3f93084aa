// Does the host's accesses on the memory port, and compares the answers. `load` and `final` walk over all weights, word
// by word; a weight is written by reading its word first, since that holds another row's weight too.
`default_nettype none

/* verilator lint_off BLKSEQ */
module grapes_tb_memory #(
    parameter int LAYERS = 1,  // matrices, in time
    parameter logic [LAYERS-1:0] RECURRENT = '0,  // those that are a layer's own
    parameter int LANES = 1,
    parameter int STREAMS = LAYERS,
    parameter int COUNTERS = 2 + 2 * LAYERS,
    parameter int WEIGHT_BITS = 8,
    parameter int DEPTH = 1,  // words of weights
    parameter int HIDDEN_SLOTS = 0,
    // by layer, 32 bits each, the first in the low bits
    parameter logic [LAYERS*32-1:0] COLUMNS = '0,
    parameter logic [LAYERS*32-1:0] GROUPS = '0,
    parameter logic [LAYERS*32-1:0] LAST_ROWS = '0,
    parameter logic [LAYERS*32-1:0] BASE = '0,
    parameter logic [LAYERS*32-1:0] SLOT = '0
) (
    input wire clk_i,
    input wire rst_i,
    input wire [31:0] noise_i,
    input wire stall_i,
    // weights are already in the lanes' memories: there is nothing to load
    input wire loaded_i,
    // cycles since reset in which the core was not idle
    input wire [31:0] busy_i,
    input wire idle_i,
    input wire access_i,
    input wire [31:0] code_i,
    input wire [31:0] layer_i,
    input wire [31:0] row_i,
    input wire [31:0] column_i,
    input wire [31:0] value_i,
    output wire done_o,
    // nothing is on its way
    output wire quiet_o,
    output logic valid_o,
    input wire ready_i,
    output logic write_o,
    output logic [31:0] address_o,
    output logic [31:0] data_o,
    input wire valid_i,
    output logic ready_o,
    input wire [31:0] data_i
);
  import grapes_tb_check::*;

  localparam int ENTRIES = 2 * LANES;  // rows of a group
  localparam int PENDING = 4;

  int weight_file[0:2*LAYERS-1];  // initial, then final weights

  // What has been asked for and not been answered.
  int asked_code[0:PENDING-1];
  int asked_layer[0:PENDING-1];
  int asked_row[0:PENDING-1];  // of half 0 for a word, -1 for none
  int asked_other[0:PENDING-1];  // of half 1
  int asked_column[0:PENDING-1];
  logic [31:0] asked_value[0:PENDING-1];
  logic [31:0] asked_busy[0:PENDING-1];
  int asked;
  int answered;

  // Where a walk is.
  bit walking;
  int at_layer;
  int at_group;
  int at_lane;
  int at_column;

  logic last_q;  // the request on the port is the access's last
  bit fetched;  // a word that is to be written was read
  logic [31:0] fetched_data;
  bit offered;  // the access's last request is on the port, or was taken
  logic [31:0] outstanding;

  assign done_o = access_i && valid_o && ready_i && last_q;
  assign quiet_o = !valid_o && outstanding == 0;

  function automatic int of(input logic [LAYERS*32-1:0] numbers, input int layer);
    of = 32'(numbers >> (32 * layer));
  endfunction

  function automatic int rows_of(input int layer, input int group);
    rows_of = group == of(GROUPS, layer) - 1 ? of(LAST_ROWS, layer) : ENTRIES;
  endfunction

  function automatic bit is_spread(input int layer, input int group);
    is_spread = group == of(GROUPS, layer) - 1 && of(LAST_ROWS, layer) <= LANES;
  endfunction

  function automatic string matrix_name(input int matrix);
    int layer;
    layer = 0;
    for (int m = 0; m <= matrix; m++) if (!RECURRENT[m]) layer = layer + 1;
    if (RECURRENT[matrix]) matrix_name = $sformatf("recurrent%0d", layer);
    else matrix_name = $sformatf("weight%0d", layer);
  endfunction

  // Row that a lane's half holds, or -1.
  function automatic int row_of(input int layer, input int group, input int lane, input int half);
    row_of = is_spread(layer, group) ? (half == 0 ? lane : ENTRIES) : 2 * lane + half;
    row_of = row_of < rows_of(layer, group) ? group * ENTRIES + row_of : -1;
  endfunction

  function automatic int lane_of(input int layer, input int row);
    lane_of = is_spread(layer, row / ENTRIES) ? row % ENTRIES : row % ENTRIES / 2;
  endfunction

  function automatic int half_of(input int layer, input int row);
    half_of = is_spread(layer, row / ENTRIES) ? 0 : row % 2;
  endfunction

  function automatic logic [31:0] address(input int space, input int lane, input int word);
    address = {2'(space), 10'(lane), 20'(word)};
  endfunction

  // An address that holds nothing: row 0 in a lane, row 1 with a word beyond the last one; row 2 in the lane `value` of the
  // layer's last group, which has no row there.
  function automatic logic [31:0] stray(input int space);
    int lanes;
    int words;
    lanes = space < 2 ? LANES : 1;
    case (space)
      0: words = DEPTH;
      1: words = 2 * HIDDEN_SLOTS;
      2: words = STREAMS;
      default: words = COUNTERS;
    endcase
    if (row_i == 2) stray = address(0, value_i, of(BASE, space) + (of(GROUPS, space) - 1) * of(COLUMNS, space) + column_i);
    else if (row_i == 0 && lanes < 1024) stray = address(space, lanes + 32'(value_i[29:20]) % (1024 - lanes), 32'(value_i[19:0]));
    else if (words < 1 << 20) stray = address(space, 32'(value_i[29:20]), words + 32'(value_i[19:0]) % ((1 << 20) - words));
    else stray = address(2, 1, 0);
  endfunction

  // A row's weight in a file of layer after layer, extended to half a word; noise where there is no row.
  function automatic logic [15:0] stored(input int files, input int layer, input int row, input int column);
    logic [31:0] value;
    if (row < 0) stored = noise_i[15:0];
    else begin
      value = value_at(weight_file[files*LAYERS+layer], row * of(COLUMNS, layer) + column, WEIGHT_BITS);
      stored = 16'($signed(value[WEIGHT_BITS-1:0]));
    end
  endfunction

  task automatic ask(input int row, input int other, input int layer, input int column);
    asked_code[asked%PENDING] = code_i;
    asked_layer[asked%PENDING] = layer;
    asked_row[asked%PENDING] = row;
    asked_other[asked%PENDING] = other;
    asked_column[asked%PENDING] = column;
    asked_value[asked%PENDING] = value_i;
    asked = asked + 1;
  endtask

  task automatic offer_word;
    int row;
    int other;
    row = row_of(at_layer, at_group, at_lane, 0);
    other = row_of(at_layer, at_group, at_lane, 1);
    address_o <= address(0, at_lane, of(BASE, at_layer) + at_group * of(COLUMNS, at_layer) + at_column);
    if (code_i == OP_LOAD) begin
      write_o <= 1'b1;
      data_o <= {stored(0, at_layer, other, at_column), stored(0, at_layer, row, at_column)};
    end else begin
      write_o <= 1'b0;
      ask(row, other, at_layer, at_column);
    end
    at_column = at_column + 1;
    if (at_column == of(COLUMNS, at_layer)) begin
      at_column = 0;
      at_lane = at_lane + 1;
      if (at_lane == LANES || row_of(at_layer, at_group, at_lane, 0) < 0) begin
        at_lane = 0;
        at_group = at_group + 1;
        if (at_group == of(GROUPS, at_layer)) begin
          at_group = 0;
          at_layer = at_layer + 1;
        end
      end
    end
    offered = at_layer == LAYERS;
  endtask

  task automatic offer_single;
    int layer;
    int row;
    logic [31:0] word;
    layer = layer_i;
    row = row_i;
    offered = 1'b1;
    write_o <= code_i == OP_WRITE_STREAM;
    case (code_i)
      OP_WRITE_WEIGHT, OP_READ_WEIGHT: begin
        word = address(0, lane_of(layer, row), of(BASE, layer) + row / ENTRIES * of(COLUMNS, layer) + column_i);
        address_o <= word;
        if (code_i == OP_WRITE_WEIGHT && fetched) begin
          write_o <= 1'b1;
          data_o <= half_of(layer, row) == 0 ? {fetched_data[31:16], 16'(value_i)} : {16'(value_i), fetched_data[15:0]};
        end else begin
          ask(half_of(layer, row) == 0 ? row : -1, half_of(layer, row) == 1 ? row : -1, layer, column_i);
          offered = code_i == OP_READ_WEIGHT;
        end
      end
      OP_READ_STRENGTH: begin
        address_o <= address(1, lane_of(layer, row), 2 * (of(SLOT, layer) + row / ENTRIES) + half_of(layer, row));
        ask(row, -1, layer, -1);
      end
      OP_WRITE_STREAM, OP_READ_STREAM: begin
        address_o <= address(2, 0, layer);
        data_o <= value_i;
        if (code_i == OP_READ_STREAM) ask(-1, -1, layer, -1);
      end
      OP_READ_STRAY, OP_WRITE_STRAY: begin
        write_o <= code_i == OP_WRITE_STRAY;
        address_o <= stray(layer);
        data_o <= noise_i;
        if (code_i == OP_READ_STRAY) ask(-1, -1, -1, -1);
      end
      default: begin
        address_o <= address(3, 0, column_i);
        ask(-1, -1, -1, column_i);
      end
    endcase
  endtask

  task automatic compare(input int n);
    int layer;
    layer = asked_layer[n];
    case (asked_code[n])
      OP_FINAL: begin
        check(WEIGHT, -1, layer, asked_row[n], asked_column[n],
              32'(stored(1, layer, asked_row[n], asked_column[n])), 32'(data_i[15:0]), 16);
        // A half without a row reads as 0.
        if (asked_other[n] < 0) begin
          if (data_i[31:16] !== '0)
            differ(WEIGHT, -1, layer, asked_row[n], asked_column[n], '0, 32'(data_i[31:16]), 16);
        end else
          check(WEIGHT, -1, layer, asked_other[n], asked_column[n],
                32'(stored(1, layer, asked_other[n], asked_column[n])), 32'(data_i[31:16]), 16);
      end
      OP_READ_WEIGHT:
      if (asked_row[n] >= 0)
        check(READ, -1, layer, asked_row[n], asked_column[n], 32'(asked_value[n][15:0]), 32'(data_i[15:0]), 16);
      else check(READ, -1, layer, asked_other[n], asked_column[n], 32'(asked_value[n][15:0]), 32'(data_i[31:16]), 16);
      OP_READ_STRENGTH: check(READ, -1, layer, asked_row[n], -1, asked_value[n], data_i, 32);
      OP_READ_STRAY: check(READ, -1, -1, -1, -1, '0, data_i, 32);
      OP_READ_STREAM: check(STREAM, -1, layer, -1, -1, asked_value[n], data_i, 32);
      OP_READ_COUNTER:
      check(COUNTER, -1, -1, -1, asked_column[n], asked_column[n] == 1 ? asked_busy[n] : asked_value[n], data_i, 32);
      default: begin
        fetched = 1'b1;
        fetched_data = data_i;
      end
    endcase
  endtask

  initial begin
    valid_o = 1'b0;
    ready_o = 1'b0;
    last_q = 1'b0;
    outstanding = '0;
    for (int l = 0; l < LAYERS; l++) begin
      open($sformatf("%0s_init.mem", matrix_name(l)), weight_file[l]);
      open($sformatf("%0s_final.mem", matrix_name(l)), weight_file[LAYERS+l]);
    end
  end

  always @(posedge clk_i) begin : p_memory
    if (rst_i) begin
      valid_o <= 1'b0;
      walking = 1'b0;
      offered = 1'b0;
      fetched = 1'b0;
      asked = 0;
      answered = 0;
    end else if (!over) begin
      if (valid_o && ready_i) begin
        if (!idle_i) broken(RULE_BUSY, -1, -1, 1, 0);
        if (asked > 0) asked_busy[(asked-1)%PENDING] = busy_i;
        if (last_q) begin
          walking = 1'b0;
          offered = 1'b0;
          fetched = 1'b0;
        end
      end
      if (valid_i && ready_o) begin
        if (answered == asked) broken(RULE_UNASKED, -1, -1, 0, 1);
        else begin
          compare(answered % PENDING);
          answered = answered + 1;
        end
      end
      if (!valid_o || ready_i) begin
        valid_o <= 1'b0;
        write_o <= 1'(garbage(noise_i >> 7));
        address_o <= garbage(noise_i);
        data_o <= garbage(~noise_i);
        last_q <= 1'b0;
        // Its last request was taken in this cycle: the next access comes in the next.
        if (access_i && !done_o && !offered && !gap(stall_i, noise_i, 2) && asked - answered < PENDING &&
            !(code_i == OP_WRITE_WEIGHT && !fetched && asked != answered)) begin
          if (code_i == OP_LOAD || code_i == OP_FINAL) begin
            if (!walking) begin
              walking = 1'b1;
              at_layer = 0;
              at_group = 0;
              at_lane = 0;
              at_column = 0;
              // The last word alone tells the core that its weights are others.
              if (code_i == OP_LOAD && loaded_i) begin
                at_layer = LAYERS - 1;
                at_group = of(GROUPS, LAYERS - 1) - 1;
                at_lane = lane_of(LAYERS - 1, at_group * ENTRIES + of(LAST_ROWS, LAYERS - 1) - 1);
                at_column = of(COLUMNS, LAYERS - 1) - 1;
              end
            end
            offer_word;
          end else offer_single;
          valid_o <= 1'b1;
          last_q <= offered;
        end
      end
      ready_o <= !gap(stall_i, noise_i, 3);
    end
    outstanding <= asked - answered;
  end
endmodule

`default_nettype wire
