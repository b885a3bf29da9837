// bench_cuda FILE: times every CUDA operation on this machine's GPU by events, beside what bounds it, into a table of
// tabs: operation, distance, n, d, least milliseconds of a few, and the rate in what the ceiling is measured in.

#include <cuda_runtime_api.h>
#include <dlfcn.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "device_memory.h"
#include "mien/mien.h"
#include "mien/mien_cuda.h"

namespace {

std::FILE* table;

void row(const std::string& what, const std::string& distance, int64_t n, int64_t d, double milliseconds,
         const std::string& rate) {
    std::fprintf(table, "%s\t%s\t%lld\t%lld\t%.4f\t%s\n", what.c_str(), distance.c_str(), static_cast<long long>(n),
                 static_cast<long long>(d), milliseconds, rate.c_str());
    std::fflush(table);
}

std::string rate(double number, const char* unit) {
    char text[64];
    std::snprintf(text, sizeof text, "%.2f %s", number, unit);
    return text;
}

// The least time of a few runs after a warm one.
double least_milliseconds(const std::function<void()>& work) {
    cudaEvent_t begin, end;
    device::check(cudaEventCreate(&begin));
    device::check(cudaEventCreate(&end));
    float least = 1e30f;
    double spent = 0;
    for (int run = 0; run < 12 && (run < 2 || spent < 1500); ++run) {
        device::check(cudaEventRecord(begin));
        work();
        device::check(cudaEventRecord(end));
        device::check(cudaEventSynchronize(end));
        float milliseconds = 0;
        device::check(cudaEventElapsedTime(&milliseconds, begin, end));
        spent += milliseconds;
        if (run > 0) least = std::min(least, milliseconds);
    }
    cudaEventDestroy(begin);
    cudaEventDestroy(end);
    return least;
}

void copy_bandwidth() {
    constexpr size_t kBytes = size_t{1} << 30;
    const DeviceArray<char> from(kBytes), to(kBytes);
    const double ms = least_milliseconds(
        [&] { device::check(cudaMemcpyAsync(to.get(), from.get(), kBytes, cudaMemcpyDeviceToDevice)); });
    row("copy 1 GiB", "-", 0, 0, ms, rate(2 * static_cast<double>(kBytes) / ms / 1e9, "TB/s"));
}

// cuBLAS is not linked: its ceiling is measured where it is installed.
void gemm_rates(int64_t n, int64_t d) {
    void* library = nullptr;
    for (const char* name : {"libcublas.so.13", "libcublas.so.12", "libcublas.so"}) {
        if (library == nullptr) library = dlopen(name, RTLD_NOW);
    }
    using Create = int (*)(void**);
    using Multiply = int (*)(void*, int, int, int, int, int, const void*, const void*, int, int, const void*, int, int,
                             const void*, void*, int, int, int, int);
    const auto create = library == nullptr ? nullptr : reinterpret_cast<Create>(dlsym(library, "cublasCreate_v2"));
    const auto multiply = library == nullptr ? nullptr : reinterpret_cast<Multiply>(dlsym(library, "cublasGemmEx"));
    void* handle = nullptr;
    if (create == nullptr || multiply == nullptr || create(&handle) != 0) {
        std::fprintf(stderr, "cuBLAS not found: no GEMM ceilings\n");
        return;
    }
    constexpr int kFloat = 0, kHalf = 2, kPlain = 68, kTf32 = 77, kTransposed = 1, kAsItIs = 0, kAny = -1;
    const DeviceArray<float> x(n * d), out(n * n);
    device::fill(x.get(), 0, static_cast<size_t>(n * d) * sizeof(float));
    const struct {
        const char* name;
        int type, compute;
    } modes[] = {{"GEMM float32", kFloat, kPlain}, {"GEMM tf32", kFloat, kTf32}, {"GEMM float16", kHalf, kPlain}};
    const float one = 1, zero = 0;
    const int rows = static_cast<int>(n), columns = static_cast<int>(d);
    for (const auto& mode : modes) {
        int failed = 0;
        const double ms = least_milliseconds([&] {
            failed |= multiply(handle, kTransposed, kAsItIs, rows, rows, columns, &one, x.get(), mode.type, columns,
                               x.get(), mode.type, columns, &zero, out.get(), kFloat, rows, mode.compute, kAny);
        });
        const double flops = 2 * static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(d);
        if (failed == 0) row(mode.name, "-", n, d, ms, rate(flops / ms / 1e9, "TFLOP/s"));
    }
}

// A batch as a sampler gives it: classes of 16 rows around centres of their own.
class Batch {
public:
    Batch(int64_t n, int64_t d) : n_(n), d_(d), x_(n * d), labels_(n), status_(2) {
        std::mt19937 engine(1);
        std::normal_distribution<float> normal;
        std::vector<float> x(static_cast<size_t>(n * d)), centre(static_cast<size_t>(d));
        std::vector<int64_t> labels(static_cast<size_t>(n));
        for (int64_t i = 0; i < n; ++i) {
            labels[static_cast<size_t>(i)] = i / 16;
            if (i % 16 == 0) {
                for (float& value : centre) value = normal(engine);
            }
            for (int64_t k = 0; k < d; ++k) {
                x[static_cast<size_t>(i * d + k)] = centre[static_cast<size_t>(k)] + 0.7f * normal(engine);
            }
        }
        device::copy_in(x_.get(), x.data(), x.size() * sizeof(float));
        device::copy_in(labels_.get(), labels.data(), labels.size() * sizeof(int64_t));
    }

    // Times call(rows); what it leaves in the status is an error.
    void time(const char* what, int distance, int operation, int64_t extra,
              const std::function<int(const MienCudaRows*)>& call) {
        MienCudaRows rows{};
        rows.x = x_.get();
        rows.labels = labels_.get();
        rows.n = n_;
        rows.d = d_;
        rows.distance = distance;
        rows.status = status_.get();
        rows.scratch_bytes = mien_cuda_scratch_bytes(&rows, operation, extra);
        const DeviceArray<char> scratch(rows.scratch_bytes);
        rows.scratch = scratch.get();
        const double ms = least_milliseconds([&] {
            if (call(&rows) != 0) throw std::runtime_error(mien_cuda_message());
        });
        if (status_.first() != 0) throw std::runtime_error(std::string(what) + " left a status");
        const double pairs = static_cast<double>(n_) * static_cast<double>(n_) * static_cast<double>(d_);
        const char* const names[] = {"euclidean", "squared-euclidean", "manhattan", "cosine"};
        row(what, names[distance], n_, d_, ms, rate(pairs / ms / 1e9, "T columns/s"));
    }

    int64_t pairs() const { return n_ * 15; }

private:
    int64_t n_, d_;
    DeviceArray<float> x_;
    DeviceArray<int64_t> labels_, status_;
};

void operations(int64_t n, int64_t d) {
    Batch batch(n, d);
    const int64_t pairs = batch.pairs();
    const DeviceArray<int64_t> a(pairs), p(pairs), q(pairs), count(5);
    const DeviceArray<double> figures(12);
    const DeviceArray<float> gradient(n * d);
    for (int distance = 0; distance < 4; ++distance) {
        batch.time("batch-hard", distance, kMienBatchHard, 1, [&](const MienCudaRows* r) {
            return mien_cuda_batch_hard(r, 1, 1, p.get(), q.get(), nullptr, nullptr);
        });
    }
    const auto semi_hard = [&](const char* name, int semantics) {
        batch.time(name, mien::kEuclidean, kMienSemiHard, pairs, [&](const MienCudaRows* r) {
            return mien_cuda_semi_hard(r, 0.2, semantics, 1, 1, pairs, a.get(), p.get(), q.get(), count.get());
        });
    };
    semi_hard("semi-hard facenet", mien::kFacenet);
    semi_hard("semi-hard tfa", mien::kTfa);
    batch.time("easy-positive semi-hard", mien::kEuclidean, kMienEasyPositive, 0, [&](const MienCudaRows* r) {
        return mien_cuda_easy_positive(r, 0.2, mien::kSemiHard, p.get(), q.get());
    });
    if (n > 8192) return;  // what follows is exact for every anchor
    semi_hard("semi-hard violating", mien::kViolating);
    batch.time("batch-hard ranks 1:8", mien::kEuclidean, kMienBatchHard, 8, [&](const MienCudaRows* r) {
        return mien_cuda_batch_hard(r, 1, 8, p.get(), q.get(), nullptr, nullptr);
    });
    batch.time("batch-all counts", mien::kEuclidean, kMienBatchAllCounts, 0,
               [&](const MienCudaRows* r) { return mien_cuda_batch_all_counts(r, 0.2, a.get()); });
    batch.time("batch-all loss, gradient", mien::kEuclidean, kMienBatchAllLoss, 0, [&](const MienCudaRows* r) {
        return mien_cuda_batch_all_loss(r, 0.2, figures.get(), count.get(), count.get() + 1, gradient.get());
    });
    batch.time("statistics", mien::kEuclidean, kMienStatistics, 0,
               [&](const MienCudaRows* r) { return mien_cuda_mining_statistics(r, 0.2, count.get(), figures.get()); });
    batch.time("distance-weighted", mien::kCosine, kMienDistanceWeighted, pairs, [&](const MienCudaRows* r) {
        return mien_cuda_distance_weighted(r, 1, 1, pairs, a.get(), p.get(), q.get(), count.get());
    });
    const DeviceArray<float> all(n * n);
    for (int distance = 0; distance < 4; ++distance) {
        batch.time("distances", distance, kMienDistances, 0,
                   [&](const MienCudaRows* r) { return mien_cuda_distances(r, all.get()); });
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 || (table = std::fopen(argv[1], "w")) == nullptr) {
        std::fprintf(stderr, "usage: bench_cuda FILE\n");
        return 2;
    }
    try {
        std::fprintf(table, "operation\tdistance\tn\td\tms\trate\n");
        copy_bandwidth();
        gemm_rates(8192, 512);
        for (const int64_t n : {256, 1024, 4096, 32768}) {
            for (const int64_t d : {128, 512}) operations(n, d);
        }
    } catch (const std::exception& e) {
        std::fprintf(stderr, "bench_cuda: %s\n", e.what());
        return 1;
    }
    return std::fclose(table) == 0 ? 0 : 1;
}
