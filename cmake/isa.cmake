# Instruction sets beyond baseline x86-64 belong to single files, never to the whole library: code compiled for AVX-512
# must run only behind the dispatch. A folder's avx2.cc, avx512.cc and avx512bf16.cc get the flags of their name when they exist.
set(MIEN_AVX2_FLAGS -mavx2 -mfma)
# g++ 12 reports uninitialized variables inside its own _mm512 intrinsics.
set(MIEN_AVX512_FLAGS -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma -Wno-maybe-uninitialized -Wno-uninitialized)
set(MIEN_AVX512BF16_FLAGS ${MIEN_AVX512_FLAGS} -mavx512bf16)

function(mien_isa_flags folder)
    foreach(isa IN ITEMS avx2 avx512 avx512bf16)
        string(TOUPPER ${isa} upper)
        set_source_files_properties(${folder}/${isa}.cc PROPERTIES COMPILE_OPTIONS "${MIEN_${upper}_FLAGS}")
    endforeach()
endfunction()
