/*
 * What extraction promises of any bytes, for the fuzz targets of the formats.
 */
#ifndef PARASOL_TESTS_FUZZ_FUZZ_EXTRACT_H
#define PARASOL_TESTS_FUZZ_FUZZ_EXTRACT_H

#include <stdlib.h>

#include "common/text/utf8.h"
#include "indexer/extract/extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_check_string(pc_str s, bool one_line)
{
    if (!s.ptr || s.ptr[s.len] != 0 || !pc_utf8_valid(s))
        abort();
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        bool allowed = !one_line && (c == '\n' || c == '\t');
        if ((c < 0x20 || c == 0x7f) && !allowed)
            abort();
    }
}

static inline int fuzz_extract(const char *name, const uint8_t *data,
                               size_t size)
{
    parasol_error err = {0};
    pi_extract x;
    pc_arena arena;
    pc_arena_init(&arena, NULL, 0);
    int rc = pi_extract_bytes(&x, pc_str_of(name),
                              (pc_str){(const char *)data, size}, &arena, &err);
    if (rc != PARASOL_OK && rc != PARASOL_NOMEM)
        abort();
    if (rc == PARASOL_OK) {
        fuzz_check_string(x.title, true);
        fuzz_check_string(x.date, true);
        fuzz_check_string(x.lang, true);
        fuzz_check_string(x.text, false);
        for (size_t i = 0; i < x.meta_count; i++) {
            fuzz_check_string(x.meta[i].name, true);
            fuzz_check_string(x.meta[i].value, true);
        }
        if (x.skip == PARASOL_SKIP_NONE && x.title.len == 0)
            abort();
    }
    pc_arena_release(&arena);
    return 0;
}

#endif
