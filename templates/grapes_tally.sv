// What a core in time counts: samples, busy cycles, and for every layer the values and errors that saturated, many a cycle.
// All wrap at 2^32.

`default_nettype none

module grapes_tally #(
  parameter int LAYERS = 3,
  parameter int LAYER_BITS = 2,
  parameter int ROWS = 64,
  parameter int EVENT_BITS = 7
) (
  input  wire logic                  clk_i,
  input  wire logic                  rst_i,
  input  wire logic                  sample_i,
  input  wire logic                  busy_i,
  input  wire logic [ROWS-1:0]       values_i,
  input  wire logic [LAYER_BITS-1:0] values_layer_i,
  input  wire logic [ROWS-1:0]       errors_i,
  input  wire logic [LAYER_BITS-1:0] errors_layer_i,
  // 0 samples, 1 cycles, 2 + 2l and 3 + 2l values and errors of layer l (from 0)
  input  wire logic [19:0]           index_i,
  output      logic [31:0]           count_o
);
  localparam int COUNTERS = 2 + 2 * LAYERS;
  localparam int INDEX_BITS = $clog2(COUNTERS);

  logic [EVENT_BITS-1:0] values, errors;
  always_comb begin
    values = '0;
    errors = '0;
    for (int k = 0; k < ROWS; k++) begin
      values = values + EVENT_BITS'(values_i[k]);
      errors = errors + EVENT_BITS'(errors_i[k]);
    end
  end

  wire [EVENT_BITS-1:0] step[COUNTERS];
  assign step[0] = EVENT_BITS'(sample_i);
  assign step[1] = EVENT_BITS'(busy_i);
  for (genvar l = 0; l < LAYERS; l++) begin : g_layer
    assign step[2+2*l] = values_layer_i == LAYER_BITS'(l) ? values : '0;
    assign step[3+2*l] = errors_layer_i == LAYER_BITS'(l) ? errors : '0;
  end
  wire [31:0] count[COUNTERS];
  for (genvar c = 0; c < COUNTERS; c++) begin : g_counter
    logic [EVENT_BITS-1:0] step_q;
    logic [31:0] count_q;
    always_ff @(posedge clk_i) begin
      step_q <= rst_i ? '0 : step[c];
      count_q <= rst_i ? '0 : count_q + 32'(step_q);
    end
    assign count[c] = count_q;
  end
  assign count_o = index_i < 20'(COUNTERS) ? count[INDEX_BITS'(index_i)] : '0;
endmodule

`default_nettype wire
