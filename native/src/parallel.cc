#include "parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

namespace mien {
namespace {

using Body = std::function<void(int64_t, int64_t)>;

// Below this much work waking a thread (some 10 us) costs more than it saves.
constexpr double kSerialWork = 1 << 16;

thread_local int this_worker = 0;

// How long an idle worker or a waiting caller looks again before it sleeps, some 60 us on Zen 5: between the steps of a
// call, and between calls of a training loop or a benchmark, no thread has to be woken.
constexpr int kSpins = 3000;

template <typename Done>
void spin_until(Done done) {
    for (int i = 0; i < kSpins && !done(); ++i) __builtin_ia32_pause();
}

// Moves this thread off a processor if it is there and may be elsewhere. Where processors share no cache, as in many
// virtual machines, Linux leaves a thread that was woken beside its waker: for most of the next 20 ms two threads were
// no faster than one (n=1024, d=128: 0.96 ms, 0.76 with this).
void leave_processor(int processor) {
    if (processor < 0 || sched_getcpu() != processor) return;
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0 || CPU_COUNT(&allowed) < 2) return;
    cpu_set_t others = allowed;
    CPU_CLR(static_cast<size_t>(processor), &others);
    if (sched_setaffinity(0, sizeof(others), &others) == 0) sched_setaffinity(0, sizeof(allowed), &allowed);
}

class Pool {
public:
    std::atomic<int> threads{std::max(1, static_cast<int>(std::thread::hardware_concurrency()))};

    // False, with nothing done, if another call holds the pool.
    bool try_run(int64_t rows, int64_t step, int helpers, const Body& body) {
        std::unique_lock<std::mutex> caller(callers_, std::try_to_lock);
        if (!caller.owns_lock()) return false;
        bool wake;
        {
            std::lock_guard<std::mutex> lock(mutex_);
            wanted_ = grow(helpers);
            body_ = &body;
            rows_ = rows;
            step_ = step;
            next_.store(0, std::memory_order_relaxed);
            caller_processor_ = sched_getcpu();
            open_ = true;
            job_.fetch_add(1, std::memory_order_release);
            wake = sleepers_ > 0;
        }
        if (wake) wake_.notify_all();
        drain(body, rows, step);
        // A worker that has not come by now finds the job closed; only those at work are waited for.
        std::unique_lock<std::mutex> lock(mutex_);
        open_ = false;
        if (active_.load(std::memory_order_acquire) != 0) {
            lock.unlock();
            spin_until([&] { return active_.load(std::memory_order_acquire) == 0; });
            lock.lock();
            done_.wait(lock, [&] { return active_.load(std::memory_order_acquire) == 0; });
        }
        return true;
    }

private:
    // Starts workers up to `count`; returns how many there are to use. Fewer when the system refuses a thread.
    int grow(int count) {
        try {
            for (; workers_ < count; ++workers_) {
                std::thread([this, index = workers_, job = job_.load()] { work(index, job); }).detach();
            }
        } catch (const std::system_error&) {
        }
        return std::min(count, workers_);
    }

    void work(int index, int64_t seen) {
        this_worker = index + 1;
        for (;;) {
            spin_until([&] { return job_.load(std::memory_order_acquire) != seen; });
            std::unique_lock<std::mutex> lock(mutex_);
            ++sleepers_;
            wake_.wait(lock, [&] { return job_.load(std::memory_order_acquire) != seen; });
            --sleepers_;
            seen = job_.load(std::memory_order_acquire);
            if (!open_ || index >= wanted_) continue;
            active_.fetch_add(1, std::memory_order_relaxed);
            const Body& body = *body_;
            const int64_t rows = rows_, step = step_;
            const int taken = caller_processor_;
            lock.unlock();
            leave_processor(taken);
            drain(body, rows, step);
            lock.lock();
            if (active_.fetch_sub(1, std::memory_order_acq_rel) == 1) done_.notify_one();
        }
    }

    void drain(const Body& body, int64_t rows, int64_t step) {
        for (int64_t begin; (begin = next_.fetch_add(step, std::memory_order_relaxed)) < rows;) {
            body(begin, std::min(rows, begin + step));
        }
    }

    std::mutex callers_;  // held by the call that uses the pool
    std::mutex mutex_;    // guards everything below; job_ and active_ are also looked at without it
    std::condition_variable wake_, done_;
    const Body* body_ = nullptr;
    int64_t rows_ = 0, step_ = 1;
    int workers_ = 0, wanted_ = 0, sleepers_ = 0, caller_processor_ = -1;
    bool open_ = false;
    std::atomic<int64_t> job_{0};
    std::atomic<int> active_{0};
    std::atomic<int64_t> next_{0};
};

// Never destroyed: its workers may still wait in it while the process ends.
Pool& pool() {
    static Pool* const instance = new Pool;
    return *instance;
}

}  // namespace

void set_pool_threads(int threads) { pool().threads = threads; }

int pool_threads() { return pool().threads; }

int worker_index() { return this_worker; }

namespace {

// An exception of body, which a worker could not survive, ends the rest and reaches the caller.
void run_in_steps(int64_t rows, int64_t step, double work, const Body& body) {
    std::mutex mutex;
    std::exception_ptr failure;
    std::atomic<bool> failed{false};
    const Body guarded = [&](int64_t begin, int64_t end) {
        if (failed.load(std::memory_order_relaxed)) return;
        try {
            body(begin, end);
        } catch (...) {
            std::lock_guard<std::mutex> lock(mutex);
            if (!failed.exchange(true)) failure = std::current_exception();
        }
    };
    const int64_t threads = std::min<int64_t>(pool_threads(), rows);
    const bool shared =
        threads > 1 && work >= kSerialWork && pool().try_run(rows, step, static_cast<int>(threads - 1), guarded);
    if (!shared && rows > 0) guarded(0, rows);
    if (failure) std::rethrow_exception(failure);
}

}  // namespace

void parallel_rows(int64_t rows, double work, const Body& body) {
    const int64_t threads = std::max<int64_t>(1, std::min<int64_t>(pool_threads(), rows));
    // Several ranges per thread, so that a thread slowed by the machine does not hold up the others.
    run_in_steps(rows, (rows + 4 * threads - 1) / (4 * threads), work, body);
}

void parallel_tasks(int64_t tasks, double work, const std::function<void(int64_t)>& body) {
    run_in_steps(tasks, 1, work, [&](int64_t begin, int64_t end) {
        for (int64_t task = begin; task < end; ++task) body(task);
    });
}

void run_together(int threads, const std::function<void()>& body) {
    const Body once = [&](int64_t, int64_t) { body(); };
    if (threads == 1 || !pool().try_run(threads, 1, threads - 1, once)) body();
}

}  // namespace mien
