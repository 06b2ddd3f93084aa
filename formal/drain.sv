// The drain gives each row of a group that is captured and asked for exactly once, in ascending order, with its own
// sum and place, nothing else, and says when the group and the layer are done. Captures come when it is not busy, at
// any time, and rows are let go at any time; sums hold while it is.
module drain_proof (
  input logic clk,
  input logic capture_any,
  input logic [1:0] layer,
  input logic [1:0] slot,
  input logic [3:0] row,
  input logic spread,
  input logic closing,
  input logic output_layer,
  input logic [5:0] exists,
  input logic [5:0] positive,
  input logic go
);
  localparam int LANES = 3;
  logic reset = 1;
  always @(posedge clk) reset <= 0;

  // Different for every row, so that a sum tells whose it is.
  wire [6*3-1:0] sums = {3'd6, 3'd5, 3'd4, 3'd3, 3'd2, 3'd1};
  logic busy, valid, last, output_row, half;
  logic [1:0] layer_shown, slot_shown, lane;
  logic [3:0] row_shown;
  logic signed [2:0] sum;
  wire capture = capture_any && !busy && !reset;
  grapes_drain #(
    .LANES(LANES), .LANE_BITS(2), .SUM_BITS(3), .ROW_BITS(4), .SLOT_BITS(2), .LAYER_BITS(2)
  ) dut (
    .clk_i(clk), .rst_i(reset), .capture_i(capture), .layer_i(layer), .slot_i(slot), .row_i(row), .spread_i(spread),
    .final_i(closing), .output_layer_i(output_layer), .exists_i(exists), .positive_i(positive), .sums_i(sums),
    .busy_o(busy), .go_i(go), .valid_o(valid), .final_o(last), .output_layer_o(output_row), .layer_o(layer_shown),
    .slot_o(slot_shown), .row_o(row_shown), .lane_o(lane), .half_o(half), .sum_o(sum)
  );

  // the group in work, and which of its rows are still to come
  logic [7:0] group;
  logic [5:0] due = 0;
  logic is_spread, is_final, is_output, closed;
  wire [2:0] index = {lane, half};
  wire [5:0] left = valid ? due & ~(6'd1 << index) : due;
  always @(posedge clk) begin
    closed <= !capture && (closed || last);
    due <= reset ? 0 : capture ? (output_layer ? exists : exists & positive) : left;
    if (capture) {group, is_spread, is_final, is_output} <= {layer, slot, row, spread, closing, output_layer};
    else if (reset) is_final <= 0;
  end

  // A row that does not exist is not positive.
  always_comb assume ((positive & ~exists) == 0);
  always_comb if (!reset) begin
    if (valid) begin
      assert (due[index] && (due & ((6'd1 << index) - 6'd1)) == 0);
      assert (sum == index + 3'd1);
      assert (layer_shown == group[7:6] && slot_shown == group[5:4] && output_row == is_output);
      assert (row_shown == 4'(group[3:0] + (is_spread ? lane : index)));
    end
    if (last) assert (is_final && !closed && left == 0);
    if (!busy) assert (left == 0 && (!is_final || closed || last));
  end
endmodule
