#pragma once

// The smallest test harness that names what failed. A test program calls CHECK and friends and returns finish().

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <random>
#include <stdexcept>
#include <string>

inline int failures = 0;

#define CHECK(condition, ...)                                                    \
    do {                                                                         \
        if (!(condition)) {                                                      \
            ++failures;                                                          \
            std::fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            std::fprintf(stderr, __VA_ARGS__);                                   \
            std::fprintf(stderr, "\n");                                          \
        }                                                                        \
    } while (0)

// The message of the std::invalid_argument that `call` throws; any other outcome is a failure.
template <typename Call>
std::string rejected(Call call) {
    try {
        call();
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    CHECK(false, "no std::invalid_argument");
    return "";
}

// A fresh seed on each run, printed; MIEN_TEST_SEED repeats one.
inline std::mt19937_64& generator() {
    static std::mt19937_64 engine = [] {
        const char* fixed = std::getenv("MIEN_TEST_SEED");
        const unsigned long seed = fixed != nullptr ? std::strtoul(fixed, nullptr, 10) : std::random_device{}();
        std::printf("MIEN_TEST_SEED=%lu\n", seed);
        return std::mt19937_64(seed);
    }();
    return engine;
}

inline int finish() {
    std::printf(failures == 0 ? "passed\n" : "%d checks failed\n", failures);
    return failures == 0 ? 0 : 1;
}

// Runs `body`; an exception that escapes it is one line and a failure.
template <typename Body>
int run(Body body) {
    try {
        body();
    } catch (const std::exception& e) {
        ++failures;
        std::fprintf(stderr, "uncaught: %s\n", e.what());
    }
    return finish();
}
