#include <atomic>
#include <cmath>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "check.h"
#include "cpu/network/serial.h"
#include "mien/mien.h"

namespace {

struct Close {
    void operator()(mien::Network* network) const { mien::close_network(network); }
};
using Handle = std::unique_ptr<mien::Network, Close>;

struct Result {
    std::vector<float> features, logits;
    bool operator==(const Result& other) const { return features == other.features && logits == other.logits; }
};

// A random network: weights of He's deviation, so that activations neither vanish nor grow.
struct Subject {
    int64_t channels, height, width, classes;
    std::vector<int64_t> plan;
    std::vector<std::vector<float>> weights;
    std::vector<std::vector<double>> scales, shifts;
    std::vector<float> head, bias;
    mien::NetworkShape shape;

    Subject(int64_t c, int64_t h, int64_t w, std::vector<int64_t> p, int64_t k = 7)
        : channels(c), height(h), width(w), classes(k), plan(std::move(p)) {
        shape = {c, h, w, {}, k};
        for (const int64_t out : plan) {
            if (out == 0) {
                shape.convolutions.back().pool = true;
                h /= 2;
                w /= 2;
                continue;
            }
            shape.convolutions.push_back({c, out, h, w, false});
            weights.push_back(normal(out * c * 9, std::sqrt(2.0 / (9.0 * static_cast<double>(c)))));
            scales.emplace_back();
            shifts.emplace_back();
            for (int64_t i = 0; i < out; ++i) {
                scales.back().push_back(0.5 + uniform());
                shifts.back().push_back(uniform() - 0.5);
            }
            c = out;
        }
        head = normal(k * c, 0.1);
        bias = normal(k, 1);
    }

    static double uniform() { return std::uniform_real_distribution<double>()(generator()); }

    static std::vector<float> normal(int64_t size, double deviation) {
        std::normal_distribution<float> draw(0, static_cast<float>(deviation));
        std::vector<float> values(static_cast<size_t>(size));
        for (float& x : values) x = draw(generator());
        return values;
    }

    std::vector<float> images(int64_t n) const {
        std::vector<float> values(static_cast<size_t>(n * channels * height * width));
        for (float& x : values) x = static_cast<float>(uniform());
        return values;
    }

    Handle open(mien::Precision precision, int64_t batch) const {
        Handle network(mien::open_network(channels, height, width, plan.data(), static_cast<int64_t>(plan.size()),
                                          classes, precision, batch));
        for (size_t i = 0; i < weights.size(); ++i) {
            mien::set_convolution(network.get(), static_cast<int64_t>(i), weights[i].data(), scales[i].data(),
                                  shifts[i].data());
        }
        mien::set_head(network.get(), head.data(), bias.data());
        return network;
    }

    Result run(mien::Network* network, const std::vector<float>& pixels, int threads) const {
        const int64_t n = static_cast<int64_t>(pixels.size()) / (channels * height * width);
        Result result{std::vector<float>(static_cast<size_t>(n * shape.features()), -1),
                      std::vector<float>(static_cast<size_t>(n * classes), -1)};
        mien::run_network(network, pixels.data(), n, threads, result.features.data(), result.logits.data());
        return result;
    }

    // By the specification.
    Result expected(const std::vector<float>& pixels, bool bfloat16) const {
        std::vector<mien::serial::ConvolutionWeights> all;
        for (size_t i = 0; i < weights.size(); ++i) {
            const mien::Convolution& convolution = shape.convolutions[i];
            all.push_back({weights[i], {shifts[i].begin(), shifts[i].end()}});
            for (int64_t k = 0; k < static_cast<int64_t>(weights[i].size()); ++k) {
                float& w = all.back().weight[static_cast<size_t>(k)];
                w = static_cast<float>(static_cast<double>(w) *
                                       scales[i][static_cast<size_t>(k / (convolution.in * 9))]);
            }
        }
        const size_t image = static_cast<size_t>(channels * height * width), d = static_cast<size_t>(shape.features());
        Result result;
        for (size_t i = 0; i < pixels.size() / image; ++i) {
            std::vector<float> features(d);
            mien::serial::network(shape, all, bfloat16, pixels.data() + i * image, features.data());
            result.features.insert(result.features.end(), features.begin(), features.end());
            for (size_t k = 0; k < static_cast<size_t>(classes); ++k) {
                double sum = static_cast<double>(bias[k]);
                for (size_t j = 0; j < d; ++j) sum += static_cast<double>(features[j] * head[k * d + j]);
                result.logits.push_back(static_cast<float>(sum));
            }
        }
        return result;
    }
};

double difference(const std::vector<float>& a, const std::vector<float>& b) {
    double worst = a.size() == b.size() ? 0 : INFINITY, largest = 1e-3;
    for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        worst = std::max(worst, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
        largest = std::max(largest, std::abs(static_cast<double>(b[i])));
    }
    return worst / largest;
}

void test_against_specification(const Subject& subject, const char* name) {
    for (const mien::Precision precision : {mien::kFloat32, mien::kBfloat16}) {
        const Handle network = subject.open(precision, 8);
        // Sums of float32 in another order, rounded to bfloat16 after each layer, may fall to the next value.
        const double tolerance = precision == mien::kFloat32 ? 2e-5 : 1e-2;
        for (const int64_t n : {0, 1, 3, 17}) {
            const std::vector<float> pixels = subject.images(n);
            const Result want = subject.expected(pixels, precision == mien::kBfloat16);
            const Result one = subject.run(network.get(), pixels, 1);
            CHECK(difference(one.features, want.features) < tolerance, "%s, n = %ld: %g", name, static_cast<long>(n),
                  difference(one.features, want.features));
            CHECK(difference(one.logits, want.logits) < tolerance, "%s, n = %ld: %g", name, static_cast<long>(n),
                  difference(one.logits, want.logits));
            for (const int threads : {2, 5}) {
                CHECK(subject.run(network.get(), pixels, threads) == one, "%s, %d threads", name, threads);
            }
        }
    }
}

void test_image_alone_and_in_company() {
    const Subject subject(3, 24, 24, {20, 0, 33, 40, 0});
    const Handle network = subject.open(mien::kFloat32, 4);
    const std::vector<float> pixels = subject.images(9);
    const Result all = subject.run(network.get(), pixels, 2);
    for (size_t i = 0; i < 9; ++i) {
        const std::vector<float> one(pixels.begin() + static_cast<int64_t>(i) * 3 * 24 * 24,
                                     pixels.begin() + static_cast<int64_t>(i + 1) * 3 * 24 * 24);
        const Result alone = subject.run(network.get(), one, 1);
        for (size_t k = 0; k < 7; ++k) CHECK(alone.logits[k] == all.logits[7 * i + k], "image %zu", i);
    }
}

void test_concurrent_calls() {
    const Subject subject(1, 24, 24, {16, 0, 24, 0, 40});
    const Handle network = subject.open(mien::kFloat32, 4);
    const std::vector<float> pixels = subject.images(5);
    const Result expected = subject.run(network.get(), pixels, 2);
    std::vector<std::thread> callers;
    std::atomic<int> wrong{0};
    for (int caller = 0; caller < 4; ++caller) {
        callers.emplace_back([&] {
            for (int repeat = 0; repeat < 25; ++repeat) wrong += !(subject.run(network.get(), pixels, 3) == expected);
        });
    }
    for (std::thread& caller : callers) caller.join();
    CHECK(wrong == 0, "%d wrong answers", wrong.load());
}

void expect(const std::string& message, const char* part) {
    CHECK(message.find(part) != std::string::npos, "'%s' lacks '%s'", message.c_str(), part);
}

mien::Network* open(int64_t side, std::vector<int64_t> plan, int precision = 0, int64_t batch = 1) {
    return mien::open_network(1, side, side, plan.data(), static_cast<int64_t>(plan.size()), 7, precision, batch);
}

void test_bad_arguments() {
    expect(rejected([] { open(8, {0, 4}); }), "the pool at 0 does not follow");
    expect(rejected([] { open(8, {4, 0, 0}); }), "the pool at 2 does not follow");
    expect(rejected([] { open(3, {4, 0, 4, 0}); }), "the pool at 3 leaves no pixel");
    expect(rejected([] { open(73, {4}); }), "height must be 1..72, not 73");
    expect(rejected([] { open(8, {-1}); }), "must be 1..8192, not -1");
    expect(rejected([] { open(8, {}); }), "layers must be");
    expect(rejected([] { open(8, {4}, 2); }), "precision must be 0 or 1, not 2");
    expect(rejected([] { open(8, {4}, 0, 0); }), "batch must be 1..4096, not 0");
    const Subject subject(1, 6, 6, {4});
    const Handle network = subject.open(mien::kFloat32, 1);
    std::vector<float> pixels = subject.images(2);
    expect(rejected([&] { subject.run(network.get(), pixels, 0); }), "threads must be 1..1024, not 0");
    pixels[40] = NAN;
    expect(rejected([&] { subject.run(network.get(), pixels, 1); }), "1");
    expect(rejected([&] { mien::set_convolution(network.get(), 1, nullptr, nullptr, nullptr); }), "no convolution 1");
    const Handle unset(open(8, {4}));
    expect(rejected([&] { subject.run(unset.get(), subject.images(0), 1); }), "the convolution 0 has not been set");
}

}  // namespace

int main() {
    return run([] {
        test_against_specification({3, 44, 44, {13, 0, 37, 19, 0, 70, 0, 33, 0, 130, 0}}, "44 x 44");
        test_against_specification({1, 48, 48, {32, 0, 48, 0, 128, 128, 0, 65, 0, 96}}, "48 x 48");
        test_against_specification({5, 21, 33, {7, 17, 0, 1, 64, 0}, 3}, "21 x 33");
        test_against_specification({1, 1, 1, {3, 150}}, "1 x 1");
        test_against_specification({2, 72, 71, {4, 70, 0, 4}}, "72 x 71");
        test_image_alone_and_in_company();
        test_concurrent_calls();
        test_bad_arguments();
    });
}
