/* What the plain C trainers have in common: scalars, streams and softmax of the numeric contract, files, the clock. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_WIDTH = 4096, ONE = 128 };

static uint32_t mix(uint32_t h) {
    h = (h ^ (h >> 16)) * 0x85ebca6bu;
    h = (h ^ (h >> 13)) * 0xc2b2ae35u;
    return h ^ (h >> 16);
}

static uint32_t first_state(uint32_t seed, int purpose, int layer) {
    uint32_t y = mix(seed ^ mix(256 * purpose + layer));
    return y ? y : 0x9e3779b9u;
}

static uint32_t advance(uint32_t *y) {
    *y ^= *y << 13;
    *y ^= *y >> 17;
    return *y ^= *y << 5;
}

static int64_t rn(int64_t v, int s) { return s > 0 ? (v + (1LL << (s - 1))) >> s : v * (1LL << -s); }

static int64_t sat(int64_t v, int64_t low, int64_t high) { return v < low ? low : v > high ? high : v; }

static int64_t sat_bits(int64_t v, int bits) { return sat(v, -(1LL << (bits - 1)), (1LL << (bits - 1)) - 1); }

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* Softmax in base 2 less the label: delta_L of logits q whose largest is q[best]. */
static void output_errors(const int *q, int best, int classes, int label, int frac, int bits, int *delta) {
    static int table[64], e[MAX_WIDTH];
    int64_t sum = 0;
    if (!table[0])
        for (int k = 0; k < 64; k++) table[k] = round(65535 * pow(2, -k / 64.0));
    for (int i = 0; i < classes; i++) {
        int u = ((q[best] - q[i]) * 369) >> 8;
        sum += e[i] = u >> 8 > 16 ? 0 : table[(u >> 2) & 63] >> (u >> 8);
    }
    for (int i = 0; i < classes; i++) {
        int64_t p = (((int64_t)e[i] << (frac + 1)) / sum + 1) >> 1;
        delta[i] = sat_bits(p - (i == label ? 1 << frac : 0), bits);
    }
}

/* f, clipped to [1, 2] */
static int factor(int32_t s, int32_t most) {
    int f = most ? (int)(((int64_t)s << 8) / most) : ONE;
    return f < ONE ? ONE : f;
}

static uint8_t *read_file(const char *name, size_t bytes) {
    FILE *file = fopen(name, "rb");
    uint8_t *data = malloc(bytes);
    if (!file || fread(data, 1, bytes, file) != bytes) {
        fprintf(stderr, "trainer: cannot read %zu bytes of %s\n", bytes, name);
        exit(2);
    }
    fclose(file);
    return data;
}

static int quantised(int pixel, int frac, int bits) { return sat_bits((2 * pixel * (1 << frac) + 255) / 510, bits); }

/* `"name":[..]`: a time for each slice. */
static void print_times(const char *name, const double *times, int slices) {
    printf(",\"%s\":[", name);
    for (int n = 0; n < slices; n++) printf("%s%.8f", n ? "," : "", times[n]);
    printf("]");
}
