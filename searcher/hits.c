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

static parasol_str language_of(const parasol_result *r, size_t i)
{
    const ps_snapshot *snap = r->snap;
    uint32_t n = ps_snapshot_language(snap, r->hits[i].place);
    uint8_t number = snap->languages.v[n];
    if (number == PC_LANGUAGE_NONE)
        return public_str(pc_analyzer_code(r->context->analyzer));
    return public_str(pc_str_of(pc_language_at(number)->code));
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
                       .date = public_str(h->fields[FIELD_DATE].value),
                       .language = language_of(r, i)};
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

/* What is marked in texts of a language, made once. NULL: NOMEM. */
static const ps_highlighter *marks_of(parasol_result *r, uint32_t language)
{
    pc_arena *arena = &r->context->arena;
    if (!r->marks)
        r->marks = pc_arena_zalloc(arena, r->snap->languages.n,
                                   sizeof(const ps_highlighter *));
    if (!r->marks || r->marks[language])
        return r->marks ? r->marks[language] : NULL;
    ps_highlighter *marks = pc_arena_zalloc(arena, 1, sizeof *marks);
    if (marks && !ps_highlight_plan(marks, &r->plan, language, arena))
        r->marks[language] = marks;
    return r->marks[language];
}

/* A snippet of hit i, whose words are those of its language. */
static int make_snippet(parasol_result *r, size_t i, pc_str text,
                        size_t max_bytes, ps_snippet *out, parasol_error *err)
{
    ps_context *c = r->context;
    uint32_t language = ps_snapshot_language(r->snap, r->hits[i].place);
    const ps_highlighter *marks = marks_of(r, language);
    uint8_t before = pc_analyzer_in_use(c->analyzer);
    int rc = marks
                 ? pc_analyzer_use(c->analyzer, r->snap->languages.v[language])
                 : PARASOL_NOMEM;
    if (!rc)
        rc = ps_snippet_make(marks, c->analyzer, text, max_bytes, &c->arena,
                             out);
    if (pc_analyzer_use(c->analyzer, before))
        rc = PARASOL_NOMEM;
    return rc ? pc_fail_nomem(err) : PARASOL_OK;
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
        rc = make_snippet(r, i, pc_buf_str(&text), max_bytes, &s, err);
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
