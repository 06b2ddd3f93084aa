// The update cell = sat(w + ((r - delta * x) >> s)), for all 8-bit weights, errors and activations, all s random bits and
// both shifts. The product is formed here, so that the operands are those of the contract.
module update_proof (
  input logic signed [7:0] weight,
  input logic signed [7:0] error,
  input logic signed [7:0] x,
  input logic [12:0] random_any,
  input logic shift
);
  wire [12:0] random = shift ? random_any : {1'b0, random_any[11:0]};
  logic signed [15:0] product;
  assign product = error * x;
  logic signed [7:0] result;
  grapes_update #(
    .WEIGHT_BITS(8), .PRODUCT_BITS(16), .RANDOM_BITS(13), .SHIFT_MIN(12), .SHIFT_BITS(1)
  ) dut (.weight_i(weight), .product_i(product), .random_i(random), .shift_i(shift), .weight_o(result));

  wire signed [31:0] difference = $signed({1'b0, random}) - 32'sd1 * product;
  wire signed [31:0] moved = weight + (difference >>> (shift ? 13 : 12));
  wire signed [31:0] clipped = moved > 127 ? 127 : moved < -128 ? -128 : moved;

  always_comb assert ($signed(result) == clipped);
endmodule
