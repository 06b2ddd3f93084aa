// Small memory with an asynchronous read port and a write port: one value for each of a lane's groups.

`default_nettype none

module grapes_slots #(
  parameter int DEPTH = 8,
  parameter int BITS = 8,
  parameter int ADDRESS_BITS = 3
) (
  input  wire logic                    clk_i,
  input  wire logic [ADDRESS_BITS-1:0] read_address_i,
  output      logic [BITS-1:0]         read_data_o,
  input  wire logic                    write_i,
  input  wire logic [ADDRESS_BITS-1:0] write_address_i,
  input  wire logic [BITS-1:0]         write_data_i
);
  logic [BITS-1:0] memory[DEPTH];

  always_ff @(posedge clk_i) if (write_i) memory[write_address_i] <= write_data_i;

  assign read_data_o = memory[read_address_i];
endmodule

`default_nettype wire
