// The layers' random streams. A draw advances the layer's stream; the first layer's update repeats its columns for
// every group, so a draw may restart from the state kept, and keeps its own only for the last group.
// random_s3_o rounds an update by s = SHIFT_MIN + shift_s1_i: the top s bits of the state drawn, or 2^(s-1).

`default_nettype none

module grapes_streams #(
  parameter int LAYERS = 3,
  parameter int LAYER_BITS = 2,
  parameter bit STOCHASTIC = 1'b1,
  parameter int SHIFT_MIN = 12,
  parameter int SHIFT_MAX = 13,
  parameter int SHIFT_BITS = 1,
  parameter int RANDOM_BITS = 13
) (
  input  wire logic                   clk_i,
  input  wire logic                   rst_i,
  // states after reset, layer 1 in the low bits
  input  wire logic [LAYERS*32-1:0]   seeds_i,
  input  wire logic                   draw_i,
  input  wire logic                   restart_i,
  input  wire logic                   keep_i,
  input  wire logic [LAYER_BITS-1:0]  layer_i,
  input  wire logic [SHIFT_BITS-1:0]  shift_s1_i,
  output      logic [RANDOM_BITS-1:0] random_s3_o,
  // the memory port
  input  wire logic                   load_i,
  input  wire logic [LAYER_BITS-1:0]  access_layer_i,
  input  wire logic [31:0]            load_state_i,
  output      logic [31:0]            state_o
);
  localparam int SPAN = SHIFT_MAX - SHIFT_MIN;

  wire [31:0] kept[LAYERS];
  logic [31:0] drawn_q;
  wire [31:0] drawn;
  grapes_xorshift xorshift (
    .state_i(restart_i ? kept[layer_i] : drawn_q),
    .state_o(drawn)
  );

  for (genvar l = 0; l < LAYERS; l++) begin : g_layer
    logic [31:0] kept_q;
    always_ff @(posedge clk_i) begin
      if (rst_i) kept_q <= seeds_i[32*l+:32];
      else if (load_i && access_layer_i == LAYER_BITS'(l)) kept_q <= load_state_i;
      else if (STOCHASTIC && draw_i && keep_i && layer_i == LAYER_BITS'(l)) kept_q <= drawn;
    end
    assign kept[l] = kept_q;
  end
  assign state_o = kept[access_layer_i];

  always_ff @(posedge clk_i) begin
    if (rst_i) drawn_q <= '0;
    else if (draw_i) drawn_q <= drawn;
  end

  logic [RANDOM_BITS-1:0] random_s1;
  if (SHIFT_MAX == 0) begin : g_none
    assign random_s1 = '0;
    wire unused_state = ^{drawn_q, shift_s1_i};
  end else if (STOCHASTIC) begin : g_stochastic
    assign random_s1 = drawn_q[31-:RANDOM_BITS] >> (SHIFT_BITS'(SPAN) - shift_s1_i);
    if (RANDOM_BITS < 32) begin : g_low
      wire unused_low = ^drawn_q[31-RANDOM_BITS:0];
    end
  end else begin : g_nearest
    assign random_s1 = RANDOM_BITS'(((RANDOM_BITS + 1)'(1) << SHIFT_MIN << shift_s1_i) >> 1);
    wire unused_state = ^drawn_q;
  end

  logic [RANDOM_BITS-1:0] random_s2;
  always_ff @(posedge clk_i) begin
    random_s2 <= random_s1;
    random_s3_o <= random_s2;
  end
endmodule

`default_nettype wire
