// Workshop: which register tile, which broadcast, which depth of a chunk. Build and run alone:
//   g++ -O3 -std=c++17 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma tile_avx512.cc -o /tmp/tile && /tmp/tile
// Every variant adds sum (a - b)^2 (or its kind) over one chunk of k to a block of 96 x 96 sums that lies in memory;
// the block's operands stay in the first two cache levels. Rates are differences per second, in units of the FMA peak.

#include <immintrin.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

double now() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

enum Form { kGram, kSquares, kAbsolutes };
enum Broadcast { kExplicit, kEmbedded };

// sums (rows MR, stride) += over k < depth; a: MR floats every a_stride, b: NV vectors every b_stride.
template <int MR, int NV, Form form, Broadcast mode>
__attribute__((noinline)) void tile(const float* a, long a_stride, const float* b, long b_stride, long depth,
                                    float* sums, long stride) {
    __m512 acc[MR][NV];
#pragma GCC unroll 16
    for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 4
        for (int v = 0; v < NV; ++v) acc[i][v] = _mm512_setzero_ps();
    }
    const __m512 magnitude = _mm512_castsi512_ps(_mm512_set1_epi32(0x7fffffff));
    const __m512 one = _mm512_set1_ps(1.0f);
    for (long k = 0; k < depth; ++k) {
        __m512 column[NV];
#pragma GCC unroll 4
        for (int v = 0; v < NV; ++v) column[v] = _mm512_loadu_ps(b + 16 * v);
#pragma GCC unroll 16
        for (int i = 0; i < MR; ++i) {
            __m512 row;
            if (mode == kExplicit) asm("vbroadcastss %1,%0" : "=v"(row) : "m"(a[i]));
#pragma GCC unroll 4
            for (int v = 0; v < NV; ++v) {
                if (form == kGram) {
                    if (mode == kExplicit)
                        acc[i][v] = _mm512_fmadd_ps(row, column[v], acc[i][v]);
                    else
                        asm("vfmadd231ps %2%{1to16%},%1,%0" : "+v"(acc[i][v]) : "v"(column[v]), "m"(a[i]));
                } else {
                    __m512 difference;
                    if (mode == kExplicit)
                        difference = _mm512_sub_ps(column[v], row);
                    else
                        asm("vsubps %2%{1to16%},%1,%0" : "=v"(difference) : "v"(column[v]), "m"(a[i]));
                    if (form == kSquares)
                        acc[i][v] = _mm512_fmadd_ps(difference, difference, acc[i][v]);
                    else
                        acc[i][v] = _mm512_fmadd_ps(_mm512_and_ps(difference, magnitude), one, acc[i][v]);
                }
            }
        }
        a += a_stride;
        b += b_stride;
    }
#pragma GCC unroll 16
    for (int i = 0; i < MR; ++i) {
#pragma GCC unroll 4
        for (int v = 0; v < NV; ++v) {
            float* out = sums + i * stride + 16 * v;
            _mm512_storeu_ps(out, _mm512_add_ps(_mm512_loadu_ps(out), acc[i][v]));
        }
    }
}

double fma_peak() {
    double best = 0;
    for (int repeat = 0; repeat < 10; ++repeat) {
        __m512 acc[16];
        for (auto& x : acc) x = _mm512_set1_ps(1.0f);
        const __m512 m = _mm512_set1_ps(0.999f), c = _mm512_set1_ps(0.001f);
        const long n = 2000000;
        const double start = now();
        for (long i = 0; i < n; ++i) {
#pragma GCC unroll 16
            for (int j = 0; j < 16; ++j) asm volatile("vfmadd213ps %2,%1,%0" : "+v"(acc[j]) : "v"(m), "v"(c));
        }
        const double seconds = now() - start;
        best = std::fmax(best, 16.0 * 16.0 * static_cast<double>(n) / seconds);
    }
    return best;
}

double peak;

template <int MR, int NV, Form form, Broadcast mode>
void measure(const char* name, long depth) {
    constexpr int kWidth = 16 * NV;
    const long block = 96;
    if (block % MR != 0 || block % kWidth != 0) return;
    const long d = 512;
    std::vector<float> panels(static_cast<size_t>(2 * block * d + 64)), sums(static_cast<size_t>(block * block));
    for (auto& x : panels) x = static_cast<float>(rand() % 1000) * 1e-3f;
    float* base = panels.data() + 16 - (reinterpret_cast<uintptr_t>(panels.data()) / 4) % 16;
    double best = 1e9;
    for (int repeat = 0; repeat < 30; ++repeat) {
        const double start = now();
        for (int times = 0; times < 10; ++times) {
            for (long k0 = 0; k0 < d; k0 += depth) {
                for (long j = 0; j < block; j += kWidth) {
                    for (long i = 0; i < block; i += MR) {
                        // rows are read out of the panels that hold them as columns, of the second block of 96
                        const float* a = base + block * d + (i / kWidth) * kWidth * d + k0 * kWidth + i % kWidth;
                        const float* b = base + (j / kWidth) * kWidth * d + k0 * kWidth;
                        tile<MR, NV, form, mode>(a, kWidth, b, kWidth, depth, &sums[static_cast<size_t>(i * block + j)],
                                                 block);
                    }
                }
            }
        }
        best = std::fmin(best, (now() - start) / 10);
    }
    const double rate = static_cast<double>(block * block * d) / best;
    std::printf("%-32s chunk %4ld  %6.1f G/s  %5.1f %% of peak\n", name, depth, rate * 1e-9, 100 * rate / peak);
}

template <Form form>
void all(const char* name) {
    char text[64];
    for (long depth : {32L, 64L, 128L, 512L}) {
#define RUN(MR, NV)                                                           \
    std::snprintf(text, sizeof text, "%s %dx%d explicit", name, MR, 16 * NV); \
    measure<MR, NV, form, kExplicit>(text, depth);                            \
    std::snprintf(text, sizeof text, "%s %dx%d embedded", name, MR, 16 * NV); \
    measure<MR, NV, form, kEmbedded>(text, depth);
        RUN(12, 2)
        RUN(8, 2)
        RUN(8, 3)
        RUN(6, 3)
        RUN(12, 1)
        RUN(16, 1)
    }
}

}  // namespace

int main() {
    peak = fma_peak();
    std::printf("FMA peak %.1f G lanes/s = %.1f GFLOP/s, one thread\n", peak * 1e-9, 2e-9 * peak);
    all<kSquares>("squares");
    all<kAbsolutes>("absolutes");
    all<kGram>("gram");
}
