// Memory with one read and one write port; a read takes a cycle and its data hold until the next read.
// What a read of the address that is being written gives is undefined: no memory has to say.

`default_nettype none

module grapes_ram #(
  parameter int DEPTH = 1024,
  parameter int BITS = 16,
  parameter int ADDRESS_BITS = 10
) (
  input  wire logic                    clk_i,
  input  wire logic                    read_i,
  input  wire logic [ADDRESS_BITS-1:0] read_address_i,
  output      logic [BITS-1:0]         read_data_o,
  input  wire logic                    write_i,
  input  wire logic [ADDRESS_BITS-1:0] write_address_i,
  input  wire logic [BITS-1:0]         write_data_i
);
  logic [BITS-1:0] memory[DEPTH];

  // No always_ff: a simulation may load the memory from outside.
  always @(posedge clk_i) begin
    if (write_i) memory[write_address_i] <= write_data_i;
    if (read_i) read_data_o <= write_i && write_address_i == read_address_i ? 'x : memory[read_address_i];
  end
endmodule

`default_nettype wire
