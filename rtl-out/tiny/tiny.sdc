# tiny_core: timing constraints to start from. Set the period, and what the surroundings take of it, for your target.
set period 10.0
set input_delay 2.0
set output_delay 2.0

create_clock -name clk_i -period $period [get_ports clk_i]
set_input_delay -clock clk_i $input_delay [get_ports { rst_i sample_valid_i sample_data_i[*] sample_label_i[*] sample_train_i sample_rate_i[*] result_ready_i memory_valid_i memory_write_i memory_address_i[*] memory_data_i[*] memory_ready_i }]
set_output_delay -clock clk_i $output_delay [get_ports { sample_ready_o result_valid_o result_prediction_o[*] result_logit_o[*] result_last_o memory_ready_o memory_valid_o memory_data_o[*] idle_o }]
