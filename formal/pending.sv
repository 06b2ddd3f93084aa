// The interlock says exactly whether something entered in this cycle or the STAGES - 1 before, and whether that was for
// the slot asked for; nothing stays behind after a reset of one cycle.
module pending_proof #(
  parameter int STAGES = 4
) (
  input logic clk,
  input logic reset_any,
  input logic enter,
  input logic [1:0] enter_slot,
  input logic [1:0] slot
);
  logic begun = 0;
  always @(posedge clk) begun <= 1;
  wire reset = reset_any || !begun;

  logic any, same;
  grapes_pending #(.STAGES(STAGES), .SLOT_BITS(2)) dut (
    .clk_i(clk), .rst_i(reset), .enter_i(enter), .enter_slot_i(enter_slot), .slot_i(slot), .any_o(any), .same_o(same)
  );

  // cycles since the last entry, of any slot and of each
  logic [2:0] ago = STAGES;
  logic [2:0] slot_ago[4];
  wire [2:0] now = enter ? 0 : ago;
  for (genvar s = 0; s < 4; s++) begin : g_slot
    always @(posedge clk) begin
      if (reset) slot_ago[s] <= STAGES;
      else if (enter && enter_slot == s) slot_ago[s] <= 1;
      else if (slot_ago[s] != STAGES) slot_ago[s] <= slot_ago[s] + 1;
    end
  end
  always @(posedge clk) ago <= reset ? STAGES : now == STAGES ? STAGES : now + 1;
  always_comb if (!reset) begin
    assert (any == (now < STAGES));
    assert (same == ((enter && enter_slot == slot) || slot_ago[slot] < STAGES));
  end
endmodule
