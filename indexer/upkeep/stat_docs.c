/*
 * The largest documents of an index.
 */
#include "common/base/fail.h"
#include "common/codec/norm.h"
#include "indexer/upkeep/stat_internal.h"

typedef struct large {
    size_t seg;
    uint32_t doc;
    uint32_t bytes, tokens;
} large;

static bool is_larger(const large *a, const large *b)
{
    return a->bytes != b->bytes ? a->bytes > b->bytes : a->tokens > b->tokens;
}

static void offer(parasol_stat *s, large *top, const large *doc)
{
    size_t at = s->n_documents;
    while (at > 0 && is_larger(doc, &top[at - 1]))
        at--;
    if (at == s->top)
        return;
    if (s->n_documents < s->top)
        s->n_documents++;
    memmove(top + at + 1, top + at, (s->n_documents - at - 1) * sizeof *top);
    top[at] = *doc;
}

/* The dead documents of segment `seg`, from the files that are held. */
static int read_live(parasol_stat *s, size_t seg, pc_live *live,
                     parasol_error *err)
{
    const pc_manifest_segment *entry = &s->held.manifest.segments[seg];
    *live = (pc_live){.mem = &s->alloc, .docs = entry->docs};
    for (size_t i = 0; entry->live_number && i < s->held.n; i++) {
        pc_sealed *f = NULL;
        if (s->held.files[i].number != entry->live_number)
            continue;
        int rc = pi_held_sealed(&s->held, i, &f, err);
        if (!rc)
            rc = pc_live_from(live, f, entry, &s->alloc, err);
        pc_sealed_close(f);
        return rc;
    }
    return PARASOL_OK;
}

static int scan(parasol_stat *s, size_t i, large *top, parasol_error *err)
{
    const pc_seg *seg = s->segs[i];
    const uint8_t *norms;
    pc_live live;
    int rc = read_live(s, i, &live, err);
    if (!rc)
        rc = pc_seg_norms(seg, PC_FIELD_TEXT, &norms, err);
    for (uint32_t doc = 0; !rc && doc < seg->docs; doc++) {
        pc_doc_place place;
        if (!pc_live_has(&live, doc))
            continue;
        rc = pc_doc_table_get(&seg->store.table, doc, &place, err);
        large one = {i, doc, place.text_len, pc_norm_decode(norms[doc])};
        if (!rc)
            offer(s, top, &one);
    }
    pc_live_release(&live);
    return rc;
}

static int name(parasol_stat *s, const large *doc, parasol_stat_document *out,
                parasol_error *err)
{
    pc_arena arena;
    pc_field *fields;
    size_t n;
    pc_arena_init(&arena, &s->alloc, 0);
    int rc = pc_store_fields(&s->segs[doc->seg]->store, doc->doc, &arena,
                             &fields, &n, err);
    const char *path =
        rc ? NULL
           : pc_arena_copy(&s->arena, fields[0].value.ptr, fields[0].value.len);
    if (!rc && !path)
        rc = pc_fail_nomem(err);
    *out = (parasol_stat_document){sizeof *out, path, doc->bytes, doc->tokens};
    pc_arena_release(&arena);
    return rc;
}

int pi_stat_documents(parasol_stat *s, parasol_error *err)
{
    large *top = pc_zalloc(&s->alloc, s->top + 1, sizeof *top);
    int rc = PARASOL_OK;
    s->documents = pc_arena_zalloc(&s->arena, s->top + 1, sizeof *s->documents);
    if (!top || !s->documents)
        rc = pc_fail_nomem(err);
    for (size_t i = 0; !rc && s->top > 0 && i < s->n_segs; i++)
        rc = scan(s, i, top, err);
    for (size_t i = 0; !rc && i < s->n_documents; i++)
        rc = name(s, &top[i], &s->documents[i], err);
    pc_free(&s->alloc, top);
    return rc;
}
