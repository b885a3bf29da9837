// The batch-all loss: waves of anchors, so that the derivatives by their distances fit in bounded memory, and a
// gradient that each row gathers on its own, always in the same order.

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "anchor_blocks.h"
#include "checks.h"
#include "dispatch.h"
#include "kernels.h"
#include "mien/mien.h"
#include "owned_problem.h"
#include "parallel.h"

namespace mien {
namespace {

// Distances of a wave, 16 MB, and as many weights, unless sixteen rows are longer.
constexpr int64_t kWaveDistances = 1 << 21;

// The anchors first..last-1 against all rows.
struct Wave {
    int64_t first, last;
    double* distances;   // (last - first, n)
    double* weights;     // (last - first, n): the derivative of the loss by each distance
    AnchorLoss* losses;  // (n)
};

double work_of(const MiningProblem& p, const Wave& wave) {
    return static_cast<double>(wave.last - wave.first) * static_cast<double>(p.n) * static_cast<double>(p.d);
}

void find_weights(const MiningProblem& p, double margin, const Wave& wave) {
    const int64_t tasks = (wave.last - wave.first + kBlockAnchors - 1) / kBlockAnchors;
    parallel_tasks(tasks, work_of(p, wave), [&](int64_t task) {
        const int64_t first = wave.first + task * kBlockAnchors, last = std::min(wave.last, first + kBlockAnchors);
        const std::unique_ptr<Ranked[]> scratch(new Ranked[static_cast<size_t>(p.n)]);
        int32_t anchors[kBlockAnchors];
        for (int64_t i = first; i < last; ++i) anchors[i - first] = static_cast<int32_t>(i);
        double* const rows = wave.distances + (first - wave.first) * p.n;
        kernels().exact_rows(p, anchors, static_cast<int>(last - first), rows);
        for (int64_t i = first; i < last; ++i) {
            double* const weights = wave.weights + (i - wave.first) * p.n;
            std::fill(weights, weights + p.n, 0);
            if (!is_valid(p, i)) continue;
            wave.losses[i] = serial::batch_all_loss_row(p, static_cast<int32_t>(i), rows + (i - first) * p.n, margin,
                                                        scratch.get(), weights);
        }
    });
}

// Adds to row r what it moves as a positive or a negative of the wave's anchors and as an anchor of the wave.
void gather(const MiningProblem& p, const Wave& wave, int64_t r, double* gradient) {
    const auto add = [&](int64_t other, int64_t at) {
        if (wave.weights[at] == 0) return;
        serial::add_distance_gradient(p, r, other, wave.weights[at], wave.distances[at], gradient);
    };
    for (int64_t i = wave.first; i < wave.last; ++i) add(i, (i - wave.first) * p.n + r);
    if (r < wave.first || r >= wave.last) return;
    for (int64_t j = 0; j < p.n; ++j) add(j, (r - wave.first) * p.n + j);
}

}  // namespace

void batch_all_loss(const float* x, const int64_t* labels, int64_t n, int64_t d, int distance, double margin,
                    double* loss, int64_t* active, int64_t* triplets, float* gradient) {
    check_margin(margin);
    require(std::isfinite(margin), "the margin must be finite, not " + word(margin));
    const OwnedProblem problem({x, labels, n, nullptr, nullptr, 0, nullptr, d, distance});
    check_not_null("loss", loss, 1);
    check_not_null("active", active, 1);
    check_not_null("triplets", triplets, 1);

    const int64_t wave_rows = std::clamp<int64_t>(kWaveDistances / std::max<int64_t>(1, n), kBlockAnchors,
                                                  std::max<int64_t>(n, kBlockAnchors));
    const size_t wave_size = static_cast<size_t>(std::min(wave_rows, n) * n);
    const std::unique_ptr<double[]> distances(new double[wave_size]), weights(new double[wave_size]);
    std::vector<AnchorLoss> losses(static_cast<size_t>(n));
    std::vector<double> sums(gradient == nullptr ? 0 : static_cast<size_t>(n * d));
    for (int64_t first = 0; first < n; first += wave_rows) {
        const Wave wave{first, std::min(n, first + wave_rows), distances.get(), weights.get(), losses.data()};
        find_weights(*problem, margin, wave);
        if (gradient == nullptr) continue;
        parallel_rows(n, 2 * work_of(*problem, wave), [&](int64_t begin, int64_t end) {
            for (int64_t r = begin; r < end; ++r) gather(*problem, wave, r, sums.data() + r * d);
        });
    }
    *loss = 0;
    *active = *triplets = 0;
    for (int64_t i = 0; i < n; ++i) {
        *loss += losses[static_cast<size_t>(i)].loss;
        *active += losses[static_cast<size_t>(i)].active;
        if (is_valid(*problem, i)) *triplets += positive_count(*problem, i) * negative_count(*problem, i);
    }
    if (gradient == nullptr) return;
    std::transform(sums.begin(), sums.end(), gradient, [](double sum) { return static_cast<float>(sum); });
}

}  // namespace mien
