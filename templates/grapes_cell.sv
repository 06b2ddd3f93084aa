// What a sum becomes in a step, and what the neuron keeps of it for the next one.
//
//   relu  x = max(0, sat(sum)); open where x > 0
//   tanh  x = sat(sum); open where it did not saturate
//   snu   s = sat(sum + k), k = 0 in the first step and after a spike, else what is left of the membrane;
//         a spike where s reaches the threshold 2^(ACTIVATION_BITS - 3); open where s is less than half of it away
//
// sum_i is rounded to the fraction of the value, or of the membrane. value_o is the membrane of an snu.
// Combinational.

`default_nettype none

module grapes_cell #(
  parameter int ACTIVATION_BITS = 8,
  parameter int ROUNDED_BITS = 18,
  parameter int DECAY_SHIFT = 3,
  // some layer spikes
  parameter bit SPIKES = 1'b1
) (
  // 0 relu, 1 tanh, 2 snu
  input  wire logic [1:0]                        kind_i,
  // the first step of a sample
  input  wire logic                              first_i,
  input  wire logic signed [ROUNDED_BITS-1:0]    sum_i,
  input  wire logic signed [ACTIVATION_BITS-1:0] membrane_i,
  output      logic signed [ACTIVATION_BITS-1:0] value_o,
  output      logic                              nonzero_o,
  output      logic                              open_o,
  output      logic                              saturated_o
);
  localparam logic [1:0] RELU = 2'd0;
  localparam logic [1:0] SNU = 2'd2;
  localparam int TOTAL_BITS = ROUNDED_BITS + 1;

  wire signed [TOTAL_BITS-1:0] total;
  wire signed [ACTIVATION_BITS-1:0] value;
  wire saturated;
  grapes_requantise #(
    .IN_BITS(TOTAL_BITS),
    .OUT_BITS(ACTIVATION_BITS)
  ) saturate (
    .value_i(total),
    .shift_i(1'b0),
    .value_o(value),
    .saturated_o(saturated)
  );

  wire negative = value < 0;
  wire relu = kind_i == RELU;
  wire [ACTIVATION_BITS-1:0] shown = relu && negative ? '0 : value;

  if (SPIKES) begin : g_spikes
    localparam logic signed [ACTIVATION_BITS-1:0] THRESHOLD = ACTIVATION_BITS'(1) <<< (ACTIVATION_BITS - 3);
    localparam logic signed [ACTIVATION_BITS:0] WINDOW = (ACTIVATION_BITS + 1)'(1) <<< (ACTIVATION_BITS - 4);

    wire snu = kind_i == SNU;
    wire signed [ACTIVATION_BITS-1:0] left;
    grapes_decay #(
      .BITS(ACTIVATION_BITS),
      .SHIFT(DECAY_SHIFT)
    ) decay (
      .value_i(membrane_i),
      .value_o(left)
    );
    wire keeps = snu && !first_i && membrane_i < THRESHOLD;
    assign total = TOTAL_BITS'(sum_i) + (keeps ? TOTAL_BITS'(left) : '0);

    wire signed [ACTIVATION_BITS:0] distance = (ACTIVATION_BITS + 1)'(value) - (ACTIVATION_BITS + 1)'(THRESHOLD);
    wire near = distance < WINDOW && distance > -WINDOW;
    assign nonzero_o = snu ? value >= THRESHOLD : shown != '0;
    assign open_o = snu ? near : relu ? shown != '0 : !saturated;
  end else begin : g_plain
    assign total = TOTAL_BITS'(sum_i);
    assign nonzero_o = shown != '0;
    assign open_o = relu ? shown != '0 : !saturated;
    wire unused = ^{first_i, membrane_i};
  end
  assign value_o = shown;
  assign saturated_o = saturated && !(relu && negative);
endmodule

`default_nettype wire
