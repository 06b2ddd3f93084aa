// A column's error = sat(rn((sum of what the tree gives) * factor, s)), two cycles after the last of it, whatever came
// before: all sums of up to three 4-bit values, all factors of 0 to 2, two shifts; and the unmodulated one, with factor 1.
module scaler_proof (
  input logic clk,
  input logic valid,
  input logic first,
  input logic last,
  input logic signed [3:0] sum,
  input logic [4:0] factor,
  input logic shift
);
  logic signed [4:0] error, plain;
  logic saturated;
  grapes_scaler #(
    .TREE_BITS(4), .BACK_BITS(6), .FACTOR_FRAC(3), .ERROR_BITS(5), .SHIFT_MIN(3), .SHIFT_MAX(4), .SHIFT_BITS(1),
    .LOCAL(1'b1)
  ) dut (
    .clk_i(clk), .valid_i(valid), .first_i(first), .sum_i(sum), .factor_i(factor), .shift_i(shift), .error_o(error),
    .plain_o(plain), .saturated_o(saturated)
  );

  // the column so far; one and two cycles after its last value
  logic [1:0] values = 0;
  logic signed [15:0] total;
  wire signed [15:0] now = (first ? 0 : total) + 16'(sum);
  logic whole_1 = 0, whole_2 = 0;
  logic signed [15:0] total_2, product_2;
  logic signed [5:0] factor_1;
  always @(posedge clk) begin
    if (valid) begin
      values <= first ? 1 : values + 1;
      total <= now;
    end
    whole_1 <= valid && last;
    whole_2 <= whole_1;
    total_2 <= total;
    factor_1 <= factor;
    product_2 <= total * factor_1;
  end

  function automatic signed [15:0] requantised(input signed [15:0] value, input higher);
    requantised = (value + (higher ? 8 : 4)) >>> (higher ? 4 : 3);
  endfunction
  function automatic signed [15:0] clipped(input signed [15:0] value);
    clipped = value > 15 ? 15 : value < -16 ? -16 : value;
  endfunction
  wire signed [15:0] scaled = requantised(product_2, shift);
  wire signed [15:0] unscaled = requantised(total_2 * 8, shift);

  always_comb begin
    assume (factor <= 16 && (!valid || first || (values != 0 && values != 3)));
    if (whole_2) begin
      assert (error == clipped(scaled) && saturated == (clipped(scaled) != scaled));
      assert (plain == clipped(unscaled));
    end
  end
endmodule
