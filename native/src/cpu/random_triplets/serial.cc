#include "kernels.h"
#include "mining.h"

namespace mien::serial {
namespace {

// The k-th positive in order of rows.
int32_t nth_positive(const MiningProblem& p, int64_t anchor, int64_t k) {
    const ClassRows own = class_rows(p, anchor);
    return own.first[k] < p.self[anchor] || !self_has_own_class(p, anchor) ? own.first[k] : own.first[k + 1];
}

// Of the references of other classes the k-th in order of rows.
int64_t nth_outside(const ClassRows& own, int64_t k) {
    int64_t low = 0, high = own.size();
    while (low < high) {  // the first of the class with more than k strangers before it
        const int64_t middle = (low + high) / 2;
        if (own.first[middle] - middle > k) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return k + low;
}

int64_t nth_negative(const MiningProblem& p, int64_t anchor, int64_t k) {
    const int64_t row = nth_outside(class_rows(p, anchor), k);
    const int64_t self = p.self[anchor];
    // Self of another class is no negative: those behind it move up by one.
    const bool skips = self >= 0 && !self_has_own_class(p, anchor) && row >= self;
    return skips ? nth_outside(class_rows(p, anchor), k + 1) : row;
}

}  // namespace

void random_triplet(const MiningProblem& p, int32_t anchor, const CounterRandom& random, int64_t* positive,
                    int64_t* negative) {
    *positive = *negative = -1;
    if (!is_valid(p, anchor)) return;
    *positive = nth_positive(p, anchor, random.below(positive_count(p, anchor), anchor, -1));
    *negative = nth_negative(p, anchor, random.below(negative_count(p, anchor), anchor, *positive));
}

}  // namespace mien::serial
