/*
 * Documents that gave way to a later one with the same id, or were removed
 * after they were added. They have been inverted and stored when that becomes
 * known, so their numbers are taken out at the end: the runs say of them that
 * they are no document, and what is stored is written again without them. An
 * input without such documents pays a sort of the ids' hashes and no more.
 */
#include "common/base/fail.h"
#include "common/base/sort.h"
#include "common/format/name.h"
#include "common/os/file.h"
#include "common/segment/store.h"
#include "indexer/indexer_internal.h"

/* ---- who they are ------------------------------------------------------- */

/* Marks all of v[0..n), which have the same first hash, but the last one of
   each id; documents ascend. */
static uint32_t mark_group(const parasol_indexer *w, const pc_sort_item *v,
                           size_t n, uint32_t *map)
{
    uint32_t dead = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = n - 1; k > i; k--) {
            if (w->ids[v[i].value][1] != w->ids[v[k].value][1])
                continue;
            map[v[i].value] = PI_NO_DOC;
            dead++;
            break;
        }
    }
    return dead;
}

static uint32_t mark_all(const parasol_indexer *w, const pc_sort_item *v,
                         uint32_t *map)
{
    uint32_t dead = 0;
    for (size_t i = 0, n = 1; i < w->n_docs; i += n, n = 1) {
        while (i + n < w->n_docs && v[i + n].key == v[i].key)
            n++;
        if (n > 1)
            dead += mark_group(w, v + i, n, map);
    }
    return dead;
}

/* Numbers the others from 0. */
static void number_all(uint32_t *map, uint32_t n)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (map[i] != PI_NO_DOC)
            map[i] = next++;
    }
}

static int find(const parasol_indexer *w, uint32_t *map, uint32_t *dead,
                uint32_t *replaced)
{
    size_t n = w->n_docs;
    pc_sort_item *v = pc_alloc(w->mem, n, sizeof *v);
    if (!v)
        return PARASOL_NOMEM;
    for (size_t i = 0; i < n; i++) {
        v[i] = (pc_sort_item){w->ids[i][0], (uint32_t)i};
        map[i] = 0;
    }
    int rc = pc_sort_keys(v, n, w->mem);
    if (!rc)
        *dead = mark_all(w, v, map);
    *replaced = *dead;
    for (size_t i = 0; !rc && i < w->n_buried; i++) {
        *dead += map[w->buried[i]] != PI_NO_DOC;
        map[w->buried[i]] = PI_NO_DOC;
    }
    pc_free(w->mem, v);
    return rc;
}

/* ---- what is stored ----------------------------------------------------- */

/* Adds the documents of `s` that are in the index. */
static int copy_store(parasol_indexer *w, const pc_store *s,
                      const uint32_t *map, parasol_error *err)
{
    pc_arena arena;
    pc_buf text;
    int rc = PARASOL_OK;
    pc_arena_init(&arena, w->mem, 0);
    pc_buf_init(&text, w->mem);
    pi_column_writer_release(&w->columns);
    pi_id_writer_release(&w->id_writer);
    for (uint32_t i = 0; !rc && i < w->n_docs; i++) {
        pi_stored_doc doc;
        pc_field *fields = NULL;
        if (map[i] == PI_NO_DOC)
            continue;
        pc_arena_clear(&arena);
        pc_buf_clear(&text);
        rc = pc_store_fields(s, i, &arena, &fields, &doc.n_fields, err);
        if (!rc)
            rc = pc_store_text(s, i, 0, UINT32_MAX, &text, err);
        if (!rc && pi_column_add(&w->columns, fields, doc.n_fields))
            rc = pc_fail_nomem(err);
        if (!rc && w->with_ids && pi_id_add(&w->id_writer, fields[0].value))
            rc = pc_fail_nomem(err);
        doc.fields = fields;
        doc.text = pc_buf_str(&text);
        if (!rc && pi_store_add(&w->store, &doc)) {
            rc = w->store.error.code;
            if (err)
                *err = w->store.error;
        }
    }
    pc_buf_release(&text);
    pc_arena_release(&arena);
    return rc;
}

static int reopen_store(parasol_indexer *w, const char *path,
                        const uint32_t *map, parasol_error *err)
{
    pc_sealed *f = NULL;
    pc_store s;
    int rc = pc_sealed_open(&f, path, PC_KIND_SEGMENT, w->mem, err);
    (void)pc_file_unlink(path, NULL); /* what is open stays readable */
    if (!rc)
        rc = pc_store_open(&s, f, w->n_docs, w->mem, err);
    if (!rc)
        rc = copy_store(w, &s, map, err);
    pc_sealed_close(f);
    return rc;
}

/* Through a temporary file, which is read back like a segment. */
static int rewrite_store(parasol_indexer *w, const uint32_t *map,
                         parasol_error *err)
{
    pc_buf path;
    pi_out *o = NULL;
    pc_buf_init(&path, w->mem);
    const char *name = pc_name_path(&path, w->dir, PC_NAME_SEGMENT,
                                    w->next.next_segment, ".tmp", err);
    int rc = PARASOL_NOMEM;
    if (name)
        rc = pi_out_create(&o, name, PC_KIND_SEGMENT, w->next.next_segment,
                           w->mem, err);
    if (!rc) {
        rc = pi_store_finish(&w->store, o, err);
        if (rc)
            pi_out_abort(o);
        else
            rc = pi_out_finish(o, NULL, NULL, err);
    }
    if (!rc)
        rc = reopen_store(w, name, map, err);
    pc_buf_release(&path);
    return rc;
}

/* ---- all ---------------------------------------------------------------- */

static void compact(parasol_indexer *w, const uint32_t *map, uint32_t dead)
{
    for (uint32_t i = 0; i < w->n_docs; i++) {
        if (map[i] != PI_NO_DOC)
            w->docs[map[i]] = w->docs[i];
    }
    w->n_docs -= dead;
}

int pi_replace(parasol_indexer *w, uint32_t **out, parasol_error *err)
{
    uint32_t dead = 0, replaced = 0;
    *out = NULL;
    uint32_t *map = pc_alloc(w->mem, w->n_docs, sizeof *map);
    if (!map)
        return pc_fail_nomem(err);
    int rc = find(w, map, &dead, &replaced) ? pc_fail_nomem(err) : PARASOL_OK;
    if (!rc && dead > 0) {
        number_all(map, w->n_docs);
        rc = rewrite_store(w, map, err);
    }
    if (!rc && dead > 0) {
        compact(w, map, dead);
        w->replaced += replaced;
        *out = map;
        map = NULL;
    }
    pc_free(w->mem, map);
    return rc;
}
