#pragma once

// libmien_cuda, opened at run time: what uses it builds, and runs everything else, where there is no CUDA.

#include <dlfcn.h>

#include <stdexcept>
#include <string>

#include "mien/mien_cuda.h"

namespace mien {

// The functions of mien_cuda.h by the names they have there. It stays open to the end of the process.
class CudaLibrary {
public:
    // Throws std::runtime_error with the linker's reason if the file is no such library.
    explicit CudaLibrary(const char* file) : handle_(dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
        if (handle_ == nullptr) throw std::runtime_error(dlerror());
        find(message, "message");
        find(version, "version");
        find(device, "device");
        find(scratch_bytes, "scratch_bytes");
        find(distances, "distances");
        find(positive_pairs, "positive_pairs");
        find(batch_hard, "batch_hard");
        find(semi_hard, "semi_hard");
        find(mining_statistics, "mining_statistics");
        find(batch_all_counts, "batch_all_counts");
        find(batch_all, "batch_all");
        find(batch_all_loss, "batch_all_loss");
        find(easy_positive, "easy_positive");
        find(random_triplets, "random_triplets");
        find(distance_weighted, "distance_weighted");
        find(active_triplets, "active_triplets");
    }

    decltype(&mien_cuda_message) message;
    decltype(&mien_cuda_version) version;
    decltype(&mien_cuda_device) device;
    decltype(&mien_cuda_scratch_bytes) scratch_bytes;
    decltype(&mien_cuda_distances) distances;
    decltype(&mien_cuda_positive_pairs) positive_pairs;
    decltype(&mien_cuda_batch_hard) batch_hard;
    decltype(&mien_cuda_semi_hard) semi_hard;
    decltype(&mien_cuda_mining_statistics) mining_statistics;
    decltype(&mien_cuda_batch_all_counts) batch_all_counts;
    decltype(&mien_cuda_batch_all) batch_all;
    decltype(&mien_cuda_batch_all_loss) batch_all_loss;
    decltype(&mien_cuda_easy_positive) easy_positive;
    decltype(&mien_cuda_random_triplets) random_triplets;
    decltype(&mien_cuda_distance_weighted) distance_weighted;
    decltype(&mien_cuda_active_triplets) active_triplets;

private:
    template <typename F>
    void find(F& function, const std::string& name) {
        void* const symbol = dlsym(handle_, ("mien_cuda_" + name).c_str());
        if (symbol == nullptr) throw std::runtime_error(dlerror());
        function = reinterpret_cast<F>(symbol);
    }

    void* handle_;
};

}  // namespace mien
