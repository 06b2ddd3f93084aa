// The factor of a quotient: 1 where M = 0, else the quotient clipped from below, for both clips. With S <= M it never
// passes 2.
module factor_proof (
  input logic [8:0] quotient,
  input logic zero
);
  logic [8:0] unit;
  logic [8:0] full;
  grapes_factor #(.FRAC(7), .LOW(128)) clip_unit (.quotient_i(quotient), .zero_i(zero), .factor_o(unit));
  grapes_factor #(.FRAC(7), .LOW(0)) clip_full (.quotient_i(quotient), .zero_i(zero), .factor_o(full));

  always_comb begin
    assume (quotient <= 256);
    if (zero) assert (unit == 128 && full == 128);
    else begin
      assert (full == quotient);
      assert (unit == (quotient < 128 ? 128 : quotient));
      assert (unit >= 128 && unit <= 256);
    end
  end
endmodule
