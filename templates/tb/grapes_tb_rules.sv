// Rules that hold for any stream which the core offers: once valid it stays so, with the same payload, until it is taken;
// valid is never X, nor is what comes with it. A reset takes back what was offered.
`default_nettype none

/* verilator lint_off BLKSEQ */
module grapes_tb_rules #(
    parameter int BITS = 1
) (
    input wire clk_i,
    input wire rst_i,
    input wire valid_i,
    input wire ready_i,
    input wire [BITS-1:0] payload_i
);
  import grapes_tb_check::*;

  bit offered;
  logic [BITS-1:0] last_payload;

  always @(posedge clk_i) begin : p_rules
    if (rst_i) offered = 1'b0;
    else if (!over) begin
      if ((valid_i ^ valid_i) !== 1'b0) broken(RULE_UNKNOWN, -1, -1, 0, 32'(valid_i));
      if (valid_i === 1'b1 && (payload_i ^ payload_i) !== '0) broken(RULE_UNKNOWN, -1, -1, 0, 32'(payload_i));
      if (offered && (!valid_i || last_payload !== payload_i)) broken(RULE_HOLD, -1, -1, 32'(last_payload), 32'(payload_i));
      offered = valid_i && !ready_i;
      last_payload = payload_i;
    end
  end
endmodule

`default_nettype wire
