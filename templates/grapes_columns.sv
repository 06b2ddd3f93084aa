// Makes operations of words of bits: a word's columns one after the other, and of each column the operations that the pass
// asks for.
//
//   forward, sweep  one
//   top, back       a group of the layer above that has errors, then one of the layer's own; one without any if there is none
//   update          a step in which the column is not 0; one where the sum over the steps is all that counts
//
// s0 is the operation in hand: issue_o tells that it goes. Words wait in a short queue, so that those without a column
// hide behind those with many.

`default_nettype none

module grapes_columns #(
  parameter int LANES = 32,
  parameter int STEPS = 4,
  parameter int STEP_BITS = 2,
  parameter int GROUPS = 4,
  parameter int GROUP_BITS = 2,
  parameter int SLOT_BITS = 4,
  parameter int COLUMN_BITS = 10,
  parameter int WORD = 64,
  localparam int ROWS = 2 * LANES,
  localparam int GROUP_ROW_BITS = $clog2(2 * LANES)
) (
  input  wire logic                      clk_i,
  input  wire logic                      rst_i,
  // the pass
  input  wire logic                      goes_back_i,
  input  wire logic                      update_i,
  input  wire logic                      recurrent_i,
  input  wire logic                      single_i,
  // a word
  input  wire logic                      valid_i,
  output      logic                      ready_o,
  input  wire logic [WORD-1:0]           word_i,
  input  wire logic [ROWS-1:0]           nonzero_i,
  input  wire logic                      carry_i,
  input  wire logic                      flush_i,
  input  wire logic                      own_i,
  input  wire logic                      close_i,
  input  wire logic [GROUP_BITS-1:0]     group_i,
  input  wire logic                      group_first_i,
  input  wire logic                      group_final_i,
  input  wire logic [STEP_BITS-1:0]      step_i,
  input  wire logic [SLOT_BITS-1:0]      slot_i,
  input  wire logic [COLUMN_BITS-1:0]    column_i,
  input  wire logic                      spread_i,
  // a column: asked for in a cycle, the steps in which it is not 0 are there in the next
  output      logic                      read_o,
  output      logic [COLUMN_BITS-1:0]    read_column_o,
  output      logic [SLOT_BITS-1:0]      column_slot_o,
  output      logic [GROUP_ROW_BITS-1:0] column_row_o,
  input  wire logic [STEPS-1:0]          column_steps_i,
  // groups with errors that are carried, of the layer above and of the layer itself
  input  wire logic [GROUPS-1:0]         above_i,
  input  wire logic [GROUPS-1:0]         own_groups_i,
  // the operation
  input  wire logic                      block_i,
  output      logic                      valid_o,
  output      logic                      issue_o,
  output      logic                      null_o,
  output      logic                      carry_o,
  output      logic                      flush_o,
  output      logic                      own_o,
  output      logic                      close_o,
  // of a sum
  output      logic                      first_o,
  output      logic                      last_o,
  // the first operation of a column
  output      logic                      begins_o,
  output      logic [GROUP_BITS-1:0]     group_o,
  output      logic                      group_first_o,
  output      logic                      group_final_o,
  output      logic [STEP_BITS-1:0]      step_o,
  output      logic [SLOT_BITS-1:0]      slot_o,
  output      logic [GROUP_ROW_BITS-1:0] row_o,
  output      logic [COLUMN_BITS-1:0]    column_o,
  output      logic [ROWS-1:0]           open_o,
  output      logic [ROWS-1:0]           nonzero_o,
  // anything is in hand
  output      logic                      busy_o
);
  localparam int WORD_INDEX = $clog2(WORD);

  typedef struct packed {
    logic                   carry;
    logic                   flush;
    logic                   own;
    logic                   close;
    logic                   group_first;
    logic                   group_final;
    logic                   spread;
    logic [GROUP_BITS-1:0]  group;
    logic [STEP_BITS-1:0]   step;
    logic [SLOT_BITS-1:0]   slot;
    logic [COLUMN_BITS-1:0] column;
    logic [ROWS-1:0]        nonzero;
    logic [WORD-1:0]        word;
  } word_t;

  // ---- the queue

  localparam int DEPTH = 4;
  wire word_take;
  word_t came;
  assign came.carry = carry_i;
  assign came.flush = flush_i;
  assign came.own = own_i;
  assign came.close = close_i;
  assign came.group_first = group_first_i;
  assign came.group_final = group_final_i;
  assign came.spread = spread_i;
  assign came.group = group_i;
  assign came.step = step_i;
  assign came.slot = slot_i;
  assign came.column = column_i;
  assign came.nonzero = nonzero_i;
  assign came.word = word_i;

  localparam int WIDTH = WORD + ROWS + COLUMN_BITS + SLOT_BITS + STEP_BITS + GROUP_BITS + 7;
  logic [1:0] write_q, read_q;
  logic [2:0] count_q;
  wire [WIDTH-1:0] head;
  grapes_slots #(
    .DEPTH(DEPTH),
    .BITS(WIDTH),
    .ADDRESS_BITS(2)
  ) queue (
    .clk_i,
    .read_address_i(read_q),
    .read_data_o(head),
    .write_i(valid_i),
    .write_address_i(write_q),
    .write_data_i(came)
  );
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      write_q <= '0;
      read_q <= '0;
      count_q <= '0;
    end else begin
      write_q <= write_q + 2'(valid_i);
      read_q <= read_q + 2'(word_take);
      count_q <= count_q + 3'(valid_i) - 3'(word_take);
    end
  end
  // One word more may be under way.
  assign ready_o = count_q < 3'(DEPTH - 1) && !(count_q == 3'(DEPTH - 2) && valid_i);

  // ---- the word in hand: its next column

  logic word_valid_q;
  word_t word_q;
  wire column_take;
  wire [WORD-1:0] bits = word_q.word;
  wire [WORD-1:0] others = bits & (bits - 1'b1);
  wire word_over = word_q.carry || others == '0;
  wire word_moves = word_valid_q && column_take;
  assign word_take = count_q != '0 && (!word_valid_q || (word_moves && word_over));
  always_ff @(posedge clk_i) begin
    if (rst_i) word_valid_q <= 1'b0;
    else if (word_take) word_valid_q <= 1'b1;
    else if (word_moves && word_over) word_valid_q <= 1'b0;
    if (word_take) word_q <= head;
    else if (word_moves) word_q.word <= others;
  end

  logic [WORD_INDEX-1:0] bit_index;
  always_comb begin
    bit_index = '0;
    for (int b = WORD - 1; b >= 0; b--) if (bits[b]) bit_index = WORD_INDEX'(b);
  end
  assign read_o = word_moves;
  wire [WORD_INDEX-1:0] bit_column = word_q.spread ? bit_index >> 1 : bit_index;
  assign read_column_o = word_q.column + COLUMN_BITS'(bit_column);
  wire unused_column = ^bit_column;

  // ---- the column in hand: its steps arrive

  logic column_valid_q;
  logic column_close_q;
  logic column_null_q;
  logic [GROUP_ROW_BITS-1:0] column_row_q;
  logic [COLUMN_BITS-1:0] column_q;
  word_t column_word_q;
  wire column_moves;
  assign column_take = !column_valid_q || column_moves;
  always_ff @(posedge clk_i) begin
    if (rst_i) column_valid_q <= 1'b0;
    else if (column_take) column_valid_q <= word_valid_q;
    if (word_moves) begin
      column_close_q <= word_q.close && word_over;
      column_null_q <= word_q.carry || word_q.word == '0;
      column_row_q <= GROUP_ROW_BITS'(bit_index);
      column_q <= read_column_o;
      column_word_q <= word_q;
    end
  end
  assign column_slot_o = column_word_q.slot;
  assign column_row_o = column_row_q;

  localparam int INNER = 2 * GROUPS > STEPS ? 2 * GROUPS : STEPS;
  localparam int INNER_BITS = $clog2(INNER);
  // A layer's own matrix sees no value of the last step.
  wire [STEPS-1:0] last_step = STEPS'(1) << (STEPS - 1);
  wire [STEPS-1:0] steps = recurrent_i ? column_steps_i & ~last_step : column_steps_i;
  wire ends_time = column_word_q.step == STEP_BITS'(STEPS - 1);
  wire [GROUPS-1:0] own_groups = recurrent_i && !ends_time ? own_groups_i : '0;
  wire [2*GROUPS-1:0] groups = {own_groups, above_i};
  wire [INNER-1:0] inner = column_null_q ? '0
                         : goes_back_i ? INNER'(groups)
                         : update_i && !single_i ? INNER'(steps) : '0;

  // ---- the operation in hand

  wire per_column = goes_back_i || update_i;
  logic op_valid_q;
  logic op_begins_q;
  logic [INNER-1:0] inner_q;
  logic close_q;
  logic null_q;
  logic none_q;
  word_t op_word_q;
  logic fresh_q;
  wire [INNER-1:0] other_inner = inner_q & (inner_q - 1'b1);
  wire inner_over = other_inner == '0;
  wire op_moves = issue_o && inner_over;
  assign column_moves = !op_valid_q || op_moves;
  always_ff @(posedge clk_i) begin
    if (rst_i) op_valid_q <= 1'b0;
    else if (column_moves) op_valid_q <= column_valid_q;
    if (column_moves) begin
      inner_q <= inner;
      close_q <= column_close_q;
      null_q <= column_null_q;
      none_q <= goes_back_i && inner == '0;
      row_o <= column_row_q;
      column_o <= column_q;
      op_word_q <= column_word_q;
      op_begins_q <= 1'b1;
    end else if (issue_o) begin
      inner_q <= other_inner;
      op_begins_q <= 1'b0;
    end
    if (rst_i) fresh_q <= 1'b1;
    else if (issue_o && !per_column) fresh_q <= close_q;
  end

  logic [INNER_BITS-1:0] inner_index;
  always_comb begin
    inner_index = '0;
    for (int i = INNER - 1; i >= 0; i--) if (inner_q[i]) inner_index = INNER_BITS'(i);
  end

  assign valid_o = op_valid_q;
  assign issue_o = op_valid_q && !block_i;
  assign null_o = null_q || none_q;
  assign carry_o = op_word_q.carry;
  assign flush_o = op_word_q.flush;
  wire own_inner = 32'(inner_index) >= GROUPS;
  assign own_o = goes_back_i ? own_inner : op_word_q.own;
  assign close_o = close_q;
  assign first_o = per_column ? op_begins_q : fresh_q;
  assign last_o = per_column ? inner_over : close_q;
  assign begins_o = op_begins_q;
  assign group_o = !goes_back_i ? op_word_q.group
                 : GROUP_BITS'(own_inner ? 32'(inner_index) - GROUPS : 32'(inner_index));
  assign group_first_o = op_word_q.group_first;
  assign group_final_o = op_word_q.group_final;
  assign step_o = update_i ? STEP_BITS'(inner_index) : op_word_q.step;
  assign slot_o = op_word_q.slot;
  assign open_o = op_word_q.word[ROWS-1:0];
  assign nonzero_o = op_word_q.nonzero;
  assign busy_o = valid_i || count_q != '0 || word_valid_q || column_valid_q || op_valid_q;
  wire unused = ^{op_word_q.spread, op_word_q.column, op_word_q.close, op_word_q.word};
endmodule

`default_nettype wire
