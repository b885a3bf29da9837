#include "dispatch.h"

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace mien {
namespace {

const char* const kIsaNames[] = {"serial", "avx2", "avx512"};

// A tier: its table, and whether this CPU runs it. Worst first.
struct Tier {
    KernelTable table;
    bool (*supported)();
};

bool always() { return true; }

bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

bool has_avx512() {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

KernelTable serial_table() {
    return {"serial",
            {serial::euclidean, serial::squared_euclidean, serial::manhattan, serial::cosine},
            serial::exact_rows,
            serial::exact_pairs,
            nullptr,
            &serial::peak,
            nullptr};
}

KernelTable avx2_table() {
    KernelTable table = serial_table();
    table.isa = "avx2";
    table.exact_rows = avx2::exact_rows;
    table.exact_pairs = avx2::exact_pairs;
    table.blocks = &avx2::kBlocks;
    table.peak = &avx2::peak;
    table.network = &avx2::kNetwork;
    return table;
}

const BlockKernels* avx512_blocks() {
    static const BlockKernels blocks = [] {
        // On Zen 4 broadcasts of their own take slots of the floating-point pipes: 11 lanes a cycle against 16.
        BlockKernels table = __builtin_cpu_is("amdfam19h") ? avx512::kEmbeddedBlocks : avx512::kBlocks;
        if (__builtin_cpu_supports("avx512bf16")) {
            table.products = avx512bf16::kProducts;
            table.round = avx512bf16::kRound;
        }
        return table;
    }();
    return &blocks;
}

KernelTable avx512_table() {
    KernelTable table = avx2_table();
    table.isa = "avx512";
    table.exact_rows = avx512::exact_rows;
    table.exact_pairs = avx512::exact_pairs;
    table.blocks = avx512_blocks();
    table.peak = &avx512::peak;
    table.network = __builtin_cpu_supports("avx512bf16") ? &avx512bf16::kNetwork : &avx512::kNetwork;
    return table;
}

const Tier kTiers[] = {{serial_table(), always}, {avx2_table(), has_avx2}, {avx512_table(), has_avx512}};

// Position of `name` in kIsaNames; throws if it is not there.
int isa_rank(const std::string& name) {
    for (int rank = 0; rank < static_cast<int>(std::size(kIsaNames)); ++rank) {
        if (name == kIsaNames[rank]) return rank;
    }
    throw std::invalid_argument("MIEN_MAX_ISA must be serial, avx2 or avx512, not '" + name + "'");
}

const KernelTable& choose() {
    const char* cap = std::getenv("MIEN_MAX_ISA");
    const int highest = isa_rank(cap != nullptr && *cap != '\0' ? cap : "avx512");
    const KernelTable* best = &kTiers[0].table;
    for (const Tier& tier : kTiers) {
        if (isa_rank(tier.table.isa) <= highest && tier.supported()) best = &tier.table;
    }
    return *best;
}

}  // namespace

const KernelTable& kernels() {
    static const KernelTable& chosen = choose();
    return chosen;
}

}  // namespace mien
