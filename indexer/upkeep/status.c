/*
 * How an index is: its commit, its directory, its writer, its folders.
 */
#include <stdio.h>

#include <parasol/upkeep.h>

#include "common/base/fail.h"
#include "common/os/file.h"
#include "common/os/lock.h"
#include "common/segment/skips.h"
#include "indexer/upkeep/copy_out.h"
#include "indexer/upkeep/fresh.h"
#include "indexer/upkeep/held.h"

_Static_assert(sizeof((parasol_status_info *)0)->skipped ==
                   8 * PC_MANIFEST_SKIPS,
               "reasons");

/* ---- the commit --------------------------------------------------------- */

static void tell_commit(const pi_held *h, parasol_status_info *in)
{
    const pc_manifest *m = &h->manifest;
    in->packed = h->home.pack != NULL;
    in->commit = m->commit;
    in->dead = pc_manifest_dead(m);
    in->documents = pc_manifest_docs(m) - in->dead;
    in->segments = m->n_segments;
    for (size_t i = 0; i < m->n_segments; i++)
        in->dead_segments += m->segments[i].dead > 0;
    in->files = h->n + 1;
    in->bytes = pc_manifest_bytes(m) + h->manifest_bytes.len;
    in->disk_bytes = h->home.pack ? h->home.pack->bytes : 0;
    in->seen = m->files_seen;
    memcpy(in->skipped, m->skipped, sizeof in->skipped);
}

/* When it was made; a log that cannot be read is none. */
static void tell_time(const char *path, parasol_status_info *in)
{
    parasol_log *log = NULL;
    parasol_log_entry e = {.struct_size = sizeof e};
    if (parasol_log_open(&log, path, NULL))
        return;
    for (size_t i = parasol_log_count(log); i-- > 0 && !in->committed;) {
        if (parasol_log_get(log, i, &e) == PARASOL_OK &&
            e.state == PARASOL_LOG_WRITTEN && e.commit == in->commit)
            in->committed = e.time;
    }
    parasol_log_close(log);
}

/* ---- the directory ------------------------------------------------------ */

static bool is_of_commit(const pi_held *h, enum pc_name kind, uint64_t number)
{
    if (kind == PC_NAME_LOCK || kind == PC_NAME_LOG)
        return true;
    if (kind == PC_NAME_MANIFEST)
        return number == h->manifest.commit;
    for (size_t i = 0; i < h->n; i++) {
        if (h->files[i].kind == kind && h->files[i].number == number)
            return true;
    }
    return false;
}

static void count_name(const pi_held *h, const char *dir, pc_str name,
                       pc_buf *path, parasol_status_info *in)
{
    uint64_t number, size = 0;
    enum pc_name kind = pc_name_parse(name, &number);
    if (kind == PC_NAME_FOREIGN) {
        in->foreign_files++;
        return;
    }
    pc_buf_clear(path);
    pc_buf_put_fmt(path, "%s/%.*s", dir, PC_STR_ARG(name));
    pc_buf_put_u8(path, 0);
    /* It may be gone already. */
    if (path->status ||
        pc_file_size_of((const char *)path->ptr, &size, NULL) != PARASOL_OK)
        return;
    in->disk_bytes += size;
    if (!is_of_commit(h, kind, number)) {
        in->left_files++;
        in->left_bytes += size;
    }
}

static int tell_directory(const pi_held *h, const char *dir,
                          parasol_status_info *in, parasol_error *err)
{
    pc_arena arena;
    pc_buf path;
    pc_str *names;
    size_t n = 0;
    pc_arena_init(&arena, NULL, 0);
    pc_buf_init(&path, NULL);
    int rc = pc_dir_list(&names, &n, dir, &arena, err);
    for (size_t i = 0; !rc && i < n; i++)
        count_name(h, dir, names[i], &path, in);
    if (!rc && path.status)
        rc = pc_fail_nomem(err);
    pc_buf_release(&path);
    pc_arena_release(&arena);
    return rc;
}

static void tell_writer(const char *dir, parasol_status_info *in)
{
    pc_lock_state s;
    pc_lock_look(&s, dir);
    in->writer = !s.known  ? PARASOL_WRITER_UNKNOWN
                 : s.ended ? PARASOL_WRITER_ENDED
                 : s.held  ? PARASOL_WRITER_AT_WORK
                           : PARASOL_WRITER_NONE;
    in->writer_pid = s.pid;
    in->writer_since = s.since;
    memcpy(in->writer_host, s.host, sizeof in->writer_host);
}

/* ---- all ---------------------------------------------------------------- */

int parasol_index_status(const char *path,
                         const parasol_status_options *options,
                         parasol_status_info *info, parasol_error *err)
{
    parasol_status_options o = PARASOL_STATUS_OPTIONS_INIT;
    parasol_status_info in = {.struct_size = sizeof in};
    pi_held held;
    if (options)
        memcpy(&o, options,
               options->struct_size < sizeof o ? options->struct_size
                                               : sizeof o);
    if (!path || !*path || !info)
        return pc_fail(err, PARASOL_ARG, "no index was named");
    int rc = pi_held_open(&held, path, NULL, err);
    if (!rc)
        tell_commit(&held, &in);
    if (!rc && in.packed) {
        (void)snprintf(in.why, sizeof in.why, "it is a packed index");
    } else if (!rc) {
        tell_time(path, &in);
        tell_writer(path, &in);
        rc = tell_directory(&held, path, &in, err);
        if (!rc)
            rc = pi_status_fresh(&held.manifest, path, &o, &in, err);
    }
    pi_held_close(&held);
    if (!rc)
        pi_copy_out(info, info->struct_size, &in, sizeof in);
    return rc;
}

/* ---- what is not searchable --------------------------------------------- */

/* `text` holds path and detail, with a zero behind each. */
static int tell_problem(const pc_skip *skip, pc_buf *text,
                        int (*problem)(const parasol_problem *p, void *user),
                        void *user, bool *stop, parasol_error *err)
{
    pc_buf_clear(text);
    pc_buf_put_str(text, skip->path);
    pc_buf_put_u8(text, 0);
    pc_buf_put_str(text, skip->detail);
    pc_buf_put_u8(text, 0);
    if (text->status)
        return pc_fail_nomem(err);
    const char *z = (const char *)text->ptr;
    parasol_problem p = {sizeof p, (int)skip->reason, skip->bytes, z,
                         z + skip->path.len + 1};
    *stop = problem(&p, user) != 0;
    return PARASOL_OK;
}

static int tell_problems(pc_skips *skips,
                         int (*problem)(const parasol_problem *p, void *user),
                         void *user, parasol_error *err)
{
    pc_buf text;
    pc_skip skip;
    bool more = true, stop = false;
    pc_buf_init(&text, NULL);
    int rc = PARASOL_OK;
    while (!rc && more && !stop) {
        rc = pc_skips_next(skips, &skip, &more, err);
        if (!rc && more)
            rc = tell_problem(&skip, &text, problem, user, &stop, err);
    }
    pc_buf_release(&text);
    return rc;
}

int parasol_index_problems(const char *path,
                           int (*problem)(const parasol_problem *p, void *user),
                           void *user, parasol_error *err)
{
    pi_held held;
    pc_skips skips = {0};
    if (!path || !*path || !problem)
        return pc_fail(err, PARASOL_ARG, "no index was named");
    int rc = pi_held_open(&held, path, NULL, err);
    for (size_t i = 0; !rc && i < held.n; i++) {
        pc_sealed *f = NULL;
        if (held.files[i].kind != PC_NAME_SKIPS)
            continue;
        rc = pi_held_sealed(&held, i, &f, err);
        if (!rc)
            rc = pc_skips_take(&skips, f, err);
        if (!rc)
            rc = tell_problems(&skips, problem, user, err);
        pc_skips_close(&skips);
    }
    pi_held_close(&held);
    return rc;
}
