// Takes the beats of a sample apart, a feature a cycle, with its step and column. A beat holds FEATURES features, the first in
// the low bits; a sample STEPS times INPUTS of them, without gaps.

`default_nettype none

module grapes_features #(
  parameter int INPUTS = 784,
  parameter int STEPS = 1,
  parameter int FEATURES = 4,
  parameter int FEATURE_BITS = 8,
  parameter int COLUMN_BITS = 10
) (
  input  wire logic                    clk_i,
  input  wire logic                    rst_i,
  // a new sample may not begin
  input  wire logic                    hold_i,
  input  wire logic                    valid_i,
  output      logic                    ready_o,
  input  wire logic [31:0]             data_i,
  // the beat that is accepted is a sample's first
  output      logic                    begin_o,
  input  wire logic                    ready_i,
  output      logic                    valid_o,
  output      logic [FEATURE_BITS-1:0] feature_o,
  output      logic [COLUMN_BITS-1:0]  column_o,
  // of the step, of the sample
  output      logic                    step_last_o,
  output      logic                    last_o
);
  localparam int FEATURE_INDEX = FEATURES > 1 ? $clog2(FEATURES) : 1;
  localparam int STEP_BITS = STEPS > 1 ? $clog2(STEPS) : 1;

  logic busy_q;
  logic first_q;
  logic [FEATURES*FEATURE_BITS-1:0] data_q;
  logic [FEATURE_INDEX-1:0] place_q;
  logic [COLUMN_BITS-1:0] column_q;
  logic [STEP_BITS-1:0] step_q;

  assign step_last_o = column_q == COLUMN_BITS'(INPUTS - 1);
  assign last_o = step_last_o && step_q == STEP_BITS'(STEPS - 1);
  wire beat_over = place_q == FEATURE_INDEX'(FEATURES - 1) || last_o;
  wire moves = busy_q && ready_i;
  // The next beat may come with the last feature of the one in hand; a new sample waits for it to be gone.
  assign ready_o = busy_q ? moves && beat_over && !last_o : !(first_q && hold_i);
  assign begin_o = valid_i && ready_o && first_q;
  assign valid_o = busy_q;
  assign feature_o = data_q[FEATURE_BITS-1:0];
  assign column_o = column_q;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      busy_q <= 1'b0;
      first_q <= 1'b1;
      place_q <= '0;
      column_q <= '0;
      step_q <= '0;
    end else begin
      if (valid_i && ready_o) begin
        busy_q <= 1'b1;
        first_q <= 1'b0;
      end else if (moves && beat_over) begin
        busy_q <= 1'b0;
        if (last_o) first_q <= 1'b1;
      end
      if (moves) begin
        place_q <= beat_over ? '0 : place_q + 1'b1;
        column_q <= step_last_o ? '0 : column_q + 1'b1;
        if (step_last_o) step_q <= last_o ? '0 : step_q + 1'b1;
      end
    end
    if (valid_i && ready_o) data_q <= data_i[FEATURES*FEATURE_BITS-1:0];
    else if (moves) data_q <= data_q >> FEATURE_BITS;
  end
  if (FEATURES * FEATURE_BITS < 32) begin : g_rest
    wire unused = ^data_i[31:FEATURES*FEATURE_BITS];
  end
endmodule

`default_nettype wire
