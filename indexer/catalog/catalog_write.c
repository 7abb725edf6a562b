/*
 * Writing catalogs: what stays of the one before and what is known now, in
 * one order of paths.
 */
#include <stdlib.h>

#include "common/base/fail.h"
#include "common/codec/varint.h"
#include "common/format/name.h"
#include "indexer/catalog/catalog.h"
#include "indexer/extract/extract.h"
#include "indexer/write/out.h"

typedef struct writer {
    pi_catalog *c;
    pi_out *o;
    pc_files_cursor at; /* in the catalog before */
    bool more;
    pc_file_entry old; /* the next one that stays, while `more` */
    size_t next;       /* of c->known */
    pc_buf last;       /* path of the entry before */
    pc_buf bytes;      /* of the entry */
    uint64_t *blocks;  /* where they begin */
    size_t n_blocks, cap_blocks;
    size_t n_roots;
    uint64_t written;
} writer;

/* ---- what is written ---------------------------------------------------- */

static bool stays(const pi_catalog *c, uint64_t i)
{
    bool seen = c->seen[i / 64] >> (i % 64) & 1;
    bool kept = c->kept[i / 64] >> (i % 64) & 1;
    return !seen || kept;
}

static int next_old(writer *w, parasol_error *err)
{
    uint64_t number;
    while (w->more) {
        int rc = pc_files_next(&w->at, &w->old, &number, &w->more, err);
        if (rc || (w->more && stays(w->c, number)))
            return rc;
    }
    return PARASOL_OK;
}

/* Passes over what is gone, and over a path that comes again. */
static const pi_known *next_known(writer *w)
{
    const pi_catalog *c = w->c;
    while (w->next < c->n_known) {
        const pi_known *k = &c->known[w->next];
        if (!k->gone &&
            (w->next == 0 ||
             pc_str_cmp(c->known[w->next - 1].entry.path, k->entry.path) != 0))
            return k;
        w->next++;
    }
    return NULL;
}

/* ---- entries ------------------------------------------------------------ */

static size_t shared_with(const writer *w, pc_str path)
{
    size_t n = 0;
    while (n < path.len && n < w->last.len &&
           (uint8_t)path.ptr[n] == w->last.ptr[n])
        n++;
    return n;
}

static int put_entry(writer *w, const pc_file_entry *e)
{
    if (w->written % PC_FILES_BLOCK == 0) {
        if (pc_grow(w->c->mem, (void **)&w->blocks, &w->cap_blocks,
                    w->n_blocks + 1, sizeof *w->blocks))
            return PARASOL_NOMEM;
        w->blocks[w->n_blocks++] = pi_out_at(w->o);
        pc_buf_clear(&w->last);
    }
    size_t n = shared_with(w, e->path);
    pc_buf *b = &w->bytes;
    pc_buf_clear(b);
    pc_varint_append(b, n);
    pc_varint_append(b, e->path.len - n);
    pc_buf_put(b, e->path.ptr + n, e->path.len - n);
    pc_varint_append(b, e->skip);
    pc_varint_append(b, e->size);
    pc_buf_put_u64(b, (uint64_t)e->mtime);
    pc_buf_put_u64(b, (uint64_t)e->ctime);
    pc_buf_put_u64(b, e->hash[0]);
    pc_buf_put_u64(b, e->hash[1]);
    w->last.len = n;
    pc_buf_put(&w->last, e->path.ptr + n, e->path.len - n);
    if (b->status || w->last.status)
        return PARASOL_NOMEM;
    pi_out_put(w->o, b->ptr, b->len);
    w->written++;
    return PARASOL_OK;
}

/* Both sides of the merge, in order. */
static int put_entries(writer *w, parasol_error *err)
{
    int rc = next_old(w, err);
    while (!rc) {
        const pi_known *k = next_known(w);
        if (!k && !w->more)
            break;
        int order = !k         ? -1
                    : !w->more ? 1
                               : pc_str_cmp(w->old.path, k->entry.path);
        if (put_entry(w, order < 0 ? &w->old : &k->entry))
            return pc_fail_nomem(err);
        if (order >= 0)
            w->next++;
        if (order <= 0)
            rc = next_old(w, err);
    }
    return rc;
}

/* ---- the file ----------------------------------------------------------- */

static void put_str(pi_out *o, pc_str s)
{
    uint8_t raw[PC_VARINT_MAX];
    pi_out_put(o, raw, pc_varint_put(raw, s.len));
    pi_out_put(o, s.ptr, s.len);
}

static void put_roots(writer *w)
{
    const pi_catalog *c = w->c;
    bool fresh = c->whole || !c->old;
    const pc_files_root *roots = fresh ? c->roots : c->old->roots;
    w->n_roots = fresh ? c->n_roots : c->old->n_roots;
    for (size_t i = 0; i < w->n_roots; i++) {
        put_str(w->o, roots[i].prefix);
        put_str(w->o, roots[i].place);
    }
}

static int put_section(writer *w, parasol_error *err)
{
    pi_catalog *c = w->c;
    pi_out_begin(w->o, PC_SECTION_FILES);
    put_roots(w);
    uint64_t roots_len = pi_out_at(w->o);
    int rc = put_entries(w, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < w->n_blocks; i++)
        pi_out_put_u64(w->o, w->blocks[i]);
    /* What this run has not looked at has been looked at before. */
    bool fresh = c->whole || !c->old;
    pi_out_put_u64(w->o, (uint64_t)(fresh ? c->taken : c->old->taken));
    pi_out_put_u64(w->o, w->written);
    pi_out_put_u64(w->o, roots_len);
    pi_out_put_u64(w->o, fresh ? c->max_file : c->old->max_file);
    bool gitignore = fresh ? c->gitignore : c->old->gitignore;
    pi_out_put_u32(w->o, gitignore ? PC_FILES_GITIGNORE : 0);
    pi_out_put_u32(w->o, 0);
    pi_out_put_u32(w->o, PI_EXTRACT_VERSION);
    pi_out_put_u32(w->o, (uint32_t)w->n_roots);
    return PARASOL_OK;
}

static int write_file(writer *w, const char *path, uint64_t number, bool synced,
                      pc_manifest *next, parasol_error *err)
{
    int rc = pi_out_create(&w->o, path, PC_KIND_FILES, number, w->c->mem, err);
    if (rc)
        return rc;
    if (!synced)
        pi_out_relax(w->o);
    rc = put_section(w, err);
    if (rc) {
        pi_out_abort(w->o);
        return rc;
    }
    rc = pi_out_finish(w->o, &next->files_bytes, &next->files_crc, err);
    if (!rc)
        next->files_number = number;
    return rc;
}

int pi_catalog_write(pi_catalog *c, uint64_t number, bool synced,
                     pc_manifest *next, parasol_error *err)
{
    pc_buf path;
    writer w = {.c = c, .more = c->old != NULL};
    if (!c->old && c->n_known == 0 && c->n_roots == 0)
        return PARASOL_OK;
    pc_buf_init(&path, c->mem);
    pc_buf_init(&w.last, c->mem);
    pc_buf_init(&w.bytes, c->mem);
    if (c->old)
        pc_files_cursor_init(&w.at, c->old);
    if (c->n_known > 1)
        qsort(c->known, c->n_known, sizeof *c->known, pi_known_by_path);
    const char *name =
        pc_name_path(&path, c->dir, PC_NAME_FILES, number, "", err);
    int rc =
        name ? write_file(&w, name, number, synced, next, err) : PARASOL_NOMEM;
    if (c->old)
        pc_files_cursor_release(&w.at);
    pc_free(c->mem, w.blocks);
    pc_buf_release(&w.last);
    pc_buf_release(&w.bytes);
    pc_buf_release(&path);
    return rc;
}
