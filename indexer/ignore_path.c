/*
 * parasol_ignore: what the rules of a tree say about one path. Goes down the
 * parts of the path as a walk would, and stops at the first that is left out.
 */
#include <parasol/ignore.h>

#include "common/base/buf.h"
#include "common/base/fail.h"
#include "common/os/dir.h"
#include "indexer/source/ignore_files.h"

struct parasol_ignore {
    pc_mem alloc; /* copy of the caller's; resize NULL: the C library's */
    int root;
    pi_ignore rules; /* of the last path */
    pc_buf file;     /* where its rule stands, zero-terminated */
};

int parasol_ignore_open(parasol_ignore **out, const char *root,
                        const parasol_ignore_options *options,
                        parasol_error *err)
{
    parasol_ignore_options o = PARASOL_IGNORE_OPTIONS_INIT;
    if (!root || !*root)
        return pc_fail(err, PARASOL_ARG, "no folder was named");
    if (options)
        memcpy(&o, options,
               options->struct_size < sizeof o ? options->struct_size
                                               : sizeof o);
    parasol_ignore *g = pc_zalloc(o.alloc, 1, sizeof *g);
    if (!g)
        return pc_fail_nomem(err);
    if (o.alloc)
        g->alloc = *o.alloc;
    g->root = -1;
    pi_ignore_init(&g->rules, o.gitignore != 0, &g->alloc);
    pc_buf_init(&g->file, &g->alloc);
    int rc = pc_dir_open_root(&g->root, root, err);
    if (rc)
        parasol_ignore_close(g);
    else
        *out = g;
    return rc;
}

void parasol_ignore_close(parasol_ignore *g)
{
    if (!g)
        return;
    pc_node_close(g->root);
    pi_ignore_release(&g->rules);
    pc_buf_release(&g->file);
    pc_mem alloc = g->alloc;
    pc_free(&alloc, g);
}

/* Whether every part of the path is a name. */
static bool is_plain(const char *path)
{
    for (;;) {
        size_t n = strcspn(path, "/");
        pc_str part = {path, n};
        if (n == 0 || pc_str_eq(part, PC_STR_LIT(".")) ||
            pc_str_eq(part, PC_STR_LIT("..")))
            return false;
        if (!path[n] || !path[n + 1])
            return true;
        path += n + 1;
    }
}

/* Enters a folder, of whose ignore files each must be readable. */
static int enter(parasol_ignore *g, int fd, pc_str path, parasol_error *err)
{
    int rc = pi_ignore_enter(&g->rules, fd, path.len, err);
    for (int i = 0; !rc && i < PI_IGNORE_FILES; i++) {
        const pi_ignore_file *f = pi_ignore_here(&g->rules, i);
        if (f->unusable)
            rc = pc_fail(err, PARASOL_IO, "%.*s%s cannot be used: %s",
                         PC_STR_ARG(path), pi_ignore_name(i),
                         f->os_errno ? "it cannot be read"
                                     : "it is no regular file or too large");
    }
    return rc;
}

/* The folder `name` of *fd, instead of it; -1 if it cannot be opened. */
static void go_down(int *fd, int root, const char *name)
{
    parasol_error none = {0};
    pc_node node;
    int next = -1;
    if (*fd >= 0 &&
        pc_node_open_at(&next, &node, *fd, name, name, &none) == 0 &&
        node.kind != PC_KIND_DIR) {
        pc_node_close(next);
        next = -1;
    }
    if (*fd != root)
        pc_node_close(*fd);
    *fd = next;
}

static bool is_folder(int fd, const char *name)
{
    parasol_error none = {0};
    pc_node node;
    return fd >= 0 && pc_node_stat_at(&node, fd, name, name, &none) == 0 &&
           node.kind == PC_KIND_DIR;
}

/* Goes down `path`, of which *z is a copy that may be cut. */
static int find(parasol_ignore *g, char *z, pi_ignore_match *m, bool *ignored,
                parasol_error *err)
{
    int fd = g->root;
    size_t start = 0; /* of the part */
    int rc = enter(g, fd, (pc_str){z, 0}, err);
    while (!rc && z[start]) {
        size_t end = start + strcspn(z + start, "/");
        bool last = z[end] == 0;
        z[end] = 0;
        bool folder = !last || is_folder(fd, z + start);
        *ignored = pi_ignore_has(&g->rules, (pc_str){z, end}, folder, m);
        if (*ignored || last)
            break;
        go_down(&fd, g->root, z + start);
        z[end] = '/';
        start = end + 1;
        if (fd >= 0 && z[start])
            rc = enter(g, fd, (pc_str){z, start}, err);
    }
    if (fd != g->root)
        pc_node_close(fd);
    return rc;
}

static int fill(parasol_ignore *g, const char *path, const pi_ignore_match *m,
                bool ignored, parasol_ignore_match *out, parasol_error *err)
{
    parasol_ignore_match all = PARASOL_IGNORE_MATCH_INIT;
    all.ignored = ignored;
    if (m->rule) {
        pc_buf_clear(&g->file);
        pc_buf_put(&g->file, path, m->folder);
        pc_buf_put_z(&g->file, pi_ignore_name(m->file));
        pc_buf_put_u8(&g->file, 0);
        if (g->file.status)
            return pc_fail_nomem(err);
        all.file = (const char *)g->file.ptr;
        all.line = m->rule->line;
        all.rule = m->rule->text.ptr;
    }
    size_t n = out->struct_size;
    all.struct_size = n;
    memcpy(out, &all, n < sizeof all ? n : sizeof all);
    return PARASOL_OK;
}

int parasol_ignore_find(parasol_ignore *g, const char *path,
                        parasol_ignore_match *match, parasol_error *err)
{
    pi_ignore_match m = {.rule = NULL};
    bool ignored = false;
    if (!g || !path || !match || !is_plain(path))
        return pc_fail(err, PARASOL_ARG, "%s is no path below the folder",
                       path ? path : "nothing");
    size_t n = strlen(path) + 1;
    char *z = pc_alloc(&g->alloc, n, 1);
    if (!z)
        return pc_fail_nomem(err);
    memcpy(z, path, n);
    while (g->rules.n > 0)
        pi_ignore_leave(&g->rules);
    int rc = find(g, z, &m, &ignored, err);
    pc_free(&g->alloc, z);
    return rc ? rc : fill(g, path, &m, ignored, match, err);
}
