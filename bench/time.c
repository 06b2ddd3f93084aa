/*
 * A plain C trainer of networks in time, the yardstick of `npm run bench`: the integers of the numeric contract for
 * spiking (snu) or tanh cells, backpropagation through time and stochastic rounding, one sample at a time.
 *
 *   time IMAGES LABELS SAMPLES SLICE SEED K
 *
 * Compiled for one network: -DSTEPS=4 -DENCODING=DIRECT|ROWS -DCELL=SNU|TANH -DRECURRENT=0|1 -DDECAY=3 -DGRAPES=0|1
 * (propagating, clipped to [1, 2]) -DWEIGHT_BITS -DVALUE_BITS -DERROR_BITS -DSIZES=784,256,10 and -DFW -DFA -DFE -DFH (a
 * list each, layer 1 first; FA from the input on, FH one a hidden layer). Columns are contiguous in memory. What the
 * contract lets one leave out is left out: columns of 0, steps and layers without errors, all but the first product of a
 * constant input; the output layer sees the sum over time; a spike adds. Prints what trainer.c prints.
 */
#include "common.h"

enum { DIRECT, ROWS, SNU, TANH };
enum { SPIKING = CELL == SNU, CONSTANT = ENCODING == DIRECT, MEMBRANE_FRAC = VALUE_BITS - 3, MAX_T = 64 };

#if WEIGHT_BITS <= 8
typedef int8_t weight_t;
#else
typedef int16_t weight_t;
#endif
#if VALUE_BITS <= 8
typedef int8_t value_t;
#else
typedef int16_t value_t;
#endif
#if ERROR_BITS <= 8
typedef int8_t error_t;
#else
typedef int16_t error_t;
#endif

static const int size[] = {SIZES};
enum { L = sizeof size / sizeof *size - 1 };
static const int fw[L] = {FW}, fa[L] = {FA}, fe[L] = {FE}, fh[L] = {FH};

/* A matrix, column by column. */
typedef struct {
    int rows, columns, frac, layer;
    weight_t *w;
    uint32_t stream;
} matrix_t;

static matrix_t W[L], H[L];

/* Values of layer l, 0 the input: at step t, which are not 0, and those that are open. */
typedef struct {
    value_t x[MAX_T][MAX_WIDTH];
    int list[MAX_T][MAX_WIDTH], count[MAX_T];
    int open[MAX_T][MAX_WIDTH], opens[MAX_T];
} values_t;

static values_t values[L];
static int16_t membrane[L][MAX_WIDTH];
static error_t delta[L][MAX_T][MAX_WIDTH], through[2][MAX_WIDTH];
static int has_error[L][MAX_T];
static int64_t strength[L][MAX_WIDTH];

static int max(int a, int b) { return a > b ? a : b; }
static int sum_frac(int l) { return RECURRENT ? max(fw[l] + fa[l], fh[l] + fa[l + 1]) : fw[l] + fa[l]; }
static int back_frac(int l) { return RECURRENT ? max(fw[l + 1] + fe[l + 1], fh[l] + fe[l]) : fw[l + 1] + fe[l + 1]; }
static int strength_frac(int l) { return RECURRENT ? max(fw[l], fh[l]) : fw[l]; }

static void draw(matrix_t *m, int l, int rows, int columns, int frac, int of, int purpose, uint32_t seed) {
    uint64_t b = sqrtl(((uint64_t)of << (2 * frac)) / columns);
    uint32_t y = first_state(seed, purpose, l + 1);
    *m = (matrix_t){rows, columns, frac, l, aligned_alloc(64, ((size_t)rows * columns * sizeof(weight_t) + 63) / 64 * 64),
                    first_state(seed, purpose - 2, l + 1)};
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) {
            int w = sat_bits((int64_t)(((uint64_t)advance(&y) * (2 * b + 1)) >> 32) - (int64_t)b, WEIGHT_BITS);
            m->w[(size_t)j * rows + i] = w;
            if (l < L - 1) strength[l][i] += (int64_t)abs(w) << (strength_frac(l) - frac);
        }
}

static void add_column(int32_t *restrict z, const weight_t *restrict w, int rows) {
    for (int i = 0; i < rows; i++) z[i] += w[i];
}

static void add_product(int32_t *restrict z, const weight_t *restrict w, int rows, int32_t x) {
    for (int i = 0; i < rows; i++) z[i] += w[i] * x;
}

/* z += m * what v has at step t */
static void multiply(const matrix_t *m, const values_t *v, int t, int spikes, int32_t *z) {
    for (int c = 0; c < v->count[t]; c++) {
        int j = v->list[t][c];
        const weight_t *w = m->w + (size_t)j * m->rows;
        if (spikes) add_column(z, w, m->rows);
        else add_product(z, w, m->rows, v->x[t][j]);
    }
}

static void fire(int l, int t, const int64_t *z) {
    values_t *v = &values[l + 1];
    int shift = sum_frac(l) - (SPIKING ? MEMBRANE_FRAC : fa[l + 1]);
    v->count[t] = v->opens[t] = 0;
    for (int i = 0; i < size[l + 1]; i++) {
        int64_t sum = rn(z[i], shift);
        int x, open;
        if (SPIKING) {
            int before = membrane[l][i], keep = t > 0 && !v->x[t - 1][i] ? before - rn(before, DECAY) : 0;
            int s = membrane[l][i] = sat_bits(sum + keep, VALUE_BITS);
            x = s >= 1 << MEMBRANE_FRAC;
            open = abs(s - (1 << MEMBRANE_FRAC)) < 1 << (MEMBRANE_FRAC - 1);
        } else {
            x = sat_bits(sum, VALUE_BITS);
            open = x == sum;
        }
        v->x[t][i] = x;
        v->list[t][v->count[t]] = i;
        v->count[t] += x != 0;
        v->open[t][v->opens[t]] = i;
        v->opens[t] += open;
    }
}

static void hidden_forward(int l) {
    static int32_t below[MAX_WIDTH], own[MAX_WIDTH];
    static int64_t z[MAX_WIDTH];
    int rows = size[l + 1], spikes = SPIKING && l > 0;
    int up = sum_frac(l) - fw[l] - fa[l], across = RECURRENT ? sum_frac(l) - fh[l] - fa[l + 1] : 0;
    for (int t = 0; t < STEPS; t++) {
        if (t == 0 || l > 0 || !CONSTANT) {
            memset(below, 0, rows * sizeof *below);
            multiply(&W[l], &values[l], t, spikes, below);
        }
        if (RECURRENT && t > 0) {
            memset(own, 0, rows * sizeof *own);
            multiply(&H[l], &values[l + 1], t - 1, SPIKING, own);
            for (int i = 0; i < rows; i++) z[i] = ((int64_t)below[i] << up) + ((int64_t)own[i] << across);
        } else
            for (int i = 0; i < rows; i++) z[i] = (int64_t)below[i] << up;
        fire(l, t, z);
    }
}

/* What the output layer sees: sums over time, and which columns are used at any step. */
static int32_t total[MAX_WIDTH];
static int used[MAX_WIDTH], used_count;

/* The columns of a layer that some of its first `steps` steps use, ascending. */
static int columns_in_use(const values_t *v, int columns, int steps, int *list) {
    static uint8_t mark[MAX_WIDTH];
    int n = 0;
    memset(mark, 0, columns);
    for (int t = 0; t < steps; t++)
        for (int c = 0; c < v->count[t]; c++) mark[v->list[t][c]] = 1;
    for (int j = 0; j < columns; j++)
        if (mark[j]) list[n++] = j;
    return n;
}

static int ceil_log2(int v) {
    int bits = 0;
    while (1 << bits < v) bits++;
    return bits;
}

static int output_forward(int *q) {
    static int32_t z[MAX_WIDTH];
    const values_t *v = &values[L - 1];
    int best = 0;
    memset(total, 0, size[L - 1] * sizeof *total);
    for (int t = 0; t < STEPS; t++)
        for (int c = 0; c < v->count[t]; c++) total[v->list[t][c]] += v->x[t][v->list[t][c]];
    used_count = columns_in_use(v, size[L - 1], STEPS, used);
    memset(z, 0, size[L] * sizeof *z);
    for (int c = 0; c < used_count; c++)
        add_product(z, W[L - 1].w + (size_t)used[c] * size[L], size[L], total[used[c]]);
    for (int i = 0; i < size[L]; i++) {
        q[i] = sat_bits(rn(z[i], fw[L - 1] + fa[L - 1] - 8 + ceil_log2(STEPS)), 16);
        if (q[i] > q[best]) best = i;
    }
    return best;
}

static int32_t dot(const weight_t *restrict w, const error_t *restrict e, int rows) {
    int32_t sum = 0;
    for (int i = 0; i < rows; i++) sum += w[i] * e[i];
    return sum;
}

/* Errors of hidden layer l at every step, last first, from those of the layer above. */
static void backward(int l) {
    static int64_t once[MAX_WIDTH];
    static uint8_t known[MAX_WIDTH];
    const values_t *v = &values[l + 1];
    int n = size[l + 1], rows = size[l + 2], top = l == L - 2, later = 0;
    int down = back_frac(l) - fw[l + 1] - fe[l + 1], across = RECURRENT ? back_frac(l) - fh[l] - fe[l] : 0;
    int shift = back_frac(l) + 7 - fe[l], apart = RECURRENT && GRAPES;
    int64_t most = 0;
    for (int i = 0; i < n; i++) most = strength[l][i] > most ? strength[l][i] : most;
    memset(known, 0, n);
    for (int t = STEPS - 1; t >= 0; t--) {
        int above = has_error[l + 1][t], own = RECURRENT && t < STEPS - 1 && later;
        error_t *d = delta[l][t], *u = apart ? through[t & 1] : d;
        const error_t *next = apart ? through[(t + 1) & 1] : delta[l][t + 1];
        memset(d, 0, n * sizeof *d);
        if (apart) memset(u, 0, n * sizeof *u);
        if (SPIKING && later)
            for (int j = 0; j < n; j++) {
                if (v->x[t][j]) continue;
                d[j] = delta[l][t + 1][j] - rn(delta[l][t + 1][j], DECAY);
                if (apart) u[j] = next[j] - rn(next[j], DECAY);
            }
        for (int c = 0; (above || own) && c < v->opens[t]; c++) {
            int j = v->open[t][c];
            int64_t b = 0;
            if (above) {
                if (!top || !known[j]) once[j] = dot(W[l + 1].w + (size_t)j * rows, delta[l + 1][t], rows);
                known[j] = 1;
                b = once[j] * (1LL << down);
            }
            if (own) b += dot(H[l].w + (size_t)j * n, next, n) * (1LL << across);
            int f = GRAPES ? factor(strength[l][j], most) : ONE;
            d[j] = sat_bits(rn(b * f, shift) + d[j], ERROR_BITS);
            if (apart) u[j] = sat_bits(rn(b * ONE, shift) + u[j], ERROR_BITS);
        }
        has_error[l][t] = later = 0;
        for (int j = 0; j < n; j++) has_error[l][t] |= d[j], later |= d[j] | u[j];
    }
}

static void write_column(weight_t *restrict w, const int32_t *restrict a, int32_t *restrict changes, int rows, int32_t r,
                         int32_t x, int shift) {
    const int32_t low = -(1 << (WEIGHT_BITS - 1)), high = -low - 1;
    for (int i = 0; i < rows; i++) {
        int32_t old = w[i], new = old + ((r - a[i] * x) >> shift);
        new = new < low ? low : new > high ? high : new;
        changes[i] += abs(new) - abs(old);
        w[i] = new;
    }
}

static void add_errors(int32_t *restrict a, const error_t *restrict d, int rows, int32_t x) {
    for (int i = 0; i < rows; i++) a[i] += d[i] * x;
}

/* Column j of m: over the steps t at which v has it, errors of step t + lag times values of step t. */
static void gradient(const matrix_t *m, const values_t *v, int j, int lag, int32_t *a) {
    memset(a, 0, m->rows * sizeof *a);
    for (int t = 0; t + lag < STEPS; t++)
        if (v->x[t][j] && has_error[m->layer][t + lag]) add_errors(a, delta[m->layer][t + lag], m->rows, v->x[t][j]);
}

static void update(matrix_t *m, int input_frac, int k) {
    static int32_t a[MAX_WIDTH], changes[MAX_WIDTH];
    static int list[MAX_WIDTH];
    int l = m->layer, rows = m->rows, shift = fe[l] + input_frac + k - m->frac;
    int own = m == &H[l], output = l == L - 1, constant = l == 0 && CONSTANT && !own;
    const values_t *v = &values[own ? l + 1 : l];
    const int *columns = output ? used : list;
    int count = output ? used_count : columns_in_use(v, m->columns, own ? STEPS - 1 : constant ? 1 : STEPS, list);
    memset(changes, 0, rows * sizeof *changes);
    if (output || constant) {
        memset(a, 0, rows * sizeof *a);
        for (int t = 0; t < (output ? 1 : STEPS); t++) add_errors(a, delta[l][t], rows, 1);
    }
    for (int c = 0; c < count; c++) {
        int j = columns[c];
        int32_t r = (uint64_t)advance(&m->stream) >> (32 - shift);
        if (!output && !constant) gradient(m, v, j, own, a);
        write_column(m->w + (size_t)j * rows, a, changes, rows, r, output ? total[j] : constant ? v->x[0][j] : 1, shift);
    }
    if (l < L - 1)
        for (int i = 0; i < rows; i++) strength[l][i] += (int64_t)changes[i] * (1LL << (strength_frac(l) - m->frac));
}

static void load(const uint8_t *pixels) {
    values_t *v = &values[0];
    for (int t = 0; t < (CONSTANT ? 1 : STEPS); t++) {
        v->count[t] = 0;
        for (int j = 0; j < size[0]; j++) {
            v->x[t][j] = quantised(pixels[t * size[0] + j], fa[0], VALUE_BITS);
            if (v->x[t][j]) v->list[t][v->count[t]++] = j;
        }
    }
}

static uint32_t matrix_checksum(const matrix_t *m, uint32_t offset) {
    uint32_t sum = 0;
    for (int i = 0; i < m->rows; i++)
        for (int j = 0; j < m->columns; j++)
            sum += mix((offset + i * m->columns + j) ^ mix(m->w[(size_t)j * m->rows + i] & ((1u << WEIGHT_BITS) - 1)));
    return sum;
}

/* The checksum of the contract's digest, over all weights: W_1, H_1, W_2, .. */
static uint32_t checksum(void) {
    uint32_t sum = 0, offset = 0;
    for (int l = 0; l < L; l++) {
        sum += matrix_checksum(&W[l], offset);
        offset += W[l].rows * W[l].columns;
        if (!RECURRENT || l == L - 1) continue;
        sum += matrix_checksum(&H[l], offset);
        offset += H[l].rows * H[l].columns;
    }
    return sum;
}

static int step(const uint8_t *pixels, int label, int k) {
    int q[MAX_WIDTH], e[MAX_WIDTH], any = 0;
    load(pixels);
    for (int l = 0; l < L - 1; l++) hidden_forward(l);
    int best = output_forward(q);
    output_errors(q, best, size[L], label, fe[L - 1], ERROR_BITS, e);
    for (int i = 0; i < size[L]; i++) any |= e[i];
    if (!any) return best;
    for (int t = 0; t < STEPS; t++) {
        has_error[L - 1][t] = any;
        for (int i = 0; i < size[L]; i++) delta[L - 1][t][i] = e[i];
    }
    for (int l = L - 2; l >= 0; l--) backward(l);
    for (int l = 0; l < L; l++) {
        int errors = 0;
        for (int t = 0; t < STEPS; t++) errors |= has_error[l][t];
        if (!errors) continue;
        update(&W[l], fa[l], k);
        if (RECURRENT && l < L - 1) update(&H[l], fa[l + 1], k);
    }
    return best;
}

int main(int argc, char **argv) {
    if (argc != 7) {
        fprintf(stderr, "usage: time IMAGES LABELS SAMPLES SLICE SEED K\n");
        return 2;
    }
    int samples = atoi(argv[3]), slice = atoi(argv[4]), k = atoi(argv[6]), right = 0;
    int features = size[0] * (CONSTANT ? 1 : STEPS);
    uint32_t seed = strtoul(argv[5], 0, 10);
    uint8_t *pixels = read_file(argv[1], (size_t)samples * features), *labels = read_file(argv[2], samples);
    double *times = malloc((samples / slice + 1) * sizeof *times);
    for (int l = 0; l < L; l++) {
        draw(&W[l], l, size[l + 1], size[l], fw[l], 6, 3, seed);
        if (RECURRENT && l < L - 1) draw(&H[l], l, size[l + 1], size[l + 1], fh[l], 3, 4, seed);
    }
    for (int n = 0; n < samples;) {
        double start = now();
        for (int end = n + slice < samples ? n + slice : samples; n < end; n++)
            right += step(pixels + (size_t)n * features, labels[n], k) == labels[n];
        times[(n - 1) / slice] = now() - start;
    }
    printf("{\"right\":%d,\"checksum\":%u", right, checksum());
    print_times("whole", times, (samples + slice - 1) / slice);
    printf("}\n");
    return 0;
}
