// Turns the features of a sample into the list of its non-zero ones, (column, value) in ascending order, in one half
// of the list memory while the network works on the other.
// A beat holds FEATURES features, the first in the low bits. It takes a cycle, or one for each of its non-zero features.
// The sequencer may follow the list while it grows: count_o and complete_o always tell how far it is.

`default_nettype none

module grapes_loader #(
  parameter int INPUTS = 784,
  parameter int FEATURES = 4,
  parameter int ACTIVATION_BITS = 8,
  parameter int COLUMN_BITS = 10,
  parameter int COUNT_BITS = 10,
  parameter int LABEL_BITS = 4,
  parameter int LIST_BITS = 11
) (
  input  wire logic                                  clk_i,
  input  wire logic                                  rst_i,
  // a new sample may not begin
  input  wire logic                                  hold_i,
  input  wire logic                                  valid_i,
  output      logic                                  ready_o,
  input  wire logic [31:0]                           data_i,
  input  wire logic [LABEL_BITS-1:0]                 label_i,
  input  wire logic                                  train_i,
  input  wire logic [4:0]                            rate_i,
  // the list memory's write port
  output      logic                                  write_o,
  output      logic [LIST_BITS-1:0]                  write_address_o,
  output      logic [ACTIVATION_BITS+COLUMN_BITS-1:0] write_entry_o,
  // the sample in work, oldest first; release_i ends it
  input  wire logic                                  release_i,
  output      logic                                  present_o,
  output      logic                                  next_present_o,
  output      logic [LIST_BITS-1:0]                  base_o,
  output      logic [COUNT_BITS-1:0]                 count_o,
  output      logic                                  complete_o,
  output      logic [LABEL_BITS-1:0]                 label_o,
  output      logic                                  train_o,
  output      logic [4:0]                            rate_o,
  output      logic                                  empty_o
);
  localparam int BEATS = (INPUTS + FEATURES - 1) / FEATURES;
  localparam int BEAT_BITS = BEATS > 1 ? $clog2(BEATS) : 1;
  localparam int PICK_BITS = FEATURES > 1 ? $clog2(FEATURES) : 1;

  // ---- the two samples

  logic load_q;
  logic work_q;
  logic [1:0] present_q;
  logic [1:0] complete_q;

  // ---- the beat in hand

  logic [FEATURES-1:0] pending_q;
  logic [FEATURES*ACTIVATION_BITS-1:0] data_q;
  logic [COLUMN_BITS-1:0] column_q;
  // there was one since the reset
  logic beat_q;
  logic last_q;
  logic side_q;
  logic [BEAT_BITS-1:0] beat_count_q;
  logic [COLUMN_BITS-1:0] next_column_q;

  wire [FEATURES-1:0] remaining = pending_q & (pending_q - 1'b1);
  wire over = remaining == '0;
  wire first = beat_count_q == '0;
  wire last = beat_count_q == BEAT_BITS'(BEATS - 1);
  assign ready_o = over && !(first && (present_q[load_q] || hold_i));
  wire accept = valid_i && ready_o;

  wire [FEATURES-1:0] used;
  for (genvar f = 0; f < FEATURES; f++) begin : g_feature
    // Features beyond the last column fill up the last beat.
    wire beyond = last && f >= INPUTS - (BEATS - 1) * FEATURES;
    assign used[f] = data_i[f*ACTIVATION_BITS+:ACTIVATION_BITS] != '0 && !beyond;
  end
  if (FEATURES * ACTIVATION_BITS < 32) begin : g_rest
    wire unused_data = ^data_i[31:FEATURES*ACTIVATION_BITS];
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      pending_q <= '0;
      beat_q <= 1'b0;
      beat_count_q <= '0;
      next_column_q <= '0;
      load_q <= 1'b0;
    end else if (accept) begin
      pending_q <= used;
      beat_q <= 1'b1;
      beat_count_q <= last ? '0 : beat_count_q + 1'b1;
      next_column_q <= last ? '0 : next_column_q + COLUMN_BITS'(FEATURES);
      load_q <= load_q ^ last;
    end else begin
      pending_q <= remaining;
    end
  end

  always_ff @(posedge clk_i) begin
    if (accept) begin
      data_q <= data_i[FEATURES*ACTIVATION_BITS-1:0];
      column_q <= next_column_q;
      last_q <= last;
      side_q <= load_q;
    end
  end

  // ---- the list's next entry

  logic [PICK_BITS-1:0] pick;
  always_comb begin
    pick = '0;
    for (int f = FEATURES - 1; f >= 0; f--) if (pending_q[f]) pick = PICK_BITS'(f);
  end
  wire [ACTIVATION_BITS-1:0] feature[FEATURES];
  for (genvar f = 0; f < FEATURES; f++) begin : g_value
    assign feature[f] = data_q[f*ACTIVATION_BITS+:ACTIVATION_BITS];
  end

  wire [COUNT_BITS-1:0] count[2];
  wire [LABEL_BITS-1:0] label[2];
  wire train[2];
  wire [4:0] rate[2];
  localparam logic [LIST_BITS-1:0] SECOND = LIST_BITS'(INPUTS);

  wire [COLUMN_BITS-1:0] column = column_q + COLUMN_BITS'(pick);
  assign write_o = pending_q != '0;
  assign write_address_o = (side_q ? SECOND : '0) + LIST_BITS'(count[side_q]);
  assign write_entry_o = {feature[pick], column};

  for (genvar b = 0; b < 2; b++) begin : g_side
    logic [COUNT_BITS-1:0] count_q;
    logic [LABEL_BITS-1:0] label_q;
    logic train_q;
    logic [4:0] rate_q;
    wire begins = accept && first && load_q == (b == 1);
    wire mine = side_q == (b == 1);

    always_ff @(posedge clk_i) begin
      if (rst_i) begin
        present_q[b] <= 1'b0;
        complete_q[b] <= 1'b0;
      end else if (begins) begin
        present_q[b] <= 1'b1;
        complete_q[b] <= 1'b0;
      end else begin
        if (release_i && work_q == (b == 1)) present_q[b] <= 1'b0;
        if (mine && beat_q && last_q && over) complete_q[b] <= 1'b1;
      end
    end

    always_ff @(posedge clk_i) begin
      if (rst_i || begins) count_q <= '0;
      else if (mine && write_o) count_q <= count_q + 1'b1;
    end

    always_ff @(posedge clk_i) begin
      if (begins) begin
        label_q <= label_i;
        train_q <= train_i;
        rate_q <= rate_i;
      end
    end
    assign count[b] = count_q;
    assign label[b] = label_q;
    assign train[b] = train_q;
    assign rate[b] = rate_q;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) work_q <= 1'b0;
    else work_q <= work_q ^ release_i;
  end

  assign present_o = present_q[work_q];
  assign next_present_o = present_q[~work_q];
  assign base_o = work_q ? SECOND : '0;
  assign count_o = count[work_q];
  assign complete_o = complete_q[work_q];
  assign label_o = label[work_q];
  assign train_o = train[work_q];
  assign rate_o = rate[work_q];
  assign empty_o = present_q == '0;

  // ---- contract

  grapes_rule #(
    .RULE("grapes_loader: a list has no more entries than there are features")
  ) list_fits (
    .clk_i,
    .rst_i,
    .holds_i(!(write_o && count[side_q] == COUNT_BITS'(INPUTS)))
  );

  grapes_rule #(
    .RULE("grapes_loader: only a sample that is there is released")
  ) sample_there (
    .clk_i,
    .rst_i,
    .holds_i(!(release_i && !present_o))
  );
endmodule

`default_nettype wire
