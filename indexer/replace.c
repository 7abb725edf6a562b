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

/* Documents that are taken out. */
typedef struct dead {
    uint32_t *v;
    size_t n, cap;
} dead;

static int add_dead(const parasol_indexer *w, dead *d, uint32_t doc)
{
    if (pc_grow(w->mem, (void **)&d->v, &d->cap, d->n + 1, sizeof *d->v))
        return PARASOL_NOMEM;
    d->v[d->n++] = doc;
    return PARASOL_OK;
}

/* Adds all of v[0..n), which have the same first hash, but the last one of
   each id; documents ascend. */
static int mark_group(const parasol_indexer *w, const pc_sort_item *v, size_t n,
                      dead *d, parasol_error *err)
{
    for (size_t i = 0; i < n; i++) {
        bool same = false;
        uint64_t a[2], b[2];
        int rc = pi_indexer_hash(w, v[i].value, a, err);
        for (size_t k = n - 1; !rc && !same && k > i; k--) {
            rc = pi_indexer_hash(w, v[k].value, b, err);
            same = a[1] == b[1];
        }
        if (!rc && same && add_dead(w, d, v[i].value))
            rc = pc_fail_nomem(err);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

static int mark_part(const parasol_indexer *w, pc_sort_item *v, size_t all,
                     dead *d, parasol_error *err)
{
    if (pc_sort_keys(v, all, w->mem))
        return pc_fail_nomem(err);
    int rc = PARASOL_OK;
    for (size_t i = 0, n = 1; !rc && i < all; i += n, n = 1) {
        while (i + n < all && v[i + n].key == v[i].key)
            n++;
        if (n > 1)
            rc = mark_group(w, v + i, n, d, err);
    }
    return rc;
}

/* Gathers the documents whose first hash is in the part: part `i` of
   1 << bits. */
static int read_part(const parasol_indexer *w, uint64_t i, unsigned bits,
                     pc_sort_item **v, size_t *cap, size_t *n,
                     parasol_error *err)
{
    uint64_t hashes[PI_HASHES_READ][2];
    *n = 0;
    for (uint32_t doc = 0, some; doc < w->n_docs;) {
        int rc = pi_indexer_hashes(w, doc, hashes, &some, err);
        if (rc)
            return rc;
        if (pc_grow(w->mem, (void **)v, cap, *n + some, sizeof **v))
            return pc_fail_nomem(err);
        for (uint32_t k = 0; k < some; k++, doc++) {
            (*v)[*n] = (pc_sort_item){hashes[k][0], doc};
            *n += bits == 0 || hashes[k][0] >> (64 - bits) == i;
        }
    }
    return PARASOL_OK;
}

/* Those that a later one replaces, found a part at a time, so that the memory
   does not grow with the documents. */
static int find_replaced(const parasol_indexer *w, dead *d, parasol_error *err)
{
    pc_sort_item *v = NULL;
    size_t cap = 0, n = 0;
    unsigned bits = 0;
    int rc = PARASOL_OK;
    while ((uint64_t)w->n_docs * 2 * sizeof *v >> bits > w->budget.values)
        bits++;
    for (uint64_t i = 0; !rc && i < UINT64_C(1) << bits; i++) {
        rc = read_part(w, i, bits, &v, &cap, &n, err);
        if (!rc)
            rc = mark_part(w, v, n, d, err);
    }
    pc_free(w->mem, v);
    return rc;
}

/* Marks the dead in the map and numbers the others from 0; the documents that
   are marked are counted. */
static uint32_t number_all(const parasol_indexer *w, const dead *d,
                           uint32_t *map)
{
    uint32_t next = 0;
    memset(map, 0, w->n_docs * sizeof *map);
    for (size_t i = 0; i < d->n; i++)
        map[d->v[i]] = PI_NO_DOC;
    for (size_t i = 0; i < w->n_buried; i++)
        map[w->buried[i]] = PI_NO_DOC;
    for (uint32_t i = 0; i < w->n_docs; i++) {
        if (map[i] != PI_NO_DOC)
            map[i] = next++;
    }
    return w->n_docs - next;
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

int pi_replace(parasol_indexer *w, uint32_t **out, parasol_error *err)
{
    dead d = {NULL, 0, 0};
    *out = NULL;
    int rc = find_replaced(w, &d, err);
    if (!rc && d.n + w->n_buried > 0) {
        *out = pc_alloc(w->mem, w->n_docs, sizeof **out);
        uint32_t n = *out ? number_all(w, &d, *out) : 0;
        rc = *out ? rewrite_store(w, *out, err) : pc_fail_nomem(err);
        if (!rc) {
            w->n_docs -= n;
            w->replaced += d.n;
        }
    }
    pc_free(w->mem, d.v);
    return rc;
}
