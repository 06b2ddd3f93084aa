// What a lane keeps of its neurons, two of every group: errors and strengths.
//
// Errors are read in s1 and used in s2. All rows of a group are cleared when its forward sums are complete; then the rows
// that are active get theirs, so that a row that does not exist has error 0. Strengths move in s5, the cycle after a word
// is written, in which strength_slot_i must be the slot of s4.

`default_nettype none

module grapes_neurons #(
  parameter int LANE = 0,
  parameter int LANE_BITS = 5,
  parameter int WEIGHT_BITS = 8,
  parameter int ERROR_BITS = 8,
  parameter int STRENGTH_BITS = 17,
  parameter int SLOTS = 9,
  parameter int SLOT_BITS = 4,
  parameter int HIDDEN_SLOTS = 8,
  parameter int HIDDEN_SLOT_BITS = 3,
  parameter bit GRAPES = 1'b1,
  parameter bit LOCAL = 1'b0
) (
  input  wire logic                         clk_i,
  // s1: errors are read
  input  wire logic [SLOT_BITS-1:0]         slot_s1_i,
  // s2: for the update, and as the layer below sees them
  output      logic signed [ERROR_BITS-1:0] error0_s2_o,
  output      logic signed [ERROR_BITS-1:0] error1_s2_o,
  output      logic signed [ERROR_BITS-1:0] back_error0_s2_o,
  output      logic signed [ERROR_BITS-1:0] back_error1_s2_o,
  // s4: errors are cleared; weights are written
  input  wire logic [SLOT_BITS-1:0]         slot_s4_i,
  input  wire logic                         clear_s4_i,
  input  wire logic                         update_s4_i,
  input  wire logic                         half_s4_i,
  input  wire logic                         strength_s4_i,
  input  wire logic                         restart_s4_i,
  input  wire logic [2*WEIGHT_BITS-1:0]     new_word_s4_i,
  input  wire logic [2*WEIGHT_BITS-1:0]     old_word_s4_i,
  // the error of a row
  input  wire logic                         error_write_i,
  input  wire logic [LANE_BITS-1:0]         error_lane_i,
  input  wire logic                         error_half_i,
  input  wire logic [SLOT_BITS-1:0]         error_slot_i,
  input  wire logic [ERROR_BITS-1:0]        error_value_i,
  input  wire logic [ERROR_BITS-1:0]        error_plain_i,
  // strengths: read at strength_slot_i
  input  wire logic [HIDDEN_SLOT_BITS-1:0]  strength_slot_i,
  output      logic [STRENGTH_BITS-1:0]     strength0_o,
  output      logic [STRENGTH_BITS-1:0]     strength1_o
);
  localparam logic [LANE_BITS-1:0] ME = LANE_BITS'(LANE);

  // ---- errors

  wire mine = error_write_i && error_lane_i == ME;
  wire [SLOT_BITS-1:0] error_slot = clear_s4_i ? slot_s4_i : error_slot_i;
  wire [1:0] error_write;
  assign error_write[0] = clear_s4_i || (mine && !error_half_i);
  assign error_write[1] = clear_s4_i || (mine && error_half_i);

  wire signed [ERROR_BITS-1:0] error_s2[2];
  // What the layer below sees: the unmodulated error in mode `local`.
  wire signed [ERROR_BITS-1:0] back_error_s2[2];

  for (genvar h = 0; h < 2; h++) begin : g_error
    wire [ERROR_BITS-1:0] error_s1;
    logic [ERROR_BITS-1:0] error_q;
    grapes_slots #(
      .DEPTH(SLOTS),
      .BITS(ERROR_BITS),
      .ADDRESS_BITS(SLOT_BITS)
    ) errors (
      .clk_i,
      .read_address_i(slot_s1_i),
      .read_data_o(error_s1),
      .write_i(error_write[h]),
      .write_address_i(error_slot),
      .write_data_i(clear_s4_i ? '0 : error_value_i)
    );
    always_ff @(posedge clk_i) error_q <= error_s1;
    assign error_s2[h] = error_q;

    if (LOCAL) begin : g_plain
      wire [ERROR_BITS-1:0] plain_s1;
      logic [ERROR_BITS-1:0] plain_q;
      grapes_slots #(
        .DEPTH(SLOTS),
        .BITS(ERROR_BITS),
        .ADDRESS_BITS(SLOT_BITS)
      ) plain_errors (
        .clk_i,
        .read_address_i(slot_s1_i),
        .read_data_o(plain_s1),
        .write_i(error_write[h]),
        .write_address_i(error_slot),
        .write_data_i(clear_s4_i ? '0 : error_plain_i)
      );
      always_ff @(posedge clk_i) plain_q <= plain_s1;
      assign back_error_s2[h] = plain_q;
    end else begin : g_same
      if (h == 0) begin : g_tie
        wire unused_plain = ^error_plain_i;
      end
      assign back_error_s2[h] = error_s2[h];
    end
  end
  assign error0_s2_o = error_s2[0];
  assign error1_s2_o = error_s2[1];
  assign back_error0_s2_o = back_error_s2[0];
  assign back_error1_s2_o = back_error_s2[1];

  // ---- strengths

  wire [STRENGTH_BITS-1:0] strength[2];
  if (GRAPES) begin : g_grapes
    grapes_strength #(
      .WEIGHT_BITS(WEIGHT_BITS),
      .STRENGTH_BITS(STRENGTH_BITS),
      .SLOTS(HIDDEN_SLOTS),
      .SLOT_BITS(HIDDEN_SLOT_BITS)
    ) strength0 (
      .clk_i,
      .read_slot_i(strength_slot_i),
      .strength_o(strength[0]),
      .move_i(strength_s4_i && !half_s4_i),
      .restart_i(restart_s4_i),
      .move_slot_i(slot_s4_i[HIDDEN_SLOT_BITS-1:0]),
      .new_i(new_word_s4_i[0+:WEIGHT_BITS]),
      .old_i(old_word_s4_i[0+:WEIGHT_BITS])
    );
    grapes_strength #(
      .WEIGHT_BITS(WEIGHT_BITS),
      .STRENGTH_BITS(STRENGTH_BITS),
      .SLOTS(HIDDEN_SLOTS),
      .SLOT_BITS(HIDDEN_SLOT_BITS)
    ) strength1 (
      .clk_i,
      .read_slot_i(strength_slot_i),
      .strength_o(strength[1]),
      .move_i(strength_s4_i && (update_s4_i || half_s4_i)),
      .restart_i(restart_s4_i),
      .move_slot_i(slot_s4_i[HIDDEN_SLOT_BITS-1:0]),
      .new_i(new_word_s4_i[WEIGHT_BITS+:WEIGHT_BITS]),
      .old_i(old_word_s4_i[WEIGHT_BITS+:WEIGHT_BITS])
    );
  end else begin : g_off
    assign strength[0] = '0;
    assign strength[1] = '0;
    wire unused_grapes = ^{update_s4_i, half_s4_i, strength_s4_i, restart_s4_i, strength_slot_i,
                           new_word_s4_i, old_word_s4_i};
  end
  assign strength0_o = strength[0];
  assign strength1_o = strength[1];
endmodule

`default_nettype wire
