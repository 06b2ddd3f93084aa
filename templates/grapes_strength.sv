// Strengths of one row of every group: the sums of the magnitudes of their weights, moved with every weight written.
// restart_i begins a sum anew. The read port serves the move (address the slot that moves) and the factors' scan.

`default_nettype none

module grapes_strength #(
  parameter int WEIGHT_BITS = 8,
  parameter int STRENGTH_BITS = 17,
  parameter int SLOTS = 8,
  parameter int SLOT_BITS = 3
) (
  input  wire logic                          clk_i,
  input  wire logic [SLOT_BITS-1:0]          read_slot_i,
  output      logic [STRENGTH_BITS-1:0]      strength_o,
  input  wire logic                          move_i,
  input  wire logic                          restart_i,
  input  wire logic [SLOT_BITS-1:0]          move_slot_i,
  input  wire logic signed [WEIGHT_BITS-1:0] new_i,
  input  wire logic signed [WEIGHT_BITS-1:0] old_i
);
  wire [WEIGHT_BITS-1:0] gained = new_i < 0 ? -new_i : new_i;
  wire [WEIGHT_BITS-1:0] lost = old_i < 0 ? -old_i : old_i;
  wire [STRENGTH_BITS-1:0] moved = (restart_i ? '0 : strength_o) + STRENGTH_BITS'(gained) - STRENGTH_BITS'(lost);

  grapes_slots #(
    .DEPTH(SLOTS),
    .BITS(STRENGTH_BITS),
    .ADDRESS_BITS(SLOT_BITS)
  ) strengths (
    .clk_i,
    .read_address_i(read_slot_i),
    .read_data_o(strength_o),
    .write_i(move_i),
    .write_address_i(move_slot_i),
    .write_data_i(moved)
  );
endmodule

`default_nettype wire
