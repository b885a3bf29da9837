#pragma once

// What every mining kernel works on: rows, already checked, and which references are of which class.

#include <algorithm>
#include <cstdint>

namespace mien {

// All pointers belong to the caller of the kernel. Rows are int32: the api layer refuses 2^31 of them.
struct MiningProblem {
    const float* x;          // (n, d) anchors
    const float* y;          // (m, d) references; x itself where `symmetric`
    bool symmetric;          // the anchors are compared with themselves
    int64_t n, m, d;         //
    int distance;            // mien::Distance
    const double* x_norms;   // (n) cosine only, else null; 0 for a zero row
    const double* y_norms;   // (m) likewise
    const int32_t* self;     // (n) the reference that is the anchor, or -1; i itself where `symmetric`
    const int32_t* x_class;  // (n) class of each anchor; -1 when no reference has its label
    const int32_t* y_class;  // (m)
    int32_t classes;
    const int32_t* class_begin;  // (classes + 1) into `order`
    const int32_t* order;        // (m) references sorted by (class, row)
};

// The references of the anchor's class, in order of rows; self is among them when it has the anchor's label.
struct ClassRows {
    const int32_t* first;
    const int32_t* last;

    const int32_t* begin() const { return first; }
    const int32_t* end() const { return last; }
    int64_t size() const { return last - first; }
};

inline ClassRows class_rows(const MiningProblem& p, int64_t anchor) {
    const int32_t own = p.x_class[anchor];
    if (own < 0) return {p.order, p.order};
    return {p.order + p.class_begin[own], p.order + p.class_begin[own + 1]};
}

inline bool self_has_own_class(const MiningProblem& p, int64_t anchor) {
    return p.self[anchor] >= 0 && p.y_class[p.self[anchor]] == p.x_class[anchor];
}

inline int64_t positive_count(const MiningProblem& p, int64_t anchor) {
    return class_rows(p, anchor).size() - self_has_own_class(p, anchor);
}

inline int64_t negative_count(const MiningProblem& p, int64_t anchor) {
    const bool stranger = p.self[anchor] >= 0 && !self_has_own_class(p, anchor);
    return p.m - class_rows(p, anchor).size() - stranger;
}

inline bool is_valid(const MiningProblem& p, int64_t anchor) {
    return positive_count(p, anchor) > 0 && negative_count(p, anchor) > 0;
}

inline bool is_negative(const MiningProblem& p, int64_t anchor, int64_t row) {
    return p.y_class[row] != p.x_class[anchor] && row != p.self[anchor];
}

// body(row) for each positive, in order of rows.
template <typename Body>
void for_each_positive(const MiningProblem& p, int64_t anchor, Body body) {
    for (const int32_t row : class_rows(p, anchor)) {
        if (row != p.self[anchor]) body(row);
    }
}

// body(row) for each negative, in order of rows.
template <typename Body>
void for_each_negative(const MiningProblem& p, int64_t anchor, Body body) {
    for (int32_t row = 0; row < static_cast<int32_t>(p.m); ++row) {
        if (is_negative(p, anchor, row)) body(row);
    }
}

// A reference and its exact distance; ties go to the lowest row.
struct Ranked {
    double distance;
    int32_t row;
};

inline bool operator<(const Ranked& a, const Ranked& b) {
    return a.distance < b.distance || (a.distance == b.distance && a.row < b.row);
}

// The anchor's negatives in order of rows, into out (m); returns their number.
inline int64_t list_negatives(const MiningProblem& p, int64_t anchor, const double* row, Ranked* out) {
    int64_t count = 0;
    for_each_negative(p, anchor, [&](int32_t j) { out[count++] = {row[j], j}; });
    return count;
}

// The anchor's negatives in order of (distance, row), into out (m); returns their number.
inline int64_t rank_negatives(const MiningProblem& p, int64_t anchor, const double* row, Ranked* out) {
    const int64_t count = list_negatives(p, anchor, row, out);
    std::sort(out, out + count);
    return count;
}

// Of `count` ranked negatives, those nearer than `limit`.
inline int64_t ranked_below(const Ranked* ranked, int64_t count, double limit) {
    return std::partition_point(ranked, ranked + count, [&](const Ranked& r) { return r.distance < limit; }) - ranked;
}

// Of `count` ranked negatives, those at `limit` or nearer.
inline int64_t ranked_up_to(const Ranked* ranked, int64_t count, double limit) {
    return std::partition_point(ranked, ranked + count, [&](const Ranked& r) { return r.distance <= limit; }) - ranked;
}

}  // namespace mien
