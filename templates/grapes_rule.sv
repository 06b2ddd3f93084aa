// A contract beside the logic that it is about: holds_i must be 1 in every cycle out of reset. A simulation names the rule,
// once, in the first cycle in which it is broken; synthesis sees nothing.

`default_nettype none

/* verilator coverage_off */
module grapes_rule #(
  // what is promised, or asked for: module, colon, sentence
  parameter RULE = "grapes_rule: a rule"
) (
  input  wire logic clk_i,
  // also before the first of it nothing is known
  input  wire logic rst_i,
  input  wire logic holds_i
);
`ifdef SYNTHESIS
  wire unused = ^{clk_i, rst_i, holds_i};
`elsif FORMAL
  wire unused = ^{clk_i, rst_i, holds_i};
`else
  logic watching_q;
  initial watching_q = 1'b0;
  always @(posedge clk_i) begin
    if (rst_i === 1'b1) watching_q <= 1'b1;
    else if (watching_q && holds_i !== 1'b1) begin
      watching_q <= 1'b0;
      $display("GRAPES BROKEN %0s", RULE);
    end
  end
`endif
endmodule

`default_nettype wire
