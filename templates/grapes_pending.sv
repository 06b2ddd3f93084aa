// What is on its way through STAGES stages of a pipeline, the first being the inputs themselves: whether anything is,
// and whether anything is for slot_i. The interlocks of the sequencer are made of these.

`default_nettype none

module grapes_pending #(
  parameter int STAGES = 3,
  parameter int SLOT_BITS = 4
) (
  input  wire logic                 clk_i,
  input  wire logic                 rst_i,
  input  wire logic                 enter_i,
  input  wire logic [SLOT_BITS-1:0] enter_slot_i,
  input  wire logic [SLOT_BITS-1:0] slot_i,
  output      logic                 any_o,
  output      logic                 same_o
);
  wire [STAGES-1:0] present;
  wire [STAGES-1:0] same;
  wire [SLOT_BITS-1:0] slot[STAGES];
  assign present[0] = enter_i;
  assign slot[0] = enter_slot_i;
  for (genvar s = 1; s < STAGES; s++) begin : g_stage
    logic present_q;
    logic [SLOT_BITS-1:0] slot_q;
    always_ff @(posedge clk_i) begin
      present_q <= present[s-1] && !rst_i;
      slot_q <= slot[s-1];
    end
    assign present[s] = present_q;
    assign slot[s] = slot_q;
  end
  for (genvar s = 0; s < STAGES; s++) begin : g_same
    assign same[s] = present[s] && slot[s] == slot_i;
  end
  assign any_o = present != '0;
  assign same_o = same != '0;
endmodule

`default_nettype wire
