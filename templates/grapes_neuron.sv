// One row of every group over the steps of a sample: what its cell keeps, its values, its errors, its strength.
//
// Forward: with cell_i the cell takes rounded_i and gives the value of that step, which is kept with the steps in which it
// was not 0 and with their sum. Back: carry_i begins a step, in which an error is what the later step left of it, plus
// the gain where the top layer's was made before; what comes with gain_write_i is added where it belongs.
// An error that is read in s1 is there in s2; so is a value whose address comes in s0, in s1.

`default_nettype none

module grapes_neuron #(
  parameter int WEIGHT_BITS = 8,
  parameter int ACTIVATION_BITS = 8,
  parameter int X_BITS = 8,
  parameter int ERROR_BITS = 8,
  parameter int GRADIENT_BITS = 8,
  parameter int ROUNDED_BITS = 18,
  parameter int STRENGTH_BITS = 17,
  parameter int ALIGN_BITS = 1,
  parameter int ALIGN_MAX = 0,
  parameter int STEPS = 4,
  parameter int STEP_BITS = 2,
  parameter int SLOTS = 9,
  parameter int SLOT_BITS = 4,
  parameter int HIDDEN_SLOTS = 8,
  parameter int HIDDEN_SLOT_BITS = 3,
  parameter int TOP_SLOT = 4,
  parameter int TOP_SLOTS = 4,
  parameter int FIRST_SLOTS = 4,
  // of a value, or an error, in a step
  parameter int MOMENTS = 33,
  parameter int MOMENT_BITS = 6,
  parameter int DECAY_SHIFT = 3,
  // some layer spikes; some layer does not
  parameter bit SPIKES = 1'b1,
  parameter bit VALUES = 1'b0,
  // the input is the same at every step, the first layer's update takes the sum of its errors
  parameter bit CONSTANT = 1'b1,
  // the top layer's gains are made once
  parameter bit GAINS = 1'b1,
  parameter bit GRAPES = 1'b1,
  // errors without factors beside the others; which the layer below sees
  parameter bit SPLIT = 1'b0,
  localparam int GAIN_BITS = ERROR_BITS + 2
) (
  input  wire logic                              clk_i,
  // the cell
  input  wire logic                              cell_i,
  input  wire logic [1:0]                        cell_kind_i,
  input  wire logic                              cell_first_i,
  input  wire logic [STEP_BITS-1:0]              cell_step_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0]       cell_slot_i,
  input  wire logic [MOMENT_BITS-1:0]            cell_moment_i,
  input  wire logic                              cell_exists_i,
  input  wire logic signed [ROUNDED_BITS-1:0]    rounded_i,
  output      logic signed [ACTIVATION_BITS-1:0] cell_value_o,
  output      logic                              cell_nonzero_o,
  output      logic                              cell_open_o,
  output      logic                              cell_saturated_o,
  // a column: the steps in which its value is not 0
  input  wire logic [HIDDEN_SLOT_BITS-1:0]       column_slot_i,
  output      logic [STEPS-1:0]                  column_steps_o,
  // its value in a step, or the sum over the steps
  input  wire logic                              value_read_s0_i,
  input  wire logic [MOMENT_BITS-1:0]            value_moment_s0_i,
  input  wire logic                              value_sum_s1_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0]       value_slot_s1_i,
  output      logic signed [X_BITS-1:0]          value_s1_o,
  // errors
  input  wire logic                              error_read_s1_i,
  input  wire logic [MOMENT_BITS-1:0]            error_moment_s1_i,
  input  wire logic [SLOT_BITS-1:0]              error_slot_s1_i,
  input  wire logic                              error_plain_s1_i,
  input  wire logic                              error_sum_s1_i,
  output      logic signed [ERROR_BITS-1:0]      error_s2_o,
  output      logic signed [GRADIENT_BITS-1:0]   gradient_s2_o,
  // some error of the row is not 0
  output      logic                              learns_s2_o,
  // a step back begins
  input  wire logic                              carry_i,
  input  wire logic                              carry_first_i,
  input  wire logic                              carry_leaks_i,
  input  wire logic                              carry_top_i,
  input  wire logic                              carry_flush_i,
  input  wire logic                              carry_open_i,
  input  wire logic                              carry_nonzero_i,
  // errors of a slot's row: a gain, or (output_i) an error of the output layer as it is
  input  wire logic                              gain_write_i,
  input  wire logic                              gain_top_i,
  input  wire logic                              output_i,
  input  wire logic signed [GAIN_BITS-1:0]       gain_i,
  input  wire logic signed [GAIN_BITS-1:0]       plain_gain_i,
  // of both: where
  input  wire logic [SLOT_BITS-1:0]              write_slot_i,
  input  wire logic [MOMENT_BITS-1:0]            write_moment_i,
  output      logic signed [ERROR_BITS-1:0]      written_o,
  output      logic                              error_saturated_o,
  // the row has no error yet
  input  wire logic                              clear_i,
  input  wire logic [SLOT_BITS-1:0]              clear_slot_i,
  // strength
  input  wire logic                              move_s5_i,
  input  wire logic                              restart_s5_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0]       slot_s5_i,
  input  wire logic [ALIGN_BITS-1:0]             align_s5_i,
  input  wire logic signed [WEIGHT_BITS-1:0]     new_s5_i,
  input  wire logic signed [WEIGHT_BITS-1:0]     old_s5_i,
  input  wire logic [HIDDEN_SLOT_BITS-1:0]       strength_slot_i,
  output      logic [STRENGTH_BITS-1:0]          strength_o
);
  // ---- the cell

  wire signed [ACTIVATION_BITS-1:0] membrane;
  wire nonzero, opened;
  grapes_cell #(
    .ACTIVATION_BITS(ACTIVATION_BITS),
    .ROUNDED_BITS(ROUNDED_BITS),
    .DECAY_SHIFT(DECAY_SHIFT),
    .SPIKES(SPIKES)
  ) neuron_cell (
    .kind_i(cell_kind_i),
    .first_i(cell_first_i),
    .sum_i(rounded_i),
    .membrane_i(membrane),
    .value_o(cell_value_o),
    .nonzero_o(nonzero),
    .open_o(opened),
    .saturated_o(cell_saturated_o)
  );
  assign cell_nonzero_o = nonzero && cell_exists_i;
  assign cell_open_o = opened && cell_exists_i;

  if (SPIKES) begin : g_membrane
    wire [ACTIVATION_BITS-1:0] kept;
    grapes_slots #(
      .DEPTH(HIDDEN_SLOTS),
      .BITS(ACTIVATION_BITS),
      .ADDRESS_BITS(HIDDEN_SLOT_BITS)
    ) membranes (
      .clk_i,
      .read_address_i(cell_slot_i),
      .read_data_o(kept),
      .write_i(cell_i),
      .write_address_i(cell_slot_i),
      .write_data_i(cell_value_o)
    );
    assign membrane = $signed(kept);
  end else begin : g_no_membrane
    assign membrane = '0;
  end

  // ---- values: the steps in which they are not 0, their sum, themselves

  wire spike = SPIKES && cell_kind_i == 2'd2;
  wire signed [X_BITS-1:0] value = spike ? X_BITS'($signed({1'b0, nonzero})) : X_BITS'(cell_value_o);

  wire [STEPS-1:0] steps;
  wire [STEPS-1:0] step_mask = STEPS'(nonzero) << cell_step_i;
  grapes_slots #(
    .DEPTH(HIDDEN_SLOTS),
    .BITS(STEPS),
    .ADDRESS_BITS(HIDDEN_SLOT_BITS)
  ) steps_of_rows (
    .clk_i,
    .read_address_i(cell_i ? cell_slot_i : column_slot_i),
    .read_data_o(steps),
    .write_i(cell_i),
    .write_address_i(cell_slot_i),
    .write_data_i((cell_first_i ? '0 : steps) | step_mask)
  );
  assign column_steps_o = steps;

  wire [X_BITS-1:0] sum;
  grapes_slots #(
    .DEPTH(HIDDEN_SLOTS),
    .BITS(X_BITS),
    .ADDRESS_BITS(HIDDEN_SLOT_BITS)
  ) sums (
    .clk_i,
    .read_address_i(cell_i ? cell_slot_i : value_slot_s1_i),
    .read_data_o(sum),
    .write_i(cell_i),
    .write_address_i(cell_slot_i),
    .write_data_i((cell_first_i ? '0 : sum) + value)
  );

  if (VALUES) begin : g_values
    localparam int VALUE_BITS = ACTIVATION_BITS;
    localparam int DEPTH = STEPS * HIDDEN_SLOTS;
    localparam int DEPTH_BITS = DEPTH > 1 ? $clog2(DEPTH) : 1;
    wire unused_moments = ^{value_moment_s0_i, cell_moment_i};
    wire [VALUE_BITS-1:0] kept;
    grapes_ram #(
      .DEPTH(DEPTH),
      .BITS(VALUE_BITS),
      .ADDRESS_BITS(DEPTH_BITS)
    ) values (
      .clk_i,
      .read_i(value_read_s0_i),
      .read_address_i(DEPTH_BITS'(value_moment_s0_i)),
      .read_data_o(kept),
      .write_i(cell_i),
      .write_address_i(DEPTH_BITS'(cell_moment_i)),
      .write_data_i(value[VALUE_BITS-1:0])
    );
    assign value_s1_o = value_sum_s1_i ? $signed(sum) : X_BITS'($signed(kept));
  end else begin : g_spikes_only
    assign value_s1_o = value_sum_s1_i ? $signed(sum) : X_BITS'(1);
    wire unused_values = ^{value_read_s0_i, value_moment_s0_i, cell_moment_i};
  end

  // ---- errors

  wire signed [ERROR_BITS-1:0] delta_s2, current;
  grapes_carry #(
    .ERROR_BITS(ERROR_BITS),
    .SLOT_BITS(SLOT_BITS),
    .HIDDEN_SLOTS(HIDDEN_SLOTS),
    .HIDDEN_SLOT_BITS(HIDDEN_SLOT_BITS),
    .TOP_SLOT(TOP_SLOT),
    .TOP_SLOTS(TOP_SLOTS),
    .MOMENTS(MOMENTS),
    .MOMENT_BITS(MOMENT_BITS),
    .DECAY_SHIFT(DECAY_SHIFT),
    .KEEPS(SPIKES || CONSTANT),
    .GAINS(GAINS)
  ) with_factors (
    .clk_i,
    .read_s1_i(error_read_s1_i),
    .moment_s1_i(error_moment_s1_i),
    .error_s2_o(delta_s2),
    .carry_i,
    .first_i(carry_first_i),
    .leaks_i(carry_leaks_i),
    .top_i(carry_top_i),
    .flush_i(carry_flush_i),
    .open_i(carry_open_i),
    .nonzero_i(carry_nonzero_i),
    .gain_write_i,
    .gain_top_i,
    .output_i,
    .gain_i,
    .slot_i(write_slot_i),
    .moment_i(write_moment_i),
    .current_o(current),
    .written_o,
    .saturated_o(error_saturated_o)
  );
  if (SPLIT) begin : g_plain
    wire signed [ERROR_BITS-1:0] plain_s2;
    wire signed [ERROR_BITS-1:0] unused_current, unused_written;
    wire unused_saturated;
    grapes_carry #(
      .ERROR_BITS(ERROR_BITS),
      .SLOT_BITS(SLOT_BITS),
      .HIDDEN_SLOTS(HIDDEN_SLOTS),
      .HIDDEN_SLOT_BITS(HIDDEN_SLOT_BITS),
      .TOP_SLOT(TOP_SLOT),
      .TOP_SLOTS(TOP_SLOTS),
      .MOMENTS(MOMENTS),
      .MOMENT_BITS(MOMENT_BITS),
      .DECAY_SHIFT(DECAY_SHIFT),
      .KEEPS(SPIKES),
      .GAINS(GAINS)
    ) without (
      .clk_i,
      .read_s1_i(error_read_s1_i),
      .moment_s1_i(error_moment_s1_i),
      .error_s2_o(plain_s2),
      .carry_i,
      .first_i(carry_first_i),
      .leaks_i(carry_leaks_i),
      .top_i(carry_top_i),
      .flush_i(carry_flush_i),
      .open_i(carry_open_i),
      .nonzero_i(carry_nonzero_i),
      .gain_write_i,
      .gain_top_i,
      .output_i,
      .gain_i(plain_gain_i),
      .slot_i(write_slot_i),
      .moment_i(write_moment_i),
      .current_o(unused_current),
      .written_o(unused_written),
      .saturated_o(unused_saturated)
    );
    logic plain_q;
    always_ff @(posedge clk_i) plain_q <= error_plain_s1_i;
    assign error_s2_o = plain_q ? plain_s2 : delta_s2;
  end else begin : g_same
    assign error_s2_o = delta_s2;
    wire unused_plain = ^{error_plain_s1_i, plain_gain_i};
  end

  // ---- the update's errors: those of a step, or the sum over all steps

  if (CONSTANT) begin : g_constant
    localparam int FIRST_BITS = FIRST_SLOTS > 1 ? $clog2(FIRST_SLOTS) : 1;
    wire [GRADIENT_BITS-1:0] total;
    wire [FIRST_BITS-1:0] slot = FIRST_BITS'(carry_i ? write_slot_i : error_slot_s1_i);
    wire [GRADIENT_BITS-1:0] seen = carry_first_i ? '0 : total + GRADIENT_BITS'(current);
    grapes_slots #(
      .DEPTH(FIRST_SLOTS),
      .BITS(GRADIENT_BITS),
      .ADDRESS_BITS(FIRST_BITS)
    ) totals (
      .clk_i,
      .read_address_i(slot),
      .read_data_o(total),
      .write_i(carry_i && write_slot_i < SLOT_BITS'(FIRST_SLOTS)),
      .write_address_i(slot),
      .write_data_i(seen)
    );
    logic [GRADIENT_BITS-1:0] total_s2;
    logic sum_s2;
    always_ff @(posedge clk_i) begin
      total_s2 <= total;
      sum_s2 <= error_sum_s1_i;
    end
    assign gradient_s2_o = sum_s2 ? total_s2 : GRADIENT_BITS'(delta_s2);
  end else begin : g_no_constant
    assign gradient_s2_o = GRADIENT_BITS'(delta_s2);
    wire unused_sum = ^{error_sum_s1_i, current, carry_first_i};
  end

  // A row learns if any of its errors is not 0. What a later step left of one is one: a gain that is not 0 tells.
  wire learns;
  wire [SLOT_BITS-1:0] learns_slot = clear_i ? clear_slot_i : write_slot_i;
  grapes_slots #(
    .DEPTH(SLOTS),
    .BITS(1),
    .ADDRESS_BITS(SLOT_BITS)
  ) learning (
    .clk_i,
    .read_address_i(error_slot_s1_i),
    .read_data_o(learns),
    .write_i(clear_i || ((gain_write_i || output_i) && gain_i != '0)),
    .write_address_i(learns_slot),
    .write_data_i(!clear_i)
  );
  logic learns_q;
  always_ff @(posedge clk_i) learns_q <= learns;
  assign learns_s2_o = learns_q;

  // ---- strength

  if (GRAPES) begin : g_strength
    localparam int MOVE_BITS = WEIGHT_BITS + ALIGN_MAX;
    grapes_strength #(
      .WEIGHT_BITS(MOVE_BITS),
      .STRENGTH_BITS(STRENGTH_BITS),
      .SLOTS(HIDDEN_SLOTS),
      .SLOT_BITS(HIDDEN_SLOT_BITS)
    ) strength (
      .clk_i,
      .read_slot_i(strength_slot_i),
      .strength_o,
      .move_i(move_s5_i),
      .restart_i(restart_s5_i),
      .move_slot_i(slot_s5_i),
      .new_i(MOVE_BITS'(new_s5_i) <<< align_s5_i),
      .old_i(MOVE_BITS'(old_s5_i) <<< align_s5_i)
    );
  end else begin : g_no_strength
    assign strength_o = '0;
    wire unused_strength = ^{move_s5_i, restart_s5_i, slot_s5_i, align_s5_i, new_s5_i, old_s5_i, strength_slot_i};
  end
endmodule

`default_nettype wire
