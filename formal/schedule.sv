  // The schedule of a whole core whose data are cut loose: any sums, any random numbers. This text goes into the core's
  // module, before its end, so that it sees the core's signals. Each check follows one place of a memory that the solver
  // chooses, so what holds for it holds for all.
  if (1) begin : g_proof
    // A reset of one cycle, at the start and at any time later.
    logic running = 1'b0;
    always @(posedge clk_i) running <= 1'b1;
    always_comb assume (running || rst_i);
    wire check = running && !rst_i;

    // Signals of the units: the proof connects them by these names.
    wire start_sample;                      // tap issue.start
    wire forward_s0;                        // tap issue.sequencer.forward_o
    wire back_s0;                           // tap issue.sequencer.back_o
    wire update_s0;                         // tap issue.sequencer.update_o
    wire sweep_s0;                          // tap issue.sequencer.sweep_o
    wire valued_s0;                         // tap issue.sequencer.valued_o
    wire last_s0;                           // tap issue.sequencer.last_o
    wire write_s0;                          // tap issue.sequencer.write_o
    wire [GROUP_BITS-1:0] group_s0;         // tap issue.sequencer.group_o
    wire [SLOT_BITS-1:0] slot_s0;           // tap issue.sequencer.slot_o
    wire half_s0;                           // tap issue.sequencer.half_o
    wire spread_s0;                         // tap issue.sequencer.spread_o
    wire [4:0] action_s1;                   // tap issue.action_s1
    wire [INPUT_LIST_BITS-1:0] input_address;  // tap activations.input_address
    wire append;                            // tap activations.append
    wire append_final;                      // tap activations.append_final
    wire [SLOT_BITS-1:0] drained_slot;      // tap activations.drained_slot
    wire [LANE_BITS-1:0] drained_lane;      // tap activations.drained_lane
    wire drained_half;                      // tap activations.drained_half
    wire output_train;                      // tap divisions.train_q
    wire result_pending;                    // tap divisions.result_pending
    wire exp_made;                          // tap divisions.softmax.made
    wire divides_exp;                       // tap divisions.divides_exp
    wire scaled;                            // tap errors.scaled
    wire scan;                              // tap divisions.g_factors.scanner.scan
    wire scan_first;                        // tap divisions.g_factors.scanner.first
    wire [LAYER_BITS-1:0] scan_layer;       // tap divisions.g_factors.scan_layer
    wire [GROUP_BITS-1:0] scan_group;       // tap divisions.g_factors.scan_group
    wire strengths_read;                    // tap host.access_read
    wire [1:0] space;                       // tap host.space
    wire back_s1 = action_s1[3];
    wire update_s1 = action_s1[2];
    localparam logic [LAYER_BITS-1:0] TOP = LAYER_BITS'(LAYERS - 1);

    wire [31:0] outputs[LAYERS];
    wire [GROUP_BITS-1:0] last_group[LAYERS];
    wire [SLOT_BITS-1:0] first_slot[LAYERS];
    for (genvar l = 0; l < LAYERS; l++) begin : g_layer
      assign last_group[l] = LAST_GROUPS[l*GROUP_BITS+:GROUP_BITS];
      assign first_slot[l] = SLOT_BASES[l*SLOT_BITS+:SLOT_BITS];
      assign outputs[l] = 2 * LANES * 32'(last_group[l]) + 32'(LAST_ROWS[l*ROWS_BITS+:ROWS_BITS]);
    end

    // ---- lists: nothing is appended twice, out of order or after the end; what is read was appended in this step

    logic [COUNT_BITS-1:0] length[LAYERS];
    logic [LAYERS-1:0] ended;
    logic [ROW_BITS-1:0] latest[LAYERS];
    for (genvar l = 0; l < LAYERS; l++) begin : g_length
      always @(posedge clk_i) begin
        if (rst_i || start_sample) begin
          length[l] <= '0;
          ended[l] <= 1'b0;
        end else begin
          if (append && drained_layer == l) length[l] <= length[l] + 1'b1;
          if (append_final && drained_layer == l) ended[l] <= 1'b1;
        end
        if (append && drained_layer == l) latest[l] <= drained_row;
      end
      always_comb if (check && append && drained_layer == l) begin
        assert (!ended[l] && !start_sample && !begun);
        assert (length[l] < outputs[l]);
        assert (length[l] == 0 || drained_row > latest[l]);
        assert (drained_row < outputs[l]);
      end
    end
    // What the lanes would not do: a row without inputs, or one that does not exist, has the sum 0, which is not positive.
    always_comb assume ((positive & ~exists_s4) == '0);
    wire [LAYER_BITS-1:0] list_drained = drained_layer - 1'b1;
    always_comb assume (!append || (drained_layer == 0 ? input_count != 0 : length[list_drained] != 0));

    wire listed_s0 = forward_s0 || back_s0 || update_s0;
    wire [LAYER_BITS-1:0] list_s0 = source_s0;
    always_comb if (check) begin
      if (listed_s0 && valued_s0 && takes_input_s0) begin
        assert (sample && entry_s0 < input_count);
        assert (!(input_write && input_write_address == input_address));
      end
      if (listed_s0 && valued_s0 && !takes_input_s0) assert (entry_s0 < length[list_s0]);
      if (listed_s0 && !valued_s0) assert (forward_s0 && last_s0 && (takes_input_s0 ? input_complete : ended[list_s0]));
      if ((back_s0 || update_s0) && !takes_input_s0) assert (ended[list_s0]);
      if (listed_s0 || sweep_s0) assert (slot_s0 == SLOT_BITS'(first_slot[layer_s0] + group_s0));
      // a step begins with strengths that are up to date, and ends with its sample, which is there as a whole
      if (start_sample) assert (!sweep_needed);
      if (release_sample) assert (sample && input_complete);
    end

    // ---- weights: a word that is being updated is not read; it is written once for each time that it was read

    (* anyconst *) logic [ADDRESS_BITS-1:0] word;
    logic word_open;
    // An operation without a value reads a word that nothing uses.
    wire used_s1 = read_s1 && valued_s1 && !access_read;
    wire word_read = (used_s1 || access_read) && address_s1 == word;
    wire word_write = write_s4 && address_s4 == word;
    always @(posedge clk_i) begin
      if (rst_i) word_open <= 1'b0;
      else if (word_read && (back_s1 || update_s1)) word_open <= 1'b1;
      else if (word_write) word_open <= 1'b0;
    end
    always_comb if (check) begin
      if (word_read) assert (!word_open);
      if (word_write) assert (word_open);
      if (access_write) assert (!write_s4 && !read_s1);
      if (used_s1) assert (address_s1 < DEPTH);
    end

    // ---- errors: read only after they were cleared and, where the row is active, made in this step

    (* anyconst *) logic [SLOT_BITS-1:0] slot;
    (* anyconst *) logic [LANE_BITS-1:0] lane;
    (* anyconst *) logic half;
    always_comb assume (slot < SLOTS && lane < LANES);
    logic cleared, owed, divided;
    wire here_appended = append && drained_slot == slot && drained_lane == lane && drained_half == half;
    wire here_scaled = error_valid && error_slot == slot && error_lane == lane && error_half == half;
    wire here_divided = here_scaled && error_layer == TOP;
    wire error_row_there = !half || !SPREADS[LAYERS-1];
    wire here_read = (back_s0 || update_s0) && slot_s0 == slot;
    always @(posedge clk_i) begin
      if (rst_i || start_sample) {cleared, owed, divided} <= '0;
      else begin
        cleared <= cleared || (sums_s4 && slot_s4 == slot);
        owed <= here_appended || (owed && !here_scaled);
        divided <= divided || here_divided;
      end
    end
    always_comb if (check) begin
      if (here_appended) assert (cleared && !owed);
      if (here_scaled && !here_divided) assert (owed);
      if (here_read) assert (cleared && (!owed || here_scaled));
      if (here_read && layer_s0 == TOP && error_row_there) assert (divided);
      // A sample may end with rows that get no error, but with none on its way.
      if (release_sample) assert (!errors_any);
      // one write at a time
      assert (32'(sums_s4) + 32'(output_valid) + 32'(scaled) <= 1);
    end

    // ---- sums, logits, result: not replaced before they are gone

    logic learning;
    always @(posedge clk_i) begin
      if (rst_i || softmax_ready) learning <= 1'b0;
      else if (logit_valid && logit_last && output_train) learning <= 1'b1;
    end
    always_comb if (check) begin
      if (sums_s4) assert (!drain_busy);
      if (logit_valid) assert (!result_pending && !learning);
    end

    // ---- softmax: exponentials and their sum are whole before the first division, and each class is divided once

    logic [LABEL_BITS:0] exp_count, error_count;
    always @(posedge clk_i) begin
      exp_count <= rst_i || softmax_ready ? '0 : exp_count + exp_made;
      error_count <= rst_i || softmax_ready ? '0 : error_count + output_valid;
    end
    always_comb if (check) begin
      if (exp_made) assert (learning && exp_count < CLASSES);
      if (divides_exp) assert (exp_count == CLASSES && !exp_made);
      if (output_valid) assert (learning && output_row == error_count && softmax_ready == (output_row == CLASSES - 1));
    end

    // ---- strengths do not move while they are read; a factor is used after it was made in this step

    if (GRAPES) begin : g_made
      logic moving, read, moved;
      logic [HIDDEN_SLOT_BITS-1:0] moved_slot;
      logic [HIDDEN_SLOT_BITS-1:0] read_slot;
      always @(posedge clk_i) begin
        moving <= strength_s4 && !rst_i;
        moved_slot <= slot_s4;
        read <= (scan || activation_valid) && !rst_i;
        read_slot <= activation_valid ? activation_slot : first_slot[scan_layer] + SLOT_BITS'(scan_group);
        // since the scan began
        moved <= rst_i || strength_s4 || (moved && !(scan && scan_first && scan_layer == 0));
      end
      logic [COUNT_BITS-1:0] factors[LAYERS];
      for (genvar l = 0; l < LAYERS; l++) begin : g_factors
        always @(posedge clk_i) begin
          if (rst_i || begun) factors[l] <= '0;
          else if (factor_valid && factor_layer == l) factors[l] <= factors[l] + 1'b1;
        end
        // Those of an inference that is over are dropped.
        always_comb if (check && factor_valid && !begun && factor_layer == l) assert (factors[l] < length[l]);
      end
      always_comb if (check) begin
        if (moving) assert (strength_slot == moved_slot);
        if (read) assert (!moving && !sweep_needed && strength_slot == read_slot);
        if (activation_valid) assert (known[drained_layer] && !moved);
        if (back_s0 && valued_s0 && !takes_input_s0) assert (entry_s0 < factors[list_s0]);
        if (strengths_read && space == 2'd1) assert (!strength_s4 && !moving && !sweep_needed && !scanning);
      end
    end

    // ---- every group uses every entry of its list once forward; on the way back once if it has an error, and there each
    // half by itself, where errors are carried further

    (* anyconst *) logic [LAYER_BITS-1:0] layer;
    (* anyconst *) logic [GROUP_BITS-1:0] group;
    (* anyconst *) logic [COUNT_BITS-1:0] entry;
    always_comb assume (layer < LAYERS && group <= last_group[layer]);
    wire [LAYER_BITS-1:0] list = layer - 1'b1;
    wire listed = entry < (layer == 0 ? input_count : length[list]);
    wire here = valued_s0 && layer_s0 == layer && group_s0 == group && entry_s0 == entry;
    wire goes = here && forward_s0;
    wire comes = here && (back_s0 || update_s0) && write_s0;
    wire comes_half = here && back_s0 && half_s0 == half;
    logic went, came, came_half;
    logic [1:0] erring;
    wire here_errs = error_valid && error_slot == first_slot[layer] + group && error != '0;
    always @(posedge clk_i) begin
      if (rst_i || start_sample || release_sample) {went, came, came_half, erring} <= '0;
      else begin
        {went, came, came_half} <= {went || goes, came || comes, came_half || comes_half};
        if (here_errs) erring <= erring | {error_half, !error_half};
      end
    end
    always_comb if (check) begin
      if (goes) assert (!went && !came);
      if (comes) assert (went && !came && erring != '0);
      if (comes_half) assert (went && !came && !came_half && erring[half]);
      if (release_sample) begin
        assert ((went || goes) == listed);
        assert (!train || (came || comes) == (listed && erring != '0));
        assert (!train || layer == '0 || (came_half || comes_half) == (listed && erring[half]));
      end
    end
  end
