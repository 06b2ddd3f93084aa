  // Whatever an operation of a sample uses came with that sample. Samples are numbered as their first beat is taken; rate,
  // label and kind tell the number, and each place of use is compared with the number of the sample that it works for.
  // This text goes into the core's module, before its end.
  if (1) begin : g_proof
    logic running = 1'b0;
    always @(posedge clk_i) running <= 1'b1;
    always_comb assume (running || rst_i);

    // Signals of the units: the proof connects them by these names.
    wire [4:0] action_s0;            // tap issue.action_s0
    wire [4:0] action_s1;            // tap issue.action_s1
    wire output_train;               // tap divisions.train_q
    wire made;                       // tap divisions.softmax.made
    wire divides_exp;                // tap divisions.divides_exp
    wire divided;                    // tap divisions.softmax.divided
    wire divided_row;                // tap divisions.softmax.divided_row
    wire [5:0] target;               // tap divisions.softmax.target
    wire forward_s0 = action_s0[4];
    wire learns_s0 = action_s0[3] || action_s0[2];
    wire learns_s1 = action_s1[3] || action_s1[2];

    // A sample is one beat here; at most two are in the loader and one behind it.
    wire taken = sample_valid_i && sample_ready_o;
    wire answer = logit_valid && logit_last;
    logic [1:0] next, worked, answered;
    logic [3:0] kinds;
    always @(posedge clk_i) begin
      if (rst_i) {next, worked, answered} <= '0;
      else begin
        next <= next + taken;
        worked <= worked + release_sample;
        answered <= answered + answer;
      end
      if (taken) kinds[next] <= sample_train_i;
    end
    always_comb assume (!taken || (sample_rate_i == RATE_MIN + next && sample_label_i == next[0]));

    // The number travels with the operation.
    logic [1:0] number_s1, number_s2, number_s3;
    logic [LAYER_BITS-1:0] layer_s1, layer_s2, layer_s3;
    always @(posedge clk_i) begin
      {number_s1, number_s2, number_s3} <= {worked, number_s1, number_s2};
      {layer_s1, layer_s2, layer_s3} <= {layer_s0, layer_s1, layer_s2};
    end
    wire [UPDATE_SHIFT_BITS-1:0] shift[LAYERS];
    for (genvar l = 0; l < LAYERS; l++) begin : g_shift
      assign shift[l] = UPDATE_SHIFTS[l*UPDATE_SHIFT_BITS+:UPDATE_SHIFT_BITS];
    end
    wire [UPDATE_SHIFT_BITS-1:0] shift_s1 = shift[layer_s1] + number_s1;
    wire [UPDATE_SHIFT_BITS-1:0] shift_s3 = shift[layer_s3] + number_s3;

    always_comb if (running && !rst_i) begin
      if (learns_s1) assert (update_shift_s1 == shift_s1);
      if ((back_s3 || update_s3) && !sweep_s3) assert (update_shift_s3 == shift_s3);
      // what trains, trains
      if (learns_s0 || made || divides_exp || divided) assert (kinds[worked]);
      if (release_sample && kinds[worked]) assert (!forward_s0);
      if (divided) assert ((target != '0) == (divided_row == worked[0]));
      if (answer) assert (output_train == kinds[answered] && (!kinds[answered] || worked == answered));
    end
  end
