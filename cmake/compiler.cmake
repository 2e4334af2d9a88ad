# One place for what every target is compiled with.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# g++ 12 destroys some temporaries of a co_await expression twice (docs/decisions/0003).
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR "Pontlevis needs clang 19 or later.\n"
                      "  hint: apt-get install clang-19, then cmake --preset dev")
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor
                    -Wno-deprecated-declarations -fno-omit-frame-pointer)
add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
add_link_options(-fuse-ld=lld-19)

set(PONTLEVIS_SANITIZE "" CACHE STRING "value of -fsanitize=, empty for none")
if(PONTLEVIS_SANITIZE)
  add_compile_options(-fsanitize=${PONTLEVIS_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${PONTLEVIS_SANITIZE})
endif()

# pontlevis_fuzzed(TARGET…): these libraries decode outside bytes. Where AddressSanitizer is on they count what the
# fuzzer reaches (what -fsanitize=fuzzer-no-link asks for, without making a precompiled header of its own), so that
# one build serves the tests and the fuzz targets.
string(FIND "${PONTLEVIS_SANITIZE}" address at)
if(at EQUAL -1)
  set(PONTLEVIS_FUZZ OFF)
else()
  set(PONTLEVIS_FUZZ ON)
endif()
function(pontlevis_fuzzed)
  if(PONTLEVIS_FUZZ)
    foreach(library ${ARGN})
      target_compile_options(${library} PRIVATE -fsanitize-coverage=inline-8bit-counters,indirect-calls,pc-table,trace-cmp)
    endforeach()
  endif()
endfunction()

option(PONTLEVIS_HARDEN "hardening flags of a release" OFF)
if(PONTLEVIS_HARDEN)
  add_compile_options(-D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS -fstack-protector-strong
                      -fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero -fPIE)
  add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
