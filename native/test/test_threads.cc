#include <sched.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <new>
#include <thread>
#include <vector>

#include "check.h"
#include "fast/turns.h"
#include "mien/mien.h"
#include "parallel.h"

namespace {

constexpr int64_t kRows = 300, kColumns = 24;

std::vector<float> data() {
    std::normal_distribution<float> draw;
    std::vector<float> matrix(kRows * kColumns);
    for (float& x : matrix) x = draw(generator());
    return matrix;
}

std::vector<float> compute(const std::vector<float>& rows) {
    std::vector<float> out(kRows * kRows, -1.0f);
    mien::distances(rows.data(), kRows, rows.data(), kRows, kColumns, mien::kCosine, out.data());
    return out;
}

void test_same_answer_on_any_number_of_threads(const std::vector<float>& rows) {
    mien::set_threads(1);
    const std::vector<float> expected = compute(rows);
    for (const int threads : {2, 3, 8, 2, 1}) {
        mien::set_threads(threads);
        CHECK(mien::threads() == threads, "%d", mien::threads());
        for (int repeat = 0; repeat < 20; ++repeat) CHECK(compute(rows) == expected, "%d threads", threads);
    }
}

// Callers that find the pool taken compute on their own; nobody waits for ever or sees another's rows.
void test_concurrent_callers(const std::vector<float>& rows) {
    mien::set_threads(3);
    const std::vector<float> expected = compute(rows);
    std::atomic<int> wrong{0};
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 4; ++caller) {
        callers.emplace_back([&] {
            for (int repeat = 0; repeat < 20; ++repeat) wrong += compute(rows) != expected;
        });
    }
    for (std::thread& caller : callers) caller.join();
    CHECK(wrong == 0, "%d wrong answers", wrong.load());
}

// A task that fails before its turn leaves nobody waiting for it, and its exception comes out.
void test_failing_task_in_turns() {
    mien::set_threads(2);
    for (int repeat = 0; repeat < 5; ++repeat) {
        mien::Turns turns(4);
        bool thrown = false;
        try {
            mien::parallel_tasks(turns.tasks(), 1e9, [&](int64_t task) {
                int64_t first, apart;
                turns.locate(task, &first, &apart);
                if (task == 0) {  // the others come to wait for it
                    std::this_thread::sleep_for(std::chrono::milliseconds(5));
                    turns.abandon();
                    throw std::bad_alloc();
                }
                turns.take(first, apart, false, [] {});
                if (apart > 0) turns.take(first + apart, apart, true, [] {});
            });
        } catch (const std::bad_alloc&) {
            thrown = true;
        }
        CHECK(thrown, "repeat %d", repeat);
    }
}

// A worker that leaves its caller's processor may use all that it was allowed before.
void test_workers_keep_their_processors() {
    mien::set_threads(4);
    cpu_set_t before;
    CHECK(sched_getaffinity(0, sizeof(before), &before) == 0, "errno %d", errno);
    std::atomic<int> other{0}, helped{0};
    for (int repeat = 0; repeat < 100; ++repeat) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));  // so that workers sleep and are woken
        mien::run_together(4, [&] {
            cpu_set_t now;
            helped += mien::worker_index() > 0;
            other += sched_getaffinity(0, sizeof(now), &now) != 0 || !CPU_EQUAL(&now, &before);
            std::this_thread::sleep_for(std::chrono::microseconds(200));
        });
    }
    CHECK(other == 0, "%d times other processors than before", other.load());
    CHECK(helped > 0, "no worker ever came");
}

}  // namespace

int main() {
    return run([] {
        for (const int bad : {0, -1, 1025}) {
            const std::string message = rejected([&] { mien::set_threads(bad); });
            CHECK(message.find("not " + std::to_string(bad)) != std::string::npos, "%s", message.c_str());
        }
        const std::vector<float> rows = data();
        test_same_answer_on_any_number_of_threads(rows);
        test_concurrent_callers(rows);
        test_failing_task_in_turns();
        test_workers_keep_their_processors();
    });
}
