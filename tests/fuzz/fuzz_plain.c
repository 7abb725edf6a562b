/*
 * Any bytes as plain text.
 */
#include "tests/fuzz/fuzz_extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_extract("a.txt", data, size);
}
