// Makes spikes of probabilities, in every step anew: a feature of p spikes where the top 8 bits of the random state, which
// advances once for each feature that may spike, are below p. Keeps the features that may, of two samples; encodes a sample
// when it is complete and gives a feature a cycle, with the end of every step.

`default_nettype none

module grapes_encoder #(
  parameter int INPUTS = 784,
  parameter int STEPS = 8,
  parameter int COLUMN_BITS = 10,
  parameter logic [31:0] SEED = 32'd1
) (
  input  wire logic                   clk_i,
  input  wire logic                   rst_i,
  // features come
  input  wire logic                   valid_i,
  input  wire logic [7:0]             feature_i,
  input  wire logic [COLUMN_BITS-1:0] column_i,
  input  wire logic                   last_i,
  // spikes go
  input  wire logic                   ready_i,
  output      logic                   valid_o,
  // no feature: the step ends
  output      logic                   end_o,
  output      logic                   spike_o,
  output      logic [COLUMN_BITS-1:0] column_o,
  output      logic                   last_o,
  // the memory port
  input  wire logic                   load_i,
  input  wire logic [31:0]            load_state_i,
  output      logic [31:0]            state_o
);
  localparam int COUNT_BITS = $clog2(INPUTS + 1);
  localparam int ADDRESS_BITS = $clog2(2 * INPUTS);
  localparam int STEP_BITS = STEPS > 1 ? $clog2(STEPS) : 1;
  localparam logic [ADDRESS_BITS-1:0] SECOND = ADDRESS_BITS'(INPUTS);

  // ---- the two samples

  logic fill_q;
  logic work_q;
  logic [1:0] complete_q;
  logic [COUNT_BITS-1:0] filled_q;
  wire [COUNT_BITS-1:0] count[2];
  wire keeps = valid_i && feature_i != '0;
  wire over;
  for (genvar s = 0; s < 2; s++) begin : g_side
    logic [COUNT_BITS-1:0] count_q;
    wire mine = fill_q == (s == 1);
    always_ff @(posedge clk_i) begin
      if (rst_i) complete_q[s] <= 1'b0;
      else if (valid_i && last_i && mine) complete_q[s] <= 1'b1;
      else if (over && work_q == (s == 1)) complete_q[s] <= 1'b0;
      if (valid_i && last_i && mine) count_q <= filled_q + COUNT_BITS'(keeps);
    end
    assign count[s] = count_q;
  end
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      fill_q <= 1'b0;
      work_q <= 1'b0;
      filled_q <= '0;
    end else begin
      if (valid_i) filled_q <= last_i ? '0 : filled_q + COUNT_BITS'(keeps);
      fill_q <= fill_q ^ (valid_i && last_i);
      work_q <= work_q ^ over;
    end
  end

  // ---- the list of the sample in work, once for each step

  logic running_q;
  logic [STEP_BITS-1:0] step_q;
  logic [COUNT_BITS-1:0] entry_q;
  wire step_last = step_q == STEP_BITS'(STEPS - 1);
  assign end_o = entry_q == count[work_q];
  assign valid_o = running_q;
  assign last_o = end_o && step_last;
  wire moves = running_q && ready_i;
  assign over = moves && last_o;
  wire begins = !running_q && complete_q[work_q];

  wire [COUNT_BITS-1:0] entry_d = begins || (moves && end_o) ? '0 : entry_q + COUNT_BITS'(moves);
  wire [7:0] probability;
  grapes_ram #(
    .DEPTH(2 * INPUTS),
    .BITS(8 + COLUMN_BITS),
    .ADDRESS_BITS(ADDRESS_BITS)
  ) features (
    .clk_i,
    .read_i(begins || moves),
    .read_address_i((work_q ? SECOND : '0) + ADDRESS_BITS'(entry_d)),
    .read_data_o({probability, column_o}),
    .write_i(keeps),
    .write_address_i((fill_q ? SECOND : '0) + ADDRESS_BITS'(filled_q)),
    .write_data_i({feature_i, column_i})
  );
  always_ff @(posedge clk_i) begin
    if (rst_i || over) running_q <= 1'b0;
    else if (begins) running_q <= 1'b1;
    if (begins) step_q <= '0;
    else if (moves && end_o) step_q <= step_q + 1'b1;
    entry_q <= entry_d;
  end

  logic [31:0] state_q;
  wire [31:0] drawn;
  grapes_xorshift xorshift (
    .state_i(state_q),
    .state_o(drawn)
  );
  assign spike_o = drawn[31:24] < probability;
  always_ff @(posedge clk_i) begin
    if (rst_i) state_q <= SEED;
    else if (load_i) state_q <= load_state_i;
    else if (moves && !end_o) state_q <= drawn;
  end
  assign state_o = state_q;
endmodule

`default_nettype wire
