/*
 * A plain C trainer, the yardstick of `npm run bench`: the integers of the numeric contract for a ReLU network with
 * GRAPES (propagating, clipped to [1, 2]), backpropagation and stochastic rounding, one sample at a time.
 *
 *   trainer IMAGES LABELS SAMPLES SLICE SEED K
 *
 * Compiled for one network: -DVERSION=1|2 (of the contract) -DBITS=8 -DSIZES=784,256,256,10 -DFW=.. -DFA=.. -DFE=.. (a
 * list each, layer 1 first; FA from the input on). Columns are contiguous in memory and skipped in all three phases where
 * their input is 0; a layer without errors is not updated. With -DSKIP no error is sent back from a layer that has none:
 * a sample without output errors is over after its forward pass. No intrinsics: loops that the compiler vectorises as it can.
 *
 * Prints one line of JSON: how many of SAMPLES were predicted rightly, a checksum of the final weights, and for each SLICE
 * samples the seconds that they took, with -DPHASES those of each phase. On a busy machine the fastest of several runs of
 * every slice says more than the time of one long run.
 */
#include "common.h"

#if BITS <= 8
typedef int8_t value_t;
typedef int32_t sum_t;
#else
typedef int16_t value_t;
typedef int64_t sum_t;
#endif

enum { MIN_VALUE = -(1 << (BITS - 1)), MAX_VALUE = (1 << (BITS - 1)) - 1 };

static const int size[] = {SIZES};
enum { L = sizeof size / sizeof *size - 1 };
static const int fw[L] = {FW}, fa[L] = {FA}, fe[L] = {FE};

static value_t *weight[L], x[L][MAX_WIDTH], delta[L][MAX_WIDTH];
static int32_t strength[L][MAX_WIDTH];
static uint32_t stream[L];
static int list[L][MAX_WIDTH], count[L];
enum { FORWARD, BACKWARD, UPDATE, WHOLE, TIMES };
static const char *const time_name[TIMES] = {"forward", "backward", "update", "whole"};
/* of the slice under way */
static double seconds[TIMES];

#ifdef PHASES
#define PHASE(p, work) do { double t0 = now(); work; seconds[p] += now() - t0; } while (0)
#else
#define PHASE(p, work) work
#endif

static void draw(int l, uint32_t seed) {
    int rows = size[l + 1], columns = size[l];
    uint64_t square = (6ULL << (2 * fw[l])) / columns, b = sqrtl(square);
    uint32_t y = first_state(seed, 3, l + 1);
    weight[l] = aligned_alloc(64, ((size_t)rows * columns * sizeof(value_t) + 63) / 64 * 64);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) {
            int64_t w = (int64_t)(((uint64_t)advance(&y) * (2 * b + 1)) >> 32) - (int64_t)b;
            weight[l][(size_t)j * rows + i] = sat(w, MIN_VALUE, MAX_VALUE);
            strength[l][i] += abs(weight[l][(size_t)j * rows + i]);
        }
    stream[l] = first_state(seed, 1, l + 1);
}

static void multiply(int l, sum_t *restrict z) {
    int rows = size[l + 1];
    memset(z, 0, rows * sizeof *z);
    for (int c = 0; c < count[l]; c++) {
        const value_t *restrict w = weight[l] + (size_t)list[l][c] * rows;
        int32_t v = x[l][list[l][c]];
        for (int i = 0; i < rows; i++) z[i] += w[i] * v;
    }
}

static void activate(int l, const sum_t *z) {
    count[l + 1] = 0;
    for (int i = 0; i < size[l + 1]; i++) {
        int64_t v = sat(rn(z[i], fw[l] + fa[l] - fa[l + 1]), 0, MAX_VALUE);
        x[l + 1][i] = v;
        if (v) list[l + 1][count[l + 1]++] = i;
    }
}

static int forward(sum_t *z, int *q) {
    for (int l = 0; l < L; l++) {
        multiply(l, z);
        if (l < L - 1) activate(l, z);
    }
    int best = 0;
    for (int i = 0; i < size[L]; i++) {
        q[i] = sat(rn(z[i], fw[L - 1] + fa[L - 1] - 8), -32768, 32767);
        if (q[i] > q[best]) best = i;
    }
    return best;
}

static int has_errors(int l) {
    int any = 0;
    for (int i = 0; i < size[l + 1]; i++) any |= delta[l][i];
    return any;
}

/* Errors of layer l (from 0), for its active neurons. */
static void backward(int l) {
    int rows = size[l + 2];
    int32_t most = 0;
    for (int i = 0; i < size[l + 1]; i++) most = strength[l][i] > most ? strength[l][i] : most;
    memset(delta[l], 0, sizeof delta[l]);
#ifdef SKIP
    if (!has_errors(l + 1)) return;
#endif
    for (int c = 0; c < count[l + 1]; c++) {
        int j = list[l + 1][c];
        const value_t *restrict w = weight[l + 1] + (size_t)j * rows;
        sum_t b = 0;
        for (int i = 0; i < rows; i++) b += w[i] * (sum_t)delta[l + 1][i];
        int64_t v = rn((int64_t)b * factor(strength[l][j], most), fw[l + 1] + fe[l + 1] + 7 - fe[l]);
        delta[l][j] = sat(v, MIN_VALUE, MAX_VALUE);
    }
}

static void update_column(value_t *restrict w, const value_t *restrict d, int32_t *restrict s, int rows, int32_t r,
                          int32_t v, int shift) {
    for (int i = 0; i < rows; i++) {
        int32_t old = w[i], new = old + ((r - d[i] * v) >> shift);
        new = new < MIN_VALUE ? MIN_VALUE : new > MAX_VALUE ? MAX_VALUE : new;
        s[i] += abs(new) - abs(old);
        w[i] = new;
    }
}

static void update(int l, int k) {
    int rows = size[l + 1], shift = fe[l] + fa[l] + k - fw[l], used = has_errors(l);
    if (VERSION == 2 && !used) return;
    for (int c = 0; c < count[l]; c++) {
        int32_t r = (uint64_t)advance(&stream[l]) >> (32 - shift);
        int j = list[l][c];
        if (used) update_column(weight[l] + (size_t)j * rows, delta[l], strength[l], rows, r, x[l][j], shift);
    }
}

static void load(const uint8_t *pixels) {
    count[0] = 0;
    for (int j = 0; j < size[0]; j++) {
        x[0][j] = quantised(pixels[j], fa[0], BITS);
        if (x[0][j]) list[0][count[0]++] = j;
    }
}

/* The checksum of the contract's digest, over all weights. */
static uint32_t checksum(void) {
    uint32_t sum = 0, offset = 0;
    for (int l = 0; l < L; l++) {
        for (int i = 0; i < size[l + 1]; i++)
            for (int j = 0; j < size[l]; j++) {
                uint32_t w = weight[l][(size_t)j * size[l + 1] + i] & ((1u << BITS) - 1);
                sum += mix((offset + i * size[l] + j) ^ mix(w));
            }
        offset += size[l] * size[l + 1];
    }
    return sum;
}

int main(int argc, char **argv) {
    if (argc != 7) {
        fprintf(stderr, "usage: trainer IMAGES LABELS SAMPLES SLICE SEED K\n");
        return 2;
    }
    int samples = atoi(argv[3]), slice = atoi(argv[4]), k = atoi(argv[6]), right = 0, q[MAX_WIDTH], e[MAX_WIDTH];
    uint8_t *pixels = read_file(argv[1], (size_t)samples * size[0]), *labels = read_file(argv[2], samples);
    double *times[TIMES];
    for (int t = 0; t < TIMES; t++) times[t] = malloc((samples / slice + 1) * sizeof **times);
    static sum_t z[MAX_WIDTH];
    for (int l = 0; l < L; l++) draw(l, strtoul(argv[5], 0, 10));
    for (int n = 0; n < samples;) {
        double start = now();
        memset(seconds, 0, sizeof seconds);
        for (int end = n + slice < samples ? n + slice : samples; n < end; n++) {
            int best;
            load(pixels + (size_t)n * size[0]);
            PHASE(FORWARD, best = forward(z, q));
            right += best == labels[n];
            PHASE(BACKWARD, {
                output_errors(q, best, size[L], labels[n], fe[L - 1], BITS, e);
                for (int i = 0; i < size[L]; i++) delta[L - 1][i] = e[i];
                for (int l = L - 2; l >= 0; l--) backward(l);
            });
            PHASE(UPDATE, for (int l = 0; l < L; l++) update(l, k));
        }
        seconds[WHOLE] = now() - start;
        for (int t = 0; t < TIMES; t++) times[t][(n - 1) / slice] = seconds[t];
    }
    printf("{\"right\":%d,\"checksum\":%u", right, checksum());
    for (int t = 0; t < TIMES; t++) print_times(time_name[t], times[t], (samples + slice - 1) / slice);
    printf("}\n");
    return 0;
}
