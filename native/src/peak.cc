// The measured ceiling: every thread runs the same loop of multiply-adds, started together, timed by the wall clock.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "checks.h"
#include "dispatch.h"
#include "mien/mien.h"

namespace mien {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSlices = 10;  // the best one counts: others may have lost their core to another process

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Threads that meet before each slice.
class Team {
public:
    Team(const PeakLoop& loop, int threads) : loop_(loop), threads_(threads) {}

    // Wall time from the moment all threads are there until the last one is done, in seconds.
    double run(int64_t rounds) {
        waiting_ = threads_;
        std::vector<std::thread> others;
        others.reserve(static_cast<size_t>(threads_ - 1));
        try {
            for (int i = 1; i < threads_; ++i) others.emplace_back([this, rounds] { meet_and_run(rounds); });
        } catch (...) {  // the system refuses a thread: let go those that wait for it
            waiting_ = 0;
            for (std::thread& other : others) other.join();
            throw;
        }
        meet();
        const Clock::time_point start = Clock::now();
        sink_ = loop_.run(rounds);
        for (std::thread& other : others) other.join();
        return seconds_since(start);
    }

private:
    void meet() {
        --waiting_;
        while (waiting_ > 0) std::this_thread::yield();
    }

    void meet_and_run(int64_t rounds) {
        meet();
        sink_ = loop_.run(rounds);
    }

    const PeakLoop& loop_;
    const int threads_;
    std::atomic<int> waiting_{0};
    std::atomic<float> sink_{0};
};

// Rounds that take one thread about `seconds`; on the way the core reaches its clock.
int64_t rounds_for(const PeakLoop& loop, double seconds) {
    Team alone(loop, 1);
    for (int64_t rounds = 1000;; rounds *= 2) {
        const double taken = alone.run(rounds);
        if (taken < seconds / 4) continue;
        return std::max<int64_t>(1, static_cast<int64_t>(static_cast<double>(rounds) * seconds / taken));
    }
}

}  // namespace

double peak_gflops(int threads, double seconds) {
    require(threads >= 1 && threads <= 1024, "threads must be 1..1024, not " + std::to_string(threads));
    require(seconds >= 0.001 && seconds <= 10, "seconds must be 0.001..10, not " + word(seconds));
    const PeakLoop& loop = *kernels().peak;
    const int64_t rounds = rounds_for(loop, seconds / kSlices);
    Team team(loop, threads);
    double best = team.run(rounds);
    for (int slice = 1; slice < kSlices; ++slice) best = std::min(best, team.run(rounds));
    const double flops = static_cast<double>(loop.flops) * static_cast<double>(rounds) * threads;
    return flops / best * 1e-9;
}

}  // namespace mien
