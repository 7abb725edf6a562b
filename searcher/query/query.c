/*
 * The query functions of <parasol/searcher.h>.
 */
#include "searcher/query/query.h"

#include <string.h>

#include "common/base/fail.h"
#include "searcher/query/parse.h"
#include "searcher/query/print.h"

/* The options the caller knew of, defaults for the rest. */
static parasol_query_options
full_options(const parasol_query_options *given)
{
    parasol_query_options o = PARASOL_QUERY_OPTIONS_INIT;
    if (given) {
        size_t n = given->struct_size < sizeof o ? given->struct_size
                                                 : sizeof o;
        memcpy(&o, given, n);
        o.struct_size = sizeof o;
    }
    return o;
}

static int canonicalise(parasol_query *q, parasol_error *err)
{
    pc_buf b;
    int rc = PARASOL_OK;
    pc_buf_init(&b, &q->mem);
    ps_print(&b, q->root);
    char *copy = b.status ? NULL : pc_arena_copy(&q->arena, b.ptr, b.len);
    if (!copy)
        rc = pc_fail_nomem(err);
    /* Escapes and replaced bytes make it longer; it must parse again. */
    else if (b.len > PS_MAX_QUERY_BYTES)
        rc = pc_fail_at(err, PARASOL_QUERY, PS_MAX_QUERY_BYTES,
                        "the query in canonical form is longer than %u bytes",
                        PS_MAX_QUERY_BYTES);
    q->canonical = (pc_str){copy, b.len};
    pc_buf_release(&b);
    return rc;
}

int parasol_query_parse(parasol_query **out, const char *text, size_t len,
                        const parasol_query_options *options,
                        parasol_error *err)
{
    parasol_query_options o = full_options(options);
    parasol_query *q = pc_zalloc(o.alloc, 1, sizeof *q);
    int rc = PARASOL_OK;
    if (!q)
        return pc_fail_nomem(err);
    if (o.alloc)
        q->mem = *o.alloc;
    pc_arena_init(&q->arena, &q->mem, 4096);
    if (len > PS_MAX_QUERY_BYTES) {
        rc = pc_fail_at(err, PARASOL_QUERY, PS_MAX_QUERY_BYTES,
                        "the query is longer than %u bytes",
                        PS_MAX_QUERY_BYTES);
        goto out;
    }
    q->source = (pc_str){pc_arena_copy(&q->arena, text, len), len};
    if (!q->source.ptr) {
        rc = pc_fail_nomem(err);
        goto out;
    }
    rc = ps_parse(&q->root, &q->warnings, q->source, &q->arena, err);
    if (rc)
        goto out;
    if (o.strict && q->warnings.n > 0) {
        const parasol_warning *w = &q->warnings.items[0];
        rc = pc_fail_at(err, PARASOL_QUERY, w->start, "%s", w->message);
        goto out;
    }
    rc = canonicalise(q, err);
    if (rc)
        goto out;
    *out = q; /* handed over */
    q = NULL;
out:
    parasol_query_free(q);
    return rc;
}

void parasol_query_free(parasol_query *q)
{
    if (!q)
        return;
    pc_mem mem = q->mem;
    pc_arena_release(&q->arena);
    pc_free(&mem, q);
}

size_t parasol_query_warning_count(const parasol_query *q)
{
    return q->warnings.n;
}

parasol_warning parasol_query_warning(const parasol_query *q, size_t i)
{
    if (i >= q->warnings.n)
        return (parasol_warning){0, 0, ""};
    return q->warnings.items[i];
}

parasol_str parasol_query_text(const parasol_query *q)
{
    return (parasol_str){q->canonical.ptr, q->canonical.len};
}
