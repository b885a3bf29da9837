#include <chrono>
#include <limits>
#include <string>

#include "check.h"
#include "mien/mien.h"

namespace {

void test_the_rate_is_plausible() {
    for (const int threads : {1, 2, 5}) {
        const double gflops = mien::peak_gflops(threads, 0.02);
        // A core does at least one multiply-add on four lanes per two cycles, and no machine reaches a petaflop.
        CHECK(gflops > 0.1 && gflops < 1e6, "%d threads: %g", threads, gflops);
    }
}

void test_it_takes_about_as_long_as_asked() {
    const auto start = std::chrono::steady_clock::now();
    mien::peak_gflops(1, 0.1);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    CHECK(seconds < 20, "%g s", seconds);  // a busy machine may be slow, but not endless
}

void test_arguments() {
    for (const int bad : {0, -1, 1025}) {
        const std::string message = rejected([&] { mien::peak_gflops(bad, 0.01); });
        CHECK(message.find("not " + std::to_string(bad)) != std::string::npos, "%s", message.c_str());
    }
    for (const double bad : {0.0, -1.0, 11.0, std::numeric_limits<double>::quiet_NaN()}) {
        const std::string message = rejected([&] { mien::peak_gflops(1, bad); });
        CHECK(message.find("seconds must be 0.001..10") == 0, "%s", message.c_str());
    }
}

}  // namespace

int main() {
    return run([] {
        test_the_rate_is_plausible();
        test_it_takes_about_as_long_as_asked();
        test_arguments();
    });
}
