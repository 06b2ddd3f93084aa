// Which rows of a group exist: bit 2p+h is lane p's row h. A dense group fills the lanes two rows at a time, a spread
// one gives every lane one row.
// Combinational.

`default_nettype none

module grapes_rows #(
  parameter int LANES = 32,
  parameter int ROWS_BITS = 7
) (
  input  wire logic [ROWS_BITS-1:0] rows_i,
  input  wire logic                 spread_i,
  output      logic [2*LANES-1:0]   exists_o
);
  always_comb begin
    for (int p = 0; p < LANES; p++) begin
      exists_o[2*p] = spread_i ? rows_i > ROWS_BITS'(p) : rows_i > ROWS_BITS'(2 * p);
      exists_o[2*p+1] = !spread_i && rows_i > ROWS_BITS'(2 * p + 1);
    end
  end
endmodule

`default_nettype wire
