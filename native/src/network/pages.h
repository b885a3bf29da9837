#pragma once

#include <cstddef>
#include <cstdint>

namespace mien {

// Memory of zeros that lives as long as a network, in large pages where the system grants them: weights are read from
// end to end on each call. Throws std::bad_alloc.
class Pages {
public:
    Pages() = default;
    explicit Pages(int64_t bytes);
    ~Pages();
    Pages(Pages&& other) noexcept;
    Pages& operator=(Pages&& other) noexcept;

    template <typename T>
    T* as() const {
        return static_cast<T*>(memory_);
    }

private:
    void* memory_ = nullptr;
    size_t bytes_ = 0;
};

}  // namespace mien
