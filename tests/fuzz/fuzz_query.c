/*
 * Any bytes as a query: parse, print, parse again, compare. Build with
 * -fsanitize=fuzzer, or with standalone.c to replay files.
 */
#include <stdio.h>
#include <stdlib.h>

#include "searcher/query/parse.h"
#include "searcher/query/print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds, const char *what, const pc_buf *text)
{
    if (holds)
        return;
    (void)fprintf(stderr, "%s: %.*s\n", what, PC_STR_ARG(pc_buf_str(text)));
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pc_arena arena;
    pc_buf text;
    pc_buf again;
    ps_node *one = NULL;
    ps_node *two = NULL;
    ps_warnings w;
    pc_arena_init(&arena, NULL, 0);
    pc_buf_init(&text, NULL);
    pc_buf_init(&again, NULL);
    int rc = ps_parse(&one, &w, (pc_str){(const char *)data, size}, &arena,
                      NULL);
    if (rc)
        goto out;
    for (size_t i = 0; i < w.n; i++)
        expect(w.items[i].start <= w.items[i].end && w.items[i].end <= size &&
                   (i == 0 || w.items[i - 1].start <= w.items[i].start),
               w.items[i].message, &text);
    ps_print(&text, one);
    if (text.status || text.len > PS_MAX_QUERY_BYTES)
        goto out;
    rc = ps_parse(&two, &w, pc_buf_str(&text), &arena, NULL);
    expect(rc == PARASOL_OK, "canonical text is refused", &text);
    expect(ps_node_equal(one, two), "canonical text differs", &text);
    expect(w.n == (one->kind == PS_NODE_NONE), "canonical text warns", &text);
    ps_print(&again, two);
    expect(pc_str_eq(pc_buf_str(&text), pc_buf_str(&again)),
           "canonical text changes", &text);
out:
    pc_buf_release(&again);
    pc_buf_release(&text);
    pc_arena_release(&arena);
    return 0;
}
