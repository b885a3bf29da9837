#pragma once

// The functions of mien.h by way of the CUDA library, so that the checks of the CPU's kernels check it as well. Rows
// are handed over in on_device::type; they must be values of that type.

#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "device_memory.h"
#include "mien/mien.h"
#include "mien/mien_cuda.h"

namespace on_device {

inline int type = kMienFloat32, precision = kMienPrecisionFloat32;

inline uint16_t brain_bits(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return static_cast<uint16_t>(bits >> 16);
}

// Of a float that is a float16 exactly.
inline uint16_t half_bits(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    const uint32_t sign = bits >> 16 & 0x8000u;
    const int exponent = static_cast<int>(bits >> 23 & 0xff) - 127 + 15;
    const uint32_t rest = bits & 0x7fffffu;
    if (exponent >= 1) return static_cast<uint16_t>(sign | static_cast<uint32_t>(exponent) << 10 | rest >> 13);
    const int shift = 14 - exponent;
    return static_cast<uint16_t>(shift > 24 ? sign : sign | (rest | 0x800000u) >> shift);
}

// Rows in device memory.
class Rows {
public:
    Rows(const float* values, int64_t count)
        : floats_(type == kMienFloat32 ? values : nullptr, count), halves_(narrow(values, count).data(), count) {}

    const void* get() const {
        if (type == kMienFloat32) return floats_.get();
        return halves_.get();
    }

private:
    static std::vector<uint16_t> narrow(const float* values, int64_t count) {
        std::vector<uint16_t> out(type == kMienFloat32 || values == nullptr ? 0 : static_cast<size_t>(count));
        for (size_t i = 0; i < out.size(); ++i)
            out[i] = type == kMienBfloat16 ? brain_bits(values[i]) : half_bits(values[i]);
        return out;
    }

    DeviceArray<float> floats_;
    DeviceArray<uint16_t> halves_;
};

// The arguments of a call on the device.
class Arguments {
public:
    Arguments(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels, int64_t m,
              const int64_t* self, int64_t d, int distance)
        : x_(x, n * d),
          y_(y, y == nullptr ? 0 : m * d),
          labels_(labels, n),
          y_labels_(y_labels, y_labels == nullptr ? 0 : m),
          self_(self, n),
          status_(2) {
        rows_.x = x == nullptr ? nullptr : something(x_.get());
        rows_.labels = something(labels_.get());
        rows_.n = n;
        rows_.y = y == nullptr ? nullptr : something(y_.get());
        rows_.y_labels = y_labels == nullptr ? nullptr : something(y_labels_.get());
        rows_.m = m;
        rows_.self = self_.get();
        rows_.d = d;
        rows_.type = type;
        rows_.distance = distance;
        rows_.precision = precision;
        rows_.status = status_.get();
    }

    // call(rows) with scratch for the operation; throws what went wrong.
    template <typename Call>
    void run(int operation, int64_t extra, Call call) {
        rows_.scratch_bytes = mien_cuda_scratch_bytes(&rows_, operation, extra);
        if (rows_.scratch_bytes < 0) throw std::invalid_argument(mien_cuda_message());
        const DeviceArray<char> scratch(rows_.scratch_bytes);
        rows_.scratch = scratch.get();
        const int result = call(&rows_);
        if (result == 1) throw std::invalid_argument(mien_cuda_message());
        if (result != 0) throw std::runtime_error(mien_cuda_message());
        int64_t status[2];
        status_.copy_to(status, 2);
        if (status[0] != kMienGood) {
            throw std::invalid_argument("status " + std::to_string(status[0]) + ", row " + std::to_string(status[1]));
        }
    }

private:
    // No rows at all have an address, too: of y it says "separate".
    template <typename T>
    static T* something(T* memory) {
        static int64_t nothing;
        return memory == nullptr ? reinterpret_cast<T*>(&nothing) : memory;
    }
    static const void* something(const void* memory) {
        static int64_t nothing;
        return memory == nullptr ? &nothing : memory;
    }

    Rows x_, y_;
    DeviceArray<int64_t> labels_, y_labels_, self_, status_;
    MienCudaRows rows_{};
};

// A list of triplets in device memory.
struct TripletList {
    DeviceArray<int64_t> anchor, positive, negative, count;

    explicit TripletList(int64_t capacity) : anchor(capacity), positive(capacity), negative(capacity), count(1) {}

    int64_t copy_to(int64_t capacity, int64_t* a, int64_t* p, int64_t* n) const {
        const int64_t found = count.first();
        if (found > capacity) throw std::invalid_argument(std::to_string(found) + " triplets do not fit");
        anchor.copy_to(a, found);
        positive.copy_to(p, found);
        negative.copy_to(n, found);
        return found;
    }
};

inline void distances(const float* a, int64_t n, const float* b, int64_t m, int64_t d, int distance, float* out) {
    Arguments arguments(a, nullptr, n, b, nullptr, m, nullptr, d, distance);
    const int64_t size = n * (b == nullptr ? n : m);
    const DeviceArray<float> result(size);
    arguments.run(kMienDistances, 0, [&](const MienCudaRows* r) { return mien_cuda_distances(r, result.get()); });
    result.copy_to(out, size);
}

inline int64_t positive_pairs(const int64_t* labels, int64_t n, const int64_t* y_labels, int64_t m,
                              const int64_t* self) {
    Arguments arguments(nullptr, labels, n, nullptr, y_labels, m, self, 1, 0);
    const DeviceArray<int64_t> pairs(1);
    arguments.run(kMienPositivePairs, 0,
                  [&](const MienCudaRows* r) { return mien_cuda_positive_pairs(r, pairs.get()); });
    return pairs.first();
}

inline void batch_hard(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels,
                       int64_t m, const int64_t* self, int64_t d, int distance, int64_t rank_low, int64_t rank_high,
                       int64_t* positive, int64_t* negative, float* positive_distance, float* negative_distance) {
    Arguments arguments(x, labels, n, y, y_labels, m, self, d, distance);
    const int64_t all = n * (rank_high - rank_low + 1);
    const DeviceArray<int64_t> p(n), q(all);
    const DeviceArray<float> dp(positive_distance == nullptr ? 0 : n), dn(negative_distance == nullptr ? 0 : all);
    arguments.run(kMienBatchHard, rank_high, [&](const MienCudaRows* r) {
        return mien_cuda_batch_hard(r, rank_low, rank_high, p.get(), q.get(), dp.get(), dn.get());
    });
    p.copy_to(positive, n);
    q.copy_to(negative, all);
    dp.copy_to(positive_distance, positive_distance == nullptr ? 0 : n);
    dn.copy_to(negative_distance, negative_distance == nullptr ? 0 : all);
}

inline void easy_positive(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels,
                          int64_t m, const int64_t* self, int64_t d, int distance, double margin, int choice,
                          int64_t* positive, int64_t* negative) {
    Arguments arguments(x, labels, n, y, y_labels, m, self, d, distance);
    const DeviceArray<int64_t> p(n), q(n);
    arguments.run(kMienEasyPositive, 0,
                  [&](const MienCudaRows* r) { return mien_cuda_easy_positive(r, margin, choice, p.get(), q.get()); });
    p.copy_to(positive, n);
    q.copy_to(negative, n);
}

inline int64_t semi_hard(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels,
                         int64_t m, const int64_t* self, int64_t d, int distance, double margin, int semantics,
                         int64_t seed, int64_t step, int64_t capacity, int64_t* anchor, int64_t* positive,
                         int64_t* negative) {
    Arguments arguments(x, labels, n, y, y_labels, m, self, d, distance);
    const int64_t pairs = positive_pairs(labels, n, y == nullptr ? nullptr : y_labels, m, self);
    const TripletList list(pairs);
    arguments.run(kMienSemiHard, pairs, [&](const MienCudaRows* r) {
        return mien_cuda_semi_hard(r, margin, semantics, seed, step, pairs, list.anchor.get(), list.positive.get(),
                                   list.negative.get(), list.count.get());
    });
    return list.copy_to(capacity, anchor, positive, negative);
}

inline void batch_all_counts(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels,
                             int64_t m, const int64_t* self, int64_t d, int distance, double margin, int64_t* counts) {
    Arguments arguments(x, labels, n, y, y_labels, m, self, d, distance);
    const DeviceArray<int64_t> found(n);
    arguments.run(kMienBatchAllCounts, 0,
                  [&](const MienCudaRows* r) { return mien_cuda_batch_all_counts(r, margin, found.get()); });
    found.copy_to(counts, n);
}

inline int64_t batch_all(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels,
                         int64_t m, const int64_t* self, int64_t d, int distance, double margin, int64_t cap,
                         int64_t seed, int64_t step, int64_t capacity, int64_t* anchor, int64_t* positive,
                         int64_t* negative) {
    Arguments arguments(x, labels, n, y, y_labels, m, self, d, distance);
    const TripletList list(capacity);
    arguments.run(kMienBatchAll, capacity, [&](const MienCudaRows* r) {
        return mien_cuda_batch_all(r, margin, cap, seed, step, capacity, list.anchor.get(), list.positive.get(),
                                   list.negative.get(), list.count.get());
    });
    return list.copy_to(capacity, anchor, positive, negative);
}

inline void batch_all_loss(const float* x, const int64_t* labels, int64_t n, int64_t d, int distance, double margin,
                           double* loss, int64_t* active, int64_t* triplets, float* gradient) {
    Arguments arguments(x, labels, n, nullptr, nullptr, 0, nullptr, d, distance);
    const DeviceArray<double> sum(1);
    const DeviceArray<int64_t> violated(1), all(1);
    const DeviceArray<float> derivative(gradient == nullptr ? 0 : n * d);
    arguments.run(kMienBatchAllLoss, 0, [&](const MienCudaRows* r) {
        return mien_cuda_batch_all_loss(r, margin, sum.get(), violated.get(), all.get(), derivative.get());
    });
    *loss = sum.first();
    *active = violated.first();
    *triplets = all.first();
    derivative.copy_to(gradient, gradient == nullptr ? 0 : n * d);
}

inline void random_triplets(const int64_t* labels, int64_t n, const int64_t* y_labels, int64_t m, const int64_t* self,
                            int64_t seed, int64_t step, int64_t* positive, int64_t* negative) {
    Arguments arguments(nullptr, labels, n, nullptr, y_labels, m, self, 1, 0);
    const DeviceArray<int64_t> p(n), q(n);
    arguments.run(kMienRandom, 0,
                  [&](const MienCudaRows* r) { return mien_cuda_random_triplets(r, seed, step, p.get(), q.get()); });
    p.copy_to(positive, n);
    q.copy_to(negative, n);
}

inline int64_t distance_weighted(const float* x, const int64_t* labels, int64_t n, const float* y,
                                 const int64_t* y_labels, int64_t m, const int64_t* self, int64_t d, int64_t seed,
                                 int64_t step, int64_t capacity, int64_t* anchor, int64_t* positive,
                                 int64_t* negative) {
    Arguments arguments(x, labels, n, y, y_labels, m, self, d, mien::kEuclidean);
    const TripletList list(capacity);
    arguments.run(kMienDistanceWeighted, capacity, [&](const MienCudaRows* r) {
        return mien_cuda_distance_weighted(r, seed, step, capacity, list.anchor.get(), list.positive.get(),
                                           list.negative.get(), list.count.get());
    });
    return list.copy_to(capacity, anchor, positive, negative);
}

inline int64_t active_triplets(const float* x, int64_t n, const float* y, int64_t m, int64_t d, int distance,
                               double margin, const int64_t* anchor, const int64_t* positive, const int64_t* negative,
                               int64_t t) {
    Arguments arguments(x, nullptr, n, y, nullptr, m, nullptr, d, distance);
    const DeviceArray<int64_t> a(anchor, t), p(positive, t), q(negative, t), active(1);
    arguments.run(kMienActive, 0, [&](const MienCudaRows* r) {
        return mien_cuda_active_triplets(r, margin, a.get(), p.get(), q.get(), t, active.get());
    });
    return active.first();
}

inline void mining_statistics(const float* x, const int64_t* labels, int64_t n, const float* y, const int64_t* y_labels,
                              int64_t m, const int64_t* self, int64_t d, int distance, double margin, int64_t* counts,
                              double* figures) {
    Arguments arguments(x, labels, n, y, y_labels, m, self, d, distance);
    const DeviceArray<int64_t> numbers(5);
    const DeviceArray<double> values(12);
    arguments.run(kMienStatistics, 0, [&](const MienCudaRows* r) {
        return mien_cuda_mining_statistics(r, margin, numbers.get(), values.get());
    });
    numbers.copy_to(counts, 5);
    values.copy_to(figures, 12);
}

}  // namespace on_device
