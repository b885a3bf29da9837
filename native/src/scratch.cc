#include "scratch.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <new>

namespace mien {
namespace {

constexpr size_t kLine = 64, kHugePage = size_t{1} << 21;
constexpr size_t kMostKept = size_t{64} << 20;
constexpr int kMostBuffers = 64;

struct Buffer {
    void* memory;
    size_t bytes;
};

// Buffers that no call uses, in no order.
struct Kept {
    std::mutex mutex;
    Buffer buffers[kMostBuffers];
    int count = 0;
    size_t bytes = 0;
};

// Never destroyed: calls may be under way while the process ends.
Kept& kept() {
    static Kept* const instance = new Kept;
    return *instance;
}

// Huge pages, where the system offers them, for what is read from end to end again and again.
void* allocate(size_t& bytes) {
    const size_t alignment = bytes < 2 * kHugePage ? kLine : kHugePage;
    bytes = std::max(alignment, (bytes + alignment - 1) / alignment * alignment);
    void* memory = std::aligned_alloc(alignment, bytes);
    if (memory == nullptr) throw std::bad_alloc();
    if (alignment == kHugePage) madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
}

}  // namespace

void* take_scratch(size_t& bytes) {
    Kept& k = kept();
    {
        const std::lock_guard<std::mutex> lock(k.mutex);
        int best = -1;
        for (int i = 0; i < k.count; ++i) {
            // A much larger buffer is left to a larger call.
            if (k.buffers[i].bytes < bytes || k.buffers[i].bytes / 4 > bytes + 4096) continue;
            if (best < 0 || k.buffers[i].bytes < k.buffers[best].bytes) best = i;
        }
        if (best >= 0) {
            const Buffer found = k.buffers[best];
            k.buffers[best] = k.buffers[--k.count];
            k.bytes -= found.bytes;
            bytes = found.bytes;
            return found.memory;
        }
    }
    return allocate(bytes);
}

void give_scratch(void* memory, size_t bytes) {
    Kept& k = kept();
    Buffer out{memory, bytes};
    {
        const std::lock_guard<std::mutex> lock(k.mutex);
        if (k.bytes + bytes <= kMostKept) {
            // The place of the oldest goes to the newest.
            const bool full = k.count == kMostBuffers;
            out = full ? k.buffers[0] : Buffer{nullptr, 0};
            if (full) std::copy(k.buffers + 1, k.buffers + k.count--, k.buffers);
            k.bytes += bytes - out.bytes;
            k.buffers[k.count++] = {memory, bytes};
        }
    }
    std::free(out.memory);
}

}  // namespace mien
