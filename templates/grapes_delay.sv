// A value CYCLES cycles later; 0 from a reset on until the first value after it is due.

`default_nettype none

module grapes_delay #(
  parameter int BITS = 1,
  parameter int CYCLES = 1
) (
  input  wire logic            clk_i,
  input  wire logic            rst_i,
  input  wire logic [BITS-1:0] value_i,
  output      logic [BITS-1:0] value_o
);
  if (CYCLES == 0) begin : g_combinational
    wire unused_clk = clk_i ^ rst_i;
  end

  wire [BITS-1:0] stage[CYCLES+1];
  assign stage[0] = value_i;
  for (genvar c = 0; c < CYCLES; c++) begin : g_stage
    logic [BITS-1:0] value_q;
    always_ff @(posedge clk_i) value_q <= rst_i ? '0 : stage[c];
    assign stage[c+1] = value_q;
  end
  assign value_o = stage[CYCLES];
endmodule

`default_nettype wire
