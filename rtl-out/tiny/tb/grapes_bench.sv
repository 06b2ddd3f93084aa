// What the testbenches of small modules share: reads a file of vectors, drives one every HOLD cycles and compares what
// comes back LATENCY cycles after it was applied. A line holds INPUTS and then OUTPUTS hexadecimal fields of up to 64
// bits. The file is tb/vectors/<NAME>.mem, relative to the folder that the simulator runs in.
`default_nettype none

/* verilator lint_off BLKSEQ */
module grapes_bench #(
    parameter logic [255:0] NAME = "none",
    parameter int INPUTS = 1,
    parameter int OUTPUTS = 1,
    parameter int HOLD = 1,
    parameter int LATENCY = 0
) (
    input wire clk_i,
    output logic [INPUTS*64-1:0] stimulus_o,
    output logic [31:0] phase_o,  // cycles since the vector was applied
    input wire [OUTPUTS*64-1:0] actual_i
);
  logic [255:0] name = NAME;
  int file;
  int status;
  int line = 0;
  int compared = 0;
  int mismatches = 0;
  int cycle = 0;
  bit ended = 1'b0;
  bit exhausted = 1'b0;
  logic [63:0] value;

  // [k]: applied k cycles ago
  bit pending[0:LATENCY];
  int pending_line[0:LATENCY];
  logic [OUTPUTS*64-1:0] expected[0:LATENCY];

  initial begin
    stimulus_o = '0;
    phase_o = '0;
    for (int k = 0; k <= LATENCY; k++) pending[k] = 1'b0;
    file = $fopen($sformatf("tb/vectors/%0s.mem", name), "r");
    if (file == 0) $display("GRAPES ERROR cannot open tb/vectors/%0s.mem", name);
  end

  task automatic compare;
    for (int i = 0; i < OUTPUTS; i++) begin
      value = expected[LATENCY][64*i+:64];
      if (value !== actual_i[64*i+:64]) begin
        if (mismatches == 0)
          $display("GRAPES MISMATCH kind=%0s sample=%0d layer=-1 row=%0d column=-1 expected=%0h actual=%0h bits=64 cycle=%0d",
                   name, pending_line[LATENCY], i, value, actual_i[64*i+:64], cycle);
        mismatches = mismatches + 1;
      end
    end
    compared = compared + 1;
  endtask

  task automatic apply;
    pending[0] = 1'b0;
    if (phase_o + 1 < HOLD && line > 0) phase_o <= phase_o + 1;
    else begin
      phase_o <= '0;
      for (int i = 0; i < INPUTS && !exhausted; i++) begin
        status = $fscanf(file, "%h", value);
        if (status == 1) stimulus_o[64*i+:64] <= value;
        else exhausted = 1'b1;
      end
      for (int i = 0; i < OUTPUTS && !exhausted; i++) begin
        status = $fscanf(file, "%h", value);
        if (status == 1) expected[0][64*i+:64] = value;
        else exhausted = 1'b1;
      end
      if (!exhausted) begin
        pending[0] = 1'b1;
        pending_line[0] = line;
        line = line + 1;
      end
    end
  endtask

  always @(posedge clk_i) begin : p_bench
    bit busy;
    cycle = cycle + 1;
    if (!ended && file != 0) begin
      if (pending[LATENCY]) compare;
      busy = 1'b0;
      for (int k = LATENCY; k > 0; k--) begin
        pending[k] = pending[k-1];
        pending_line[k] = pending_line[k-1];
        expected[k] = expected[k-1];
        busy = busy || pending[k];
      end
      if (exhausted) pending[0] = 1'b0;
      else apply;
      if (mismatches > 0 || (exhausted && !busy)) begin
        ended = 1'b1;
        $display("GRAPES COUNT kind=%0s compared=%0d mismatches=%0d", name, compared, mismatches);
        if (mismatches == 0 && line > 0) $display("GRAPES DONE samples=%0d compared=%0d mismatches=0", line, compared);
        $finish;
      end
    end else if (file == 0) $finish;
  end
endmodule

`default_nettype wire
