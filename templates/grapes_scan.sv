// Finds the largest strength of every hidden layer, a row a cycle, while the sample goes forward: start_i begins it, once
// nothing moves a strength any more. done_o holds from the last row to the next start.
// A strength is shown two cycles after its place.

`default_nettype none

module grapes_scan #(
  parameter int HIDDEN = 2,
  parameter int LAYER_BITS = 2,
  parameter int ROWS = 64,
  parameter int GROUP_ROW_BITS = 6,
  parameter int HIDDEN_SLOTS = 8,
  parameter int HIDDEN_SLOT_BITS = 3,
  parameter int STRENGTH_BITS = 17,
  // layer of each slot, slot 0 in the low bits
  parameter logic [HIDDEN_SLOTS*LAYER_BITS-1:0] SLOT_LAYERS = '0
) (
  input  wire logic                        clk_i,
  input  wire logic                        rst_i,
  input  wire logic                        start_i,
  output      logic                        active_o,
  output      logic                        done_o,
  output      logic [HIDDEN_SLOT_BITS-1:0] slot_o,
  output      logic [GROUP_ROW_BITS-1:0]   row_o,
  input  wire logic [STRENGTH_BITS-1:0]    strength_i,
  output      logic [HIDDEN*STRENGTH_BITS-1:0] largest_o
);
  wire [LAYER_BITS-1:0] layer_of[HIDDEN_SLOTS];
  for (genvar s = 0; s < HIDDEN_SLOTS; s++) begin : g_slot
    assign layer_of[s] = SLOT_LAYERS[s*LAYER_BITS+:LAYER_BITS];
  end

  logic active_q;
  logic [HIDDEN_SLOT_BITS-1:0] slot_q;
  logic [GROUP_ROW_BITS-1:0] row_q;
  wire row_last = row_q == GROUP_ROW_BITS'(ROWS - 1);
  wire last = row_last && slot_q == HIDDEN_SLOT_BITS'(HIDDEN_SLOTS - 1);
  wire shown, shown_last;
  wire [LAYER_BITS-1:0] shown_layer;
  grapes_delay #(
    .BITS(2 + LAYER_BITS),
    .CYCLES(2)
  ) delay (
    .clk_i,
    .rst_i,
    .value_i({active_q, active_q && last, layer_of[slot_q]}),
    .value_o({shown, shown_last, shown_layer})
  );
  always_ff @(posedge clk_i) begin
    if (rst_i) active_q <= 1'b0;
    else if (start_i) active_q <= 1'b1;
    else if (last) active_q <= 1'b0;
    if (start_i || !active_q) begin
      slot_q <= '0;
      row_q <= '0;
    end else begin
      row_q <= row_last ? '0 : row_q + 1'b1;
      if (row_last) slot_q <= slot_q + 1'b1;
    end
    if (rst_i || start_i) done_o <= 1'b0;
    else if (shown_last) done_o <= 1'b1;
  end
  assign active_o = active_q;
  assign slot_o = slot_q;
  assign row_o = row_q;

  for (genvar l = 0; l < HIDDEN; l++) begin : g_layer
    logic [STRENGTH_BITS-1:0] largest_q;
    always_ff @(posedge clk_i) begin
      if (start_i) largest_q <= '0;
      else if (shown && shown_layer == LAYER_BITS'(l) && strength_i > largest_q) largest_q <= strength_i;
    end
    assign largest_o[l*STRENGTH_BITS+:STRENGTH_BITS] = largest_q;
  end
endmodule

`default_nettype wire
