// The lists of the hidden layers' non-zero activations. Entries are appended in ascending rows; count_o and complete_o
// of the layer read may be followed while its list grows. clear_i comes before the first append of every sample.

`default_nettype none

module grapes_lists #(
  // hidden layers
  parameter int LISTS = 2,
  parameter int LIST_BITS = 1,
  parameter int DEPTH = 512,
  parameter int ADDRESS_BITS = 9,
  parameter int COUNT_BITS = 9,
  parameter int ENTRY_BITS = 26
) (
  input  wire logic                    clk_i,
  input  wire logic                    clear_i,
  input  wire logic                    append_i,
  // the list is complete, with this entry or without one
  input  wire logic                    final_i,
  input  wire logic [LIST_BITS-1:0]    append_list_i,
  input  wire logic [ADDRESS_BITS-1:0] append_base_i,
  input  wire logic [ENTRY_BITS-1:0]   append_entry_i,
  input  wire logic                    read_i,
  input  wire logic [LIST_BITS-1:0]    read_list_i,
  input  wire logic [ADDRESS_BITS-1:0] read_address_i,
  output      logic [ENTRY_BITS-1:0]   read_entry_o,
  output      logic [COUNT_BITS-1:0]   count_o,
  output      logic                    complete_o
);
  wire [COUNT_BITS-1:0] count[LISTS];
  wire [LISTS-1:0] complete;
  for (genvar l = 0; l < LISTS; l++) begin : g_list
    wire mine = append_list_i == LIST_BITS'(l);
    logic [COUNT_BITS-1:0] count_q;
    logic complete_q;
    always_ff @(posedge clk_i) begin
      if (clear_i) begin
        count_q <= '0;
        complete_q <= 1'b0;
      end else begin
        if (append_i && mine) count_q <= count_q + 1'b1;
        if (final_i && mine) complete_q <= 1'b1;
      end
    end
    assign count[l] = count_q;
    assign complete[l] = complete_q;
  end
  assign count_o = count[read_list_i];
  assign complete_o = complete[read_list_i];

  wire [ADDRESS_BITS-1:0] write_address = append_base_i + ADDRESS_BITS'(count[append_list_i]);
  grapes_ram #(
    .DEPTH(DEPTH),
    .BITS(ENTRY_BITS),
    .ADDRESS_BITS(ADDRESS_BITS)
  ) entries (
    .clk_i,
    .read_i,
    .read_address_i,
    .read_data_o(read_entry_o),
    .write_i(append_i),
    .write_address_i(write_address),
    .write_data_i(append_entry_i)
  );

  // ---- contract

  grapes_rule #(
    .RULE("grapes_lists: nothing joins a list that is complete")
  ) complete_list (
    .clk_i,
    .rst_i(clear_i),
    .holds_i(!((append_i || final_i) && complete[append_list_i]))
  );
endmodule

`default_nettype wire
