// The memory port: every request accepted is served once, in order, with its own address and data; a read's answer is
// what the memory gave for it, and holds until it is taken. No request comes in while another waits, nor while samples
// are in the core; nothing is served before the core is quiet, no strength before it was recounted.
module port_proof (
  input logic clk,
  input logic reset_any,
  input logic open,
  input logic quiet,
  input logic valid,
  input logic write_request,
  input logic [1:0] space,
  input logic [1:0] word,
  input logic [1:0] data,
  input logic ready_any,
  input logic stale,
  input logic [1:0] memory
);
  logic begun = 0;
  always @(posedge clk) begun <= 1;
  wire reset = reset_any || !begun;

  logic ready, answer, sweep, busy, read, write;
  logic [1:0] space_shown;
  logic [9:0] lane_shown;
  logic [19:0] word_shown;
  logic [31:0] answer_data, data_shown;
  grapes_port dut (
    .clk_i(clk), .rst_i(reset), .open_i(open), .quiet_i(quiet), .valid_i(valid), .ready_o(ready),
    .write_i(write_request), .address_i({space, 10'd5, 18'd0, word}), .data_i({30'd0, data}), .valid_o(answer),
    .ready_i(ready_any), .data_o(answer_data), .stale_i(stale), .sweep_request_o(sweep), .busy_o(busy), .read_o(read),
    .write_o(write), .space_o(space_shown), .lane_o(lane_shown), .word_o(word_shown), .data_out_o(data_shown),
    .data_in_i({30'd0, memory})
  );

  // the request that waits, the read under way, the answer to give
  logic waiting = 0, fetching = 0, answering = 0;
  logic was_write;
  logic [5:0] request;
  logic [1:0] wanted;
  wire accept = valid && ready;
  always @(posedge clk) begin
    if (reset) {waiting, fetching, answering} <= 0;
    else begin
      waiting <= accept || (waiting && !read && !write);
      fetching <= read;
      answering <= fetching || (answering && !ready_any);
    end
    if (accept) begin
      was_write <= write_request;
      request <= {space, word, data};
    end
    if (fetching) wanted <= memory;
  end

  always_comb if (!reset) begin
    if (accept) assert (open && (!waiting || write) && !fetching && !answering);
    if (read || write) begin
      assert (waiting && quiet && write == was_write && read == !was_write);
      assert ({space_shown, word_shown[1:0], data_shown[1:0]} == request && lane_shown == 5 && word_shown[19:2] == 0);
    end
    if (read && space_shown == 1) assert (!stale);
    // a request waits for nothing else
    if (waiting && quiet) assert (read || write || (sweep && stale));
    assert (answer == answering && busy == (waiting || fetching));
    if (answer) assert (answer_data == wanted);
  end
endmodule
