// What the CUDA library refuses, and what its status says.

#include <limits>

#include "../check.h"
#include "on_device.h"

namespace {

constexpr int64_t kRows = 6, kColumns = 3;

struct Batch {
    std::vector<float> x;
    std::vector<int64_t> labels{1, 1, 2, 2, 3, 3};

    Batch() {
        for (int64_t i = 0; i < kRows * kColumns; ++i) x.push_back(static_cast<float>(i % 7));
    }
};

std::string refused_batch_hard(Batch batch, int64_t low, int64_t high, const int64_t* self = nullptr) {
    std::vector<int64_t> positive(kRows), negative(kRows);
    const bool separate = self != nullptr;
    return rejected([&] {
        on_device::batch_hard(batch.x.data(), batch.labels.data(), kRows, separate ? batch.x.data() : nullptr,
                              separate ? batch.labels.data() : nullptr, separate ? kRows : 0, self, kColumns,
                              mien::kEuclidean, low, high, positive.data(), negative.data(), nullptr, nullptr);
    });
}

void expect(const std::string& message, const char* wanted) {
    CHECK(message.find(wanted) != std::string::npos, "%s, not %s", message.c_str(), wanted);
}

void test_arguments() {
    expect(refused_batch_hard({}, 0, 1), "the rank window must satisfy 1 <= low <= high, not 0:1");
    expect(refused_batch_hard({}, 3, 2), "not 3:2");
    MienCudaRows rows{};
    const auto size_refused = [&](const char* wanted) {
        CHECK(mien_cuda_scratch_bytes(&rows, kMienBatchHard, 1) == -1, "a size");
        expect(mien_cuda_message(), wanted);
    };
    rows.n = -1;
    size_refused("x has a negative number of rows: -1");
    rows.n = int64_t{1} << 31;
    size_refused("mining takes fewer than 2^31");
    rows.n = int64_t{1} << 30;
    size_refused("1073741824 x 1073741824 pairs are too many for one call");
    rows.n = kRows;
    size_refused("rows must have 1 to 1048576 columns, not 0");
    rows.d = kColumns;
    rows.type = 3;
    size_refused("unknown type code 3");
    rows.type = kMienBfloat16;
    rows.distance = 4;
    size_refused("unknown distance code 4");
    rows.distance = mien::kCosine;
    rows.precision = -1;
    size_refused("unknown precision code -1");
    rows.precision = kMienPrecisionTf32;
    CHECK(mien_cuda_scratch_bytes(&rows, 99, 0) == -1, "an operation 99");
    CHECK(mien_cuda_scratch_bytes(nullptr, kMienBatchHard, 0) == -1, "no rows");
    const int64_t bytes = mien_cuda_scratch_bytes(&rows, kMienBatchHard, 1);
    CHECK(bytes > 0, "%lld", static_cast<long long>(bytes));
    rows.scratch_bytes = bytes - 1;
    int64_t out[kRows];
    float x[kRows * kColumns] = {};
    int64_t status[2];
    rows.x = x;
    rows.labels = out;
    rows.status = status;
    CHECK(mien_cuda_batch_hard(&rows, 1, 1, out, out, nullptr, nullptr) == 1, "too little scratch");
    expect(mien_cuda_message(), "bytes, not");
    rows.labels = nullptr;
    CHECK(mien_cuda_batch_hard(&rows, 1, 1, out, out, nullptr, nullptr) == 1, "no labels");
    expect(mien_cuda_message(), "labels is null, not (6)");
    CHECK(mien_cuda_device(0) != nullptr, "%s", mien_cuda_message());
    CHECK(mien_cuda_device(99) == nullptr && *mien_cuda_message() != 0, "a device 99");
    double margin_out = 0;
    CHECK(mien_cuda_mining_statistics(&rows, -1, out, &margin_out) == 1, "a negative margin");
}

void test_status() {
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        Batch batch;
        batch.x[4 * kColumns + 1] = bad;
        batch.x[5 * kColumns] = bad;
        expect(refused_batch_hard(batch, 1, 1), "status 1, row 4");
        expect(refused_batch_hard(batch, 1, 2), "status 1, row 4");
    }
    const int64_t self[kRows] = {0, 1, 2, 6, 4, 5};
    expect(refused_batch_hard({}, 1, 1, self), "status 3, row 3");
}

// Every operation on rows with a NaN comes back, whatever it says.
void test_every_operation_survives_nonsense() {
    Batch b;
    for (size_t i = 0; i < b.x.size(); i += 2) b.x[i] = std::numeric_limits<float>::quiet_NaN();
    int64_t rows[3][64], count[5];
    double figures[12];
    float gradient[kRows * kColumns];
    const float* x = b.x.data();
    const int64_t* l = b.labels.data();
    for (int precision = kMienPrecisionFloat32; precision <= kMienPrecisionBfloat16; ++precision) {
        on_device::precision = precision;
        for (int d = 0; d < 4; ++d) {
            rejected([&] {
                on_device::easy_positive(x, l, kRows, nullptr, nullptr, 0, nullptr, kColumns, d, 1, mien::kSemiHard,
                                         rows[0], rows[1]);
            });
            for (int semantics = 0; semantics < 3; ++semantics) {
                rejected([&] {
                    on_device::semi_hard(x, l, kRows, nullptr, nullptr, 0, nullptr, kColumns, d, 1, semantics, 1, 1, 64,
                                         rows[0], rows[1], rows[2]);
                });
            }
            rejected([&] {
                on_device::batch_all(x, l, kRows, nullptr, nullptr, 0, nullptr, kColumns, d, 1, 3, 1, 1, 64, rows[0],
                                     rows[1], rows[2]);
            });
            rejected(
                [&] { on_device::batch_all_loss(x, l, kRows, kColumns, d, 1, figures, count, count + 1, gradient); });
            rejected([&] {
                on_device::mining_statistics(x, l, kRows, nullptr, nullptr, 0, nullptr, kColumns, d, 1, count, figures);
            });
            rejected([&] {
                on_device::distance_weighted(x, l, kRows, nullptr, nullptr, 0, nullptr, kColumns, 1, 1, 64, rows[0],
                                             rows[1], rows[2]);
            });
        }
    }
    on_device::precision = kMienPrecisionFloat32;
}

void test_no_room() {
    const Batch b;
    int64_t rows[3][8];
    const std::string message = rejected([&] {
        on_device::batch_all(b.x.data(), b.labels.data(), kRows, nullptr, nullptr, 0, nullptr, kColumns, 0, 1e9,
                             1 << 20, 1, 1, 8, rows[0], rows[1], rows[2]);
    });
    expect(message, "status 4, row 24");
}

void test_bad_triplets() {
    const Batch b;
    const int64_t anchor[] = {0, 1}, positive[] = {1, 0}, negative[] = {2, 6};
    const std::string message = rejected([&] {
        on_device::active_triplets(b.x.data(), kRows, nullptr, 0, kColumns, 0, 1, anchor, positive, negative, 2);
    });
    expect(message, "status 5, row 1");
}

}  // namespace

int main() {
    return run([] {
        test_arguments();
        test_status();
        test_every_operation_survives_nonsense();
        test_no_room();
        test_bad_triplets();
    });
}
