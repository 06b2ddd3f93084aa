// Clock of grapes_divider_tb for simulators that take time from SystemVerilog: posedge number n at time 10 n.
`default_nettype none

module grapes_divider_tb_clock;
  logic clk = 1'b0;

  always begin
    #5 clk = 1'b0;
    #5 clk = 1'b1;
  end

  grapes_divider_tb tb (.clk_i(clk));
endmodule

`default_nettype wire
