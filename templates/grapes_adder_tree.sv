// Sum of one signed value a lane, in a tree of radix 4 with a register after every level.
// Latency ceil(log4(LANES)); none for one lane.

`default_nettype none

module grapes_adder_tree #(
  parameter int LANES = 32,
  parameter int BITS = 16,
  parameter int OUT_BITS = 21
) (
  input  wire logic                        clk_i,
  input  wire logic        [LANES*BITS-1:0] values_i,
  output      logic signed [OUT_BITS-1:0]   sum_o
);
  localparam int STAGES = ($clog2(LANES) + 1) / 2;

  if (STAGES == 0) begin : g_combinational
    wire unused_clk = clk_i;
  end

  // node[s * LANES + i]: partial sum i after s levels
  wire signed [OUT_BITS-1:0] node[(STAGES + 1) * LANES];

  for (genvar i = 0; i < LANES; i++) begin : g_leaf
    assign node[i] = OUT_BITS'($signed(values_i[i*BITS+:BITS]));
  end

  for (genvar s = 0; s < STAGES; s++) begin : g_stage
    localparam int COUNT = (LANES + 4 ** s - 1) / 4 ** s;
    for (genvar i = 0; i < LANES; i++) begin : g_node
      if (4 * i < COUNT) begin : g_sum
        wire signed [OUT_BITS-1:0] operand[4];
        for (genvar k = 0; k < 4; k++) begin : g_operand
          if (4 * i + k < COUNT) begin : g_used
            assign operand[k] = node[s*LANES+4*i+k];
          end else begin : g_none
            assign operand[k] = '0;
          end
        end
        logic signed [OUT_BITS-1:0] sum_q;
        always_ff @(posedge clk_i) sum_q <= (operand[0] + operand[1]) + (operand[2] + operand[3]);
        assign node[(s+1)*LANES+i] = sum_q;
      end else begin : g_unused
        assign node[(s+1)*LANES+i] = '0;
      end
    end
  end

  assign sum_o = node[STAGES*LANES];
endmodule

`default_nettype wire
