# Language, warnings and code generation, for every target of this project and
# for no target of a project that includes it.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(CMAKE_C_FLAGS_RELEASE "-O2 -g -DNDEBUG")
set(CMAKE_C_FLAGS_DEBUG "-Og -g")
if(PARASOL_SANITIZE)
    set(CMAKE_C_FLAGS_DEBUG "-O1 -g")
endif()

add_compile_definitions(_POSIX_C_SOURCE=200809L)

add_compile_options(
    # Scores must be the same bits on every path: no fused multiply-add that
    # one path gets and another does not.
    -ffp-contract=off
    -fno-common
    -fno-semantic-interposition
    # With the linker's garbage collection below: a library holds what its
    # public functions reach.
    -ffunction-sections
    -fdata-sections)

add_compile_options(
    -pedantic -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion
    -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
    -Wpointer-arith -Wcast-align -Wcast-qual -Wwrite-strings -Wformat=2 -Wvla
    -Wundef -Wswitch-enum -Wnull-dereference -Wdouble-promotion
    -Wimplicit-fallthrough)
if(CMAKE_C_COMPILER_ID STREQUAL GNU)
    add_compile_options(-Wlogical-op -Wduplicated-cond -Wduplicated-branches)
elseif(CMAKE_C_COMPILER_ID MATCHES Clang)
    add_compile_options(-Wcomma -Wunreachable-code)
endif()
if(PARASOL_WERROR)
    add_compile_options(-Werror)
endif()

add_link_options(LINKER:--gc-sections LINKER:--as-needed)

if(PARASOL_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES Clang)
        message(FATAL_ERROR "PARASOL_FUZZ needs clang: use the preset 'fuzz'")
    endif()
    add_compile_options(-fsanitize=fuzzer-no-link)
    add_compile_definitions(PARASOL_FUZZING)
endif()
if(PARASOL_SANITIZE)
    add_compile_options(-fsanitize=${PARASOL_SANITIZE}
        -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${PARASOL_SANITIZE})
    if(PARASOL_SANITIZE MATCHES address)
        # Each item of an arena becomes a block that the sanitizer watches.
        add_compile_definitions(PARASOL_ARENA_DEBUG)
    endif()
    if(CMAKE_C_COMPILER_ID STREQUAL GNU)
        # gcc sees dangers that only its own instrumentation put there.
        add_compile_options(-Wno-maybe-uninitialized -Wno-null-dereference)
    endif()
else()
    # Sanitizers leave symbols open that the program provides.
    add_link_options($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY>:LINKER:--no-undefined>)
endif()

# parasol_house(TARGET DEPENDENCIES...): what the objects of a house need, and
# the instruction sets of the files whose name asks for one. Only these files
# may use them; the choice between them is made at run time. Called after the
# sources are listed.
function(parasol_house target)
    target_include_directories(${target} PRIVATE
        ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include)
    target_link_libraries(${target} PRIVATE ${ARGN})
    if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
        return()
    endif()
    get_target_property(sources ${target} SOURCES)
    foreach(source IN LISTS sources)
        set(flags "")
        if(source MATCHES "_avx2\\.c$")
            set(flags -mavx2 -mbmi -mbmi2 -mpopcnt)
        elseif(source MATCHES "_avx512\\.c$")
            set(flags
                -mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx512vbmi
                -mavx512vbmi2
                -mavx512vpopcntdq -mbmi -mbmi2 -mpopcnt)
        elseif(source MATCHES "crc_sse42\\.c$")
            set(flags -msse4.2 -mpclmul)
        endif()
        if(flags)
            set_source_files_properties(${source} TARGET_DIRECTORY ${target}
                PROPERTIES COMPILE_OPTIONS "${flags}")
        endif()
    endforeach()
endfunction()
