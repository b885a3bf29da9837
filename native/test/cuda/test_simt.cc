// The shim itself: what it computes, and what it finds fault with.

#include <vector>

#include "../check.h"
#include "simt.h"

namespace {

template <typename Kernel>
std::string fault(int threads, Kernel kernel) {
    try {
        simt::run(1, threads, kernel);
    } catch (const simt::Error& e) {
        return e.what();
    }
    return "";
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

void test_barriers_order_shared_memory() {
    std::vector<int> out(64 * 3, -1);
    simt::run(3, 64, [&] {
        __shared__ int values[64];
        const unsigned t = threadIdx.x;
        __syncthreads();
        values[t] = static_cast<int>(t * t + blockIdx.x);
        __syncthreads();
        out[blockIdx.x * 64 + t] = values[63 - t];
    });
    for (int i = 0; i < 192; ++i) {
        const int t = 63 - i % 64;
        CHECK(out[static_cast<size_t>(i)] == t * t + i / 64, "%d", i);
    }
}

void test_a_missing_barrier_shows() {
    // Which order threads run in is nobody's business: without a barrier the answers of two runs differ.
    std::vector<int> runs[2];
    for (auto& out : runs) {
        out.assign(64, -1);
        simt::run(1, 64, [&] {
            __shared__ int values[64];
            const unsigned t = threadIdx.x;
            values[t] = 0;
            __syncthreads();
            values[t] = 1;
            out[t] = values[63 - t];
        });
    }
    CHECK(runs[0] != runs[1], "the race goes unseen");
}

void test_barrier_faults() {
    const std::string missed = fault(64, [] {
        if (threadIdx.x < 40) __syncthreads();
    });
    CHECK(contains(missed, "has left the kernel"), "%s", missed.c_str());
    const std::string apart = fault(64, [] {
        if (threadIdx.x < 40) {
            __syncthreads();
        } else {
            __syncthreads();
        }
    });
    CHECK(contains(apart, "another barrier"), "%s", apart.c_str());
}

void test_warp_operations() {
    std::vector<int> sums(64), ballots(64), neighbours(64);
    simt::run(1, 64, [&] {
        const unsigned t = threadIdx.x;
        int sum = static_cast<int>(t);
        for (int bits = 16; bits > 0; bits /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, bits);
        sums[t] = sum;
        ballots[t] = static_cast<int>(__ballot_sync(0xffffffffu, t % 32 < 5));
        neighbours[t] = __shfl_down_sync(0xffffffffu, static_cast<int>(t), 1);
    });
    for (int t = 0; t < 64; ++t) {
        const size_t at = static_cast<size_t>(t);
        CHECK(sums[at] == (t < 32 ? 496 : 1520), "%d: %d", t, sums[at]);
        CHECK(ballots[at] == 31, "%d: %d", t, ballots[at]);
        CHECK(neighbours[at] == (t % 32 == 31 ? t : t + 1), "%d: %d", t, neighbours[at]);
    }
    const std::string missed = fault(32, [] {
        if (threadIdx.x != 7) __syncwarp();
    });
    CHECK(contains(missed, "has left the kernel"), "%s", missed.c_str());
    const std::string never = fault(32, [] {
        if (threadIdx.x == 7) __syncthreads();
        __syncwarp();
    });
    CHECK(contains(never, "never come"), "%s", never.c_str());
}

void test_copies_come_when_waited_for() {
    const float source[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    float early = 0, first = 0, second = 0, third = 0;
    simt::run(1, 1, [&] {
        float target[8] = {};
        simt::copy_later(target, source, 16);
        simt::commit_copies();
        simt::copy_later(target + 4, source + 4, 16);
        simt::commit_copies();
        early = target[0];
        simt::wait_for_copies(1);
        first = target[0];
        second = target[4];
        simt::wait_for_copies(0);
        third = target[4];
    });
    CHECK(early != early && first == 1 && second != second && third == 5, "%g %g %g %g", early, first, second, third);
    const std::string forgotten = fault(1, [&] {
        float target[4] = {};
        simt::copy_later(target, source, 16);
    });
    CHECK(contains(forgotten, "nobody waited"), "%s", forgotten.c_str());
}

void test_atomics() {
    unsigned long long least = ~0ull;
    int count = 0;
    simt::run(4, 32, [&] {
        atomicMin(&least, 1000ull - threadIdx.x - blockIdx.x);
        atomicAdd(&count, 1);
    });
    CHECK(least == 966 && count == 128, "%llu %d", least, count);
}

}  // namespace

int main() {
    return run([] {
        test_barriers_order_shared_memory();
        test_a_missing_barrier_shows();
        test_barrier_faults();
        test_warp_operations();
        test_copies_come_when_waited_for();
        test_atomics();
    });
}
