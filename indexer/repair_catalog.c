/*
 * The catalog of walked folders, made again: entries stay where their block
 * can be read and their document is in the mended index. For the others there
 * is what the index itself knows of its files: the ids of its documents, and
 * the list of files that are not searchable. These get entries without times
 * and content, which no file is equal to, so that the next run of indexing
 * reads them.
 *
 * A document need not have been a file: it may have come from a feed. So an id
 * counts as a file's where the damaged blocks had exactly as many entries as
 * there are ids between their neighbours, or where such a file is there.
 */
#include <stdlib.h>

#include <parasol/indexer.h>

#include "common/base/fail.h"
#include "common/os/path.h"
#include "common/segment/live.h"
#include "common/segment/skips.h"
#include "indexer/catalog/catalog.h"
#include "indexer/extract/extract.h"
#include "indexer/repair_internal.h"
#include "indexer/tree_changes.h"

/* What the index knows of: a living document, or a file without one. */
typedef struct known {
    pc_str path;
    uint64_t bytes;
    unsigned skip;
    const pc_file_entry *read; /* it was read again by this repair */
} known;

typedef struct run {
    pi_repair *x;
    pi_catalog c;  /* the new one */
    pc_files *old; /* NULL: nothing of it can be read */
    pc_arena arena;
    known *v; /* sorted by path */
    size_t n, cap;
    size_t at;          /* those before are done */
    pc_str last;        /* path of the last entry that stays */
    uint64_t missing;   /* entries of damaged blocks since */
    bool nameless;      /* some documents cannot be named */
    uint64_t same;      /* entries that stay */
    uint64_t strays;    /* documents that may have been files */
    const char **place; /* of each root */
} run;

/* ---- what the index knows ------------------------------------------------ */

static int add(run *r, pc_str path, uint64_t bytes, unsigned skip,
               parasol_error *err)
{
    const char *copy = pc_arena_copy(&r->arena, path.ptr, path.len);
    if (!copy ||
        pc_grow(r->x->mem, (void **)&r->v, &r->cap, r->n + 1, sizeof *r->v))
        return pc_fail_nomem(err);
    r->v[r->n++] = (known){{copy, path.len}, bytes, skip, NULL};
    return PARASOL_OK;
}

static int add_segment(run *r, const pc_manifest_segment *entry,
                       parasol_error *err)
{
    pi_repair *x = r->x;
    pi_salvage s;
    pc_live live;
    parasol_error why = {0};
    int rc = pc_live_read(&live, x->dir, entry, x->mem, &why);
    if (pi_salvage_stops(rc, &why))
        return pi_salvage_pass_on(rc, &why, err);
    bool all = rc != PARASOL_OK; /* in a dry run, it may be damaged */
    rc = pi_salvage_open(&s, x->dir, entry, x->mem, err);
    s.has_text = false;
    r->nameless = r->nameless || !s.has_store;
    for (uint32_t i = 0; !rc && s.has_store && i < s.docs; i++) {
        pi_salvaged d;
        rc = pi_salvage_read(&s, i, &d, err);
        if (rc || (!all && !pc_live_has(&live, d.number)))
            continue;
        if (d.fields)
            rc = add(r, d.fields[0].value, 0, PARASOL_SKIP_NONE, err);
        else
            r->nameless = true;
    }
    pi_salvage_close(&s);
    pc_live_release(&live);
    return rc;
}

/* Records about lines of a feed are about no file. */
static int add_skips(run *r, parasol_error *err)
{
    pi_repair *x = r->x;
    pc_skips skips;
    pc_skip skip;
    bool more = true;
    if (!x->next.skips_number)
        return PARASOL_OK;
    int rc = pc_skips_open(&skips, x->dir, &x->next, x->mem, err);
    while (!rc) {
        rc = pc_skips_next(&skips, &skip, &more, err);
        if (rc || !more)
            break;
        if (skip.reason != PARASOL_SKIP_JSON)
            rc = add(r, skip.path, skip.bytes, skip.reason, err);
    }
    pc_skips_close(&skips);
    return rc;
}

/* By path, documents first. */
static int by_path(const void *a, const void *b)
{
    const known *x = a, *y = b;
    int c = pc_str_cmp(x->path, y->path);
    return c != 0 ? c : (x->skip > y->skip) - (x->skip < y->skip);
}

/* The first that is not before `path`. */
static size_t place_in(const run *r, pc_str path)
{
    size_t low = 0, n = r->n;
    while (n > 0) {
        size_t half = n / 2;
        bool before = pc_str_cmp(r->v[low + half].path, path) < 0;
        low = before ? low + half + 1 : low;
        n = before ? n - half - 1 : half;
    }
    return low;
}

static known *find(const run *r, pc_str path)
{
    size_t i = place_in(r, path);
    bool found = i < r->n && pc_str_eq(r->v[i].path, path);
    return found ? &r->v[i] : NULL;
}

static int gather(run *r, parasol_error *err)
{
    pi_repair *x = r->x;
    const pc_manifest *m = x->o.dry_run ? &x->now : &x->next;
    int rc = PARASOL_OK;
    for (size_t i = 0; !rc && i < m->n_segments; i++)
        rc = add_segment(r, &m->segments[i], err);
    if (!rc)
        rc = add_skips(r, err);
    if (rc || r->n == 0)
        return rc;
    qsort(r->v, r->n, sizeof *r->v, by_path);
    for (const pi_reread *f = x->reread; f; f = f->next) {
        known *k = find(r, f->entry.path);
        if (k && !k->read)
            k->read = &f->entry;
    }
    return PARASOL_OK;
}

/* ---- the folders --------------------------------------------------------- */

/* An index in the folder that it is of. */
static bool is_inside(const run *r)
{
    static const char name[] = "/.parasol";
    size_t n = sizeof name - 1;
    pc_buf real;
    pc_buf_init(&real, r->x->mem);
    bool inside = pc_path_real(&real, r->x->dir, NULL) == PARASOL_OK &&
                  real.len > n && memcmp(real.ptr + real.len - n, name, n) == 0;
    pc_buf_release(&real);
    return inside;
}

/* Those of the catalog before, or the one that there must have been; without
   any, the catalog cannot be made. */
static int find_roots(run *r, parasol_error *err)
{
    pi_repair *x = r->x;
    pc_buf place;
    int rc = PARASOL_OK;
    for (uint32_t i = 0; !rc && r->old && i < r->old->n_roots; i++)
        rc = pi_catalog_root(&r->c, r->old->roots[i].prefix,
                             r->old->roots[i].place, err);
    if (rc || r->c.n_roots > 0)
        return rc;
    pc_buf_init(&place, x->mem);
    if (x->o.folder)
        rc = pi_folder_place(x->o.folder, x->dir, &place, err);
    else if (is_inside(r))
        pc_buf_put_z(&place, "..");
    if (!rc && (x->o.folder || place.len > 0))
        rc = pi_catalog_root(&r->c, PC_STR_LIT(""), pc_buf_str(&place), err);
    pc_buf_release(&place);
    return rc;
}

static int find_places(run *r, parasol_error *err)
{
    pi_repair *x = r->x;
    r->place = pc_arena_zalloc(&r->arena, r->c.n_roots, sizeof *r->place);
    for (size_t i = 0; r->place && i < r->c.n_roots; i++) {
        r->place[i] =
            x->o.folder ? x->o.folder : pi_repair_place(x, &r->c.roots[i]);
        if (!r->place[i])
            return pc_fail_nomem(err);
    }
    return r->place ? PARASOL_OK : pc_fail_nomem(err);
}

static int is_there(const run *r, pc_str path, bool *found, parasol_error *err)
{
    int rc = PARASOL_OK;
    size_t skip;
    parasol_error why = {0};
    *found = false;
    for (size_t i = 0; !rc && !*found && i < r->c.n_roots; i++) {
        if (!pi_repair_is_below(&r->c.roots[i], path, &skip))
            continue;
        rc = pi_rebuild_has_file(&r->x->rebuild, r->place[i], path, skip, found,
                                 &why);
        if (rc && !pi_rebuild_may_pass(rc, &why))
            rc = PARASOL_OK; /* the folder is not there either */
    }
    return rc ? pi_salvage_pass_on(rc, &why, err) : rc;
}

/* ---- entries ------------------------------------------------------------- */

/* The change is of no use here: nobody asks for it. */
static int put(run *r, const pc_file_entry *e, parasol_error *err)
{
    r->same += e->hash[1] != 0 || e->skip;
    return pi_catalog_put(&r->c, e, PI_CHANGE_OTHER, err);
}

/* Entries for known[from, to), which stand where `missing` cannot be read. */
static int fill(run *r, size_t from, size_t to, parasol_error *err)
{
    bool all = to - from == r->missing && !r->nameless;
    int rc = PARASOL_OK;
    for (size_t i = from; !rc && r->missing > 0 && i < to; i++) {
        const known *k = &r->v[i];
        pc_file_entry e = {.path = k->path, .size = k->bytes, .skip = k->skip};
        bool is_file = all || k->skip || k->read;
        if (!is_file)
            rc = is_there(r, k->path, &is_file, err);
        r->strays += !rc && !is_file;
        if (!rc && is_file && k->read)
            rc = put(r, k->read, err);
        else if (!rc && is_file)
            rc = pi_catalog_put(&r->c, &e, PI_CHANGE_OTHER, err);
    }
    r->missing = 0;
    return rc;
}

/* An entry that can be read. */
static int take(run *r, const pc_file_entry *e, parasol_error *err)
{
    int rc = PARASOL_OK;
    if (r->missing > 0)
        rc = fill(r, r->at, place_in(r, e->path), err);
    const known *k = find(r, e->path);
    if (!rc && k && k->read)
        rc = put(r, k->read, err);
    else if (!rc && (k || e->skip || r->nameless))
        rc = put(r, e, err);
    r->at = k ? (size_t)(k - r->v) + 1 : place_in(r, e->path);
    return rc;
}

/* Reads a block to its end. With `use`, takes its entries; else *good tells
   whether it can be read and stands behind r->last. */
static int read_block(run *r, pc_files_cursor *c, uint32_t block, bool use,
                      bool *good, parasol_error *err)
{
    uint64_t number = 0, first = (uint64_t)block * PC_FILES_BLOCK;
    uint64_t n = r->old->count - first;
    pc_file_entry e = {.skip = 0};
    parasol_error why = {0};
    bool more = true;
    int rc = pc_files_block(c, block, &why);
    n = n < PC_FILES_BLOCK ? n : PC_FILES_BLOCK;
    *good = true;
    for (uint64_t i = 0; !rc && *good && i < n; i++) {
        rc = pc_files_next(c, &e, &number, &more, &why);
        *good = !rc && (i > 0 || pc_str_cmp(r->last, e.path) < 0);
        if (*good && use)
            rc = take(r, &e, &why);
    }
    *good = *good && !rc && c->at == c->end;
    if (rc && (rc != PARASOL_CORRUPT || use))
        return pc_fail(err, rc, "%s", why.message);
    if (use) {
        r->last.ptr = pc_arena_copy(&r->arena, e.path.ptr, e.path.len);
        r->last.len = e.path.len;
    }
    return use && !r->last.ptr ? pc_fail_nomem(err) : PARASOL_OK;
}

static int take_entries(run *r, parasol_error *err)
{
    pc_files_cursor c;
    int rc = PARASOL_OK;
    r->missing = r->old ? 0 : UINT64_MAX;
    for (uint32_t b = 0; r->old && !rc && b < r->old->blocks; b++) {
        uint64_t left = r->old->count - (uint64_t)b * PC_FILES_BLOCK;
        bool good = false;
        pc_files_cursor_init(&c, r->old);
        rc = read_block(r, &c, b, false, &good, err);
        if (!rc && good)
            rc = read_block(r, &c, b, true, &good, err);
        else
            r->missing += left < PC_FILES_BLOCK ? left : PC_FILES_BLOCK;
        pc_files_cursor_release(&c);
    }
    return rc ? rc : fill(r, r->at, r->n, err);
}

/* ---- all ----------------------------------------------------------------- */

static int say(run *r, int kind, parasol_error *err, const char *text)
{
    return pi_repair_say(
        r->x, kind, pi_repair_name(r->x, PC_NAME_FILES, r->x->now.files_number),
        PC_STR_LIT(""), err, "%s", text);
}

static int leave_out(run *r, parasol_error *err)
{
    return say(r, PARASOL_REPAIR_DID, err,
               "left out: the next run of indexing reads all files again, and "
               "makes the index anew");
}

static int tell(run *r, bool lost_roots, parasol_error *err)
{
    pi_repair *x = r->x;
    const char *name = pi_repair_name(x, PC_NAME_FILES, x->now.files_number);
    if (!pi_repair_is_bad(x, PC_NAME_FILES, x->now.files_number) &&
        r->same == r->c.n_known)
        return PARASOL_OK; /* what was lost has been told of */
    int rc = pi_repair_say(
        x, PARASOL_REPAIR_DID, name, PC_STR_LIT(""), err,
        "made again: of %llu files it is known how they were, %llu are read by "
        "the next run of indexing",
        (unsigned long long)r->same,
        (unsigned long long)(r->c.n_known - r->same));
    if (!rc && (lost_roots || !r->old))
        rc = pi_repair_say(x, PARASOL_REPAIR_DOUBTFUL, name, PC_STR_LIT(""),
                           err, "%.300s is taken for the folder of its files",
                           r->place[0]);
    if (!rc && !r->old)
        rc = say(r, PARASOL_REPAIR_DOUBTFUL, err,
                 "whether .gitignore counted, and which files were too large, "
                 "is not known: give these options to the next run of "
                 "indexing, if they are not the usual ones");
    if (!rc && r->strays > 0)
        rc = pi_repair_say(
            x, PARASOL_REPAIR_DOUBTFUL, name, PC_STR_LIT(""), err,
            "%llu documents have no file, and stay until they are removed: "
            "whether they had one is not known",
            (unsigned long long)r->strays);
    return rc;
}

static int write_new(run *r, parasol_error *err)
{
    pi_repair *x = r->x;
    x->next.files_number = 0;
    if (x->o.dry_run)
        return PARASOL_OK;
    int rc = pi_catalog_write(&r->c, x->next.next_segment, true, &x->next, err);
    x->next.next_segment += !rc && x->next.files_number > 0;
    return rc;
}

static int make(run *r, bool lost_roots, parasol_error *err)
{
    pi_catalog *c = &r->c;
    c->max_file = r->old ? r->old->max_file : PI_MAX_FILE;
    c->gitignore = r->old && r->old->gitignore;
    c->taken = r->old ? r->old->taken : c->taken;
    int rc = find_roots(r, err);
    if (rc)
        return rc;
    if (c->n_roots == 0 && (!r->old || lost_roots))
        return leave_out(r, err);
    rc = find_places(r, err);
    if (!rc)
        rc = gather(r, err);
    if (!rc)
        rc = take_entries(r, err);
    if (!rc)
        rc = write_new(r, err);
    return rc ? rc : tell(r, lost_roots, err);
}

int pi_repair_catalog(pi_repair *x, parasol_error *err)
{
    run r = {.x = x, .last = PC_STR_LIT("")};
    bool lost_roots = false;
    parasol_error why = {0};
    pc_arena_init(&r.arena, x->mem, 0);
    pi_catalog_init(&r.c, x->dir, x->mem);
    int rc = pc_files_open_damaged(&r.old, x->dir, &x->now, x->mem, &lost_roots,
                                   &why);
    /* With documents that come back, or another reader of files, nothing less
       than all files makes the index right. */
    if (pi_salvage_stops(rc, &why))
        rc = pi_salvage_pass_on(rc, &why, err);
    else if (x->lost_deletes || (r.old && r.old->reader != PI_EXTRACT_VERSION))
        rc = leave_out(&r, err);
    else
        rc = make(&r, lost_roots, err);
    pc_files_close(r.old);
    pi_catalog_release(&r.c);
    pc_free(x->mem, r.v);
    pc_arena_release(&r.arena);
    return rc;
}
