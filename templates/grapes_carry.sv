// The errors of one row of every group over the steps of a sample, with the row's factor or without. A step begins with
// carry_i: the error is what the later step left of it, plus the gain where the top layer's was made before. Gains that
// come with gain_write_i are added; the output layer's errors come as they are.
// An error that is read in s1 is there in s2.

`default_nettype none

module grapes_carry #(
  parameter int ERROR_BITS = 8,
  parameter int SLOT_BITS = 4,
  parameter int HIDDEN_SLOTS = 8,
  parameter int HIDDEN_SLOT_BITS = 3,
  parameter int TOP_SLOT = 4,
  parameter int TOP_SLOTS = 4,
  parameter int MOMENTS = 33,
  parameter int MOMENT_BITS = 6,
  parameter int DECAY_SHIFT = 3,
  // the error of the step in work is kept at hand; the top layer's gains are
  parameter bit KEEPS = 1'b1,
  parameter bit GAINS = 1'b1,
  localparam int GAIN_BITS = ERROR_BITS + 2
) (
  input  wire logic                         clk_i,
  input  wire logic                         read_s1_i,
  input  wire logic [MOMENT_BITS-1:0]       moment_s1_i,
  output      logic signed [ERROR_BITS-1:0] error_s2_o,
  // a step begins; the last one has no later; after the first, flush_i only shows current_o
  input  wire logic                         carry_i,
  input  wire logic                         first_i,
  input  wire logic                         leaks_i,
  input  wire logic                         top_i,
  input  wire logic                         flush_i,
  input  wire logic                         open_i,
  input  wire logic                         nonzero_i,
  // a gain, to be kept or for the step; or an error
  input  wire logic                         gain_write_i,
  input  wire logic                         gain_top_i,
  input  wire logic                         output_i,
  input  wire logic signed [GAIN_BITS-1:0]  gain_i,
  // where, of all of them
  input  wire logic [SLOT_BITS-1:0]         slot_i,
  input  wire logic [MOMENT_BITS-1:0]       moment_i,
  // the slot's error so far
  output      logic signed [ERROR_BITS-1:0] current_o,
  output      logic signed [ERROR_BITS-1:0] written_o,
  output      logic                         saturated_o
);
  wire unused_slot = ^slot_i;
  wire step_write = carry_i ? !flush_i : gain_write_i && !gain_top_i;

  wire signed [GAIN_BITS-1:0] gain;
  if (GAINS) begin : g_gains
    localparam int TOP_BITS = TOP_SLOTS > 1 ? $clog2(TOP_SLOTS) : 1;
    wire [TOP_BITS-1:0] top_slot = TOP_BITS'(slot_i - SLOT_BITS'(TOP_SLOT));
    wire [GAIN_BITS-1:0] kept;
    grapes_slots #(
      .DEPTH(TOP_SLOTS),
      .BITS(GAIN_BITS),
      .ADDRESS_BITS(TOP_BITS)
    ) gains (
      .clk_i,
      .read_address_i(top_slot),
      .read_data_o(kept),
      .write_i(gain_write_i && gain_top_i),
      .write_address_i(top_slot),
      .write_data_i(gain_i)
    );
    assign gain = !carry_i ? gain_i : top_i && open_i ? $signed(kept) : '0;
  end else begin : g_no_gains
    assign gain = carry_i ? '0 : gain_i;
    wire unused_gains = ^{top_i, open_i};
  end

  // what is left of the later step, or, while gains come, what there is so far
  wire signed [ERROR_BITS-1:0] base;
  if (KEEPS) begin : g_kept
    wire [ERROR_BITS-1:0] kept;
    wire signed [ERROR_BITS-1:0] left;
    grapes_slots #(
      .DEPTH(HIDDEN_SLOTS),
      .BITS(ERROR_BITS),
      .ADDRESS_BITS(HIDDEN_SLOT_BITS)
    ) now (
      .clk_i,
      .read_address_i(HIDDEN_SLOT_BITS'(slot_i)),
      .read_data_o(kept),
      .write_i(step_write),
      .write_address_i(HIDDEN_SLOT_BITS'(slot_i)),
      .write_data_i(written_o)
    );
    assign current_o = $signed(kept);
    grapes_decay #(
      .BITS(ERROR_BITS),
      .SHIFT(DECAY_SHIFT)
    ) decay (
      .value_i(current_o),
      .value_o(left)
    );
    wire carries = leaks_i && !first_i && !nonzero_i;
    assign base = output_i ? '0 : !carry_i ? current_o : carries ? left : '0;
  end else begin : g_fresh
    assign current_o = '0;
    assign base = '0;
    wire unused_leaks = ^{leaks_i, first_i, nonzero_i};
  end

  wire signed [GAIN_BITS:0] moved = (GAIN_BITS + 1)'(base) + (GAIN_BITS + 1)'(gain);
  grapes_requantise #(
    .IN_BITS(GAIN_BITS + 1),
    .OUT_BITS(ERROR_BITS)
  ) saturate (
    .value_i(moved),
    .shift_i(1'b0),
    .value_o(written_o),
    .saturated_o
  );

  wire [ERROR_BITS-1:0] read;
  grapes_ram #(
    .DEPTH(MOMENTS),
    .BITS(ERROR_BITS),
    .ADDRESS_BITS(MOMENT_BITS)
  ) errors (
    .clk_i,
    .read_i(read_s1_i),
    .read_address_i(moment_s1_i),
    .read_data_o(read),
    .write_i(step_write || output_i),
    .write_address_i(moment_i),
    .write_data_i(written_o)
  );
  assign error_s2_o = $signed(read);
endmodule

`default_nettype wire
