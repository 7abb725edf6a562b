/*
 * Any bytes as a line of JSON: read to the end or to the first mistake, and
 * what is nested is flattened.
 */
#include <stdlib.h>
#include <string.h>

#include "indexer/source/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pc_arena arena;
    pc_buf flat;
    pi_json j;
    pc_str key;
    pi_json_value v;
    char *copy = malloc(size ? size : 1); /* overruns are seen */
    if (!copy)
        return 0;
    if (size > 0)
        memcpy(copy, data, size);
    pc_arena_init(&arena, NULL, 0);
    pc_buf_init(&flat, NULL);
    pi_json_init(&j, (pc_str){copy, size}, &arena);
    if (pi_json_open(&j)) {
        while (pi_json_member(&j, &key, &v)) {
            pc_buf_clear(&flat);
            if (pi_json_flatten(v, &flat, &arena) || flat.len > size)
                abort();
        }
    }
    if (pi_json_column(&j) > size + 1 || (!j.wrong && j.p != j.end))
        abort();
    pc_buf_release(&flat);
    pc_arena_release(&arena);
    free(copy);
    return 0;
}
