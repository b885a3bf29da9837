#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

namespace mien {

// Lets the contributions to each block pass in the order of the tasks: those nearest the diagonal first. Every block
// meets every block once, so a block's turns are numbered 0, 1, ...
class Turns {
public:
    explicit Turns(int64_t blocks) : blocks_(blocks), next_(new std::atomic<int64_t>[static_cast<size_t>(blocks)]) {
        for (int64_t b = 0; b < blocks; ++b) next_[static_cast<size_t>(b)] = 0;
    }

    int64_t tasks() const { return blocks_ * (blocks_ + 1) / 2; }

    // The blocks of a task, the second `apart` after the first.
    void locate(int64_t task, int64_t* first, int64_t* apart) const {
        *apart = 0;
        while (task >= blocks_ - *apart) task -= blocks_ - (*apart)++;
        *first = task;
    }

    // Runs body when the contributions before it are done. `as_second`: the block is the second of its task. Once a
    // task has been abandoned, nothing is run any more.
    template <typename Body>
    void take(int64_t block, int64_t apart, bool as_second, Body body) {
        std::atomic<int64_t>& next = next_[static_cast<size_t>(block)];
        const int64_t turn = turn_of(block, apart, as_second);
        for (int spins = 0; next.load(std::memory_order_acquire) != turn; ++spins) {
            if (abandoned_.load(std::memory_order_relaxed)) return;
            if (spins < 1000) {
                __builtin_ia32_pause();
            } else {
                std::this_thread::yield();
            }
        }
        body();
        next.store(turn + 1, std::memory_order_release);
    }

    // A task failed: those that wait for its turn must not.
    void abandon() { abandoned_ = true; }

private:
    int64_t turn_of(int64_t block, int64_t apart, bool as_second) const {
        if (apart == 0) return 0;
        const int64_t nearer = std::min(apart - 1, block) + std::min(apart - 1, blocks_ - 1 - block);
        return 1 + nearer + (!as_second && block >= apart ? 1 : 0);
    }

    int64_t blocks_;
    std::unique_ptr<std::atomic<int64_t>[]> next_;
    std::atomic<bool> abandoned_{false};
};

}  // namespace mien
