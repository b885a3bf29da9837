# cmake -DBUILD=<folder> [-DSANITIZE=<sanitizers>] -P cmake/build.cmake
# configures and builds native/ in that folder, silent unless something fails.
function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE log ERROR_VARIABLE log)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "${log}")
    endif()
endfunction()

cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/../native -B ${BUILD} -DMIEN_SANITIZE=${SANITIZE})
run(${CMAKE_COMMAND} --build ${BUILD} --parallel ${cores})
