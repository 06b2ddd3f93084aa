// The loader neither loses nor invents a feature: entry `index` of a sample's list is its feature not zero number
// `index`, at its place, for as long as the sample is in work. It never writes past its half of the list, and not into
// the sample in work once that is complete. Five features, two a beat, any beats, gaps, holds and releases, for ever.
module loader_proof (
  input logic clk,
  input logic valid,
  input logic hold,
  input logic release_any,
  input logic train_next,
  input logic [31:0] data
);
  localparam int INPUTS = 5;
  logic reset = 1;
  always @(posedge clk) reset <= 0;

  logic ready, write, present, next_present, complete, none;
  logic [3:0] address, base;
  logic [4:0] entry;
  logic [2:0] count;
  logic label, train;
  logic [4:0] rate;
  // The sequencer releases a sample that is complete.
  wire release_now = release_any && present && complete && !reset;
  grapes_loader #(
    .INPUTS(INPUTS), .FEATURES(2), .ACTIVATION_BITS(2), .COLUMN_BITS(3), .COUNT_BITS(3), .LABEL_BITS(1), .LIST_BITS(4)
  ) dut (
    .clk_i(clk), .rst_i(reset), .hold_i(hold), .valid_i(valid), .ready_o(ready), .data_i(data), .label_i(1'b0),
    .train_i(train_next), .rate_i(5'd7), .write_o(write), .write_address_o(address), .write_entry_o(entry),
    .release_i(release_now), .present_o(present), .next_present_o(next_present), .base_o(base), .count_o(count),
    .complete_o(complete), .label_o(label), .train_o(train), .rate_o(rate), .empty_o(none)
  );

  // the samples as they were given
  (* anyconst *) logic [2:0] index;
  logic [1:0] beat = 0;
  logic side = 0;
  logic work = 0;
  logic [1:0] held = 0;
  logic [2:0] given[2];
  logic [4:0] wanted[2];
  logic [1:0] trained;
  wire last = beat == 2;
  wire [2:0] before = beat == 0 ? 0 : given[side];
  wire [1:0] used = {data[3:2] != 0 && !last, data[1:0] != 0};
  wire accept = valid && ready && !reset;
  // cycles since the last beat
  logic [1:0] idle = 0;
  // the list memory at that index of both halves
  logic [4:0] stored[2];
  always @(posedge clk) begin
    idle <= accept || reset ? 0 : idle == 2 ? 2 : idle + 1;
    if (accept) begin
      beat <= last ? 0 : beat + 1;
      given[side] <= before + used[0] + used[1];
      if (used[0] && before == index) wanted[side] <= {data[1:0], beat, 1'b0};
      if (used[1] && before + used[0] == index) wanted[side] <= {data[3:2], beat, 1'b1};
      if (last) side <= !side;
      if (beat == 0) trained[side] <= train_next;
      if (beat == 0) held[side] <= 1;
    end
    if (release_now) begin
      work <= !work;
      held[work] <= 0;
    end
    if (write && address == index) stored[0] <= entry;
    if (write && address == INPUTS + index) stored[1] <= entry;
  end

  always_comb begin
    assume (index < INPUTS);
    if (!reset) begin
      assert (present == held[work] && next_present == held[!work] && none == (held == 0));
      assert (base == (work ? INPUTS : 0));
      if (present) assert (count <= given[work] && train == trained[work]);
      // complete: all of the sample's features, no more
      if (present && complete) assert (count == given[work] && (side != work || beat == 0));
      if (present && index < count) assert (stored[work] == wanted[work]);
      // the write port stays in its half, and out of the half in work once that is complete
      if (write) assert (address < 2 * INPUTS);
      if (write && present && complete) assert (work ? address < INPUTS : address >= INPUTS);
      // a beat takes a cycle for each of its features at most; then the next may come, and a whole sample is complete
      if (idle == 2 && !(beat == 0 && (held[side] || hold))) assert (ready);
      if (idle == 2 && present && (side != work || beat == 0)) assert (complete);
      // a sample begins only in a free half, and not while it is held
      if (ready && beat == 0) assert (!held[side] && !hold);
    end
  end
endmodule
