#include "simt.h"

#include <sys/mman.h>

#include <limits>
#include <string>
#include <vector>

// Saves the registers that a call preserves on the stack, notes its end in *from, and goes on from `to`.
asm(R"(
.text
.globl mien_simt_switch
.hidden mien_simt_switch
mien_simt_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
)");
extern "C" void mien_simt_switch(void** from, void* to);

namespace simt {
namespace {

constexpr size_t kStack = 128 << 10;
constexpr int kMostThreads = 1024, kWarp = 32;

enum class State { kReady, kAtBarrier, kInWarp, kDone };

struct Copy {
    void* to;
    const void* from;
    int bytes, group;
};

struct Fiber {
    void* stack_pointer;
    State state;
    const char* file;
    int line;
    uint32_t mask;
    std::vector<Copy> copies;
    int groups;
};

class Machine {
public:
    Machine() {
        stacks_ = static_cast<char*>(mmap(nullptr, kMostThreads * kStack, PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
        if (stacks_ == MAP_FAILED) throw Error("no memory for the stacks of threads");
        fibers_.resize(kMostThreads);
    }

    void run(int64_t blocks, int threads, const std::function<void()>& kernel) {
        if (threads < 1 || threads > kMostThreads) throw Error(std::to_string(threads) + " threads in a block");
        if (running_) throw Error("a kernel launched inside a kernel");
        kernel_ = &kernel;
        threads_ = threads;
        grid_size.x = static_cast<unsigned>(blocks);
        block_size.x = static_cast<unsigned>(threads);
        ++work_.kernels;
        backwards_ = !backwards_;
        running_ = true;
        try {
            for (int64_t i = 0; i < blocks; ++i) run_block(backwards_ ? blocks - 1 - i : i);
        } catch (...) {
            running_ = false;
            throw;
        }
        running_ = false;
    }

    void pause(State state, const char* file, int line, uint32_t mask) {
        Fiber& fiber = fibers_[static_cast<size_t>(current_)];
        fiber.state = state;
        fiber.file = file;
        fiber.line = line;
        fiber.mask = mask;
        mien_simt_switch(&fiber.stack_pointer, main_);
    }

    uint64_t* slots() { return slots_ + current_ / kWarp * kWarp; }

    Fiber& current() { return fibers_[static_cast<size_t>(current_)]; }

    Work work_{};

private:
    static void enter();

    void start(int i) {
        Fiber& fiber = fibers_[static_cast<size_t>(i)];
        void** top = reinterpret_cast<void**>(stacks_ + static_cast<size_t>(i + 1) * kStack);
        // Six registers and the address to return to; a function starts with its stack 8 bytes off a multiple of 16.
        void** frame = top - 8;
        frame[6] = reinterpret_cast<void*>(&Machine::enter);
        for (int r = 0; r < 6; ++r) frame[r] = nullptr;
        fiber.stack_pointer = frame;
        fiber.state = State::kReady;
        fiber.copies.clear();
        fiber.groups = 0;
    }

    void run_block(int64_t block) {
        block_index.x = static_cast<unsigned>(block);
        ++work_.blocks;
        for (int i = 0; i < threads_; ++i) start(i);
        while (step()) {
        }
    }

    // Every thread as far as it gets; false when all are done.
    bool step() {
        backwards_ = !backwards_;
        bool moved = false;
        for (int i = 0; i < threads_; ++i) {
            const int at = backwards_ ? threads_ - 1 - i : i;
            if (fibers_[static_cast<size_t>(at)].state != State::kReady) continue;
            moved = true;
            resume(at);
        }
        const bool released = release_warps();
        if (moved || released) return true;
        return release_barrier();
    }

    void resume(int i) {
        current_ = i;
        thread_index.x = static_cast<unsigned>(i);
        ++work_.switches;
        mien_simt_switch(&main_, fibers_[static_cast<size_t>(i)].stack_pointer);
        if (!failure_.empty()) {
            const std::string message = failure_;
            failure_.clear();
            throw Error(message);
        }
    }

    // A group of lanes goes on when every lane of its mask has come to the same place.
    bool release_warps() {
        bool released = false;
        for (int i = 0; i < threads_; ++i) {
            const Fiber& fiber = fibers_[static_cast<size_t>(i)];
            if (fiber.state != State::kInWarp) continue;
            const int base = i / kWarp * kWarp;
            if ((fiber.mask >> (i - base) & 1) == 0) fail(i, "a lane that its own mask leaves out");
            bool complete = true;
            for (int l = 0; l < kWarp && complete; ++l) {
                if ((fiber.mask >> l & 1) == 0) continue;
                const bool exists = base + l < threads_;
                const Fiber& other = fibers_[static_cast<size_t>(base + l)];
                if (!exists || other.state == State::kDone) fail(i, "a lane of the mask has left the kernel");
                complete = other.state == State::kInWarp;
                if (complete && (other.mask != fiber.mask || other.line != fiber.line)) {
                    fail(i, "lanes of one mask at different places");
                }
            }
            if (!complete) continue;
            const uint32_t mask = fiber.mask;
            for (int l = 0; l < kWarp; ++l) {
                if ((mask >> l & 1) != 0) fibers_[static_cast<size_t>(base + l)].state = State::kReady;
            }
            released = true;
        }
        return released;
    }

    bool release_barrier() {
        int waiting = -1, done = -1;
        for (int i = 0; i < threads_; ++i) {
            const Fiber& fiber = fibers_[static_cast<size_t>(i)];
            if (fiber.state == State::kInWarp) fail(i, "lanes of the mask never come");
            if (fiber.state == State::kDone) {
                done = i;
                continue;
            }
            if (waiting >= 0) {
                const Fiber& other = fibers_[static_cast<size_t>(waiting)];
                if (other.line != fiber.line || std::strcmp(other.file, fiber.file) != 0) {
                    fail(i, "thread " + std::to_string(waiting) + " waits at another barrier, line " +
                                std::to_string(other.line));
                }
            }
            waiting = i;
        }
        if (waiting < 0) return false;
        if (done >= 0) fail(waiting, "thread " + std::to_string(done) + " has left the kernel");
        for (int i = 0; i < threads_; ++i) fibers_[static_cast<size_t>(i)].state = State::kReady;
        return true;
    }

    [[noreturn]] void fail(int i, const std::string& why) const {
        const Fiber& fiber = fibers_[static_cast<size_t>(i)];
        throw Error(std::string(fiber.file) + ":" + std::to_string(fiber.line) + ": block " +
                    std::to_string(block_index.x) + ", thread " + std::to_string(i) + " waits: " + why);
    }

    char* stacks_;
    std::vector<Fiber> fibers_;
    const std::function<void()>* kernel_ = nullptr;
    int threads_ = 0, current_ = 0;
    bool backwards_ = false, running_ = false;
    void* main_ = nullptr;
    uint64_t slots_[kMostThreads] = {};
    std::string failure_;
};

Machine& machine() {
    static Machine instance;
    return instance;
}

// An exception must not leave a fiber: it has no caller.
void Machine::enter() {
    Machine& self = machine();
    try {
        (*self.kernel_)();
    } catch (const std::exception& e) {
        self.failure_ = e.what();
    }
    if (self.failure_.empty() && !self.current().copies.empty()) self.failure_ = "copies that nobody waited for";
    self.pause(State::kDone, "", 0, 0);
}

}  // namespace

void run(int64_t blocks, int threads, const std::function<void()>& kernel) { machine().run(blocks, threads, kernel); }

void barrier(const char* file, int line) { machine().pause(State::kAtBarrier, file, line, 0); }

const uint64_t* exchange(const char* file, int line, uint32_t mask, uint64_t value) {
    // Twice: nobody may hand in the next value before all have read this one.
    static thread_local uint64_t seen[kMostThreads];
    Machine& m = machine();
    uint64_t* const slots = m.slots();
    slots[lane()] = value;
    m.pause(State::kInWarp, file, line, mask);
    uint64_t* const mine = seen + (thread_index.x / kWarp * kWarp);
    std::memcpy(mine, slots, kWarp * sizeof *slots);
    m.pause(State::kInWarp, file, line, mask);
    return mine;
}

void copy_later(void* to, const void* from, int bytes) {
    Fiber& fiber = machine().current();
    fiber.copies.push_back({to, from, bytes, fiber.groups});
    std::memset(to, 0xff, static_cast<size_t>(bytes));
}

void commit_copies() { ++machine().current().groups; }

void wait_for_copies(int groups_left) {
    Fiber& fiber = machine().current();
    std::vector<Copy> left;
    for (const Copy& copy : fiber.copies) {
        if (copy.group >= fiber.groups - groups_left) {
            left.push_back(copy);
        } else {
            std::memcpy(copy.to, copy.from, static_cast<size_t>(copy.bytes));
        }
    }
    fiber.copies.swap(left);
}

Work work() { return machine().work_; }

}  // namespace simt
