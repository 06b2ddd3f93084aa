// grapes_requantise = sat(rn(value, s)), and grapes_positive = it is above zero, for every value and shift.
// The specification divides in a wide integer, as the numeric contract words it.
module requantise_proof #(
  parameter int IN_BITS = 18,
  parameter int OUT_BITS = 8,
  parameter int SHIFT_MIN = -2,
  parameter int SHIFT_MAX = 5
) (
  input logic signed [IN_BITS-1:0] value,
  input logic [2:0] shift
);
  localparam int WIDE = 40;

  logic signed [OUT_BITS-1:0] result;
  logic saturated;
  logic positive;
  grapes_requantise #(
    .IN_BITS(IN_BITS), .OUT_BITS(OUT_BITS), .SHIFT_MIN(SHIFT_MIN), .SHIFT_MAX(SHIFT_MAX), .SHIFT_BITS(3)
  ) dut (.value_i(value), .shift_i(shift), .value_o(result), .saturated_o(saturated));
  grapes_positive #(.BITS(IN_BITS), .SHIFT_MIN(SHIFT_MIN), .SHIFT_BITS(3)) preview (
    .value_i(value), .shift_i(shift), .positive_o(positive)
  );

  wire signed [5:0] s = SHIFT_MIN + $signed({3'b0, shift});
  wire signed [WIDE-1:0] wide = value;
  wire signed [WIDE-1:0] rounded = s > 0 ? (wide + (40'sd1 <<< (s - 1))) >>> s : wide <<< -s;
  wire signed [WIDE-1:0] clipped = rounded > 127 ? 40'sd127 : rounded < -128 ? -40'sd128 : rounded;

  always_comb begin
    assert ($signed(result) == clipped);
    assert (saturated == (clipped != rounded));
    assert (positive == (rounded > 0));
  end
endmodule
