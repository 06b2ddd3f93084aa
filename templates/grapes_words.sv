// Which rows a lane's word of weights holds: bit h of holds_o is half h. None outside the table.
// Only a layer's last group has halves without a row: the last words of the layer, one a column.
// Combinational.

`default_nettype none

module grapes_words #(
  parameter int LAYERS = 3,
  parameter int LANES = 32,
  parameter int ROWS_BITS = 7,
  parameter int COUNT_BITS = 10,
  parameter int ADDRESS_BITS = 13,
  // columns, last word, rows of the last group, and whether it has one row a lane; layer 0 in the low bits
  parameter logic [LAYERS*COUNT_BITS-1:0] INPUT_COUNTS = '0,
  parameter logic [LAYERS*ADDRESS_BITS-1:0] ENDS = '0,
  parameter logic [LAYERS*ROWS_BITS-1:0] LAST_ROWS = '0,
  parameter logic [LAYERS-1:0] SPREADS = '0
) (
  input  wire logic [19:0] word_i,
  input  wire logic [9:0]  lane_i,
  output      logic [1:0]  holds_o
);
  wire in_table = word_i <= 20'(ENDS[(LAYERS-1)*ADDRESS_BITS+:ADDRESS_BITS]) && 11'(lane_i) < 11'(LANES);

  wire [LAYERS-1:0] lacks0;
  wire [LAYERS-1:0] lacks1;
  for (genvar l = 0; l < LAYERS; l++) begin : g_layer
    localparam logic [19:0] END = 20'(ENDS[l*ADDRESS_BITS+:ADDRESS_BITS]);
    localparam logic [19:0] COUNT = 20'(INPUT_COUNTS[l*COUNT_BITS+:COUNT_BITS]);
    localparam logic [11:0] ROWS = 12'(LAST_ROWS[l*ROWS_BITS+:ROWS_BITS]);
    localparam bit SPREAD = SPREADS[l];
    // beyond END the difference wraps to more than any count
    wire last = 20'(END - word_i) < COUNT;
    wire [11:0] row0 = SPREAD ? 12'(lane_i) : {1'b0, lane_i, 1'b0};
    wire [11:0] row1 = {1'b0, lane_i, 1'b1};
    assign lacks0[l] = last && row0 >= ROWS;
    assign lacks1[l] = last && (SPREAD || row1 >= ROWS);
  end
  assign holds_o = in_table ? {lacks1 == '0, lacks0 == '0} : '0;
endmodule

`default_nettype wire
