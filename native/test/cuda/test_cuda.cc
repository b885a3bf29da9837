// Every operation of the CUDA library against the brute force on fresh inputs: on a GPU, or with MIEN_SIMT under the
// shim that runs the same kernels on the host. test_cuda [inputs for each distance] [seconds at most]

#include <chrono>

#include "on_device.h"

#define MIEN_UNDER_TEST on_device
#include "../mining_checks.h"

namespace {

std::string check_distances(const Oracle& o) {
    const MiningInput& in = o.in;
    std::vector<float> out(static_cast<size_t>(o.n * o.m), -9);
    on_device::distances(in.x.data(), in.n, in.y_data(), in.m, in.d, in.distance, out.data());
    for (int64_t a = 0; a < o.n; ++a) {
        for (int64_t j = 0; j < o.m; ++j) {
            if (close(out[static_cast<size_t>(a * o.m + j)], o.at(a, j))) continue;
            return "distance " + std::to_string(a) + ", " + std::to_string(j) + " is " +
                   std::to_string(out[static_cast<size_t>(a * o.m + j)]) + ", not " + std::to_string(o.at(a, j));
        }
    }
    return "";
}

// The values that a narrow type holds; false where one does not fit.
bool narrow(std::vector<float>& values, int type) {
    for (float& value : values) {
        if (type == kMienBfloat16) {
            uint32_t bits;
            std::memcpy(&bits, &value, sizeof bits);
            bits &= 0xffff0000u;
            std::memcpy(&value, &bits, sizeof bits);
        } else if (type == kMienFloat16) {
            if (std::abs(value) > 65504) return false;
            const float unit = std::max(0x1p-24f, std::ldexp(1.0f, value == 0 ? -24 : std::ilogb(value) - 10));
            value = std::trunc(value / unit) * unit;
        }
    }
    return true;
}

struct Tally {
    const char* name;
    std::string (*check)(const Oracle&);
    int64_t inputs = 0, mismatches = 0;
    double seconds = 0;
};

std::vector<Tally> tallies() {
    std::vector<Tally> all{{"distances", check_distances}};
    for (const MinerCheck& miner : kMinerChecks) all.push_back({miner.name, miner.check});
    return all;
}

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void check_all(const MiningInput& input, std::vector<Tally>& all) {
    const Oracle oracle(input);
    for (Tally& tally : all) {
        const double start = now();
        std::string difference;
        try {
            difference = tally.check(oracle);
        } catch (const std::exception& e) {
            difference = e.what();
        }
        tally.seconds += now() - start;
        ++tally.inputs;
        tally.mismatches += difference.empty() ? 0 : 1;
        CHECK(difference.empty(), "%s: %s, type %d precision %d: %s", tally.name, input.describe().c_str(),
              on_device::type, on_device::precision, difference.c_str());
    }
}

// A fresh input, of a fresh type and precision.
MiningInput draw(int distance) {
    MiningInput input = draw_input(distance);
    on_device::precision = static_cast<int>(uniform(kMienPrecisionFloat32, kMienPrecisionBfloat16));
    on_device::type = one_in(2) ? kMienFloat32 : one_in(2) ? kMienBfloat16 : kMienFloat16;
    const MiningInput whole = input;
    if (!narrow(input.x, on_device::type) || !narrow(input.y, on_device::type)) {
        on_device::type = kMienFloat32;
        return whole;
    }
    return input;
}

// The sizes at which kernels turn: none, one, two, one tile and a little more, two tiles beside one.
void test_sizes(std::vector<Tally>& all) {
    const struct {
        int64_t n, m, d;
    } sizes[] = {{0, 0, 1}, {1, 0, 16}, {2, 0, 15}, {2, 3, 1}, {128, 0, 17}, {129, 0, 16}, {130, 258, 33}};
    for (const auto& size : sizes) {
        MiningInput in;
        in.kind = one_of<const char*>({"gaussian", "duplicates", "near-duplicates"});
        in.n = size.n;
        in.m = size.m;
        in.d = size.d;
        in.separate = size.m > 0;
        in.distance = static_cast<int>(uniform(0, 3));
        in.x = RowGenerator(in.kind, in.n, in.d).draw();
        in.y = RowGenerator(in.kind, in.m, in.d).draw();
        in.y.push_back(0);
        for (int64_t i = 0; i < in.n; ++i) in.labels.push_back(i % 9);
        for (int64_t j = 0; j < in.m; ++j) in.y_labels.push_back(j % 11);
        in.margin = 0.2;
        on_device::type = kMienFloat32;
        on_device::precision = static_cast<int>(uniform(kMienPrecisionFloat32, kMienPrecisionBfloat16));
        check_all(in, all);
    }
}

void test_fresh_inputs(int64_t inputs, double seconds) {
    std::vector<Tally> all = tallies();
    const double start = now();
    test_sizes(all);
    for (int64_t i = 0; i < inputs && now() - start < seconds; ++i) {
        for (int distance = 0; distance < 4; ++distance) check_all(draw(distance), all);
    }
    for (const Tally& tally : all) {
        std::printf("%-20s %6lld inputs %4lld mismatches %7.2f s\n", tally.name, static_cast<long long>(tally.inputs),
                    static_cast<long long>(tally.mismatches), tally.seconds);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const int64_t inputs = argc > 1 ? std::strtoll(argv[1], nullptr, 10) : 1000;
    const double seconds = argc > 2 ? std::strtod(argv[2], nullptr) : 30;
    return run([&] { test_fresh_inputs(inputs, seconds); });
}
