// The memory port: one request at a time, served while the core is idle. A request takes a cycle, a read another until
// its response. Strengths are read only after they were recounted, which sweep_request_o asks for.
//
// address: {space[31:30], lane[29:20], word[19:0]}, spaces: 0 weights, 1 strengths, 2 stream states, 3 counters.

`default_nettype none

module grapes_port (
  input  wire logic        clk_i,
  input  wire logic        rst_i,
  // no sample is in the core: requests may come
  input  wire logic        open_i,
  // nothing moves: a request may be served
  input  wire logic        quiet_i,
  input  wire logic        valid_i,
  output      logic        ready_o,
  input  wire logic        write_i,
  input  wire logic [31:0] address_i,
  input  wire logic [31:0] data_i,
  output      logic        valid_o,
  input  wire logic        ready_i,
  output      logic [31:0] data_o,
  // strengths are out of date
  input  wire logic        stale_i,
  output      logic        sweep_request_o,
  output      logic        busy_o,
  // the access: read_o in the first cycle; the data of every space are due in the next
  output      logic        read_o,
  output      logic        write_o,
  output      logic [1:0]  space_o,
  output      logic [9:0]  lane_o,
  output      logic [19:0] word_o,
  output      logic [31:0] data_out_o,
  input  wire logic [31:0] data_in_i
);
  logic request_q;
  logic write_q;
  logic [31:0] address_q;
  logic [31:0] write_data_q;
  logic fetch_q;
  logic response_q;

  // A write is gone in the cycle after it came; a read when its response is taken.
  assign ready_o = open_i && (!request_q || write_o) && !fetch_q && !response_q;
  assign sweep_request_o = request_q && !write_q && space_o == 2'd1 && stale_i;
  assign read_o = request_q && !write_q && !sweep_request_o && quiet_i;
  assign write_o = request_q && write_q && quiet_i;
  assign busy_o = request_q || fetch_q;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      request_q <= 1'b0;
      fetch_q <= 1'b0;
      response_q <= 1'b0;
    end else begin
      if (valid_i && ready_o) request_q <= 1'b1;
      else if (write_o || read_o) request_q <= 1'b0;
      fetch_q <= read_o;
      if (fetch_q) response_q <= 1'b1;
      else if (ready_i) response_q <= 1'b0;
    end
    if (valid_i && ready_o) begin
      write_q <= write_i;
      address_q <= address_i;
      write_data_q <= data_i;
    end
    if (fetch_q) data_o <= data_in_i;
  end

  assign {space_o, lane_o, word_o} = address_q;
  assign data_out_o = write_data_q;
  assign valid_o = response_q;
endmodule

`default_nettype wire
