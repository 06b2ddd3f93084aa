// Carries the core's ports over two byte streams, for boards with few pins or a serial link.
//
// in:  a command byte, then its arguments, least byte first:
//        0 read   address (4 bytes)
//        1 write  address (4), data (4)
//        2 infer  rate (1), label (2), BEATS beats (4 each)
//        3 train  the same
// out: a word of 4 bytes for each read: its data; and for each logit of a sample: logit (2), prediction (15 bits) and
//      whether it is the sample's last (the highest bit). They come in the order of their commands.
// Both are valid/ready; a byte is taken in one cycle. A command waits until the core takes it.

`default_nettype none

module grapes_bytes #(
  parameter int BEATS = 196,
  parameter int LABEL_BITS = 4
) (
  input  wire logic                  clk_i,
  input  wire logic                  rst_i,
  input  wire logic                  in_valid_i,
  output      logic                  in_ready_o,
  input  wire logic [7:0]            in_data_i,
  output      logic                  out_valid_o,
  input  wire logic                  out_ready_i,
  output      logic [7:0]            out_data_o,
  // the core's ports, from the other side
  output      logic                  sample_valid_o,
  input  wire logic                  sample_ready_i,
  output      logic [31:0]           sample_data_o,
  output      logic [LABEL_BITS-1:0] sample_label_o,
  output      logic                  sample_train_o,
  output      logic [4:0]            sample_rate_o,
  input  wire logic                  result_valid_i,
  output      logic                  result_ready_o,
  input  wire logic [LABEL_BITS-1:0] result_prediction_i,
  input  wire logic [15:0]           result_logit_i,
  input  wire logic                  result_last_i,
  output      logic                  memory_valid_o,
  input  wire logic                  memory_ready_i,
  output      logic                  memory_write_o,
  output      logic [31:0]           memory_address_o,
  output      logic [31:0]           memory_data_o,
  input  wire logic                  memory_valid_i,
  output      logic                  memory_ready_o,
  input  wire logic [31:0]           memory_data_i
);
  localparam int BEAT_BITS = BEATS > 1 ? $clog2(BEATS) : 1;

  localparam logic [2:0] COMMAND = 3'd0;
  localparam logic [2:0] ADDRESS = 3'd1;
  localparam logic [2:0] DATA = 3'd2;
  localparam logic [2:0] REQUEST = 3'd3;
  localparam logic [2:0] HEADER = 3'd4;
  localparam logic [2:0] BEAT = 3'd5;
  localparam logic [2:0] OFFER = 3'd6;

  // ---- in

  logic [2:0] state_q;
  logic [1:0] byte_q;
  logic [BEAT_BITS-1:0] beat_q;
  logic set_q;
  wire take = in_valid_i && in_ready_o;
  wire word_last = byte_q == 2'd3;
  wire beat_last = beat_q == BEAT_BITS'(BEATS - 1);
  assign in_ready_o = state_q != REQUEST && state_q != OFFER;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= COMMAND;
      byte_q <= '0;
      beat_q <= '0;
    end else begin
      case (state_q)
        COMMAND: if (take) state_q <= in_data_i[1] ? HEADER : ADDRESS;
        ADDRESS: if (take && word_last) state_q <= set_q ? DATA : REQUEST;
        DATA: if (take && word_last) state_q <= REQUEST;
        REQUEST: if (memory_ready_i) state_q <= COMMAND;
        HEADER: if (take && byte_q == 2'd2) state_q <= BEAT;
        BEAT: if (take && word_last) state_q <= OFFER;
        default: if (sample_ready_i) begin
          state_q <= beat_last ? COMMAND : BEAT;
          beat_q <= beat_last ? '0 : beat_q + 1'b1;
        end
      endcase
      if (take) byte_q <= state_q == COMMAND || (state_q == HEADER && byte_q == 2'd2) ? '0 : byte_q + 1'b1;
    end
  end

  // What sets a write apart from a read, and training from inference.
  always_ff @(posedge clk_i) if (take && state_q == COMMAND) set_q <= in_data_i[0];
  assign memory_write_o = set_q;
  assign sample_train_o = set_q;

  // Data and beats share a word: they are never under way at once.
  logic [31:0] address_q;
  logic [31:0] word_q;
  logic [15:0] label_q;
  always_ff @(posedge clk_i) begin
    if (take && state_q == ADDRESS) address_q[byte_q*8+:8] <= in_data_i;
    if (take && state_q != ADDRESS) word_q[byte_q*8+:8] <= in_data_i;
    if (take && state_q == HEADER) begin
      if (byte_q == 2'd0) sample_rate_o <= in_data_i[4:0];
      if (byte_q == 2'd1) label_q[7:0] <= in_data_i;
      if (byte_q == 2'd2) label_q[15:8] <= in_data_i;
    end
  end
  assign memory_valid_o = state_q == REQUEST;
  assign memory_address_o = address_q;
  assign memory_data_o = word_q;
  assign sample_valid_o = state_q == OFFER;
  assign sample_data_o = word_q;
  assign sample_label_o = label_q[LABEL_BITS-1:0];
  wire unused_label = ^label_q;

  // ---- out

  logic [31:0] out_q;
  logic [2:0] left_q;
  wire free = left_q == '0;
  wire load = result_valid_i || memory_valid_i;
  assign result_ready_o = free;
  // A sample's logits are all there before its step is over, and only then a read is answered.
  assign memory_ready_o = free && !result_valid_i;
  always_ff @(posedge clk_i) begin
    if (rst_i) left_q <= '0;
    else if (free) left_q <= load ? 3'd4 : '0;
    else if (out_ready_i) left_q <= left_q - 1'b1;
    if (free) out_q <= result_valid_i ? {result_last_i, 15'(result_prediction_i), result_logit_i} : memory_data_i;
    else if (out_ready_i) out_q <= {8'd0, out_q[31:8]};
  end
  assign out_valid_o = !free;
  assign out_data_o = out_q[7:0];
endmodule

`default_nettype wire
