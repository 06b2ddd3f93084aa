// Finds the largest strength of every hidden layer behind the forward pass of a step, from the first layer up: a row a
// cycle of every few lanes. Begins with start_i, once no update is on its way, and lets a cycle pass where pause_i.
// Until known_o the layer's largest is not found. The tables are those of layer_o.

`default_nettype none

module grapes_largest #(
  parameter int LAYERS = 3,
  parameter int LAYER_BITS = 2,
  parameter int GROUP_BITS = 2,
  parameter int STRENGTH_BITS = 17,
  // lanes of which one is shown at a time
  parameter int SCAN_LANES = 8,
  parameter int SCAN_BITS = 3,
  // cycles from a row shown to the largest of its strengths, at least 1
  parameter int LATENCY = 4
) (
  input  wire logic                     clk_i,
  input  wire logic                     rst_i,
  input  wire logic                     start_i,
  input  wire logic                     updates_i,
  input  wire logic                     pause_i,
  output      logic                     active_o,
  // tables
  output      logic [LAYER_BITS-1:0]    layer_o,
  input  wire logic [GROUP_BITS-1:0]    last_group_i,
  input  wire logic                     spread_i,
  // the row shown: of every SCAN_LANES lanes one
  output      logic [GROUP_BITS-1:0]    group_o,
  output      logic                     half_o,
  output      logic [SCAN_BITS-1:0]     lane_o,
  // the largest of the strengths shown LATENCY cycles ago
  input  wire logic [STRENGTH_BITS-1:0] maximum_i,
  // hidden layers whose largest strength is found
  output      logic [LAYERS-1:0]        known_o,
  // of the layer asked for
  input  wire logic [LAYER_BITS-1:0]    asked_layer_i,
  output      logic [STRENGTH_BITS-1:0] largest_o
);
  localparam logic [1:0] DONE = 2'd0;
  localparam logic [1:0] WAIT = 2'd1;
  localparam logic [1:0] SCAN = 2'd2;
  localparam logic [LAYER_BITS-1:0] LAST_LAYER = LAYER_BITS'(LAYERS - 2);

  logic [1:0] state_q;
  logic [LAYER_BITS-1:0] layer_q;
  logic [GROUP_BITS-1:0] group_q;
  logic half_q;
  logic [SCAN_BITS-1:0] lane_q;

  wire scan = state_q == SCAN && !pause_i;
  wire first = group_q == '0 && !half_q && lane_q == '0;
  wire lane_last = lane_q == SCAN_BITS'(SCAN_LANES - 1);
  wire half_last = half_q || (group_q == last_group_i && spread_i);
  wire last = lane_last && half_last && group_q == last_group_i;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= DONE;
      layer_q <= '0;
      group_q <= '0;
      half_q <= 1'b0;
      lane_q <= '0;
    end else begin
      case (state_q)
        DONE: if (start_i) state_q <= WAIT;
        WAIT: if (!updates_i) state_q <= SCAN;
        default: if (scan) begin
          lane_q <= lane_last ? '0 : lane_q + 1'b1;
          if (lane_last) half_q <= !half_last;
          if (lane_last && half_last) group_q <= last ? '0 : group_q + 1'b1;
          if (last) layer_q <= layer_q == LAST_LAYER ? '0 : layer_q + 1'b1;
          if (last && layer_q == LAST_LAYER) state_q <= DONE;
        end
      endcase
    end
  end

  wire shown, shown_first, shown_last;
  wire [LAYER_BITS-1:0] shown_layer;
  grapes_delay #(
    .BITS(3 + LAYER_BITS),
    .CYCLES(LATENCY)
  ) latency (
    .clk_i,
    .rst_i,
    .value_i({scan, first, last, layer_q}),
    .value_o({shown, shown_first, shown_last, shown_layer})
  );

  logic [STRENGTH_BITS-1:0] so_far_q;
  wire [STRENGTH_BITS-1:0] so_far = shown_first || maximum_i > so_far_q ? maximum_i : so_far_q;
  always_ff @(posedge clk_i) if (shown) so_far_q <= so_far;

  wire [STRENGTH_BITS-1:0] largest[LAYERS];
  for (genvar l = 0; l < LAYERS - 1; l++) begin : g_layer
    wire mine = shown && shown_last && shown_layer == LAYER_BITS'(l);
    logic [STRENGTH_BITS-1:0] largest_q;
    logic known_q;
    always_ff @(posedge clk_i) begin
      if (rst_i || start_i) known_q <= 1'b0;
      else if (mine) known_q <= 1'b1;
      if (mine) largest_q <= so_far;
    end
    assign largest[l] = largest_q;
    assign known_o[l] = known_q;
  end
  assign largest[LAYERS-1] = '0;
  assign known_o[LAYERS-1] = 1'b1;

  assign active_o = state_q != DONE;
  assign layer_o = layer_q;
  assign group_o = group_q;
  assign half_o = half_q;
  assign lane_o = lane_q;
  assign largest_o = largest[asked_layer_i];

  // ---- contract

  grapes_rule #(
    .RULE("grapes_largest: a step begins when the scan of the step before is over")
  ) scan_over (
    .clk_i,
    .rst_i,
    .holds_i(!(start_i && state_q != DONE))
  );
endmodule

`default_nettype wire
