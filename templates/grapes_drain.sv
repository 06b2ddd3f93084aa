// Takes a group's sums out of the lanes, lowest row first, one a cycle. Hidden layers give only the rows that round to
// more than zero, the output layer all.
// capture_i comes in the cycle in which the lanes hold the sums and their flags; the first row follows two cycles later.
// The sums must hold while busy_o: the next capture may not come before it falls. Rows wait for go_i, that of taken_layer_o.

`default_nettype none

module grapes_drain #(
  parameter int LANES = 32,
  parameter int LANE_BITS = 5,
  parameter int SUM_BITS = 26,
  parameter int ROW_BITS = 8,
  parameter int SLOT_BITS = 4,
  parameter int LAYER_BITS = 2
) (
  input  wire logic                      clk_i,
  input  wire logic                      rst_i,
  input  wire logic                      capture_i,
  input  wire logic [LAYER_BITS-1:0]     layer_i,
  input  wire logic [SLOT_BITS-1:0]      slot_i,
  // first row of the group
  input  wire logic [ROW_BITS-1:0]       row_i,
  input  wire logic                      spread_i,
  // the layer's last group
  input  wire logic                      final_i,
  input  wire logic                      output_layer_i,
  input  wire logic [2*LANES-1:0]        exists_i,
  input  wire logic [2*LANES-1:0]        positive_i,
  input  wire logic [2*LANES*SUM_BITS-1:0] sums_i,
  output      logic                      busy_o,
  output      logic [LAYER_BITS-1:0]     taken_layer_o,
  input  wire logic                      go_i,
  output      logic                      valid_o,
  // no row of the layer follows (this one may have none)
  output      logic                      final_o,
  output      logic                      output_layer_o,
  output      logic [LAYER_BITS-1:0]     layer_o,
  output      logic [SLOT_BITS-1:0]      slot_o,
  output      logic [ROW_BITS-1:0]       row_o,
  output      logic [LANE_BITS-1:0]      lane_o,
  output      logic                      half_o,
  output      logic signed [SUM_BITS-1:0] sum_o
);
  localparam int ROWS = 2 * LANES;
  localparam int INDEX_BITS = $clog2(ROWS);

  logic active_q;
  logic [ROWS-1:0] pending_q;
  logic [LAYER_BITS-1:0] layer_q;
  logic [SLOT_BITS-1:0] slot_q;
  logic [ROW_BITS-1:0] row_q;
  logic spread_q;
  logic final_q;
  logic output_layer_q;

  wire [ROWS-1:0] remaining = pending_q & (pending_q - 1'b1);
  wire over = remaining == '0;

  logic [INDEX_BITS-1:0] index;
  always_comb begin
    index = '0;
    for (int r = ROWS - 1; r >= 0; r--) if (pending_q[r]) index = INDEX_BITS'(r);
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) active_q <= 1'b0;
    else if (capture_i) active_q <= 1'b1;
    else if (over && go_i) active_q <= 1'b0;
  end

  always_ff @(posedge clk_i) begin
    if (capture_i) pending_q <= output_layer_i ? exists_i : positive_i;
    else if (go_i) pending_q <= remaining;
    if (capture_i) begin
      layer_q <= layer_i;
      slot_q <= slot_i;
      row_q <= row_i;
      spread_q <= spread_i;
      final_q <= final_i;
      output_layer_q <= output_layer_i;
    end
  end
  assign busy_o = active_q;
  assign taken_layer_o = layer_q;

  wire [SUM_BITS-1:0] sum[ROWS];
  for (genvar r = 0; r < ROWS; r++) begin : g_sum
    assign sum[r] = sums_i[r*SUM_BITS+:SUM_BITS];
  end

  wire [LANE_BITS-1:0] pair = LANE_BITS'(index >> 1);
  always_ff @(posedge clk_i) begin
    valid_o <= active_q && pending_q != '0 && go_i && !rst_i;
    final_o <= active_q && over && final_q && go_i && !rst_i;
    output_layer_o <= output_layer_q;
    layer_o <= layer_q;
    slot_o <= slot_q;
    row_o <= row_q + (spread_q ? ROW_BITS'(pair) : ROW_BITS'(index));
    lane_o <= pair;
    half_o <= index[0];
    sum_o <= $signed(sum[index]);
  end

  // ---- contract

  grapes_rule #(
    .RULE("grapes_drain: sums come when the group before is drained")
  ) one_group (
    .clk_i,
    .rst_i,
    .holds_i(!(capture_i && active_q))
  );
endmodule

`default_nettype wire
