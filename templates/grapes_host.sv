// The host's side: samples come in through the loader, memories are reached through the port while no sample is in the
// core, and what the core counts can be read. Results leave from grapes_divisions.

`default_nettype none

module grapes_host #(
  parameter int LAYERS = 3,
  parameter int LANES = 32,
  parameter int INPUTS = 784,
  parameter int FEATURES_PER_BEAT = 4,
  parameter int LAYER_BITS = 2,
  parameter int LANE_BITS = 5,
  parameter int LABEL_BITS = 4,
  parameter int WEIGHT_BITS = 8,
  parameter int ACTIVATION_BITS = 8,
  parameter int STRENGTH_BITS = 17,
  parameter int COLUMN_BITS = 10,
  parameter int COUNT_BITS = 10,
  parameter int ROWS_BITS = 7,
  parameter int ADDRESS_BITS = 13,
  parameter int HIDDEN_SLOTS = 8,
  parameter int HIDDEN_SLOT_BITS = 3,
  parameter int INPUT_LIST_BITS = 11,
  parameter bit GRAPES = 1'b1,
  // tables, layer 0 in the low bits
  parameter logic [LAYERS*COUNT_BITS-1:0] INPUT_COUNTS = '0,
  parameter logic [LAYERS*ADDRESS_BITS-1:0] ENDS = '0,
  parameter logic [LAYERS*ROWS_BITS-1:0] LAST_ROWS = '0,
  parameter logic [LAYERS-1:0] SPREADS = '0
) (
  input  wire logic                                   clk_i,
  input  wire logic                                   rst_i,
  // samples
  input  wire logic                                   sample_valid_i,
  output      logic                                   sample_ready_o,
  input  wire logic [31:0]                            sample_data_i,
  input  wire logic [LABEL_BITS-1:0]                  sample_label_i,
  input  wire logic                                   sample_train_i,
  input  wire logic [4:0]                             sample_rate_i,
  // the sample in work, and its list
  output      logic                                   sample_o,
  output      logic                                   next_sample_o,
  output      logic [LABEL_BITS-1:0]                  label_o,
  output      logic                                   train_o,
  output      logic [4:0]                             rate_o,
  output      logic                                   list_write_o,
  output      logic [INPUT_LIST_BITS-1:0]             list_address_o,
  output      logic [ACTIVATION_BITS+COLUMN_BITS-1:0] list_entry_o,
  output      logic [INPUT_LIST_BITS-1:0]             list_base_o,
  output      logic [COUNT_BITS-1:0]                  list_count_o,
  output      logic                                   list_complete_o,
  input  wire logic                                   release_i,
  // the memory port
  input  wire logic                                   memory_valid_i,
  output      logic                                   memory_ready_o,
  input  wire logic                                   memory_write_i,
  input  wire logic [31:0]                            memory_address_i,
  input  wire logic [31:0]                            memory_data_i,
  output      logic                                   memory_valid_o,
  input  wire logic                                   memory_ready_i,
  output      logic [31:0]                            memory_data_o,
  // what the core is at
  input  wire logic                                   core_idle_i,
  input  wire logic                                   updates_any_i,
  input  wire logic                                   scanning_i,
  input  wire logic                                   swept_i,
  output      logic                                   memory_busy_o,
  output      logic                                   sweep_needed_o,
  output      logic                                   sweep_request_o,
  output      logic                                   idle_o,
  // the access: a lane's word
  output      logic                                   word_read_o,
  output      logic                                   word_write_o,
  output      logic [9:0]                             lane_o,
  output      logic [ADDRESS_BITS-1:0]                word_address_o,
  output      logic [2*WEIGHT_BITS-1:0]               word_o,
  input  wire logic [2*LANES*WEIGHT_BITS-1:0]         words_i,
  // a lane's strength
  output      logic                                   strength_half_o,
  output      logic [HIDDEN_SLOT_BITS-1:0]            strength_slot_o,
  input  wire logic [STRENGTH_BITS-1:0]               strength_i,
  // streams
  output      logic                                   stream_write_o,
  output      logic [LAYER_BITS-1:0]                  stream_layer_o,
  output      logic [31:0]                            stream_o,
  input  wire logic [31:0]                            stream_i,
  // what is counted
  input  wire logic                                   activation_saturated_i,
  input  wire logic [LAYER_BITS-1:0]                  activation_layer_i,
  input  wire logic                                   error_valid_i,
  input  wire logic                                   error_saturated_i,
  input  wire logic [LAYER_BITS-1:0]                  error_layer_i
);
  localparam int WORD_BITS = 2 * WEIGHT_BITS;

  wire no_sample;
  grapes_loader #(
    .INPUTS(INPUTS),
    .FEATURES(FEATURES_PER_BEAT),
    .ACTIVATION_BITS(ACTIVATION_BITS),
    .COLUMN_BITS(COLUMN_BITS),
    .COUNT_BITS(COUNT_BITS),
    .LABEL_BITS(LABEL_BITS),
    .LIST_BITS(INPUT_LIST_BITS)
  ) loader (
    .clk_i,
    .rst_i,
    .hold_i(memory_busy_o),
    .valid_i(sample_valid_i),
    .ready_o(sample_ready_o),
    .data_i(sample_data_i),
    .label_i(sample_label_i),
    .train_i(sample_train_i),
    .rate_i(sample_rate_i),
    .write_o(list_write_o),
    .write_address_o(list_address_o),
    .write_entry_o(list_entry_o),
    .release_i,
    .present_o(sample_o),
    .next_present_o(next_sample_o),
    .base_o(list_base_o),
    .count_o(list_count_o),
    .complete_o(list_complete_o),
    .label_o,
    .train_o,
    .rate_o,
    .empty_o(no_sample)
  );
  assign idle_o = core_idle_i && no_sample;

  // ---- the access; what no table has reads as 0, and a write of it changes nothing

  wire access_read, access_write;
  wire [1:0] space;
  wire [19:0] word;
  wire [31:0] data;
  wire [1:0] holds;
  grapes_words #(
    .LAYERS(LAYERS),
    .LANES(LANES),
    .ROWS_BITS(ROWS_BITS),
    .COUNT_BITS(COUNT_BITS),
    .ADDRESS_BITS(ADDRESS_BITS),
    .INPUT_COUNTS(INPUT_COUNTS),
    .ENDS(ENDS),
    .LAST_ROWS(LAST_ROWS),
    .SPREADS(SPREADS)
  ) table_of_words (
    .word_i(word),
    .lane_i(lane_o),
    .holds_o(holds)
  );
  wire stream_exists = lane_o == '0 && word < 20'(LAYERS);
  wire strength_exists = word[19:1] < 19'(HIDDEN_SLOTS) && 11'(lane_o) < 11'(LANES);

  assign word_read_o = access_read && space == 2'd0;
  assign word_write_o = access_write && space == 2'd0 && holds != '0;
  assign word_address_o = ADDRESS_BITS'(word);
  assign word_o = {data[16+:WEIGHT_BITS], data[0+:WEIGHT_BITS]};
  assign strength_half_o = word[0];
  assign strength_slot_o = HIDDEN_SLOT_BITS'(word >> 1);
  assign stream_write_o = access_write && space == 2'd2 && stream_exists;
  assign stream_layer_o = LAYER_BITS'(word);
  assign stream_o = data;

  // ---- the answer

  wire [WORD_BITS-1:0] lane_word[LANES];
  for (genvar p = 0; p < LANES; p++) begin : g_lane
    assign lane_word[p] = words_i[p*WORD_BITS+:WORD_BITS];
  end
  wire [LANE_BITS-1:0] lane = LANE_BITS'(lane_o);
  wire [WORD_BITS-1:0] weights = lane_word[lane];
  wire signed [WEIGHT_BITS-1:0] weight0 = holds[0] ? weights[0+:WEIGHT_BITS] : '0;
  wire signed [WEIGHT_BITS-1:0] weight1 = holds[1] ? weights[WEIGHT_BITS+:WEIGHT_BITS] : '0;
  wire [31:0] counter;
  logic [31:0] answer;
  always_comb begin
    case (space)
      2'd0: answer = {16'(weight1), 16'(weight0)};
      2'd1: answer = strength_exists ? 32'(strength_i) : '0;
      2'd2: answer = stream_exists ? stream_i : '0;
      default: answer = lane_o == '0 ? counter : '0;
    endcase
  end

  // Strengths are out of date after reset and after a weight was loaded.
  logic stale_q;
  always_ff @(posedge clk_i) begin
    if (rst_i || word_write_o) stale_q <= GRAPES;
    else if (swept_i) stale_q <= 1'b0;
  end
  assign sweep_needed_o = stale_q;

  grapes_port port (
    .clk_i,
    .rst_i,
    .open_i(no_sample),
    .quiet_i(core_idle_i && !updates_any_i && !scanning_i),
    .valid_i(memory_valid_i),
    .ready_o(memory_ready_o),
    .write_i(memory_write_i),
    .address_i(memory_address_i),
    .data_i(memory_data_i),
    .valid_o(memory_valid_o),
    .ready_i(memory_ready_i),
    .data_o(memory_data_o),
    .stale_i(stale_q),
    .sweep_request_o,
    .busy_o(memory_busy_o),
    .read_o(access_read),
    .write_o(access_write),
    .space_o(space),
    .lane_o,
    .word_o(word),
    .data_out_o(data),
    .data_in_i(answer)
  );

  grapes_counters #(
    .LAYERS(LAYERS),
    .LAYER_BITS(LAYER_BITS),
    .EVENT_BITS(1)
  ) counters (
    .clk_i,
    .rst_i,
    .sample_i(release_i),
    .busy_i(!idle_o),
    .activation_i(activation_saturated_i),
    .activation_layer_i,
    .errors_i(error_valid_i && error_saturated_i),
    .error_layer_i,
    .index_i(word),
    .count_o(counter)
  );
endmodule

`default_nettype wire
