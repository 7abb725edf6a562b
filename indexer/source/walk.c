/*
 * The walk keeps one frame a level: an open folder and its sorted entries.
 * A folder sorts as its name with a slash behind, which makes the order of
 * entries the byte order of whole paths ("a.txt" before "a/b.txt").
 */
#include "indexer/source/walk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/arena.h"
#include "common/base/fail.h"
#include "common/os/dir.h"
#include "common/text/utf8.h"
#include "indexer/source/ignore_files.h"

#define NAMES_CHUNK 4096u

typedef struct frame {
    pc_arena names;
    pc_dirent *list;
    size_t n;
    size_t at;
    size_t path_len; /* of the folder in w->path, its slash included */
    int fd;
} frame;

struct pi_walk {
    const pc_mem *mem;
    frame *frames;
    size_t depth; /* frames in use */
    size_t cap;
    pc_buf path; /* of the entry, zero-terminated */
    int dir;     /* folder of the entry, borrowed from its frame */
    const char *name;
    pi_walk_options options;
    bool has_exclude;
    pc_node exclude;
    pi_ignore ignore; /* a level for each frame */
    uint64_t ignored_files, ignored_folders;
    char detail[160];
};

static unsigned last_byte(const pc_dirent *e, size_t at)
{
    if (at < e->name.len)
        return (uint8_t)e->name.ptr[at];
    return e->kind == PC_KIND_DIR && at == e->name.len ? '/' : 0;
}

static int by_path(const void *a, const void *b)
{
    const pc_dirent *x = a;
    const pc_dirent *y = b;
    size_t n = x->name.len < y->name.len ? x->name.len : y->name.len;
    int c = memcmp(x->name.ptr, y->name.ptr, n);
    if (c != 0)
        return c;
    /* One is a prefix of the other: the bytes behind it decide. */
    unsigned p = last_byte(x, n);
    unsigned q = last_byte(y, n);
    return p < q ? -1 : p > q;
}

static bool is_manifest(pc_str name)
{
    pc_str start = PC_STR_LIT("manifest.");
    return pc_str_starts(name, start) && name.len > start.len &&
           name.ptr[start.len] >= '0' && name.ptr[start.len] <= '9';
}

static bool is_index(const frame *f, pc_str name)
{
    if (!pc_str_eq(name, PC_STR_LIT(".parasol")))
        return false;
    for (size_t i = 0; i < f->n; i++) {
        if (is_manifest(f->list[i].name))
            return true;
    }
    return false;
}

static bool is_excluded(const pi_walk *w, const pc_node *node)
{
    return w->has_exclude && node->dev == w->exclude.dev &&
           node->ino == w->exclude.ino;
}

/* Takes `fd`. The path of the folder is w->path, without a slash. */
static int new_frame(pi_walk *w, int fd, parasol_error *err)
{
    void *frames = w->frames;
    size_t start = w->depth > 0 ? w->path.len + 1 : 0;
    int rc = PARASOL_OK;
    if (pc_grow(w->mem, &frames, &w->cap, w->depth + 1, sizeof *w->frames))
        rc = pc_fail_nomem(err);
    else
        w->frames = frames;
    if (!rc && w->options.entering)
        rc =
            w->options.entering(w->options.user, fd, pc_buf_str(&w->path), err);
    if (!rc)
        rc = pi_ignore_enter(&w->ignore, fd, start, err);
    if (rc) {
        pc_node_close(fd);
        return rc;
    }
    frame *f = &w->frames[w->depth++];
    *f = (frame){.fd = fd, .path_len = start};
    pc_arena_init(&f->names, w->mem, NAMES_CHUNK);
    return PARASOL_OK;
}

static void drop_frame(pi_walk *w)
{
    frame *f = &w->frames[--w->depth];
    pi_ignore_leave(&w->ignore);
    pc_node_close(f->fd);
    pc_arena_release(&f->names);
}

/* Reads and sorts the names of the uppermost frame. */
static int fill_frame(pi_walk *w, const char *path, parasol_error *err)
{
    frame *f = &w->frames[w->depth - 1];
    int rc = pc_dir_entries(&f->list, &f->n, f->fd, &f->names, path, err);
    if (rc)
        return rc;
    if (f->n > 1)
        qsort(f->list, f->n, sizeof *f->list, by_path);
    return PARASOL_OK;
}

int pi_walk_open(pi_walk **out, const char *root,
                 const pi_walk_options *options, const pc_mem *mem,
                 parasol_error *err)
{
    int fd = -1;
    pi_walk *w = pc_zalloc(mem, 1, sizeof *w);
    if (!w)
        return pc_fail_nomem(err);
    w->mem = mem;
    if (options)
        w->options = *options;
    pc_buf_init(&w->path, mem);
    pi_ignore_init(&w->ignore, w->options.gitignore, mem);
    if (w->options.exclude) {
        parasol_error none = {0};
        w->has_exclude =
            !pc_node_stat_path(w->options.exclude, &w->exclude, &none);
    }
    int rc = pc_dir_open_root(&fd, root, err);
    if (rc)
        goto out;
    rc = new_frame(w, fd, err);
    if (rc)
        goto out;
    rc = fill_frame(w, root, err);
    if (rc)
        goto out;
    *out = w;
    w = NULL;
out:
    pi_walk_free(w);
    return rc;
}

void pi_walk_free(pi_walk *w)
{
    if (!w)
        return;
    while (w->depth > 0)
        drop_frame(w);
    pc_free(w->mem, w->frames);
    pi_ignore_release(&w->ignore);
    pc_buf_release(&w->path);
    pc_free(w->mem, w);
}

/* The reason for a failed system call on a name that was listed. */
static int skip_of_errno(int os_errno)
{
    switch (os_errno) {
    case ENOENT:
    case ENOTDIR:
    case ESTALE: return PARASOL_SKIP_VANISHED;
    case ELOOP: return PARASOL_SKIP_LINK;
    default: return PARASOL_SKIP_UNREADABLE;
    }
}

static void set_skip(pi_walk *w, pi_entry *entry, int skip, const char *why)
{
    (void)snprintf(w->detail, sizeof w->detail, "%s", why);
    entry->skip = skip;
    entry->detail = w->detail;
}

/* Turns a failure into a reason; only NOMEM stays a failure. */
static int skip_failure(pi_walk *w, pi_entry *entry, int rc,
                        const parasol_error *why, parasol_error *err)
{
    if (rc == PARASOL_NOMEM)
        return pc_fail_nomem(err);
    int skip = skip_of_errno(why->os_errno);
    /* The path is told beside: only the system's own words are news. */
    char text[96] = "";
    if (skip == PARASOL_SKIP_UNREADABLE)
        (void)strerror_r(why->os_errno, text, sizeof text);
    set_skip(w, entry, skip, text);
    return PARASOL_OK;
}

static void entry_of_kind(pi_walk *w, pi_entry *entry, pc_kind kind)
{
    switch (kind) {
    case PC_KIND_FILE: break;
    case PC_KIND_DIR:
        set_skip(w, entry, PARASOL_SKIP_VANISHED, "a folder has its name now");
        break;
    case PC_KIND_LINK: set_skip(w, entry, PARASOL_SKIP_LINK, ""); break;
    case PC_KIND_OTHER: set_skip(w, entry, PARASOL_SKIP_SPECIAL, ""); break;
    }
}

/*
 * Opens the folder of the entry as a new frame. *entered is false when it is
 * to be left out, or when the entry tells why it cannot be read.
 */
static int enter(pi_walk *w, pi_entry *entry, bool *entered, parasol_error *err)
{
    parasol_error why = {0};
    pc_node node;
    int fd = -1;
    *entered = false;
    if (w->depth > PI_WALK_DEPTH) {
        set_skip(w, entry, PARASOL_SKIP_UNREADABLE, "folders nest too deeply");
        return PARASOL_OK;
    }
    pc_str name = pc_str_of(w->name);
    int rc =
        pc_node_open_at(&fd, &node, w->dir, w->name, entry->path.ptr, &why);
    if (rc)
        return skip_failure(w, entry, rc, &why, err);
    if (node.kind != PC_KIND_DIR) {
        pc_node_close(fd);
        set_skip(w, entry, PARASOL_SKIP_VANISHED, "it is no folder any more");
        if (node.kind != PC_KIND_FILE)
            entry_of_kind(w, entry, node.kind);
        return PARASOL_OK;
    }
    if (is_excluded(w, &node)) {
        pc_node_close(fd);
        return PARASOL_OK;
    }
    rc = new_frame(w, fd, err);
    if (rc)
        return rc;
    rc = fill_frame(w, entry->path.ptr, &why);
    if (rc) {
        drop_frame(w);
        return skip_failure(w, entry, rc, &why, err);
    }
    if (is_index(&w->frames[w->depth - 1], name)) {
        drop_frame(w);
        return PARASOL_OK;
    }
    *entered = true;
    return PARASOL_OK;
}

static void take_node(pi_entry *entry, const pc_node *node)
{
    entry->bytes = node->size;
    entry->mtime = node->mtime;
    entry->ctime = node->ctime;
}

/*
 * Whether the entry is to be passed over: by a rule, or because it is an
 * ignore file of ours that was read. The rules see names as they are, whatever
 * their bytes.
 */
static int is_left_out(pi_walk *w, const frame *f, const pc_dirent *e,
                       bool *out, parasol_error *err)
{
    bool folder = e->kind == PC_KIND_DIR;
    *out = true;
    if (folder && pc_str_eq(e->name, PC_STR_LIT(".git")))
        return PARASOL_OK;
    if (!folder &&
        pc_str_eq(e->name, pc_str_of(pi_ignore_name(PI_IGNORE_OWN))) &&
        !pi_ignore_here(&w->ignore, PI_IGNORE_OWN)->unusable)
        return PARASOL_OK;
    w->path.len = f->path_len;
    pc_buf_put_str(&w->path, e->name);
    if (w->path.status)
        return pc_fail_nomem(err);
    *out = pi_ignore_has(&w->ignore, pc_buf_str(&w->path), folder, NULL);
    w->ignored_files += *out && !folder;
    w->ignored_folders += *out && folder;
    return PARASOL_OK;
}

/* An ignore file that could not be used is told of, for others than it wants
   may be in the index. */
static void tell_unusable(pi_walk *w, pi_entry *entry, const pc_dirent *e)
{
    for (int i = 0; i < PI_IGNORE_FILES && !entry->skip; i++) {
        const pi_ignore_file *f = pi_ignore_here(&w->ignore, i);
        if (!f->unusable || e->kind == PC_KIND_DIR ||
            !pc_str_eq(e->name, pc_str_of(pi_ignore_name(i))))
            continue;
        int skip = PARASOL_SKIP_TOOLARGE;
        if (e->kind == PC_KIND_LINK)
            skip = PARASOL_SKIP_LINK;
        else if (e->kind == PC_KIND_OTHER)
            skip = PARASOL_SKIP_SPECIAL;
        else if (f->os_errno)
            skip = PARASOL_SKIP_UNREADABLE;
        set_skip(w, entry, skip, "its rules are not used");
    }
}

/* Puts the path of entry `e` into w->path and *entry. */
static int set_path(pi_walk *w, const frame *f, const pc_dirent *e,
                    pi_entry *entry, parasol_error *err)
{
    size_t bad = 0;
    w->path.len = f->path_len;
    if (pc_utf8_repair(&w->path, e->name, &bad))
        return pc_fail_nomem(err);
    size_t len = w->path.len;
    pc_buf_put_u8(&w->path, 0);
    if (w->path.status)
        return pc_fail_nomem(err);
    w->path.len = len;
    w->dir = f->fd;
    w->name = e->name.ptr;
    w->detail[0] = 0;
    *entry = (pi_entry){.path = pc_buf_str(&w->path), .detail = ""};
    if (e->kind == PC_KIND_FILE)
        take_node(entry, &e->node);
    if (bad > 0)
        entry->skip = PARASOL_SKIP_NAME;
    tell_unusable(w, entry, e);
    return PARASOL_OK;
}

int pi_walk_next(pi_walk *w, pi_entry *entry, bool *more, parasol_error *err)
{
    while (w->depth > 0) {
        frame *f = &w->frames[w->depth - 1];
        if (f->at == f->n) {
            drop_frame(w);
            continue;
        }
        const pc_dirent *e = &f->list[f->at++];
        bool left_out;
        int rc = is_left_out(w, f, e, &left_out, err);
        if (!rc && left_out)
            continue;
        if (!rc)
            rc = set_path(w, f, e, entry, err);
        if (rc)
            return rc;
        *more = true;
        if (entry->skip)
            return PARASOL_OK;
        if (e->kind != PC_KIND_DIR) {
            entry_of_kind(w, entry, e->kind);
            return PARASOL_OK;
        }
        bool entered;
        rc = enter(w, entry, &entered, err);
        if (rc || entry->skip)
            return rc;
        if (entered) {
            pc_buf_put_u8(&w->path, '/');
            if (w->path.status)
                return pc_fail_nomem(err);
        }
    }
    *more = false;
    return PARASOL_OK;
}

/* The entry with that name in the last folder, behind which nothing else is to
   come; NULL: there is none. */
static const pc_dirent *find_name(pi_walk *w, pc_str name)
{
    frame *f = &w->frames[w->depth - 1];
    f->at = f->n;
    for (size_t i = 0; i < f->n; i++) {
        if (pc_str_eq(f->list[i].name, name))
            return &f->list[i];
    }
    return NULL;
}

/* One part of a path; *found as of pi_walk_seek, as if it were the last. */
static int seek_part(pi_walk *w, pc_str name, pi_entry *entry,
                     enum pi_found *found, parasol_error *err)
{
    bool left_out, entered;
    const pc_dirent *e = find_name(w, name);
    *found = PI_FOUND_NONE;
    if (!e)
        return PARASOL_OK;
    const frame *f = &w->frames[w->depth - 1];
    int rc = is_left_out(w, f, e, &left_out, err);
    if (rc || left_out)
        return rc;
    rc = set_path(w, f, e, entry, err);
    if (rc)
        return rc;
    *found = PI_FOUND_FILE;
    if (entry->skip)
        return PARASOL_OK;
    if (e->kind != PC_KIND_DIR) {
        entry_of_kind(w, entry, e->kind);
        return PARASOL_OK;
    }
    rc = enter(w, entry, &entered, err);
    if (rc || entry->skip)
        return rc;
    *found = entered ? PI_FOUND_FOLDER : PI_FOUND_NONE;
    if (entered)
        pc_buf_put_u8(&w->path, '/');
    return w->path.status ? pc_fail_nomem(err) : PARASOL_OK;
}

int pi_walk_seek(pi_walk *w, pc_str path, pi_entry *entry, enum pi_found *found,
                 parasol_error *err)
{
    int rc = PARASOL_OK;
    *found = PI_FOUND_FOLDER;
    while (!rc && path.len > 0 && *found == PI_FOUND_FOLDER) {
        const char *slash = memchr(path.ptr, '/', path.len);
        size_t n = slash ? (size_t)(slash - path.ptr) : path.len;
        rc = seek_part(w, (pc_str){path.ptr, n}, entry, found, err);
        if (slash && *found == PI_FOUND_FILE)
            *found = PI_FOUND_NONE; /* a file is not on the way to another */
        n += slash != NULL;
        path = (pc_str){path.ptr + n, path.len - n};
    }
    return rc;
}

void pi_walk_ignored(const pi_walk *w, uint64_t *files, uint64_t *folders)
{
    *files = w->ignored_files;
    *folders = w->ignored_folders;
}

static void skip_too_large(pi_walk *w, pi_entry *entry, uint64_t limit)
{
    char text[64];
    (void)snprintf(text, sizeof text, "over %llu bytes",
                   (unsigned long long)limit);
    set_skip(w, entry, PARASOL_SKIP_TOOLARGE, text);
}

int pi_walk_read(pi_walk *w, pi_entry *entry, pc_buf *out, uint64_t limit,
                 parasol_error *err)
{
    parasol_error why = {0};
    pc_node node;
    int fd = -1;
    pc_buf_clear(out);
    int rc =
        pc_node_open_at(&fd, &node, w->dir, w->name, entry->path.ptr, &why);
    if (rc)
        return skip_failure(w, entry, rc, &why, err);
    if (node.kind == PC_KIND_FILE)
        take_node(entry, &node);
    else
        entry->bytes = 0;
    entry_of_kind(w, entry, node.kind);
    if (entry->skip)
        goto out;
    if (node.size > limit) {
        skip_too_large(w, entry, limit);
        goto out;
    }
    rc = pc_node_read(out, fd, node.size, limit, entry->path.ptr, &why);
    if (rc) {
        rc = skip_failure(w, entry, rc, &why, err);
        goto out;
    }
    entry->bytes = out->len;
    if (out->len > limit) {
        pc_buf_clear(out);
        skip_too_large(w, entry, limit);
    }
out:
    pc_node_close(fd);
    return rc;
}
