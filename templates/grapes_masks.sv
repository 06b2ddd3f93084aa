// Which rows of a group have a value in a step, and which are open: words of a bit a row, written as the cells speak, with
// what they had in any step so far. A word that is asked for is there in the next cycle.

`default_nettype none

module grapes_masks #(
  parameter int ROWS = 64,
  parameter int STEPS = 4,
  parameter int HIDDEN_SLOTS = 8,
  parameter int HIDDEN_SLOT_BITS = 3,
  parameter int MOMENT_BITS = 6,
  // some layer sees itself: what there was before the last step
  parameter bit RECURRENT = 1'b0
) (
  input  wire logic                        clk_i,
  input  wire logic                        write_i,
  input  wire logic                        write_first_i,
  input  wire logic                        write_last_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0] write_slot_i,
  input  wire logic [MOMENT_BITS-1:0]      write_moment_i,
  input  wire logic [ROWS-1:0]             write_nonzero_i,
  input  wire logic [ROWS-1:0]             write_open_i,
  input  wire logic                        read_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0] read_slot_i,
  input  wire logic [MOMENT_BITS-1:0]      read_moment_i,
  // of the step
  output      logic [ROWS-1:0]             nonzero_o,
  output      logic [ROWS-1:0]             open_o,
  // of any step, and of any but the last
  output      logic [ROWS-1:0]             used_o,
  output      logic [ROWS-1:0]             earlier_o,
  output      logic [ROWS-1:0]             opened_o
);
  localparam int DEPTH = STEPS * HIDDEN_SLOTS;
  localparam int DEPTH_BITS = DEPTH > 1 ? $clog2(DEPTH) : 1;
  wire unused_moments = ^{read_moment_i, write_moment_i};
  grapes_ram #(
    .DEPTH(DEPTH),
    .BITS(2 * ROWS),
    .ADDRESS_BITS(DEPTH_BITS)
  ) steps (
    .clk_i,
    .read_i,
    .read_address_i(DEPTH_BITS'(read_moment_i)),
    .read_data_o({open_o, nonzero_o}),
    .write_i,
    .write_address_i(DEPTH_BITS'(write_moment_i)),
    .write_data_i({write_open_i, write_nonzero_i})
  );

  // The cells and the passes never work at the same time on what is of any step.
  wire [HIDDEN_SLOT_BITS-1:0] slot = write_i ? write_slot_i : read_slot_i;
  wire [2*ROWS-1:0] seen;
  wire [2*ROWS-1:0] all = {write_open_i, write_nonzero_i} | (write_first_i ? '0 : seen);
  grapes_slots #(
    .DEPTH(HIDDEN_SLOTS),
    .BITS(2 * ROWS),
    .ADDRESS_BITS(HIDDEN_SLOT_BITS)
  ) any (
    .clk_i,
    .read_address_i(slot),
    .read_data_o(seen),
    .write_i,
    .write_address_i(write_slot_i),
    .write_data_i(all)
  );
  always_ff @(posedge clk_i) if (read_i) {opened_o, used_o} <= seen;

  if (RECURRENT) begin : g_earlier
    wire [ROWS-1:0] known;
    grapes_slots #(
      .DEPTH(HIDDEN_SLOTS),
      .BITS(ROWS),
      .ADDRESS_BITS(HIDDEN_SLOT_BITS)
    ) earlier (
      .clk_i,
      .read_address_i(read_slot_i),
      .read_data_o(known),
      .write_i(write_i && (write_first_i || !write_last_i)),
      .write_address_i(write_slot_i),
      .write_data_i(write_last_i ? '0 : all[ROWS-1:0])
    );
    always_ff @(posedge clk_i) if (read_i) earlier_o <= known;
  end else begin : g_no_earlier
    assign earlier_o = '0;
    wire unused_last = write_last_i;
  end
endmodule

`default_nettype wire
