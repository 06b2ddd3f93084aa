// Behind the way back: a column's products become the error of its neuron. The adder tree sums over the lanes, the
// scaler over groups and halves, times the neuron's factor. The column's entry said where the neuron lives, and its
// factor; that travels along, and so the error goes straight to its place. The output layer's errors join in between.
// A single layer has no way back.

`default_nettype none

module grapes_errors #(
  parameter int LAYERS = 3,
  parameter int LANES = 32,
  parameter int LAYER_BITS = 2,
  parameter int LANE_BITS = 5,
  parameter int ROW_BITS = 8,
  parameter int SLOT_BITS = 4,
  parameter int PRODUCT_BITS = 16,
  parameter int BACK_BITS = 24,
  parameter int FACTOR_FRAC = 7,
  parameter int FACTOR_BITS = 9,
  parameter int ERROR_BITS = 8,
  parameter int BACK_SHIFT_MIN = 14,
  parameter int BACK_SHIFT_MAX = 14,
  parameter int BACK_SHIFT_BITS = 1,
  parameter bit LOCAL = 1'b0,
  parameter int TREE_STAGES = 3,
  parameter int SCALER_STAGES = 2,
  parameter int ERROR_STAGES = 7,
  // layer 0 in the low bits
  parameter logic [LAYERS*BACK_SHIFT_BITS-1:0] BACK_SHIFTS = '0
) (
  input  wire logic                          clk_i,
  input  wire logic                          rst_i,
  // an error is on its way to its place or the list of groups with errors
  output      logic                          any_o,
  // s1: the neuron of the column, and whether the operation is the column's last
  input  wire logic                          last_s1_i,
  input  wire logic [LAYER_BITS-1:0]         layer_s1_i,
  input  wire logic [ROW_BITS-1:0]           row_s1_i,
  input  wire logic [LANE_BITS-1:0]          lane_s1_i,
  input  wire logic                          half_s1_i,
  input  wire logic [SLOT_BITS-1:0]          slot_s1_i,
  input  wire logic [FACTOR_BITS-1:0]        factor_s1_i,
  // s3: the products
  input  wire logic                          back_s3_i,
  input  wire logic                          first_s3_i,
  input  wire logic                          last_s3_i,
  input  wire logic [LANES*PRODUCT_BITS-1:0] products_s3_i,
  // an error of the output layer
  input  wire logic                          output_valid_i,
  input  wire logic [ROW_BITS-1:0]           output_row_i,
  input  wire logic [LANE_BITS-1:0]          output_lane_i,
  input  wire logic                          output_half_i,
  input  wire logic [SLOT_BITS-1:0]          output_slot_i,
  input  wire logic [ERROR_BITS-1:0]         output_error_i,
  input  wire logic                          output_saturated_i,
  // the error
  output      logic                          valid_o,
  output      logic [LAYER_BITS-1:0]         layer_o,
  output      logic [ROW_BITS-1:0]           row_o,
  output      logic [LANE_BITS-1:0]          lane_o,
  output      logic                          half_o,
  output      logic [SLOT_BITS-1:0]          slot_o,
  output      logic [ERROR_BITS-1:0]         error_o,
  output      logic [ERROR_BITS-1:0]         plain_o,
  output      logic                          saturated_o
);
  localparam logic [LAYER_BITS-1:0] TOP = LAYER_BITS'(LAYERS - 1);

  wire scaled;
  wire [LAYER_BITS-1:0] layer;
  wire [ROW_BITS-1:0] row;
  wire [LANE_BITS-1:0] lane;
  wire half;
  wire [SLOT_BITS-1:0] slot;
  wire [ERROR_BITS-1:0] error;
  wire [ERROR_BITS-1:0] plain;
  wire saturated;
  assign valid_o = scaled || output_valid_i;
  assign layer_o = output_valid_i ? TOP : layer;
  assign row_o = output_valid_i ? output_row_i : row;
  assign lane_o = output_valid_i ? output_lane_i : lane;
  assign half_o = output_valid_i ? output_half_i : half;
  assign slot_o = output_valid_i ? output_slot_i : slot;
  assign error_o = output_valid_i ? output_error_i : error;
  assign plain_o = output_valid_i ? output_error_i : plain;
  assign saturated_o = output_valid_i ? output_saturated_i : saturated;

  if (LAYERS > 1) begin : g_back
    localparam int TREE_BITS = PRODUCT_BITS + LANE_BITS < BACK_BITS ? PRODUCT_BITS + LANE_BITS : BACK_BITS;
    localparam int NEURON_BITS = LAYER_BITS + ROW_BITS + LANE_BITS + 1 + SLOT_BITS;

    wire signed [TREE_BITS-1:0] tree_sum;
    grapes_adder_tree #(
      .LANES(LANES),
      .BITS(PRODUCT_BITS),
      .OUT_BITS(TREE_BITS)
    ) tree (
      .clk_i,
      .values_i(products_s3_i),
      .sum_o(tree_sum)
    );

    wire sum, first_sum, last_sum;
    grapes_delay #(
      .BITS(3),
      .CYCLES(TREE_STAGES)
    ) tree_delay (
      .clk_i,
      .rst_i,
      .value_i({back_s3_i, first_s3_i, back_s3_i && last_s3_i}),
      .value_o({sum, first_sum, last_sum})
    );

    // the neuron of the sum: from s1 through s3 and the tree
    wire [LAYER_BITS-1:0] layer_summed;
    wire [ROW_BITS-1:0] row_summed;
    wire [LANE_BITS-1:0] lane_summed;
    wire half_summed;
    wire [SLOT_BITS-1:0] slot_summed;
    wire [FACTOR_BITS-1:0] factor_summed;
    grapes_delay #(
      .BITS(NEURON_BITS + FACTOR_BITS),
      .CYCLES(2 + TREE_STAGES)
    ) neuron_delay (
      .clk_i,
      .rst_i,
      .value_i({layer_s1_i, row_s1_i, lane_s1_i, half_s1_i, slot_s1_i, factor_s1_i}),
      .value_o({layer_summed, row_summed, lane_summed, half_summed, slot_summed, factor_summed})
    );
    grapes_delay #(
      .BITS(1 + NEURON_BITS),
      .CYCLES(SCALER_STAGES)
    ) scaler_delay (
      .clk_i,
      .rst_i,
      .value_i({last_sum, layer_summed, row_summed, lane_summed, half_summed, slot_summed}),
      .value_o({scaled, layer, row, lane, half, slot})
    );

    wire [BACK_SHIFT_BITS-1:0] shift[LAYERS];
    for (genvar l = 0; l < LAYERS; l++) begin : g_layer
      assign shift[l] = BACK_SHIFTS[l*BACK_SHIFT_BITS+:BACK_SHIFT_BITS];
    end

    grapes_scaler #(
      .TREE_BITS(TREE_BITS),
      .BACK_BITS(BACK_BITS),
      .FACTOR_FRAC(FACTOR_FRAC),
      .ERROR_BITS(ERROR_BITS),
      .SHIFT_MIN(BACK_SHIFT_MIN),
      .SHIFT_MAX(BACK_SHIFT_MAX),
      .SHIFT_BITS(BACK_SHIFT_BITS),
      .LOCAL(LOCAL)
    ) scaler (
      .clk_i,
      .valid_i(sum),
      .first_i(first_sum),
      .sum_i(tree_sum),
      .factor_i(factor_summed),
      .shift_i(shift[layer]),
      .error_o(error),
      .plain_o(plain),
      .saturated_o(saturated)
    );

    logic [ERROR_STAGES-2:0] due_q;
    always_ff @(posedge clk_i) due_q <= rst_i ? '0 : (ERROR_STAGES - 1)'({due_q, last_s1_i});
    assign any_o = last_s1_i || due_q != '0;
  end else begin : g_no_back
    assign any_o = 1'b0;
    assign {scaled, layer, row, lane, half, slot, error, plain, saturated} = '0;
    wire unused = ^{clk_i, rst_i, last_s1_i, layer_s1_i, row_s1_i, lane_s1_i, half_s1_i, slot_s1_i,
                    back_s3_i, first_s3_i, last_s3_i, products_s3_i, factor_s1_i};
  end
endmodule

`default_nettype wire
