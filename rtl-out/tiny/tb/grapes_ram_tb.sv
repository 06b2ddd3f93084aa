// Testbench of grapes_ram: what a read gives and how long it holds. Vector: read, read address, write, write address, write
// data, whether the word read is known -> read data a cycle later.
`default_nettype none

/* verilator lint_off UNUSEDSIGNAL */
module grapes_ram_tb (
    input wire clk_i
);
  wire [6*64-1:0] stimulus;
  wire [31:0] phase;
  wire [6-1:0] data;
  logic known_q;
  always_ff @(posedge clk_i) known_q <= stimulus[320];

  grapes_bench #(
      .NAME("grapes_ram"),
      .INPUTS(6),
      .OUTPUTS(1),
      .HOLD(1),
      .LATENCY(1)
  ) bench (
      .clk_i,
      .stimulus_o(stimulus),
      .phase_o(phase),
      .actual_i(known_q === 1'b1 ? 64'(data) : '0)
  );

  grapes_ram #(
      .DEPTH(5),
      .BITS(6),
      .ADDRESS_BITS(3)
  ) dut (
      .clk_i,
      .read_i(stimulus[0]),
      .read_address_i(stimulus[64+:3]),
      .read_data_o(data),
      .write_i(stimulus[128]),
      .write_address_i(stimulus[192+:3]),
      .write_data_i(stimulus[256+:6])
  );
endmodule

`default_nettype wire
