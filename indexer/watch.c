/*
 * parasol_watch: changes below folders. Every folder that the walk enters is
 * followed before its names are read, so that nothing can come unseen; when
 * folders come, go or move, all are walked again. Where the system does not
 * tell, a hash over what the walk sees is compared.
 */
#include <stdlib.h>

#include <parasol/ignore.h>
#include <parasol/watch.h>

#include "common/base/fail.h"
#include "common/os/dir.h"
#include "indexer/catalog/catalog.h"
#include "indexer/source/ignore_files.h"
#include "indexer/watch_internal.h"

#define QUIET_MS 200u
#define LONGEST_MS 2000u

/* More changed paths than this are everything. */
#define PATHS_MAX 4096u

/* ---- opening ------------------------------------------------------------ */

static int copy_roots(parasol_watch *w, const char *const *dirs, size_t n,
                      parasol_error *err)
{
    w->roots = pc_zalloc(w->mem, n, sizeof *w->roots);
    if (!w->roots)
        return pc_fail_nomem(err);
    for (; w->n_roots < n; w->n_roots++) {
        const char *dir = dirs[w->n_roots];
        char *copy = pi_watch_copy(w, dir, strlen(dir));
        if (!copy)
            return pc_fail_nomem(err);
        w->roots[w->n_roots].dir = copy;
    }
    return PARASOL_OK;
}

/* Follows, if it can; or polls. */
static int start(parasol_watch *w, parasol_error *err)
{
    parasol_error why = {0};
    bool events = w->options.poll_ms == 0;
    int rc = pc_notify_open(&w->notify, events, w->mem, &why);
    if (!rc && events)
        return pi_watch_rescan(w, err);
    if (!rc)
        return pi_watch_poll(w, "as was asked for", err);
    if (rc == PARASOL_NOMEM)
        return pc_fail_nomem(err);
    rc = pc_notify_open(&w->notify, false, w->mem, err);
    return rc ? rc : pi_watch_poll(w, why.message, err);
}

/* What is not said is as the index was made. */
static int settle_options(parasol_watch *w, parasol_error *err)
{
    pi_recorded was = {0, false};
    pc_manifest now;
    int rc = PARASOL_OK;
    if (w->options.gitignore == 0 && w->index) {
        if (pc_manifest_newest(w->index, &now, w->mem, NULL) == PARASOL_OK)
            rc = pi_catalog_recorded(&was, w->index, &now, w->mem, err);
        pc_manifest_release(&now);
    }
    w->options.gitignore = w->options.gitignore > 0 || was.gitignore;
    return rc;
}

int parasol_watch_open(parasol_watch **out, const char *const *dirs,
                       size_t count, const parasol_watch_options *options,
                       parasol_error *err)
{
    parasol_watch_options o = PARASOL_WATCH_OPTIONS_INIT;
    if (!dirs || count == 0)
        return pc_fail(err, PARASOL_ARG, "no folder was named");
    if (options)
        memcpy(&o, options,
               options->struct_size < sizeof o ? options->struct_size
                                               : sizeof o);
    parasol_watch *w = pc_zalloc(o.alloc, 1, sizeof *w);
    if (!w)
        return pc_fail_nomem(err);
    if (o.alloc)
        w->alloc = *o.alloc;
    w->mem = &w->alloc;
    w->options = o;
    w->options.quiet_ms = o.quiet_ms ? o.quiet_ms : QUIET_MS;
    w->options.longest_ms = o.longest_ms ? o.longest_ms : LONGEST_MS;
    pc_arena_init(&w->arena, w->mem, 0);
    pc_buf_init(&w->path, w->mem);
    int rc = PARASOL_OK;
    if (o.index) {
        w->index = pi_watch_copy(w, o.index, strlen(o.index));
        rc = w->index ? PARASOL_OK : pc_fail_nomem(err);
    }
    if (!rc)
        rc = settle_options(w, err);
    if (!rc)
        rc = copy_roots(w, dirs, count, err);
    if (!rc)
        rc = start(w, err);
    w->everything = false; /* nobody has looked before */
    if (rc)
        parasol_watch_close(w);
    else
        *out = w;
    return rc;
}

void parasol_watch_close(parasol_watch *w)
{
    if (!w)
        return;
    if (w->notify)
        pi_watch_forget(w);
    pc_notify_close(w->notify);
    for (size_t i = 0; i < w->n_roots; i++)
        pc_free(w->mem, w->roots[i].dir);
    pc_arena_release(&w->arena);
    pc_buf_release(&w->path);
    pc_mem alloc = w->alloc;
    void *blocks[] = {w->roots, w->folders, w->paths, w->index};
    for (size_t i = 0; i < PC_COUNTOF(blocks); i++)
        pc_free(&alloc, blocks[i]);
    pc_free(&alloc, w);
}

const char *parasol_watch_polling(const parasol_watch *w, unsigned *ms)
{
    if (ms)
        *ms = w->why[0] ? w->options.poll_ms : 0;
    return w->why[0] ? w->why : NULL;
}

void parasol_watch_stop(parasol_watch *w)
{
    w->stopped = true;
    pc_notify_wake(w->notify);
}

/* ---- events ------------------------------------------------------------- */

static bool is_rules(const parasol_watch *w, pc_str name)
{
    for (int i = 0; i < PI_IGNORE_FILES; i++) {
        if ((i == PI_IGNORE_OWN || w->options.gitignore) &&
            pc_str_eq(name, pc_str_of(pi_ignore_name(i))))
            return true;
    }
    return false;
}

/* Whether rules leave out `path`, which is relative to the root. The root is
   not kept open for this: one that is open is not told to be gone. */
static bool is_ignored(const parasol_watch *w, const char *dir,
                       const char *path)
{
    parasol_ignore_options o = PARASOL_IGNORE_OPTIONS_INIT;
    parasol_ignore_match m = PARASOL_IGNORE_MATCH_INIT;
    parasol_ignore *g = NULL;
    parasol_error none = {0};
    o.alloc = w->mem;
    o.gitignore = w->options.gitignore;
    if (parasol_ignore_open(&g, dir, &o, &none) ||
        parasol_ignore_find(g, path, &m, &none))
        m.ignored = 0;
    parasol_ignore_close(g);
    return m.ignored != 0;
}

static bool is_same(const char *a, const char *b)
{
    parasol_error none = {0};
    pc_node x, y;
    return pc_node_stat_path(a, &x, &none) == 0 &&
           pc_node_stat_path(b, &y, &none) == 0 && x.dev == y.dev &&
           x.ino == y.ino;
}

/* Whether w->path is the index, or another thing that the walk leaves out. */
static bool is_left_out(const parasol_watch *w, const pi_followed *f,
                        const pc_notify_event *e)
{
    const char *full = (const char *)w->path.ptr;
    const char *dir = w->roots[f->root].dir;
    if (!f->path[0] && e->name.len == 0)
        return false;
    if (e->is_folder && pc_str_eq(e->name, PC_STR_LIT(".git")))
        return true;
    if (e->is_folder && w->index && is_same(full, w->index))
        return true;
    return is_ignored(w, dir, full + strlen(dir) + 1);
}

/* Keeps w->path. */
static int put_path(parasol_watch *w, parasol_error *err)
{
    const char *path = (const char *)w->path.ptr;
    if (w->everything ||
        (w->n_paths > 0 && strcmp(w->paths[w->n_paths - 1], path) == 0))
        return PARASOL_OK;
    if (w->n_paths == PATHS_MAX) {
        w->everything = true;
        return PARASOL_OK;
    }
    char *copy = pc_arena_copy(&w->arena, path, w->path.len - 1);
    if (!copy || pc_grow(w->mem, (void **)&w->paths, &w->paths_cap,
                         w->n_paths + 1, sizeof *w->paths))
        return pc_fail_nomem(err);
    w->paths[w->n_paths++] = copy;
    return PARASOL_OK;
}

/* DIR/FOLDER/NAME of an event, into w->path; a DIR of one slash has two. */
static int set_path(parasol_watch *w, const pi_followed *f, pc_str name,
                    parasol_error *err)
{
    pc_buf_clear(&w->path);
    pc_buf_put_z(&w->path, w->roots[f->root].dir);
    if (f->path[0])
        pc_buf_put_u8(&w->path, '/');
    pc_buf_put_z(&w->path, f->path);
    if (name.len > 0)
        pc_buf_put_u8(&w->path, '/');
    pc_buf_put_str(&w->path, name);
    pc_buf_put_u8(&w->path, 0);
    return w->path.status ? pc_fail_nomem(err) : PARASOL_OK;
}

static int take_event(parasol_watch *w, const pc_notify_event *e,
                      parasol_error *err)
{
    if (e->lost) {
        w->everything = w->rescan = true;
    } else {
        const pi_followed *f = pi_watch_folder(w, e->folder);
        if (!f)
            return PARASOL_OK;
        int rc = set_path(w, f, e->name, err);
        if (rc || is_left_out(w, f, e))
            return rc;
        bool rules = is_rules(w, e->name);
        w->rescan |= rules || e->is_folder || e->name.len == 0;
        w->everything |= rules || (e->name.len == 0 && !f->path[0]);
        rc = put_path(w, err);
        if (rc)
            return rc;
    }
    if (!w->changed)
        w->first = pc_notify_clock();
    w->changed = true;
    return PARASOL_OK;
}

/* How long to wait for the next event. */
static int patience(const parasol_watch *w)
{
    if (!w->changed)
        return -1;
    uint64_t passed = pc_notify_clock() - w->first;
    uint64_t left =
        passed < w->options.longest_ms ? w->options.longest_ms - passed : 0;
    return (int)(left < w->options.quiet_ms ? left : w->options.quiet_ms);
}

/* Until something has changed and then nothing for a while. */
static int gather(parasol_watch *w, parasol_error *err)
{
    pc_notify_event e;
    bool got = true;
    while (!w->stopped && (!w->changed || got)) {
        int ms = patience(w);
        if (ms == 0)
            break;
        int rc = pc_notify_next(w->notify, ms, &e, &got, err);
        if (!rc && got)
            rc = take_event(w, &e, err);
        if (rc)
            return rc;
    }
    return w->rescan && !w->stopped ? pi_watch_rescan(w, err) : PARASOL_OK;
}

/* Until what is there is not what was there. */
static int poll_files(parasol_watch *w, parasol_error *err)
{
    pc_notify_event e;
    bool got;
    w->everything = true;
    while (!w->stopped) {
        uint64_t hash;
        int rc =
            pc_notify_next(w->notify, (int)w->options.poll_ms, &e, &got, err);
        if (!rc && !w->stopped)
            rc = pi_watch_hash(w, &hash, err);
        if (rc)
            return rc;
        if (!w->stopped && hash != w->seen) {
            w->seen = hash;
            break;
        }
    }
    return PARASOL_OK;
}

/* ---- telling ------------------------------------------------------------ */

static int by_bytes(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static void fill_change(parasol_watch *w, parasol_watch_change *out)
{
    parasol_watch_change all = PARASOL_WATCH_CHANGE_INIT;
    all.stopped = w->stopped;
    if (!all.stopped) {
        all.everything = w->everything;
        if (w->n_paths > 1)
            qsort(w->paths, w->n_paths, sizeof *w->paths, by_bytes);
        size_t n = 0;
        for (size_t i = 0; i < w->n_paths; i++) {
            if (n == 0 || strcmp(w->paths[n - 1], w->paths[i]) != 0)
                w->paths[n++] = w->paths[i];
        }
        all.count = w->everything ? 0 : n;
        all.paths = all.count > 0 ? (const char *const *)w->paths : NULL;
    }
    size_t n = out->struct_size;
    all.struct_size = n;
    memcpy(out, &all, n < sizeof all ? n : sizeof all);
}

int parasol_watch_wait(parasol_watch *w, parasol_watch_change *change,
                       parasol_error *err)
{
    if (!w || !change)
        return pc_fail(err, PARASOL_ARG, "nothing is watched");
    pc_arena_clear(&w->arena);
    w->n_paths = 0;
    w->changed = false;
    w->everything = w->rescan = false;
    int rc = w->why[0] ? poll_files(w, err) : gather(w, err);
    if (!rc)
        fill_change(w, change);
    return rc;
}
