// Trains tiny_core in Verilator on whole epochs and compares it with the model: the prediction and the digest of the
// writes of every sample, the predictions of the test samples after each epoch, and all weights and stream states at the
// end of every part. Only the core's ports are used. Written for speed: nothing but the clock happens in most cycles.
//
//   <program> FOLDER FIRST LAST    parts FIRST..LAST in one go, from the state before FIRST
//
// FOLDER holds (little-endian, no headers)
//   train.bin, test.bin    the samples: BEATS words of 32 bits each
//   state-N.bin            stream states (32 bits) and weights (16 bits, matrix by matrix, row by row) before part N
//   part-N.bin             k, the number of samples, the number of test samples; then index, label, prediction and digest of
//                          every sample, then of every test sample (32 bits each)
//
// Prints `GRAPES STEP` now and then, `GRAPES PART` for every part that is equal, `GRAPES MISMATCH` at the first difference
// and `GRAPES DONE` at the end; the exit code is 0 only then.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "Vcore.h"
#include "verilated.h"

namespace {

constexpr int LANES = 4;
constexpr int ROWS = 2 * LANES;  // rows of a group
constexpr int WEIGHT_BITS = 8;
constexpr int BEATS = 4;
constexpr long PATIENCE = 21456;  // cycles without progress before the run is given up

constexpr bool ENCODER = false;             // spikes are drawn: a stream behind those of the matrices
constexpr uint32_t ENCODER_SEED = 2401441437u;  // its state before the first sample, and before the test samples

// A matrix of weights, and where it lives in the lanes.
struct Matrix {
  uint32_t columns, rows, groups, base, last_rows;
  bool spread;      // the last group has one row a lane
  uint32_t offset;  // index of its first weight, all matrices laid out one after the other
};
constexpr std::array<Matrix, 3> MATRICES{ {
    { 13, 21, 3, 0, 5, false, 0 },
    { 21, 10, 2, 39, 2, true, 273 },
    { 10, 4, 1, 81, 4, true, 483 },
} };
constexpr uint32_t STREAM_SPACE = 0x80000000u;
constexpr size_t STREAMS = MATRICES.size() + (ENCODER ? 1 : 0);

[[noreturn]] void fail(const std::string& text) {
  std::printf("GRAPES ERROR %s\n", text.c_str());
  std::exit(2);
}

[[noreturn]] void differ(const char* kind, int part, long sample, uint32_t expected, uint32_t actual) {
  std::printf("GRAPES MISMATCH kind=%s part=%d sample=%ld expected=%x actual=%x\n", kind, part, sample, expected, actual);
  std::exit(1);
}

std::string path(const std::string& folder, const char* name, int part) {
  char number[16];
  std::snprintf(number, sizeof number, "-%d.bin", part);
  return folder + "/" + name + number;
}

template <typename T>
std::vector<T> read_file(const std::string& file) {
  std::FILE* in = std::fopen(file.c_str(), "rb");
  if (in == nullptr) fail("cannot open " + file);
  std::fseek(in, 0, SEEK_END);
  std::vector<T> values(static_cast<size_t>(std::ftell(in)) / sizeof(T));
  std::rewind(in);
  if (std::fread(values.data(), sizeof(T), values.size(), in) != values.size()) fail("cannot read " + file);
  std::fclose(in);
  return values;
}

struct State {
  std::vector<uint32_t> streams;
  std::vector<int16_t> weights;
};

State read_state(const std::string& file) {
  const auto halves = read_file<int16_t>(file);
  State state;
  state.streams.resize(STREAMS);
  if (halves.size() != 2 * STREAMS + MATRICES.back().offset + MATRICES.back().columns * MATRICES.back().rows)
    fail(file + " has a wrong length");
  std::memcpy(state.streams.data(), halves.data(), 4 * STREAMS);
  state.weights.assign(halves.begin() + 2 * STREAMS, halves.end());
  return state;
}

struct Sample {
  uint32_t index, label, prediction, digest;
};
struct Part {
  uint32_t rate;
  std::vector<Sample> samples;
  std::vector<Sample> tests;
};

Part read_part(const std::string& file) {
  const auto words = read_file<uint32_t>(file);
  if (words.size() < 3 || words.size() != 3 + 4 * (words[1] + words[2])) fail(file + " has a wrong length");
  Part part{words[0], std::vector<Sample>(words[1]), std::vector<Sample>(words[2])};
  std::memcpy(part.samples.data(), words.data() + 3, sizeof(Sample) * words[1]);
  std::memcpy(part.tests.data(), words.data() + 3 + 4 * words[1], sizeof(Sample) * words[2]);
  return part;
}

// ---- digest of the writes ------------------------------------------------------------------------------------------

inline uint32_t mix(uint32_t value) {
  uint32_t h = (value ^ (value >> 16)) * 0x85ebca6bu;
  h = (h ^ (h >> 13)) * 0xc2b2ae35u;
  return h ^ (h >> 16);
}

// Bits `at`.. of a port of any width.
template <typename Port>
inline uint32_t bits_of(const Port& port, int at, int bits) {
  uint64_t word = 0;
  std::memcpy(&word, reinterpret_cast<const uint8_t*>(&port) + at / 8, (at % 8 + bits + 7) / 8);
  return (word >> (at % 8)) & ((1u << bits) - 1);
}

// ---- the core and its ports ----------------------------------------------------------------------------------------

class Bench {
 public:
  Bench(int argc, char** argv) {
    context_->commandArgs(argc, argv);
    core_ = std::make_unique<Vcore>(context_.get());
    core_->rst_i = 1;
    core_->sample_valid_i = 0;
    core_->memory_valid_i = 0;
    core_->result_ready_i = 1;
    core_->memory_ready_i = 1;
    for (int n = 0; n < 4; n++) clock();
    core_->rst_i = 0;
  }

  ~Bench() { core_->final(); }

  long cycles() const { return cycle_; }

  void load(const State& state) {
    walk([&](uint32_t address, int32_t first, int32_t second) {
      write(address, (at(state, second) << 16) | (at(state, first) & 0xffff));
    });
    for (size_t s = 0; s < STREAMS; s++) write(STREAM_SPACE + s, state.streams[s]);
  }

  // Compares all weights and stream states.
  void compare(const State& state, int part) {
    walk([&](uint32_t address, int32_t first, int32_t second) {
      const uint32_t data = read(address);
      const auto check = [&](int32_t weight, uint32_t actual) {
        if (weight >= 0 && (at(state, weight) & 0xffff) != actual)
          differ("weight", part, weight, at(state, weight) & 0xffff, actual);
      };
      check(first, data & 0xffff);
      check(second, data >> 16);
    });
    for (size_t s = 0; s < STREAMS; s++) {
      const uint32_t actual = read(STREAM_SPACE + s);
      if (actual != state.streams[s]) differ("stream", part, s, state.streams[s], actual);
    }
  }

  // Predicts the test samples, whose spikes do not depend on what came before; nothing that is trained later depends on them.
  long test(const std::vector<Sample>& expected, const std::vector<uint32_t>& features, uint32_t rate, int part) {
    if (!ENCODER || expected.empty()) return run(expected, features, rate, false, part);
    const uint32_t encoder = read(STREAM_SPACE + MATRICES.size());
    write(STREAM_SPACE + MATRICES.size(), ENCODER_SEED);
    const long right = run(expected, features, rate, false, part);
    write(STREAM_SPACE + MATRICES.size(), encoder);
    return right;
  }

  // Sends the samples `expected`, all to learn from or all to predict only. Returns how many were predicted rightly.
  long run(const std::vector<Sample>& expected, const std::vector<uint32_t>& features, uint32_t rate, bool learn, int part) {
    const size_t count = expected.size();
    const char* const kind = learn ? "prediction" : "test";
    size_t sent = 0, answered = 0, stepped = learn ? 0 : count;
    int beat = 0;
    uint32_t digest = 0;
    long right = 0;
    progress_ = cycle_;
    core_->sample_train_i = learn;
    core_->sample_rate_i = rate;
    while (answered < count || stepped < count) {
      if (core_->trace_write_valid_o) digest += digest_of_writes();
      if (core_->trace_step_o) {
        if (stepped == count) differ("step", part, stepped, 0, 1);
        if (digest != expected[stepped].digest) differ("digest", part, stepped, expected[stepped].digest, digest);
        digest = 0;
        stepped++;
        progress_ = cycle_;
      }
      if (core_->result_valid_o && core_->result_last_o) {
        if (answered == count) differ("result", part, answered, 0, 1);
        const Sample& sample = expected[answered];
        const uint32_t prediction = core_->result_prediction_o;
        if (prediction != sample.prediction) differ(kind, part, answered, sample.prediction, prediction);
        if (prediction == sample.label) right++;
        answered++;
        progress_ = cycle_;
        if (answered % 100 == 0) {
          std::printf("GRAPES STEP part=%d kind=%s sample=%zu\n", part, kind, answered);
          std::fflush(stdout);
        }
      }
      core_->sample_valid_i = sent < count;
      if (sent < count) {
        core_->sample_data_i = features[static_cast<size_t>(expected[sent].index) * BEATS + beat];
        core_->sample_label_i = expected[sent].label;
        if (core_->sample_ready_o && ++beat == BEATS) {
          beat = 0;
          sent++;
        }
      }
      clock();
    }
    core_->sample_valid_i = 0;
    if (digest != 0) differ("write", part, count, 0, digest);
    return right;
  }

 private:
  std::unique_ptr<VerilatedContext> context_ = std::make_unique<VerilatedContext>();
  std::unique_ptr<Vcore> core_;
  long cycle_ = 0;
  long progress_ = 0;

  // One rising edge. Inputs are set before, outputs read after it; no path leads from one to the other within a cycle.
  void clock() {
    core_->clk_i = 0;
    core_->eval();
    core_->clk_i = 1;
    core_->eval();
    if (++cycle_ - progress_ > PATIENCE) fail("the core stands still, cycle " + std::to_string(cycle_));
  }

  // Digest of the writes that the trace shows: rows of one group, all of one column.
  uint32_t digest_of_writes() const {
    const Matrix& matrix = MATRICES[core_->trace_write_layer_o];
    const uint32_t group = core_->trace_write_group_o;
    const bool spread = matrix.spread && group == matrix.groups - 1;
    const uint32_t first = matrix.offset + group * ROWS * matrix.columns + core_->trace_write_column_o;
    uint32_t sum = 0;
    for (int e = 0; e < ROWS; e++)
      if (bits_of(core_->trace_write_mask_o, e, 1))
        sum += mix((first + (spread ? e / 2 : e) * matrix.columns) ^
                   mix(bits_of(core_->trace_write_weight_o, e * WEIGHT_BITS, WEIGHT_BITS)));
    return sum;
  }

  static int32_t at(const State& state, int32_t weight) { return weight < 0 ? 0 : state.weights[weight]; }

  // Walks over all words of weights: address and the indices of the two weights in it, -1 where there is none.
  template <typename Visit>
  void walk(Visit visit) {
    for (const Matrix& matrix : MATRICES)
      for (uint32_t group = 0; group < matrix.groups; group++) {
        const bool last = group == matrix.groups - 1;
        const bool spread = last && matrix.spread;
        const uint32_t rows = last ? matrix.last_rows : ROWS;
        const auto weight = [&](uint32_t row, uint32_t column) {
          return row < rows ? static_cast<int32_t>(matrix.offset + (group * ROWS + row) * matrix.columns + column) : -1;
        };
        for (uint32_t lane = 0; lane < LANES; lane++) {
          const uint32_t row = spread ? lane : 2 * lane;
          if (row >= rows) break;
          for (uint32_t column = 0; column < matrix.columns; column++)
            visit((lane << 20) + matrix.base + group * matrix.columns + column, weight(row, column),
                  spread ? -1 : weight(row + 1, column));
        }
      }
  }

  void request(uint32_t address, bool writes, uint32_t data) {
    core_->memory_valid_i = 1;
    core_->memory_write_i = writes;
    core_->memory_address_i = address;
    core_->memory_data_i = data;
    progress_ = cycle_;
    while (!core_->memory_ready_o) clock();
    clock();
    core_->memory_valid_i = 0;
  }

  void write(uint32_t address, uint32_t data) { request(address, true, data); }

  uint32_t read(uint32_t address) {
    request(address, false, 0);
    while (!core_->memory_valid_o) clock();
    const uint32_t data = core_->memory_data_o;
    clock();
    return data;
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) fail("needs a folder, the first and the last part");
  const std::string folder = argv[1];
  const int first = std::atoi(argv[2]);
  const int last = std::atoi(argv[3]);
  const auto train = read_file<uint32_t>(folder + "/train.bin");
  const auto test = read_file<uint32_t>(folder + "/test.bin");
  Bench bench(argc, argv);
  bench.load(read_state(path(folder, "state", first)));
  for (int number = first; number <= last; number++) {
    const Part part = read_part(path(folder, "part", number));
    const long start = bench.cycles();
    const long right = bench.run(part.samples, train, part.rate, true, number);
    const long cycles = bench.cycles() - start;
    const long test_right = bench.test(part.tests, test, part.rate, number);
    bench.compare(read_state(path(folder, "state", number + 1)), number);
    std::printf("GRAPES PART part=%d samples=%zu cycles=%ld right=%ld tests=%zu test_right=%ld\n", number,
                part.samples.size(), cycles, right, part.tests.size(), test_right);
    std::fflush(stdout);
  }
  std::printf("GRAPES DONE parts=%d\n", last - first + 1);
  return 0;
}
