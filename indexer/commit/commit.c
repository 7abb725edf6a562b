/*
 * Commits. The order of the system calls is the whole point of this file;
 * docs/format.md numbers the steps.
 */
#include "indexer/commit/commit.h"

#include <errno.h>

#include <parasol/version.h>

#include "common/base/fail.h"
#include "common/format/log_line.h"
#include "common/format/name.h"
#include "common/os/file.h"

/* What lies in the directory. */
typedef struct content {
    bool foreign;     /* something that is not ours */
    pc_str example;   /* the first of these */
    uint64_t commit;  /* highest number of a manifest, 0 for none */
    uint64_t highest; /* number of a sealed file */
} content;

static int look(const char *dir, content *c, pc_arena *arena,
                parasol_error *err)
{
    pc_str *names = NULL;
    size_t n = 0;
    bool lock = false, log = false;
    *c = (content){0};
    int rc = pc_dir_list(&names, &n, dir, arena, err);
    for (size_t i = 0; !rc && i < n; i++) {
        uint64_t number = 0;
        enum pc_name kind = pc_name_parse(names[i], &number);
        if (kind == PC_NAME_FOREIGN && !c->foreign) {
            c->foreign = true;
            c->example = names[i];
        }
        lock = lock || kind == PC_NAME_LOCK;
        log = log || kind == PC_NAME_LOG;
        if (kind == PC_NAME_MANIFEST) {
            if (number > c->commit)
                c->commit = number;
        } else if (number > c->highest) {
            c->highest = number; /* of any sealed file */
        }
    }
    /* A log without the lock that every index has is somebody else's. */
    if (log && !lock && !c->foreign) {
        c->foreign = true;
        c->example = PC_STR_LIT(PC_LOG_NAME);
    }
    return rc;
}

/* Makes the name of the directory itself durable. */
static int sync_parent(const char *dir, const pc_mem *mem, parasol_error *err)
{
    pc_buf path;
    parasol_error why = {0};
    int rc = PARASOL_OK;
    pc_buf_init(&path, mem);
    pc_buf_put_fmt(&path, "%s/..", dir);
    pc_buf_put_u8(&path, 0);
    if (path.status) {
        rc = pc_fail_nomem(err);
        goto out;
    }
    rc = pc_dir_sync((const char *)path.ptr, &why);
    if (rc && why.os_errno == EACCES)
        rc = PARASOL_OK; /* a parent that we may enter but not read */
    else if (rc && err)
        *err = why;
out:
    pc_buf_release(&path);
    return rc;
}

/* An orphan that cannot be removed must not stop the next writer: numbers go
   on behind it. */
static int skip_used_numbers(const char *dir, pc_manifest *now, pc_arena *arena,
                             parasol_error *err)
{
    content c;
    int rc = look(dir, &c, arena, err);
    if (rc)
        return rc;
    if (c.highest == UINT64_MAX || c.commit == UINT64_MAX)
        return pc_fail(err, PARASOL_FULL, "%s: no numbers are left", dir);
    if (c.commit > now->commit)
        now->commit = c.commit;
    if (c.highest >= now->next_segment)
        now->next_segment = c.highest + 1;
    return PARASOL_OK;
}

/* Reads the newest commit, or finds the numbers to go on from when there is
   none to be read. */
static int read_now(const char *dir, pc_manifest *now, pc_arena *arena,
                    const pc_mem *mem, parasol_error *err)
{
    parasol_error why = {0};
    int rc = pc_manifest_newest(dir, now, mem, &why);
    bool old =
        rc == PARASOL_VERSION && now->format_version <= PARASOL_FORMAT_VERSION;
    if (rc == PARASOL_OK || rc == PARASOL_NOTFOUND) {
        pi_commit_collect(dir, now, mem);
        rc = rc ? sync_parent(dir, mem, err) : PARASOL_OK;
    } else if (rc == PARASOL_CORRUPT || old) {
        /* Indexing again is what the sentence about the damage tells people
           to do. Nothing is removed before that has succeeded. */
        pc_manifest_release(now);
        rc = PARASOL_OK;
    } else if (err) {
        *err = why;
    }
    return rc ? rc : skip_used_numbers(dir, now, arena, err);
}

int pi_commit_refuse_file(const char *path, parasol_error *err)
{
    uint64_t size;
    if (pc_file_size_of(path, &size, NULL))
        return PARASOL_OK;
    return pc_fail(err, PARASOL_ARG,
                   "%s is a file; a packed index is only read, and 'parasol "
                   "unpack' makes a directory of it",
                   path);
}

int pi_commit_prepare(const char *dir, pc_lock *lock, pc_manifest *now,
                      const pc_mem *mem, parasol_error *err)
{
    pc_arena arena;
    content c;
    pc_lock held = {0};
    pc_arena_init(&arena, mem, 0);
    pc_manifest_init(now, mem);
    int rc = pi_commit_refuse_file(dir, err);
    if (!rc)
        rc = pc_dir_make(dir, NULL, err);
    if (rc)
        goto out;
    /* Looked at before the lock, which puts a file there. */
    rc = look(dir, &c, &arena, err);
    if (rc)
        goto out;
    if (c.foreign && !c.commit) {
        rc = pc_fail(err, PARASOL_ARG,
                     "%s is not an index: it holds %.*s; name an empty or a "
                     "new directory",
                     dir, PC_STR_ARG(c.example));
        goto out;
    }
    rc = pc_lock_take(&held, dir, err);
    if (!rc)
        rc = read_now(dir, now, &arena, mem, err);
    if (rc)
        goto out;
    *lock = held;
    held = (pc_lock){0};
out:
    pc_lock_drop(&held);
    pc_arena_release(&arena);
    return rc;
}

/* ---- publishing -------------------------------------------------------- */

static int check_file(const char *dir, enum pc_name kind, uint64_t number,
                      uint64_t bytes, pc_buf *path, parasol_error *err)
{
    uint64_t size = 0;
    const char *name = pc_name_path(path, dir, kind, number, "", err);
    if (!name)
        return PARASOL_NOMEM;
    int rc = pc_fail_lost(pc_file_size_of(name, &size, err), err);
    if (!rc && size != bytes)
        rc = pc_fail(err, PARASOL_CORRUPT, "%s has %llu bytes instead of %llu",
                     name, (unsigned long long)size, (unsigned long long)bytes);
    return rc;
}

static int check_files(const char *dir, const pc_manifest *m, pc_buf *path,
                       parasol_error *err)
{
    int rc = PARASOL_OK;
    for (size_t i = 0; !rc && i < m->n_segments; i++) {
        const pc_manifest_segment *s = &m->segments[i];
        rc = check_file(dir, PC_NAME_SEGMENT, s->number, s->file_bytes, path,
                        err);
        if (!rc && s->live_number)
            rc = check_file(dir, PC_NAME_LIVE, s->live_number, s->live_bytes,
                            path, err);
    }
    if (!rc && m->skips_number)
        rc = check_file(dir, PC_NAME_SKIPS, m->skips_number, m->skips_bytes,
                        path, err);
    if (!rc && m->files_number)
        rc = check_file(dir, PC_NAME_FILES, m->files_number, m->files_bytes,
                        path, err);
    return rc;
}

/* ---- durable ------------------------------------------------------------ */

static int sync_file(const char *dir, enum pc_name kind, uint64_t number,
                     pc_buf *path, parasol_error *err)
{
    int fd = -1;
    if (number == 0)
        return PARASOL_OK;
    const char *name = pc_name_path(path, dir, kind, number, "", err);
    int rc = name ? pc_file_open(&fd, name, err) : PARASOL_NOMEM;
    if (!rc)
        rc = pc_file_sync(fd, name, err);
    pc_file_close(fd);
    return rc;
}

int pi_commit_sync(const char *dir, const pc_manifest *m, const pc_mem *mem,
                   parasol_error *err)
{
    pc_buf path;
    pc_buf_init(&path, mem);
    int rc = sync_file(dir, PC_NAME_SKIPS, m->skips_number, &path, err);
    if (!rc)
        rc = sync_file(dir, PC_NAME_FILES, m->files_number, &path, err);
    for (size_t i = 0; !rc && i < m->n_segments; i++) {
        const pc_manifest_segment *s = &m->segments[i];
        rc = sync_file(dir, PC_NAME_SEGMENT, s->number, &path, err);
        if (!rc)
            rc = sync_file(dir, PC_NAME_LIVE, s->live_number, &path, err);
    }
    pc_buf_release(&path);
    return rc;
}

/* A new file with these bytes, durable, if `synced`, but for its name. */
static int write_file(const char *path, const pc_buf *bytes, bool synced,
                      parasol_error *err)
{
    int fd = -1;
    (void)pc_file_unlink(path, NULL); /* of a writer that crashed */
    int rc = pc_file_create(&fd, path, err);
    if (!rc)
        rc = pc_file_write(fd, bytes->ptr, bytes->len, path, err);
    if (!rc && synced)
        rc = pc_file_sync(fd, path, err);
    pc_file_close(fd);
    return rc;
}

/* Steps 3 to 6. After a failure from the rename on, the name of the manifest
   is taken back: whoever was told that there is no commit must not find one. */
static int swap(const char *dir, const char *tmp, const char *name,
                const pc_buf *bytes, bool synced, parasol_error *err)
{
    int rc = write_file(tmp, bytes, synced, err);
    if (rc) {
        (void)pc_file_unlink(tmp, NULL);
        return rc;
    }
    rc = pc_file_rename(tmp, name, err);
    if (!rc && synced)
        rc = pc_dir_sync(dir, err);
    if (rc) {
        (void)pc_file_unlink(tmp, NULL);
        (void)pc_file_unlink(name, NULL);
    }
    return rc;
}

int pi_commit_publish(const char *dir, const pc_manifest *next,
                      const pc_mem *mem, parasol_error *err)
{
    pc_buf bytes;
    pc_buf tmp;
    pc_buf path;
    int rc = PARASOL_NOMEM;
    pc_buf_init(&bytes, mem);
    pc_buf_init(&tmp, mem);
    bool synced = (next->flags & PC_MANIFEST_RELAXED) == 0;
    pc_buf_init(&path, mem);
    pc_manifest_put(next, &bytes);
    const char *tmp_name =
        pc_name_path(&tmp, dir, PC_NAME_MANIFEST, next->commit, ".tmp", err);
    if (bytes.status || !tmp_name) {
        rc = pc_fail_nomem(err);
        goto out;
    }
    rc = check_files(dir, next, &path, err);
    if (!rc && synced)
        rc = pc_dir_sync(dir, err); /* step 2: the names of the segments */
    if (rc)
        goto out;
    const char *name =
        pc_name_path(&path, dir, PC_NAME_MANIFEST, next->commit, "", err);
    rc = name ? swap(dir, tmp_name, name, &bytes, synced, err) : PARASOL_NOMEM;
out:
    pc_buf_release(&bytes);
    pc_buf_release(&tmp);
    pc_buf_release(&path);
    return rc;
}

/* ---- collecting -------------------------------------------------------- */

static bool is_kept(const pc_manifest *keep, enum pc_name kind, uint64_t number)
{
    switch (kind) {
    case PC_NAME_FOREIGN:
    case PC_NAME_LOCK:
    case PC_NAME_LOG: return true;
    case PC_NAME_TEMPORARY: return false;
    case PC_NAME_MANIFEST: return number == keep->commit;
    case PC_NAME_SKIPS: return number == keep->skips_number;
    case PC_NAME_FILES: return number == keep->files_number;
    case PC_NAME_SEGMENT:
    case PC_NAME_LIVE: break;
    }
    for (size_t i = 0; i < keep->n_segments; i++) {
        const pc_manifest_segment *s = &keep->segments[i];
        if (number == (kind == PC_NAME_SEGMENT ? s->number : s->live_number))
            return true;
    }
    return false;
}

void pi_commit_collect(const char *dir, const pc_manifest *keep,
                       const pc_mem *mem)
{
    pc_arena arena;
    pc_buf path;
    pc_str *names = NULL;
    size_t n = 0;
    pc_arena_init(&arena, mem, 0);
    pc_buf_init(&path, mem);
    /* A commit that was taken back, or that a process did not live to see
       durable, may be in the directory or not after a power cut. Only when
       the disk agrees with what we see may files go that it would need. */
    bool synced = (keep->flags & PC_MANIFEST_RELAXED) == 0;
    int rc = synced ? pc_dir_sync(dir, NULL) : PARASOL_OK;
    if (!rc)
        rc = pc_dir_list(&names, &n, dir, &arena, NULL);
    for (size_t i = 0; !rc && i < n; i++) {
        uint64_t number = 0;
        enum pc_name kind = pc_name_parse(names[i], &number);
        if (is_kept(keep, kind, number))
            continue;
        pc_buf_clear(&path);
        pc_buf_put_fmt(&path, "%s/%s", dir, names[i].ptr);
        pc_buf_put_u8(&path, 0);
        if (!path.status)
            (void)pc_file_unlink((const char *)path.ptr, NULL);
    }
    pc_buf_release(&path);
    pc_arena_release(&arena);
}
