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

const Tier kTiers[] = {
    {{"serial", {serial::euclidean, serial::squared_euclidean, serial::manhattan, serial::cosine}, serial::exact_rows},
     always},
};

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
