/*
 * Copying a commit to a directory. The manifest gets its name last: until then
 * there is no index in it.
 */
#include "common/base/fail.h"
#include "common/format/log_line.h"
#include "common/os/file.h"
#include "indexer/upkeep/copying.h"

/* A writer may remove a file between two commits before it is linked. */
#define LINK_TRIES 20
#define LOG_MOST ((uint64_t)1 << 26) /* bytes of a log that is copied */

typedef struct backup {
    pi_copying c;
    const char *dest;
    bool made; /* the directory is ours */
    pc_buf path, tmp;
} backup;

static int open_dest(backup *b, parasol_error *err)
{
    pc_arena arena;
    pc_str *names;
    size_t n = 0;
    int rc = pc_dir_make(b->dest, &b->made, err);
    if (rc || b->made)
        return rc;
    pc_arena_init(&arena, &b->c.alloc, 0);
    rc = pc_dir_list(&names, &n, b->dest, &arena, err);
    if (!rc && n > 0)
        rc = pc_fail(err, PARASOL_ARG,
                     "%s is not empty: it holds %s; name a new or an empty "
                     "directory",
                     b->dest, names[0].ptr);
    pc_arena_release(&arena);
    return rc;
}

static const char *name_of(backup *b, const pc_commit_file *f,
                           parasol_error *err)
{
    return pc_name_path(&b->path, b->dest, f->kind, f->number, "", err);
}

static int copy_file(backup *b, size_t i, parasol_error *err)
{
    int fd = -1;
    const char *to = name_of(b, &b->c.held.files[i], err);
    if (!to)
        return PARASOL_NOMEM;
    int rc = pc_file_create(&fd, to, err);
    if (!rc)
        rc = pi_copying_file(&b->c, i, fd, to, err);
    if (!rc)
        rc = pc_file_sync(fd, to, err);
    pc_file_close(fd);
    return rc;
}

/* The same file under a second name: files of an index are never changed. */
static int link_file(backup *b, size_t i, parasol_error *err)
{
    const pc_commit_file *f = &b->c.held.files[i];
    parasol_error why = {0};
    const char *to = name_of(b, f, err);
    const char *from =
        to ? pc_home_name(&b->c.held.home, f->kind, f->number, err) : NULL;
    if (!from)
        return PARASOL_NOMEM;
    int rc = pc_file_link(from, to, &why);
    if (rc == PARASOL_IO)
        return pc_fail(err, rc, "%s; leave the option to link out to copy",
                       why.message);
    if (rc && err)
        *err = why;
    return rc;
}

static const char *log_path(pc_buf *path, const char *dir, parasol_error *err)
{
    pc_buf_clear(path);
    pc_buf_put_fmt(path, "%s/" PC_LOG_NAME, dir);
    pc_buf_put_u8(path, 0);
    if (path->status)
        (void)pc_fail_nomem(err);
    return path->status ? NULL : (const char *)path->ptr;
}

/* Takes away the names of the commit in the copy. */
static void remove_files(backup *b)
{
    const char *log = log_path(&b->path, b->dest, NULL);
    if (log)
        (void)pc_file_unlink(log, NULL);
    for (size_t i = 0; i < b->c.held.n; i++) {
        const char *name = name_of(b, &b->c.held.files[i], NULL);
        if (name)
            (void)pc_file_unlink(name, NULL);
    }
}

static int put_files(backup *b, parasol_error *err)
{
    int rc = PARASOL_OK;
    for (size_t i = 0; !rc && i < b->c.held.n; i++)
        rc = b->c.o.link ? link_file(b, i, err) : copy_file(b, i, err);
    return rc;
}

/* Where a name was gone before it could be linked, there is a newer commit. */
static int put_commit(backup *b, const char *path, parasol_error *err)
{
    int rc = put_files(b, err);
    for (int i = 1; rc == PARASOL_NOTFOUND && b->c.o.link && i < LINK_TRIES;
         i++) {
        parasol_copy_options o = b->c.o;
        remove_files(b);
        pi_copying_end(&b->c);
        rc = pi_copying_begin(&b->c, path, &o, true, err);
        if (!rc)
            rc = put_files(b, err);
    }
    return rc;
}

static int write_manifest(backup *b, const char *tmp, parasol_error *err)
{
    int fd = -1;
    const pc_buf *bytes = &b->c.held.manifest_bytes;
    int rc = pc_file_create(&fd, tmp, err);
    if (!rc)
        rc = pc_file_write(fd, bytes->ptr, bytes->len, tmp, err);
    if (!rc)
        rc = pc_file_sync(fd, tmp, err);
    pc_file_close(fd);
    return rc;
}

/* As a commit is published: docs/format.md, "Commit". */
static int publish(backup *b, parasol_error *err)
{
    uint64_t commit = b->c.held.manifest.commit;
    const char *tmp =
        pc_name_path(&b->tmp, b->dest, PC_NAME_MANIFEST, commit, ".tmp", err);
    const char *name =
        pc_name_path(&b->path, b->dest, PC_NAME_MANIFEST, commit, "", err);
    if (!tmp || !name)
        return PARASOL_NOMEM;
    int rc = pc_dir_sync(b->dest, err);
    if (!rc)
        rc = write_manifest(b, tmp, err);
    if (!rc)
        rc = pc_file_rename(tmp, name, err);
    if (!rc)
        rc = pc_dir_sync(b->dest, err);
    if (!rc && b->made)
        rc = pi_copying_sync_folder(b->dest, &b->c.alloc, err);
    if (rc) {
        (void)pc_file_unlink(tmp, NULL);
        (void)pc_file_unlink(name, NULL);
    }
    return rc;
}

/* The lines about commits up to the one that was copied. */
static void take_lines(pc_buf *out, pc_str text, uint64_t commit)
{
    while (text.len > 0) {
        pc_log_line line;
        const char *end = memchr(text.ptr, '\n', text.len);
        size_t len = end ? (size_t)(end - text.ptr) : text.len;
        if (end && pc_log_line_get(&line, (pc_str){text.ptr, len}) &&
            line.commit <= commit)
            pc_buf_put(out, text.ptr, len + 1);
        len += end != NULL;
        text = (pc_str){text.ptr + len, text.len - len};
    }
}

static int write_log(backup *b, const pc_buf *lines, parasol_error *err)
{
    int fd = -1;
    const char *to = log_path(&b->path, b->dest, err);
    int rc = to ? pc_file_create(&fd, to, err) : PARASOL_NOMEM;
    if (!rc)
        rc = pc_file_write(fd, lines->ptr, lines->len, to, err);
    pc_file_close(fd);
    return rc;
}

/* The log is no part of a commit: one that cannot be read stays behind. */
static int copy_log(backup *b, parasol_error *err)
{
    pc_buf text, lines;
    pc_buf_init(&text, &b->c.alloc);
    pc_buf_init(&lines, &b->c.alloc);
    const char *from = b->c.held.home.pack
                           ? NULL
                           : log_path(&b->path, b->c.held.home.path, NULL);
    if (from && pc_file_read(&text, from, LOG_MOST, NULL) == PARASOL_OK)
        take_lines(&lines, pc_buf_str(&text), b->c.held.manifest.commit);
    int rc =
        lines.len > 0 && !lines.status ? write_log(b, &lines, err) : PARASOL_OK;
    pc_buf_release(&text);
    pc_buf_release(&lines);
    return rc;
}

static int verify(backup *b, parasol_error *err)
{
    pc_home copy;
    int rc = pc_home_open(&copy, b->dest, &b->c.alloc, err);
    if (!rc)
        rc = pi_copying_verify(&b->c, &copy, err);
    pc_home_close(&copy);
    return rc;
}

static int make(backup *b, const char *path, parasol_error *err)
{
    int rc = put_commit(b, path, err);
    if (!rc)
        rc = verify(b, err);
    if (!rc)
        rc = copy_log(b, err);
    if (!rc)
        rc = publish(b, err);
    if (rc) {
        remove_files(b);
        if (b->made)
            (void)pc_dir_remove(b->dest, NULL);
    }
    return rc;
}

int parasol_index_backup(const char *path, const char *dest,
                         const parasol_copy_options *options,
                         parasol_copy_info *info, parasol_error *err)
{
    backup b = {.dest = dest};
    if (!path || !*path || !dest || !*dest)
        return pc_fail(err, PARASOL_ARG, "no %s was named",
                       path && *path ? "directory for the copy" : "index");
    pc_buf_init(&b.path, NULL);
    pc_buf_init(&b.tmp, NULL);
    int rc = pi_copying_begin(&b.c, path, options, true, err);
    if (!rc && b.c.o.link && b.c.held.home.pack)
        rc = pc_fail(err, PARASOL_ARG,
                     "%s is a packed index: its files cannot be linked", path);
    if (!rc)
        rc = open_dest(&b, err);
    if (!rc)
        rc = make(&b, path, err);
    if (!rc)
        pi_copying_tell(&b.c,
                        pc_manifest_bytes(&b.c.held.manifest) +
                            b.c.held.manifest_bytes.len,
                        info);
    pi_copying_end(&b.c);
    pc_buf_release(&b.path);
    pc_buf_release(&b.tmp);
    return rc;
}
