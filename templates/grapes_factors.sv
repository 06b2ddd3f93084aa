// Makes the factors of a step behind its forward pass: for every hidden layer, from the top down, finds the largest
// strength (a row a cycle of every few lanes), then divides in all lanes together, a row of every lane at a time.
// Begins with start_i, once no update is on its way; done_o holds from the last factor to the next start.
// The tables are those of layer_o.

`default_nettype none

module grapes_factors #(
  parameter int LAYERS = 3,
  parameter int LAYER_BITS = 2,
  parameter int GROUP_BITS = 2,
  parameter int STRENGTH_BITS = 17,
  // lanes of which one is shown at a time
  parameter int SCAN_LANES = 8,
  parameter int SCAN_BITS = 3,
  // cycles from a row shown to its largest strength, at least 1
  parameter int LATENCY = 5,
  // steps of a division
  parameter int STEPS = 9,
  parameter int STEP_BITS = 4
) (
  input  wire logic                     clk_i,
  input  wire logic                     rst_i,
  input  wire logic                     start_i,
  input  wire logic                     updates_i,
  output      logic                     done_o,
  // tables
  output      logic [LAYER_BITS-1:0]    layer_o,
  input  wire logic [GROUP_BITS-1:0]    last_group_i,
  input  wire logic                     spread_i,
  // the largest of the strengths shown LATENCY cycles ago
  input  wire logic [STRENGTH_BITS-1:0] maximum_i,
  output      logic                     active_o,
  output      logic [GROUP_BITS-1:0]    group_o,
  output      logic                     half_o,
  // while it scans: the lane shown, of every SCAN_LANES
  output      logic [SCAN_BITS-1:0]     lane_o,
  output      logic                     divide_start_o,
  output      logic                     divide_step_o,
  output      logic                     divide_done_o,
  output      logic [STRENGTH_BITS-1:0] largest_o
);
  localparam logic [2:0] DONE = 3'd0;
  localparam logic [2:0] WAIT = 3'd1;
  localparam logic [2:0] SCAN = 3'd2;
  localparam logic [2:0] SETTLE = 3'd3;
  localparam logic [2:0] DIVIDE = 3'd4;
  localparam logic [LAYER_BITS-1:0] TOP_HIDDEN = LAYER_BITS'(LAYERS - 2);

  logic [2:0] state_q;
  logic [LAYER_BITS-1:0] layer_q;
  logic [GROUP_BITS-1:0] group_q;
  logic half_q;
  logic [SCAN_BITS-1:0] lane_q;
  logic [STEP_BITS-1:0] step_q;
  logic [STRENGTH_BITS-1:0] largest_q;

  wire scan = state_q == SCAN;
  wire group_last = group_q == last_group_i;
  wire half_last = half_q || (group_last && spread_i);
  wire lane_last = lane_q == SCAN_BITS'(SCAN_LANES - 1);
  wire scan_last = group_last && half_last && lane_last;
  wire divided = step_q == STEP_BITS'(STEPS);

  // The scan's strengths arrive, the last row's marked.
  wire shown;
  wire shown_last;
  grapes_delay #(
    .BITS(2),
    .CYCLES(LATENCY)
  ) latency (
    .clk_i,
    .rst_i,
    .value_i({scan, scan && scan_last}),
    .value_o({shown, shown_last})
  );

  always_ff @(posedge clk_i) begin
    if (scan && group_q == '0 && !half_q && lane_q == '0) largest_q <= '0;
    if (shown && maximum_i > largest_q) largest_q <= maximum_i;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= DONE;
      layer_q <= TOP_HIDDEN;
      group_q <= '0;
      half_q <= 1'b0;
      lane_q <= '0;
      step_q <= '0;
    end else begin
      case (state_q)
        DONE: begin
          layer_q <= TOP_HIDDEN;
          group_q <= '0;
          if (start_i) state_q <= WAIT;
        end
        WAIT: if (!updates_i) state_q <= SCAN;
        SCAN: begin
          lane_q <= lane_last ? '0 : lane_q + 1'b1;
          if (lane_last) begin
            half_q <= !half_last;
            if (half_last) group_q <= group_last ? '0 : group_q + 1'b1;
          end
          if (scan_last) state_q <= SETTLE;
        end
        SETTLE: if (shown_last) state_q <= DIVIDE;
        DIVIDE: begin
          step_q <= divided ? '0 : step_q + 1'b1;
          if (divided) begin
            half_q <= !half_last;
            if (half_last) begin
              group_q <= group_last ? '0 : group_q + 1'b1;
              if (group_last) begin
                layer_q <= layer_q - 1'b1;
                state_q <= layer_q == '0 ? DONE : SCAN;
              end
            end
          end
        end
        default: state_q <= DONE;
      endcase
    end
  end

  assign done_o = state_q == DONE;
  assign active_o = state_q != DONE;
  assign layer_o = layer_q;
  assign group_o = group_q;
  assign half_o = half_q;
  assign lane_o = lane_q;
  assign divide_start_o = state_q == DIVIDE && step_q == '0;
  assign divide_step_o = state_q == DIVIDE && !divided;
  assign divide_done_o = state_q == DIVIDE && divided;
  assign largest_o = largest_q;
endmodule

`default_nettype wire
