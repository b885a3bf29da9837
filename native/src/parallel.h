#pragma once

#include <cstdint>
#include <functional>

namespace mien {

void set_pool_threads(int threads);
int pool_threads();

// Which of the pool's threads runs the caller, from 1 on; 0 for a thread of any other kind.
int worker_index();

// Runs body(begin, end) over disjoint ranges that cover 0..rows, on the calling thread and the pool's; returns when
// all are done. `work` is the total cost in multiply-adds or so: small work stays on the calling thread. body may
// throw: the first exception ends the rest and is thrown to the caller. A call that finds the pool taken by another
// runs on its own thread alone.
void parallel_rows(int64_t rows, double work, const std::function<void(int64_t, int64_t)>& body);

// Runs body(task) for 0..tasks-1, handed out one by one in that order, in the same way.
void parallel_tasks(int64_t tasks, double work, const std::function<void(int64_t)>& body);

// Runs body() on the calling thread and at once on up to threads - 1 of the pool's, as far as they are free. Every call
// of body must be able to do all the work by itself, and none may throw.
void run_together(int threads, const std::function<void()>& body);

}  // namespace mien
