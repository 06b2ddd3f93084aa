// The schedule: issues at most one operation a cycle to the lanes.
//
//   forward   group by group over the layer's input list, two rows a lane
//   back      layers L..2, column by column over the list, row by row over the groups: backward sum and update at once
//   both      layer 1's update, group by group over the list, two rows a lane
//   sweep     every column of every hidden layer, to recount the strengths after weights were loaded
//
// A sweep over a list follows it while it grows. What has no entry (an empty list, or one that ended after its last
// entry was issued) is closed by an operation without a value. The tables are those of layer_o.

`default_nettype none

module grapes_sequencer #(
  parameter int LAYERS = 3,
  parameter int LAYER_BITS = 2,
  parameter int COLUMN_BITS = 10,
  parameter int COUNT_BITS = 10,
  parameter int GROUP_BITS = 2,
  parameter int SLOT_BITS = 4,
  parameter int ADDRESS_BITS = 13
) (
  input  wire logic                    clk_i,
  input  wire logic                    rst_i,
  // tables
  input  wire logic [COUNT_BITS-1:0]   inputs_i,
  input  wire logic [GROUP_BITS-1:0]   last_group_i,
  input  wire logic                    spread_i,
  input  wire logic [SLOT_BITS-1:0]    first_slot_i,
  // of the layer below
  input  wire logic [SLOT_BITS-1:0]    below_slot_i,
  // the samples
  input  wire logic                    sample_i,
  input  wire logic                    next_sample_i,
  input  wire logic                    train_i,
  // the list that feeds the layer
  input  wire logic [COUNT_BITS-1:0]   count_i,
  input  wire logic                    complete_i,
  // interlocks
  input  wire logic                    memory_busy_i,
  input  wire logic                    sweep_needed_i,
  input  wire logic                    sweep_request_i,
  input  wire logic                    sums_busy_i,
  input  wire logic                    result_busy_i,
  input  wire logic                    writes_same_i,
  input  wire logic                    errors_any_i,
  input  wire logic                    errors_same_i,
  input  wire logic                    softmax_ready_i,
  // the operation
  output      logic                    forward_o,
  output      logic                    back_o,
  output      logic                    both_o,
  output      logic                    sweep_o,
  output      logic                    valued_o,
  output      logic                    first_o,
  output      logic                    last_o,
  output      logic                    close_o,
  // the operation completes its weight word's new weights
  output      logic                    write_o,
  output      logic [LAYER_BITS-1:0]   layer_o,
  output      logic [GROUP_BITS-1:0]   group_o,
  output      logic [SLOT_BITS-1:0]    slot_o,
  output      logic                    half_o,
  output      logic [COLUMN_BITS-1:0]  entry_o,
  // group_o times the layer's inputs
  output      logic [ADDRESS_BITS-1:0] offset_o,
  // the layer's stream advances with this operation: from where it was before the sample, and for good
  output      logic                    draw_o,
  output      logic                    draw_restart_o,
  output      logic                    draw_keep_o,
  // a sample begins; it is over
  output      logic                    start_o,
  output      logic                    release_o,
  output      logic                    swept_o,
  output      logic                    idle_o
);
  localparam logic [2:0] IDLE = 3'd0;
  localparam logic [2:0] SWEEP = 3'd1;
  localparam logic [2:0] FORWARD = 3'd2;
  localparam logic [2:0] SOFTMAX = 3'd3;
  localparam logic [2:0] BACK = 3'd4;

  localparam logic [LAYER_BITS-1:0] TOP = LAYER_BITS'(LAYERS - 1);
  // The last hidden layer, where there is one.
  localparam logic [LAYER_BITS-1:0] TOP_HIDDEN = LAYER_BITS'(LAYERS > 1 ? LAYERS - 2 : 0);

  logic [2:0] state_q, state_d;
  logic [LAYER_BITS-1:0] layer_q, layer_d;
  logic [GROUP_BITS-1:0] group_q, group_d;
  logic [SLOT_BITS-1:0] slot_q, slot_d;
  logic half_q, half_d;
  logic [COUNT_BITS-1:0] entry_q, entry_d;
  // always entry_q + 1
  logic [COUNT_BITS-1:0] next_q, next_d;
  logic [ADDRESS_BITS-1:0] offset_q, offset_d;

  wire group_last = group_q == last_group_i;
  wire half_last = half_q || (group_last && spread_i);
  wire entry_first = entry_q == '0;
  // An entry is never beyond the list's end.
  wire available = entry_q != count_i;
  wire exhausted = complete_i && !available;
  wire entry_last = complete_i && next_q == count_i;
  wire column_last = next_q == inputs_i;
  wire empty = count_i == '0;

  wire forward_last = available ? entry_last : exhausted;
  wire forward_wait = writes_same_i || (forward_last && (sums_busy_i || (layer_q == TOP && result_busy_i)));
  wire back_first = entry_first && group_q == '0 && !half_q;

  // Where the sweep goes after an operation that ends a group.
  logic next_group;
  logic next_entry;
  logic next_layer_up;
  logic layer_down;
  logic finish;

  always_comb begin
    forward_o = 1'b0;
    back_o = 1'b0;
    both_o = 1'b0;
    sweep_o = 1'b0;
    valued_o = available || state_q == SWEEP;
    first_o = entry_first;
    last_o = 1'b0;
    close_o = 1'b0;
    write_o = 1'b0;
    draw_o = 1'b0;
    start_o = 1'b0;
    release_o = 1'b0;
    swept_o = 1'b0;
    next_group = 1'b0;
    next_entry = 1'b0;
    next_layer_up = 1'b0;
    layer_down = 1'b0;
    finish = 1'b0;
    state_d = state_q;
    half_d = half_q;

    case (state_q)
      IDLE: begin
        if (memory_busy_i) begin
          if (sweep_request_i) state_d = SWEEP;
        end else if (sample_i) begin
          state_d = sweep_needed_i ? SWEEP : FORWARD;
          start_o = !sweep_needed_i;
        end
      end

      SWEEP: begin
        sweep_o = 1'b1;
        next_entry = !column_last;
        next_group = column_last && !group_last;
        next_layer_up = column_last && group_last && layer_q != TOP_HIDDEN;
        if (column_last && group_last && layer_q == TOP_HIDDEN) begin
          swept_o = 1'b1;
          finish = 1'b1;
          state_d = IDLE;
        end
      end

      FORWARD: begin
        if ((available || exhausted) && !forward_wait) begin
          forward_o = 1'b1;
          last_o = forward_last;
          close_o = forward_last && group_last;
          next_entry = !forward_last;
          next_group = forward_last && !group_last;
          if (close_o) begin
            if (layer_q != TOP) next_layer_up = 1'b1;
            else if (train_i) state_d = SOFTMAX;
            else begin
              release_o = 1'b1;
              finish = 1'b1;
              start_o = next_sample_i;
              state_d = next_sample_i ? FORWARD : IDLE;
            end
          end
        end
      end

      SOFTMAX: if (softmax_ready_i) state_d = BACK;

      BACK: begin
        if (layer_q != '0) begin
          if (empty) begin
            layer_down = 1'b1;
          end else if (!(back_first && errors_any_i)) begin
            back_o = 1'b1;
            half_d = !half_last;
            write_o = half_last;
            last_o = half_last && group_last;
            first_o = group_q == '0 && !half_q;
            draw_o = first_o;
            next_group = half_last && !group_last;
            next_entry = last_o && !entry_last;
            layer_down = last_o && entry_last;
          end
        end else if (empty || !(entry_first && errors_same_i)) begin
          both_o = !empty;
          write_o = !empty;
          last_o = entry_last;
          draw_o = both_o;
          next_entry = !entry_last;
          next_group = entry_last && !group_last;
          if (empty || (entry_last && group_last)) begin
            release_o = 1'b1;
            finish = 1'b1;
            start_o = next_sample_i;
            state_d = next_sample_i ? FORWARD : IDLE;
          end
        end
      end

      default: state_d = IDLE;
    endcase
  end

  assign draw_restart_o = layer_q != '0 || entry_first;
  assign draw_keep_o = layer_q != '0 || group_last;

  // Columns are the outer loop on the way back, groups elsewhere.
  wire columns_outer = state_q == BACK && layer_q != '0;
  always_comb begin
    layer_d = layer_q;
    group_d = group_q;
    slot_d = slot_q;
    entry_d = entry_q;
    next_d = next_q;
    offset_d = offset_q;
    if (next_group) begin
      group_d = group_q + 1'b1;
      slot_d = slot_q + 1'b1;
      offset_d = offset_q + ADDRESS_BITS'(inputs_i);
      if (!columns_outer) begin
        entry_d = '0;
        next_d = COUNT_BITS'(1);
      end
    end
    if (next_entry) begin
      entry_d = next_q;
      next_d = next_q + 1'b1;
      if (columns_outer) begin
        group_d = '0;
        slot_d = first_slot_i;
        offset_d = '0;
      end
    end
    if (next_layer_up || layer_down || finish || state_q == SOFTMAX) begin
      group_d = '0;
      entry_d = '0;
      next_d = COUNT_BITS'(1);
      offset_d = '0;
    end
    if (state_q == SOFTMAX) slot_d = first_slot_i;
    if (next_layer_up) begin
      layer_d = layer_q + 1'b1;
      slot_d = slot_q + 1'b1;
    end
    if (layer_down) begin
      layer_d = layer_q - 1'b1;
      slot_d = below_slot_i;
    end
    if (finish) begin
      layer_d = '0;
      slot_d = '0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      state_q <= IDLE;
      layer_q <= '0;
      group_q <= '0;
      slot_q <= '0;
      half_q <= 1'b0;
      entry_q <= '0;
      next_q <= COUNT_BITS'(1);
      offset_q <= '0;
    end else begin
      state_q <= state_d;
      layer_q <= layer_d;
      group_q <= group_d;
      slot_q <= slot_d;
      half_q <= half_d;
      entry_q <= entry_d;
      next_q <= next_d;
      offset_q <= offset_d;
    end
  end

  assign layer_o = layer_q;
  assign group_o = group_q;
  assign slot_o = slot_q;
  assign half_o = half_q;
  assign entry_o = entry_q[COLUMN_BITS-1:0];
  assign offset_o = offset_q;
  assign idle_o = state_q == IDLE;
endmodule

`default_nettype wire
