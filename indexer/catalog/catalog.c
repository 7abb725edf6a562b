/*
 * What is known of files, before and now.
 */
#include "indexer/catalog/catalog.h"

#include <stdlib.h>
#include <time.h>

#include "common/base/fail.h"

/* File systems keep times as coarse as this. */
#define COARSE INT64_C(2000000000)

static int64_t clock_now(void)
{
    struct timespec t = {0, 0};
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)((uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec);
}

void pi_catalog_init(pi_catalog *c, const char *dir, const pc_mem *mem)
{
    *c = (pi_catalog){.mem = mem, .dir = dir, .taken = clock_now()};
    pc_arena_init(&c->arena, mem, 0);
}

void pi_catalog_release(pi_catalog *c)
{
    if (c->old)
        pc_files_cursor_release(&c->at);
    pc_files_close(c->old);
    pc_free(c->mem, c->seen);
    pc_free(c->mem, c->kept);
    pc_free(c->mem, c->known);
    pc_free(c->mem, c->roots);
    pc_arena_release(&c->arena);
    *c = (pi_catalog){.mem = c->mem, .dir = c->dir, .taken = c->taken};
    pc_arena_init(&c->arena, c->mem, 0);
}

int pi_catalog_open(pi_catalog *c, const pc_manifest *now, parasol_error *err)
{
    int rc =
        pc_fail_lost(pc_files_open(&c->old, c->dir, now, c->mem, err), err);
    if (rc || !c->old)
        return rc;
    pc_files_cursor_init(&c->at, c->old);
    size_t words = (size_t)(c->old->count / 64 + 1);
    c->seen = pc_zalloc(c->mem, words, sizeof *c->seen);
    c->kept = pc_zalloc(c->mem, words, sizeof *c->kept);
    if (c->seen && c->kept)
        return PARASOL_OK;
    pi_catalog_release(c);
    return pc_fail_nomem(err);
}

int pi_catalog_recorded(pi_recorded *out, const char *dir,
                        const pc_manifest *now, const pc_mem *mem,
                        parasol_error *err)
{
    pc_files *files = NULL;
    int rc = pc_files_open(&files, dir, now, mem, NULL);
    if (!rc && files)
        *out = (pi_recorded){files->max_file, files->gitignore};
    pc_files_close(files);
    return rc == PARASOL_NOMEM ? pc_fail_nomem(err) : PARASOL_OK;
}

/* ---- bits --------------------------------------------------------------- */

static void set(uint64_t *bits, uint64_t i)
{
    bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static bool has(const uint64_t *bits, uint64_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}

/* ---- one file ----------------------------------------------------------- */

static int copy(pi_catalog *c, pc_str from, pc_str *to)
{
    to->ptr = pc_arena_copy(&c->arena, from.ptr, from.len);
    to->len = from.len;
    return to->ptr ? PARASOL_OK : PARASOL_NOMEM;
}

int pi_catalog_root(pi_catalog *c, pc_str prefix, pc_str place,
                    parasol_error *err)
{
    pc_files_root r;
    for (size_t i = 0; i < c->n_roots; i++) {
        if (pc_str_eq(c->roots[i].prefix, prefix) &&
            pc_str_eq(c->roots[i].place, place))
            return PARASOL_OK;
    }
    void *roots = c->roots;
    if (pc_grow(c->mem, &roots, &c->cap_roots, c->n_roots + 1,
                sizeof *c->roots))
        return pc_fail_nomem(err);
    c->roots = roots;
    if (copy(c, prefix, &r.prefix) || copy(c, place, &r.place))
        return pc_fail_nomem(err);
    c->roots[c->n_roots++] = r;
    return PARASOL_OK;
}

int pi_catalog_look(pi_catalog *c, pc_str path, pc_file_entry *entry,
                    uint64_t *number, bool *found, parasol_error *err)
{
    *found = false;
    if (!c->old)
        return PARASOL_OK;
    int rc = pc_files_find(&c->at, path, entry, number, found, err);
    if (rc || !*found)
        return rc;
    /* Replaced or removed by this run already: it counts for nothing. */
    if (has(c->seen, *number) && !has(c->kept, *number))
        *found = false;
    set(c->seen, *number);
    return PARASOL_OK;
}

bool pi_catalog_is_clean(const pi_catalog *c, const pc_file_entry *old)
{
    int64_t safe = c->old->taken - COARSE;
    return old->mtime < safe && old->ctime < safe;
}

void pi_catalog_keep(pi_catalog *c, uint64_t number)
{
    set(c->kept, number);
}

static int add(pi_catalog *c, const pc_file_entry *entry, enum pi_change change,
               bool gone, parasol_error *err)
{
    pi_known k = {.entry = *entry, .change = change, .gone = gone};
    void *known = c->known;
    if (pc_grow(c->mem, &known, &c->cap_known, c->n_known + 1,
                sizeof *c->known))
        return pc_fail_nomem(err);
    c->known = known;
    if (copy(c, entry->path, &k.entry.path))
        return pc_fail_nomem(err);
    c->known[c->n_known++] = k;
    c->changed = c->changed || change != PI_CHANGE_NONE;
    return PARASOL_OK;
}

int pi_catalog_put(pi_catalog *c, const pc_file_entry *entry,
                   enum pi_change change, parasol_error *err)
{
    if (change == PI_CHANGE_NONE) {
        c->stale += entry->size;
        c->n_stale++;
    }
    return add(c, entry, change, false, err);
}

int pi_catalog_gone(pi_catalog *c, const pc_file_entry *entry,
                    parasol_error *err)
{
    return add(c, entry, entry->skip ? PI_CHANGE_OTHER : PI_CHANGE_REMOVED,
               true, err);
}

/* ---- what is not there any more ----------------------------------------- */

static bool is_below(pc_str path, pc_str folder)
{
    return folder.len == 0 || pc_str_eq(path, folder) ||
           (path.len > folder.len && pc_str_starts(path, folder) &&
            path.ptr[folder.len] == '/');
}

int pi_catalog_sweep(pi_catalog *c, pc_str prefix, parasol_error *err)
{
    pc_files_cursor at;
    bool more = c->old != NULL;
    int rc = PARASOL_OK;
    if (!more)
        return PARASOL_OK;
    pc_files_cursor_init(&at, c->old);
    while (!rc && more) {
        pc_file_entry e;
        uint64_t number;
        rc = pc_files_next(&at, &e, &number, &more, err);
        if (rc || !more || has(c->seen, number) || !is_below(e.path, prefix))
            continue;
        set(c->seen, number);
        rc = pi_catalog_gone(c, &e, err);
    }
    pc_files_cursor_release(&at);
    return rc;
}

/* ---- renamed files ------------------------------------------------------ */

int pi_known_by_path(const void *a, const void *b)
{
    const pi_known *x = a, *y = b;
    int c = pc_str_cmp(x->entry.path, y->entry.path);
    return c != 0 ? c : (int)x->gone - (int)y->gone;
}

/* Content first, then what was removed before what was added, then path. */
static int by_content(const void *a, const void *b)
{
    const pi_known *x = *(pi_known *const *)a, *y = *(pi_known *const *)b;
    const pc_file_entry *p = &x->entry, *q = &y->entry;
    for (int i = 0; i < 2; i++) {
        if (p->hash[i] != q->hash[i])
            return p->hash[i] < q->hash[i] ? -1 : 1;
    }
    if (p->size != q->size)
        return p->size < q->size ? -1 : 1;
    if (x->gone != y->gone)
        return x->gone ? -1 : 1;
    return pc_str_cmp(p->path, q->path);
}

static bool same_content(const pi_known *x, const pi_known *y)
{
    return x->entry.hash[0] == y->entry.hash[0] &&
           x->entry.hash[1] == y->entry.hash[1] &&
           x->entry.size == y->entry.size;
}

/* Marks pairs in v[0..n), which have the same content. */
static void pair_group(pi_known **v, size_t n)
{
    size_t gone = 0;
    while (gone < n && v[gone]->gone)
        gone++;
    for (size_t i = 0; i < gone && gone + i < n; i++) {
        v[gone + i]->change = PI_CHANGE_RENAMED;
        v[gone + i]->from = v[i]->entry.path;
        v[i]->change = PI_CHANGE_OTHER; /* told of with its new name */
    }
}

int pi_catalog_pair(pi_catalog *c, size_t first, parasol_error *err)
{
    size_t n = 0, all = c->n_known - first;
    pi_known *known = c->known + first;
    if (all == 0)
        return PARASOL_OK;
    qsort(known, all, sizeof *known, pi_known_by_path);
    pi_known **v = pc_alloc(c->mem, all, sizeof(pi_known *));
    if (!v)
        return pc_fail_nomem(err);
    for (size_t i = 0; i < all; i++) {
        if (known[i].change == PI_CHANGE_ADDED ||
            (known[i].change == PI_CHANGE_REMOVED && known[i].gone))
            v[n++] = &known[i];
    }
    if (n > 1)
        qsort(v, n, sizeof(pi_known *), by_content);
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i + 1; k < n && same_content(v[i], v[k]);)
            k++;
        pair_group(v + i, k - i);
    }
    pc_free(c->mem, v);
    return PARASOL_OK;
}

int pi_catalog_stays(pi_catalog *c, pc_str path, bool *stays,
                     parasol_error *err)
{
    pc_file_entry e;
    uint64_t number;
    bool found = false;
    *stays = true;
    if (!c->old)
        return PARASOL_OK;
    int rc = pc_files_find(&c->at, path, &e, &number, &found, err);
    if (!rc && found)
        *stays = !has(c->seen, number) || has(c->kept, number);
    return rc;
}
