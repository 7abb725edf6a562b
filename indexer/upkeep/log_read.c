/*
 * Reading the log of an index.
 */
#include <parasol/upkeep.h>

#include "common/base/fail.h"
#include "common/format/home.h"
#include "common/format/log_line.h"
#include "common/os/file.h"
#include "indexer/upkeep/copy_out.h"

#define CHUNK ((size_t)1 << 16)

struct parasol_log {
    pc_arena arena;
    parasol_log_entry *entries;
    size_t n, cap;
    uint64_t lines;
    uint64_t met; /* the highest commit that a line was for */
    pc_buf text;  /* of a line; more than PC_LOG_LINE_MAX bytes of it are not
                     kept: none that we wrote has them */
};

static int append(parasol_log *log, const parasol_log_entry *e,
                  parasol_error *err)
{
    void *grown = log->entries;
    if (pc_grow(NULL, &grown, &log->cap, log->n + 1, sizeof *e))
        return pc_fail_nomem(err);
    log->entries = grown;
    log->entries[log->n++] = *e;
    return PARASOL_OK;
}

/* Tells of the commits before `commit` that no line was for. */
static int note_missing(parasol_log *log, uint64_t commit, parasol_error *err)
{
    parasol_log_entry e = {.struct_size = sizeof e,
                           .state = PARASOL_LOG_MISSING,
                           .commit = log->met + 1,
                           .last = commit - 1,
                           .what = "",
                           .text = ""};
    return commit > log->met + 1 ? append(log, &e, err) : PARASOL_OK;
}

static int take_damaged(parasol_log *log, pc_str text, parasol_error *err)
{
    parasol_log_entry e = {.struct_size = sizeof e,
                           .state = PARASOL_LOG_DAMAGED,
                           .line = log->lines,
                           .what = ""};
    e.text = pc_arena_copy(&log->arena, text.ptr, text.len);
    return e.text ? append(log, &e, err) : pc_fail_nomem(err);
}

static int take_line(parasol_log *log, parasol_error *err)
{
    pc_log_line line = {0};
    pc_str text = pc_buf_str(&log->text);
    log->lines++;
    if (text.len > PC_LOG_LINE_MAX || !pc_log_line_get(&line, text))
        return take_damaged(log, text, err);
    parasol_log_entry e = {.struct_size = sizeof e,
                           .line = log->lines,
                           .commit = line.commit,
                           .last = line.commit,
                           .time = line.time,
                           .added = line.added,
                           .changed = line.changed,
                           .removed = line.removed,
                           .documents = line.documents,
                           .bytes = line.bytes,
                           .text = ""};
    e.what = pc_arena_copy(&log->arena, line.what, strlen(line.what));
    int rc = e.what ? note_missing(log, line.commit, err) : pc_fail_nomem(err);
    if (line.commit > log->met)
        log->met = line.commit;
    return rc ? rc : append(log, &e, err);
}

static int take_bytes(parasol_log *log, const char *p, size_t n,
                      parasol_error *err)
{
    const char *end = p + n;
    int rc = PARASOL_OK;
    while (!rc && p < end) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        size_t len = (size_t)((stop ? stop : end) - p);
        size_t room = PC_LOG_LINE_MAX + 1 - log->text.len;
        pc_buf_put(&log->text, p, len < room ? len : room);
        if (log->text.status)
            return pc_fail_nomem(err);
        if (stop) {
            rc = take_line(log, err);
            pc_buf_clear(&log->text);
        }
        p = stop ? stop + 1 : end;
    }
    return rc;
}

static int read_lines(parasol_log *log, int fd, const char *path,
                      parasol_error *err)
{
    pc_buf chunk;
    size_t got = 1;
    pc_buf_init(&chunk, NULL);
    uint8_t *at = pc_buf_reserve(&chunk, CHUNK);
    int rc = at ? PARASOL_OK : pc_fail_nomem(err);
    while (!rc && got > 0) {
        rc = pc_file_next(fd, at, CHUNK, &got, path, err);
        if (!rc)
            rc = take_bytes(log, (const char *)at, got, err);
    }
    /* A line without its end: of a writer that was killed. */
    if (!rc && log->text.len > 0)
        rc = take_line(log, err);
    pc_buf_release(&chunk);
    return rc;
}

static int read_log(parasol_log *log, const char *dir, parasol_error *err)
{
    pc_buf path;
    parasol_error why = {0};
    int fd = -1;
    pc_buf_init(&path, NULL);
    pc_buf_put_fmt(&path, "%s/" PC_LOG_NAME, dir);
    pc_buf_put_u8(&path, 0);
    const char *name = (const char *)path.ptr;
    int rc = path.status ? pc_fail_nomem(&why) : pc_file_open(&fd, name, &why);
    if (!rc)
        rc = read_lines(log, fd, name, &why);
    pc_file_close(fd);
    pc_buf_release(&path);
    if (rc == PARASOL_NOTFOUND)
        rc = PARASOL_OK; /* as if every line were missing */
    else if (rc && err)
        *err = why;
    return rc;
}

int parasol_log_open(parasol_log **out, const char *path, parasol_error *err)
{
    pc_home home;
    pc_manifest m;
    if (!path || !*path)
        return pc_fail(err, PARASOL_ARG, "no index was named");
    parasol_log *log = pc_zalloc(NULL, 1, sizeof *log);
    if (!log)
        return pc_fail_nomem(err);
    pc_arena_init(&log->arena, NULL, 0);
    pc_buf_init(&log->text, NULL);
    pc_manifest_init(&m, NULL);
    int rc = pc_home_open(&home, path, NULL, err);
    if (!rc)
        rc = pc_home_manifest(&home, &m, err);
    if (!rc && !home.pack)
        rc = read_log(log, path, err);
    if (!rc && m.commit < UINT64_MAX)
        rc = note_missing(log, m.commit + 1, err);
    pc_manifest_release(&m);
    pc_home_close(&home);
    if (rc)
        parasol_log_close(log);
    else
        *out = log;
    return rc;
}

void parasol_log_close(parasol_log *log)
{
    if (!log)
        return;
    pc_arena_release(&log->arena);
    pc_buf_release(&log->text);
    pc_free(NULL, log->entries);
    pc_free(NULL, log);
}

size_t parasol_log_count(const parasol_log *log)
{
    return log->n;
}

int parasol_log_get(const parasol_log *log, size_t i, parasol_log_entry *entry)
{
    if (i >= log->n)
        return PARASOL_NOTFOUND;
    pi_copy_out(entry, entry->struct_size, &log->entries[i],
                sizeof *log->entries);
    return PARASOL_OK;
}
