#pragma once

// What every C function does around its own work: checks, the layout of the scratch, the rows' preparation, the status.

#include <string>

#include "cuda/operations.h"

namespace mien::cuda {

// Thrown by checks and caught by `call`; one sentence.
struct BadArgument {
    std::string message;
};

void require(bool condition, const std::string& message);
void check_margin(double margin);
void check_not_null(const char* name, const void* data, int64_t size);

// Carves the problem out of the arena, in the same order whether it has memory or only counts.
Problem lay_out(const MienCudaRows& rows, const Operation& needs, Arena& arena);

// Checks values, finds norms and classes, and packs: what the operation needs.
void prepare(const Problem& p, const Operation& needs, Stream stream);

// Writes the status; the last thing of a call.
void report(const Problem& p, int64_t* status, Stream stream);

// Codes of C functions.
constexpr int kDone = 0, kRefused = 1, kFailed = 2;
int refuse(const std::string& message);
int launched();

void check_rows(const MienCudaRows* rows, int code, int64_t extra);

// checks() throws BadArgument; body(problem, arena, stream) comes between preparation and report and takes its scratch
// as the layout does.
template <typename Checks, typename Body>
int call(const MienCudaRows* rows, int code, int64_t extra, Checks checks, Body body) {
    try {
        check_rows(rows, code, extra);
        checks();
        Arena arena(rows->scratch);
        const Stream stream = static_cast<Stream>(rows->stream);
        const Problem problem = lay_out(*rows, operation(code), arena);
        prepare(problem, operation(code), stream);
        body(problem, arena, stream);
        report(problem, rows->status, stream);
        return launched();
    } catch (const BadArgument& e) {
        return refuse(e.message);
    }
}

}  // namespace mien::cuda
