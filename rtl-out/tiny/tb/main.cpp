// Clock of a testbench for Verilator: posedge number n at time 10 n, until $finish. Plusargs go to the testbench, and
// +verilator+... to Verilator itself (+verilator+rand+reset+2 +verilator+seed+N: random registers and memories).
#include <memory>

#include "Vtb.h"
#include "verilated.h"

int main(int argc, char** argv) {
  const auto context = std::make_unique<VerilatedContext>();
#if VM_TRACE
  context->traceEverOn(true);
#endif
  context->commandArgs(argc, argv);
  const auto top = std::make_unique<Vtb>(context.get());
  top->clk_i = 0;
  top->eval();
  while (!context->gotFinish()) {
    context->timeInc(5);
    top->clk_i = 0;
    top->eval();
    context->timeInc(5);
    top->clk_i = 1;
    top->eval();
  }
  top->final();
  return 0;
}
