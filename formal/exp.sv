// The table path of the softmax, for every distance: e = T[(u >> 2) & 63] >> (u >> 8), 0 where u >> 8 passes 16, with
// u = (d * 369) >> 8. The table is not copied: T[k] = round(65535 * 2^(-k/64)) is the largest t with
// 2t - 1 <= 131070 * 2^(-k/64), and that is (2t - 1)^64 * 2^k <= 131070^64 in whole numbers.
module exp_proof #(
  parameter int LATENCY = 3
) (
  input logic clk,
  input logic [15:0] distance
);
  localparam int WIDE = 64 * 18;

  function automatic [WIDE-1:0] power64(input [WIDE-1:0] base);
    integer i;
    begin
      power64 = base;
      for (i = 0; i < 6; i = i + 1) power64 = power64 * power64;
    end
  endfunction

  function automatic [15:0] rounded(input integer k);
    integer b;
    begin
      rounded = 0;
      for (b = 15; b >= 0; b = b - 1)
        if ((power64(2 * (rounded + (1 << b)) - 1) << k) <= power64(131070)) rounded = rounded + (1 << b);
    end
  endfunction

  wire [15:0] mantissa[64];
  for (genvar k = 0; k < 64; k++) begin : g_table
    localparam logic [15:0] ROUNDED = rounded(k);
    assign mantissa[k] = ROUNDED;
  end

  wire [31:0] u = (32'(distance) * 369) >> 8;
  wire [31:0] whole = u >> 8;
  wire [15:0] expected = whole > 16 ? 0 : mantissa[u[7:2]] >> whole;

  logic [15:0] value;
  grapes_exp dut (.clk_i(clk), .distance_i(distance), .value_o(value));

  // one a cycle, LATENCY cycles later
  logic [15:0] due[LATENCY];
  logic [LATENCY-1:0] present = 0;
  always @(posedge clk) begin
    present <= {present, 1'b1};
    due[0] <= expected;
    for (int i = 1; i < LATENCY; i++) due[i] <= due[i-1];
    if (present[LATENCY-1]) assert (value == due[LATENCY-1]);
  end
endmodule
