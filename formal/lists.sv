// The hidden lists lose, mix up and overwrite nothing: the entry appended as number `index` of list `chosen` is read
// back at its address for as long as the lists are not cleared, and count and completeness are those of the list
// asked for. Any appends that fit, any reads, at any time.
module lists_proof (
  input logic clk,
  input logic clear,
  input logic append,
  input logic final_any,
  input logic append_list,
  input logic [1:0] entry,
  input logic read,
  input logic read_list,
  input logic [1:0] read_index
);
  localparam int FIRST = 3;
  localparam int SECOND = 2;
  logic reset = 1;
  always @(posedge clk) reset <= 0;

  logic [1:0] entry_read;
  logic [1:0] count;
  logic complete;
  grapes_lists #(
    .LISTS(2), .LIST_BITS(1), .DEPTH(FIRST + SECOND), .ADDRESS_BITS(3), .COUNT_BITS(2), .ENTRY_BITS(2)
  ) dut (
    .clk_i(clk), .clear_i(clear || reset), .append_i(append), .final_i(final_any), .append_list_i(append_list),
    .append_base_i(append_list ? 3'(FIRST) : 3'd0), .append_entry_i(entry), .read_i(read), .read_list_i(read_list),
    .read_address_i((read_list ? 3'(FIRST) : 3'd0) + 3'(read_index)), .read_entry_o(entry_read), .count_o(count),
    .complete_o(complete)
  );

  (* anyconst *) logic chosen;
  (* anyconst *) logic [1:0] index;
  logic [1:0] appended[2];
  logic [1:0] ended = 0;
  logic [1:0] kept, kept_read;
  logic due = 0;
  wire [1:0] number = append_list ? appended[1] : appended[0];
  always @(posedge clk) begin
    if (reset || clear) begin
      appended[0] <= 0;
      appended[1] <= 0;
      ended <= 0;
    end else begin
      if (append) appended[append_list] <= number + 1;
      if (final_any) ended[append_list] <= 1;
      if (append && append_list == chosen && number == index) kept <= entry;
    end
    kept_read <= kept;
    due <= read && read_list == chosen && read_index == index && index < appended[chosen] && !reset && !clear;
  end

  always_comb begin
    // What the schedule's proof shows of the core: no more entries than rows, none with a clear.
    assume (!append || number < (append_list ? SECOND : FIRST) && !clear);
    if (!reset) begin
      assert (count == appended[read_list]);
      assert (complete == ended[read_list]);
      if (due) assert (entry_read == kept_read);
    end
  end
endmodule
