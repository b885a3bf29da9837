// How many given triplets have dn < dp + margin.

#include "cuda/call.h"
#include "cuda/exact.h"

namespace mien::cuda {
namespace {

struct Given {
    const int64_t *anchor, *positive, *negative;
    int64_t count;
};

__global__ void reset(int64_t* active) { *active = 0; }

__global__ void count(Problem p, double margin, Given given, int64_t* active) {
    const int64_t i = global_thread();
    if (i >= given.count) return;
    const int64_t a = given.anchor[i], positive = given.positive[i], negative = given.negative[i];
    if (a < 0 || a >= p.n || positive < 0 || positive >= p.m || negative < 0 || negative >= p.m) {
        complain(p, kMienBadTriplet, i);
        return;
    }
    if (exact_distance(p, a, negative) < exact_distance(p, a, positive) + margin) add_to(active, 1);
}

}  // namespace

void lay_out_active(Arena&, const Problem&, int64_t) {}

}  // namespace mien::cuda

extern "C" int mien_cuda_active_triplets(const MienCudaRows* rows, double margin, const int64_t* anchor,
                                         const int64_t* positive, const int64_t* negative, int64_t t, int64_t* active) {
    using namespace mien::cuda;
    return call(
        rows, kMienActive, 0,
        [&] {
            check_margin(margin);
            require(t >= 0, "a negative number of triplets: " + std::to_string(t));
            check_not_null("anchor", anchor, t);
            check_not_null("positive", positive, t);
            check_not_null("negative", negative, t);
            check_not_null("active", active, 1);
        },
        [&](const Problem& p, Arena&, Stream stream) {
            launch(stream, 1, 1, reset, active);
            launch_each(stream, t, count, p, margin, Given{anchor, positive, negative, t}, active);
        });
}
