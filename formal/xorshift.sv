// xorshift32 bit by bit, and that no state but 0 leads to 0: a stream never dies.
module xorshift_proof (
  input logic [31:0] state
);
  logic [31:0] next;
  grapes_xorshift dut (.state_i(state), .state_o(next));

  logic [31:0] a;
  logic [31:0] b;
  logic [31:0] c;
  for (genvar i = 0; i < 32; i++) begin : g_bit
    if (i >= 13) assign a[i] = state[i] ^ state[i-13];
    else assign a[i] = state[i];
    if (i + 17 < 32) assign b[i] = a[i] ^ a[i+17];
    else assign b[i] = a[i];
    if (i >= 5) assign c[i] = b[i] ^ b[i-5];
    else assign c[i] = b[i];
  end
  always_comb begin
    assert (next == c);
    assert ((next == 0) == (state == 0));
  end
endmodule
