#include <cstdio>
#include <string>

#include "cuda/call.h"

namespace mien::cuda {
namespace {

constexpr int kOperations = 12, kDistances = 4;

thread_local std::string message, device;

// By MienCudaOperation.
const Operation operations[kOperations] = {
    {true, false, Packed::kFloats, false, lay_out_distances},
    {true, true, Packed::kByPrecision, false, lay_out_batch_hard},
    {true, true, Packed::kByPrecision, false, lay_out_semi_hard},
    {true, true, Packed::kNot, false, lay_out_statistics},
    {true, true, Packed::kByPrecision, false, lay_out_batch_all_counts},
    {true, true, Packed::kByPrecision, false, lay_out_batch_all},
    {true, true, Packed::kNot, false, lay_out_batch_all_loss},
    {true, true, Packed::kByPrecision, false, lay_out_easy_positive},
    {false, true, Packed::kNot, false, lay_out_random},
    {true, true, Packed::kNot, true, lay_out_distance_weighted},
    {true, false, Packed::kNot, false, lay_out_active},
    {false, true, Packed::kNot, false, lay_out_positive_pairs},
};

constexpr int64_t kMostColumns = 1 << 20, kMostRows = 0x7fffffff, kMostTiles = 0x7fffffff;

bool is_symmetric(const MienCudaRows& rows, const Operation& needs) {
    return needs.rows ? rows.y == nullptr : rows.y_labels == nullptr;
}

void check_count(const char* name, int64_t count) {
    require(count >= 0, std::string(name) + " has a negative number of rows: " + std::to_string(count));
    require(count <= kMostRows,
            std::string(name) + " has " + std::to_string(count) + " rows; mining takes fewer than 2^31");
}

// What the size of the scratch depends on.
void check_sizes(const MienCudaRows* rows, int code, int64_t extra) {
    require(rows != nullptr, "rows is null");
    require(code >= 0 && code < kOperations, "unknown operation code " + std::to_string(code));
    const Operation& needs = operation(code);
    check_count("x", rows->n);
    if (!is_symmetric(*rows, needs)) check_count("y", rows->m);
    require(extra >= 0, "a negative capacity: " + std::to_string(extra));
    if (!needs.rows) return;
    const int64_t m = is_symmetric(*rows, needs) ? rows->n : rows->m;
    require(needs.packed == Packed::kNot || rows->n == 0 || panels(m) <= kMostTiles / panels(rows->n),
            std::to_string(rows->n) + " x " + std::to_string(m) + " pairs are too many for one call");
    require(rows->d >= 1 && rows->d <= kMostColumns,
            "rows must have 1 to " + std::to_string(kMostColumns) + " columns, not " + std::to_string(rows->d));
    require(rows->type >= kMienFloat32 && rows->type <= kMienFloat16,
            "unknown type code " + std::to_string(rows->type));
    require(rows->distance >= 0 && rows->distance < kDistances,
            "unknown distance code " + std::to_string(rows->distance));
    require(rows->precision >= kMienPrecisionFloat32 && rows->precision <= kMienPrecisionBfloat16,
            "unknown precision code " + std::to_string(rows->precision));
}

int64_t scratch_bytes(const MienCudaRows& rows, int code, int64_t extra) {
    Arena arena(nullptr);
    const Problem problem = lay_out(rows, operation(code), arena);
    operation(code).lay_out(arena, problem, extra);
    return arena.used();
}

__global__ void write_status(const Facts* facts, int64_t* status) {
    const unsigned long long complaint = facts->complaint;
    const bool good = complaint == ~0ull;
    status[0] = good ? int64_t{kMienGood} : static_cast<int64_t>(complaint >> 56);
    status[1] = good ? 0 : static_cast<int64_t>(complaint & 0xffffffffffffffull);
}

}  // namespace

const Operation& operation(int code) { return operations[code]; }

void require(bool condition, const std::string& why) {
    if (!condition) throw BadArgument{why};
}

void check_margin(double margin) {
    char text[32];
    std::snprintf(text, sizeof text, "%.15g", margin);
    require(margin >= 0, std::string("the margin must be 0 or more, not ") + (margin != margin ? "NaN" : text));
}

void check_not_null(const char* name, const void* data, int64_t size) {
    require(data != nullptr || size == 0, std::string(name) + " is null, not (" + std::to_string(size) + ")");
}

void check_rows(const MienCudaRows* rows, int code, int64_t extra) {
    check_sizes(rows, code, extra);
    const Operation& needs = operation(code);
    const bool symmetric = is_symmetric(*rows, needs);
    if (needs.rows) check_not_null("x", rows->x, rows->n);
    if (needs.labels) {
        check_not_null("labels", rows->labels, rows->n);
        if (!symmetric) check_not_null("y_labels", rows->y_labels, rows->m);
    }
    require(rows->status != nullptr, "status is null, not (2)");
    const int64_t needed = scratch_bytes(*rows, code, extra);
    require(rows->scratch_bytes >= needed,
            "scratch has " + std::to_string(rows->scratch_bytes) + " bytes, not " + std::to_string(needed));
    require(rows->scratch != nullptr, "scratch is null");
    require(reinterpret_cast<uintptr_t>(rows->scratch) % Arena::kAlignment == 0,
            "scratch is not aligned to " + std::to_string(Arena::kAlignment) + " bytes");
}

Problem lay_out(const MienCudaRows& rows, const Operation& needs, Arena& arena) {
    Problem p{};
    p.symmetric = is_symmetric(rows, needs);
    p.x = rows.x;
    p.y = p.symmetric ? rows.x : rows.y;
    p.type = rows.type;
    p.n = rows.n;
    p.m = p.symmetric ? rows.n : rows.m;
    p.d = needs.rows ? rows.d : 1;
    p.distance = needs.cosine ? kCosine : rows.distance;
    p.labels = rows.labels;
    p.y_labels = p.symmetric ? rows.labels : rows.y_labels;
    p.self = p.symmetric ? nullptr : rows.self;
    p.facts = arena.take<Facts>(1);
    if (needs.rows && p.distance == kCosine) {
        p.x_norms = arena.take<double>(p.n);
        p.y_norms = p.symmetric ? p.x_norms : arena.take<double>(p.m);
    }
    if (needs.labels) {
        p.sorted = arena.take<LabelRow>(p.m);
        p.spare = arena.take<LabelRow>(p.m);
        p.order = arena.take<int32_t>(p.m);
        p.position = arena.take<int32_t>(p.m);
        p.x_sorted = p.symmetric ? p.sorted : arena.take<LabelRow>(p.n);
        p.x_spare = p.symmetric ? p.spare : arena.take<LabelRow>(p.n);
        p.anchor_order = p.symmetric ? p.order : arena.take<int32_t>(p.n);
        p.first = arena.take<int32_t>(p.n);
        p.last = arena.take<int32_t>(p.n);
        p.own = arena.take<int32_t>(p.n);
    }
    // Sums of |a - b| are beyond tensor cores.
    const bool by_precision = needs.packed == Packed::kByPrecision && p.distance != kManhattan;
    p.precision = by_precision ? rows.precision : kMienPrecisionFloat32;
    if (needs.packed != Packed::kNot) {
        const int64_t stages = panel_stages(p);
        p.x_packed = arena.take<uint32_t>(panels(p.n) * stages * kStage);
        p.y_packed = p.symmetric ? p.x_packed : arena.take<uint32_t>(panels(p.m) * stages * kStage);
    }
    if (p.precision != kMienPrecisionFloat32) {
        p.x_squares = arena.take<float>(p.n);
        p.y_squares = p.symmetric ? p.x_squares : arena.take<float>(p.m);
    }
    return p;
}

void report(const Problem& p, int64_t* status, Stream stream) { launch(stream, 1, 1, write_status, p.facts, status); }

int refuse(const std::string& why) {
    message = why;
    return kRefused;
}

int launched() {
#if defined(__CUDACC__)
    const cudaError_t error = cudaPeekAtLastError();
    if (error != cudaSuccess) {
        message = std::string("CUDA: ") + cudaGetErrorString(error);
        return kFailed;
    }
#endif
    return kDone;
}

}  // namespace mien::cuda

extern "C" {

const char* mien_cuda_message(void) { return mien::cuda::message.c_str(); }

const char* mien_cuda_version(void) { return MIEN_VERSION; }

const char* mien_cuda_device(int index) {
#if defined(__CUDACC__)
    cudaDeviceProp properties;
    const cudaError_t error = cudaGetDeviceProperties(&properties, index);
    if (error != cudaSuccess) {
        cudaGetLastError();  // or the next launch would report it
        mien::cuda::refuse(std::string("CUDA: ") + cudaGetErrorString(error));
        return nullptr;
    }
    mien::cuda::device = properties.name;
#else
    if (index != 0) {
        mien::cuda::refuse("the host is device 0 only");
        return nullptr;
    }
    mien::cuda::device = "the host";
#endif
    return mien::cuda::device.c_str();
}

int64_t mien_cuda_scratch_bytes(const MienCudaRows* rows, int operation, int64_t extra) {
    try {
        mien::cuda::check_sizes(rows, operation, extra);
        return mien::cuda::scratch_bytes(*rows, operation, extra);
    } catch (const mien::cuda::BadArgument& e) {
        mien::cuda::refuse(e.message);
        return -1;
    }
}
}
