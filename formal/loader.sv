// The loader neither loses nor invents a feature, never writes past its half of the list, keeps an entry's place, and
// does not touch the sample in work: five features, two a beat, any gaps, any releases.
module loader_proof (
  input logic clk,
  input logic valid,
  input logic release_any,
  input logic [31:0] data
);
  localparam int INPUTS = 5;
  logic reset = 1;
  always @(posedge clk) reset <= 0;

  logic ready, write, present, next_present, complete, empty;
  logic [3:0] address, base;
  logic [6:0] entry;
  logic [2:0] count;
  logic label, train;
  logic [4:0] rate;
  // The sequencer releases a sample that is complete.
  wire release_now = release_any && present && complete;
  grapes_loader #(
    .INPUTS(INPUTS), .FEATURES(2), .ACTIVATION_BITS(4), .COLUMN_BITS(3), .COUNT_BITS(3), .LABEL_BITS(1), .LIST_BITS(4)
  ) dut (
    .clk_i(clk), .rst_i(reset), .hold_i(1'b0), .valid_i(valid), .ready_o(ready), .data_i(data), .label_i(1'b0),
    .train_i(1'b1), .rate_i(5'd7), .write_o(write), .write_address_o(address), .write_entry_o(entry),
    .release_i(release_now), .present_o(present), .next_present_o(next_present), .base_o(base), .count_o(count),
    .complete_o(complete), .label_o(label), .train_o(train), .rate_o(rate), .empty_o(empty)
  );

  // Features not zero of every sample, in the order of loading, two samples back.
  logic [1:0] beat = 0;
  logic side = 0;
  logic work = 0;
  logic [2:0] expected0 = 0, expected1 = 0;
  wire last = beat == 2;
  wire [1:0] used = {data[7:4] != 0 && !last, data[3:0] != 0};
  wire [2:0] more = used[0] + used[1];
  wire accept = valid && ready && !reset;
  always @(posedge clk) begin
    if (accept) begin
      beat <= last ? 0 : beat + 1;
      if (side) expected1 <= (beat == 0 ? 0 : expected1) + more;
      else expected0 <= (beat == 0 ? 0 : expected0) + more;
      if (last) side <= !side;
    end
    if (release_now && !reset) work <= !work;
  end

  always @(posedge clk) begin
    if (!reset) begin
      // complete: all of the sample's features, no more
      if (present && complete) assert (count == (work ? expected1 : expected0));
      if (present) assert (count <= INPUTS);
      // the write port stays in its half, and out of the half in work once that is complete
      if (write) assert (address < 2 * INPUTS);
      if (write && present && complete) assert (work ? address < INPUTS : address >= INPUTS);
      if (write) assert (entry[6:3] != 0 && entry[2:0] < INPUTS);
    end
  end
endmodule
