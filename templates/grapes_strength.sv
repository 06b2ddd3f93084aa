// Strengths of one row of every group: the sums of the magnitudes of their weights, moved with every weight written.
// restart_i begins a sum anew. The difference is made in the cycle of move_i and added in the next, in which
// read_slot_i must be the slot that moves; at other times the read port serves the factors' scan.

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
  // |w| is w with its bits turned where it is negative, plus 1 there. What the two add beside the bits, 1 for the new
  // weight's sign and -1 for the old one's, and the 1 of the subtraction are carries of the two additions.
  wire [WEIGHT_BITS-1:0] gained = new_i ^ {WEIGHT_BITS{new_i[WEIGHT_BITS-1]}};
  wire [WEIGHT_BITS-1:0] lost = old_i ^ {WEIGHT_BITS{old_i[WEIGHT_BITS-1]}};
  wire raise = new_i[WEIGHT_BITS-1] || !old_i[WEIGHT_BITS-1];
  wire raise_again = new_i[WEIGHT_BITS-1] && !old_i[WEIGHT_BITS-1];
  wire [WEIGHT_BITS+1:0] difference = {1'b0, gained, 1'b1} + {1'b1, ~lost, raise};

  // no wider than a strength, which may be as narrow as a weight
  localparam int MOVE_BITS = WEIGHT_BITS < STRENGTH_BITS ? WEIGHT_BITS + 1 : STRENGTH_BITS;
  logic signed [MOVE_BITS-1:0] difference_q;
  logic raise_q;
  logic move_q;
  logic restart_q;
  logic [SLOT_BITS-1:0] slot_q;
  always_ff @(posedge clk_i) begin
    difference_q <= difference[1+:MOVE_BITS];
    raise_q <= raise_again;
    move_q <= move_i;
    restart_q <= restart_i;
    slot_q <= move_slot_i;
  end
  wire [STRENGTH_BITS-1:0] kept = restart_q ? '0 : strength_o;
  wire [STRENGTH_BITS:0] added = {kept, 1'b1} + {$unsigned(STRENGTH_BITS'(difference_q)), raise_q};
  wire [STRENGTH_BITS-1:0] moved = added[STRENGTH_BITS:1];
  wire unused_carries = ^{difference, added[0]};

  grapes_slots #(
    .DEPTH(SLOTS),
    .BITS(STRENGTH_BITS),
    .ADDRESS_BITS(SLOT_BITS)
  ) strengths (
    .clk_i,
    .read_address_i(read_slot_i),
    .read_data_o(strength_o),
    .write_i(move_q),
    .write_address_i(slot_q),
    .write_data_i(moved)
  );
endmodule

`default_nettype wire
