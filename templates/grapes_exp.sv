// exp(-distance) for the softmax, in base 2: distance has 8 fraction bits, value_o is scaled by 65535.
// u = distance * 369 / 256 is the exponent in base 2, 8 fraction bits; the table holds round(65535 * 2^(-k/64)).
// Latency 3, one value a cycle.

`default_nettype none

module grapes_exp (
  input  wire logic        clk_i,
  input  wire logic [15:0] distance_i,
  output      logic [15:0] value_o
);
  // log2(e) with 8 fraction bits
  localparam logic [24:0] LOG2_E = 25'd369;

  // u / 4: the table resolves 1/64
  logic [14:0] exponent_q;
  always_ff @(posedge clk_i) exponent_q <= 15'((25'(distance_i) * LOG2_E) >> 10);

  wire [5:0] fraction = exponent_q[5:0];
  wire [8:0] whole = exponent_q[14:6];

  logic [15:0] mantissa;
  always_comb begin
    case (fraction)
      6'd0: mantissa = 16'd65535;
      6'd1: mantissa = 16'd64829;
      6'd2: mantissa = 16'd64131;
      6'd3: mantissa = 16'd63440;
      6'd4: mantissa = 16'd62757;
      6'd5: mantissa = 16'd62081;
      6'd6: mantissa = 16'd61412;
      6'd7: mantissa = 16'd60750;
      6'd8: mantissa = 16'd60096;
      6'd9: mantissa = 16'd59449;
      6'd10: mantissa = 16'd58808;
      6'd11: mantissa = 16'd58175;
      6'd12: mantissa = 16'd57548;
      6'd13: mantissa = 16'd56928;
      6'd14: mantissa = 16'd56315;
      6'd15: mantissa = 16'd55708;
      6'd16: mantissa = 16'd55108;
      6'd17: mantissa = 16'd54515;
      6'd18: mantissa = 16'd53927;
      6'd19: mantissa = 16'd53346;
      6'd20: mantissa = 16'd52772;
      6'd21: mantissa = 16'd52203;
      6'd22: mantissa = 16'd51641;
      6'd23: mantissa = 16'd51085;
      6'd24: mantissa = 16'd50534;
      6'd25: mantissa = 16'd49990;
      6'd26: mantissa = 16'd49452;
      6'd27: mantissa = 16'd48919;
      6'd28: mantissa = 16'd48392;
      6'd29: mantissa = 16'd47871;
      6'd30: mantissa = 16'd47355;
      6'd31: mantissa = 16'd46845;
      6'd32: mantissa = 16'd46340;
      6'd33: mantissa = 16'd45841;
      6'd34: mantissa = 16'd45347;
      6'd35: mantissa = 16'd44859;
      6'd36: mantissa = 16'd44376;
      6'd37: mantissa = 16'd43898;
      6'd38: mantissa = 16'd43425;
      6'd39: mantissa = 16'd42957;
      6'd40: mantissa = 16'd42494;
      6'd41: mantissa = 16'd42036;
      6'd42: mantissa = 16'd41584;
      6'd43: mantissa = 16'd41136;
      6'd44: mantissa = 16'd40693;
      6'd45: mantissa = 16'd40254;
      6'd46: mantissa = 16'd39821;
      6'd47: mantissa = 16'd39392;
      6'd48: mantissa = 16'd38967;
      6'd49: mantissa = 16'd38548;
      6'd50: mantissa = 16'd38132;
      6'd51: mantissa = 16'd37722;
      6'd52: mantissa = 16'd37315;
      6'd53: mantissa = 16'd36913;
      6'd54: mantissa = 16'd36516;
      6'd55: mantissa = 16'd36122;
      6'd56: mantissa = 16'd35733;
      6'd57: mantissa = 16'd35348;
      6'd58: mantissa = 16'd34968;
      6'd59: mantissa = 16'd34591;
      6'd60: mantissa = 16'd34218;
      6'd61: mantissa = 16'd33850;
      6'd62: mantissa = 16'd33485;
      default: mantissa = 16'd33124;
    endcase
  end

  logic [15:0] mantissa_q;
  logic [8:0] whole_q;
  always_ff @(posedge clk_i) begin
    mantissa_q <= mantissa;
    whole_q <= whole;
    value_o <= mantissa_q >> whole_q;
  end
endmodule

`default_nettype wire
