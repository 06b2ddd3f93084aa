// Which groups of a layer have errors: the way back visits no other. Errors arrive in ascending slots, a group's together,
// layers one after the other. A group is listed with its first error, with the halves that have one; the list holds an error from the cycle after it. clear_i comes before the
// first error of every sample.

`default_nettype none

module grapes_active #(
  parameter int LAYERS = 3,
  parameter int LAYER_BITS = 2,
  parameter int COUNT_BITS = 10,
  parameter int GROUP_BITS = 2,
  parameter int SLOTS = 9,
  parameter int SLOT_BITS = 4,
  parameter int ADDRESS_BITS = 13,
  parameter int ERROR_BITS = 8,
  parameter bit LOCAL = 1'b0,
  // tables, layer 0 in the low bits
  parameter logic [LAYERS*COUNT_BITS-1:0] INPUT_COUNTS = '0,
  parameter logic [LAYERS*SLOT_BITS-1:0] SLOT_BASES = '0
) (
  input  wire logic                        clk_i,
  input  wire logic                        clear_i,
  // an error
  input  wire logic                        error_valid_i,
  input  wire logic [LAYER_BITS-1:0]       error_layer_i,
  input  wire logic [SLOT_BITS-1:0]        error_slot_i,
  input  wire logic                        error_half_i,
  input  wire logic [ERROR_BITS-1:0]       error_i,
  input  wire logic [ERROR_BITS-1:0]       error_plain_i,
  // an entry of a layer's list
  input  wire logic [LAYER_BITS-1:0]       layer_i,
  input  wire logic [GROUP_BITS-1:0]       index_i,
  output      logic [GROUP_BITS-1:0]       group_o,
  output      logic [1:0]                  halves_o,
  // group_o times the layer's inputs
  output      logic [ADDRESS_BITS-1:0]     offset_o,
  output      logic                        last_o,
  // the list has no entry; one of its errors updates its row
  output      logic                        empty_o,
  output      logic                        updates_o
);
  wire [COUNT_BITS-1:0] inputs[LAYERS];
  wire [SLOT_BITS-1:0] first_slot[LAYERS];
  for (genvar l = 0; l < LAYERS; l++) begin : g_table
    assign inputs[l] = INPUT_COUNTS[l*COUNT_BITS+:COUNT_BITS];
    assign first_slot[l] = SLOT_BASES[l*SLOT_BITS+:SLOT_BITS];
  end

  // ---- an error that is not 0

  wire updates = error_valid_i && error_i != '0;
  // In mode `local` the unmodulated error goes further back, which can be there where the row's is 0; not so below the
  // first layer.
  wire carries = LOCAL && error_valid_i && error_plain_i != '0 && error_layer_i != '0;
  wire add = updates || carries;

  // ---- the lists

  // the group listed last
  logic listed_q;
  logic [SLOT_BITS-1:0] slot_q;
  logic [1:0] halves_q;
  wire same = listed_q && error_slot_i == slot_q;
  wire [1:0] halves = (same ? halves_q : 2'b00) | {error_half_i, !error_half_i};
  always_ff @(posedge clk_i) begin
    if (clear_i) listed_q <= 1'b0;
    else if (add) listed_q <= 1'b1;
    if (add) begin
      slot_q <= error_slot_i;
      halves_q <= halves;
    end
  end

  wire [GROUP_BITS:0] count[LAYERS];
  wire [LAYERS-1:0] updated;
  for (genvar l = 0; l < LAYERS; l++) begin : g_layer
    wire mine = add && error_layer_i == LAYER_BITS'(l);
    logic [GROUP_BITS:0] count_q;
    logic updated_q;
    always_ff @(posedge clk_i) begin
      if (clear_i) begin
        count_q <= '0;
        updated_q <= 1'b0;
      end else if (mine) begin
        if (!same) count_q <= count_q + 1'b1;
        if (updates) updated_q <= 1'b1;
      end
    end
    assign count[l] = count_q;
    assign updated[l] = updated_q;
  end

  wire [GROUP_BITS:0] listed = count[error_layer_i];
  wire [GROUP_BITS-1:0] index = GROUP_BITS'(same ? listed - 1'b1 : listed);
  wire [GROUP_BITS-1:0] group = GROUP_BITS'(error_slot_i - first_slot[error_layer_i]);
  wire [ADDRESS_BITS-1:0] offset = ADDRESS_BITS'(group) * ADDRESS_BITS'(inputs[error_layer_i]);
  wire [SLOT_BITS-1:0] write_address = first_slot[error_layer_i] + SLOT_BITS'(index);
  wire [SLOT_BITS-1:0] read_address = first_slot[layer_i] + SLOT_BITS'(index_i);
  grapes_slots #(
    .DEPTH(SLOTS),
    .BITS(GROUP_BITS + 2 + ADDRESS_BITS),
    .ADDRESS_BITS(SLOT_BITS)
  ) entries (
    .clk_i,
    .read_address_i(read_address),
    .read_data_o({group_o, halves_o, offset_o}),
    .write_i(add),
    .write_address_i(write_address),
    .write_data_i({group, halves, offset})
  );

  wire [GROUP_BITS:0] entries_there = count[layer_i];
  assign last_o = (GROUP_BITS + 1)'(index_i) + 1'b1 == entries_there;
  assign empty_o = entries_there == '0;
  assign updates_o = updated[layer_i];

  // ---- contract

  grapes_rule #(
    .RULE("grapes_active: a layer's errors arrive in ascending slots")
  ) ascending_slots (
    .clk_i,
    .rst_i(clear_i),
    .holds_i(!(add && listed != '0 && error_slot_i < slot_q))
  );
endmodule

`default_nettype wire
