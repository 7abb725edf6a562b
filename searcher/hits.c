/*
 * The public face of the searcher: what is stored of each hit, and snippets.
 */
#include <parasol/searcher.h>

#include "common/base/fail.h"
#include "searcher/render/highlight.h"
#include "searcher/searcher_internal.h"

/* The first fields of every document, by the store's promise. */
enum { FIELD_PATH, FIELD_TITLE, FIELD_DATE, FIELDS_FIXED };

static int no_hit(const parasol_result *r, size_t i, parasol_error *err)
{
    return pc_fail(err, PARASOL_ARG, "there is no hit %zu among %zu", i, r->n);
}

/* The segment of a hit and its number there. */
static int find_seg(const parasol_result *r, size_t i, const pc_seg **seg,
                    uint32_t *local, parasol_error *err)
{
    *seg = ps_snapshot_seg(r->snap, r->hits[i].place, local);
    return *seg ? PARASOL_OK
                : pc_fail(err, PARASOL_INTERNAL, "a hit without a segment");
}

static int load_fields(parasol_result *r, size_t i, parasol_error *err)
{
    uint32_t local;
    const pc_seg *seg;
    pc_field *fields;
    ps_hit *h = &r->hits[i];
    if (h->fields)
        return PARASOL_OK;
    int rc = find_seg(r, i, &seg, &local, err);
    if (!rc)
        rc = pc_store_fields(&seg->store, local, &r->context->arena, &fields,
                             &h->n_fields, err);
    if (!rc && h->n_fields < FIELDS_FIXED)
        rc = pc_fail(err, PARASOL_CORRUPT,
                     "%s: a document without path, title and date",
                     pc_sealed_path(seg->file));
    if (!rc)
        h->fields = fields;
    return rc;
}

static parasol_str public_str(pc_str s)
{
    return (parasol_str){s.ptr, s.len};
}

int parasol_result_hit(parasol_result *r, size_t i, parasol_hit *hit,
                       parasol_error *err)
{
    if (i >= r->n)
        return no_hit(r, i, err);
    int rc = load_fields(r, i, err);
    if (rc)
        return rc;
    const ps_hit *h = &r->hits[i];
    parasol_hit all = {.struct_size = hit->struct_size,
                       .doc = h->doc,
                       .score = h->score,
                       .path = public_str(h->fields[FIELD_PATH].value),
                       .title = public_str(h->fields[FIELD_TITLE].value),
                       .date = public_str(h->fields[FIELD_DATE].value)};
    memcpy(hit, &all,
           all.struct_size < sizeof all ? all.struct_size : sizeof all);
    return PARASOL_OK;
}

int parasol_result_meta(parasol_result *r, size_t i, size_t n,
                        parasol_str *name, parasol_str *value,
                        parasol_error *err)
{
    if (i >= r->n)
        return no_hit(r, i, err);
    int rc = load_fields(r, i, err);
    if (rc)
        return rc;
    const ps_hit *h = &r->hits[i];
    if (n >= h->n_fields - FIELDS_FIXED)
        return pc_fail(err, PARASOL_NOTFOUND, "no more metadata");
    *name = public_str(h->fields[FIELDS_FIXED + n].name);
    *value = public_str(h->fields[FIELDS_FIXED + n].value);
    return PARASOL_OK;
}

/* Reads the text of a hit as far as a snippet looks. */
static int load_text(parasol_result *r, size_t i, pc_buf *text,
                     parasol_error *err)
{
    uint32_t local;
    const pc_seg *seg;
    int rc = find_seg(r, i, &seg, &local, err);
    if (rc)
        return rc;
    return pc_store_text(&seg->store, local, 0, PS_SNIPPET_SCAN, text, err);
}

static int make_snippet(parasol_result *r, pc_str text, size_t max_bytes,
                        ps_snippet *out, parasol_error *err)
{
    ps_context *c = r->context;
    if (!r->marks) {
        ps_highlighter *marks = pc_arena_zalloc(&c->arena, 1, sizeof *marks);
        if (!marks || ps_highlight_plan(marks, &r->plan, &c->arena))
            return pc_fail_nomem(err);
        r->marks = marks;
    }
    if (ps_snippet_make(r->marks, c->analyzer, text, max_bytes, &c->arena, out))
        return pc_fail_nomem(err);
    return PARASOL_OK;
}

int parasol_result_snippet(parasol_result *r, size_t i, size_t max_bytes,
                           parasol_snippet *out, parasol_error *err)
{
    ps_snippet s;
    pc_buf text;
    if (i >= r->n)
        return no_hit(r, i, err);
    pc_buf_init(&text, r->context->arena.mem);
    int rc = load_text(r, i, &text, err);
    if (!rc)
        rc = make_snippet(r, pc_buf_str(&text), max_bytes, &s, err);
    pc_buf_release(&text);
    if (rc)
        return rc;
    parasol_snippet all = {.struct_size = out->struct_size,
                           .text = public_str(s.text),
                           .spans = s.spans,
                           .span_count = s.span_count,
                           .starts_inside = s.starts_inside,
                           .ends_inside = s.ends_inside};
    memcpy(out, &all,
           all.struct_size < sizeof all ? all.struct_size : sizeof all);
    return PARASOL_OK;
}
