/*
 * Ignore files on the way down a tree.
 */
#include "indexer/source/ignore_files.h"

#include <errno.h>

#include "common/base/buf.h"
#include "common/base/fail.h"
#include "common/os/dir.h"

#define RULES_CHUNK 4096u

const char *pi_ignore_name(int file)
{
    return file == PI_IGNORE_OWN ? ".parasolignore" : ".gitignore";
}

void pi_ignore_init(pi_ignore *g, bool git, const pc_mem *mem)
{
    *g = (pi_ignore){.mem = mem, .git = git};
}

void pi_ignore_release(pi_ignore *g)
{
    while (g->n > 0)
        pi_ignore_leave(g);
    pc_free(g->mem, g->levels);
    pi_ignore_init(g, g->git, g->mem);
}

/* The content of an ignore file; *there is false when there is none. */
static int read_content(pc_buf *out, int dir, const char *name, bool *there,
                        parasol_error *err)
{
    pc_node node;
    int fd = -1;
    *there = true;
    int rc = pc_node_open_at(&fd, &node, dir, name, name, err);
    if (rc == PARASOL_NOTFOUND || (!rc && node.kind == PC_KIND_DIR)) {
        *there = false;
        rc = PARASOL_OK;
    } else if (!rc && node.kind != PC_KIND_FILE) {
        rc = pc_fail(err, PARASOL_IO, "%s is no regular file", name);
    } else if (!rc) {
        rc = pc_node_read(out, fd, node.size, PI_IGNORE_BYTES, name, err);
    }
    if (!rc && out->len > PI_IGNORE_BYTES)
        rc = pc_fail(err, PARASOL_FULL, "%s is too large", name);
    pc_node_close(fd);
    return rc;
}

static int read_file(pi_ignore_level *l, int file, int dir, const pc_mem *mem,
                     parasol_error *err)
{
    pi_ignore_file *f = &l->files[file];
    parasol_error why = {0};
    pc_buf content;
    bool there;
    pc_buf_init(&content, mem);
    int rc = read_content(&content, dir, pi_ignore_name(file), &there, &why);
    if (!rc && there)
        rc = pi_rules_read(&f->rules, pc_buf_str(&content), &l->arena);
    pc_buf_release(&content);
    if (rc == PARASOL_NOMEM)
        return pc_fail_nomem(err);
    f->unusable = rc != PARASOL_OK;
    f->os_errno = why.os_errno;
    return PARASOL_OK;
}

int pi_ignore_enter(pi_ignore *g, int fd, size_t start, parasol_error *err)
{
    if (pc_grow(g->mem, (void **)&g->levels, &g->cap, g->n + 1,
                sizeof *g->levels))
        return pc_fail_nomem(err);
    pi_ignore_level *l = &g->levels[g->n++];
    *l = (pi_ignore_level){.start = start};
    pc_arena_init(&l->arena, g->mem, RULES_CHUNK);
    int rc = read_file(l, PI_IGNORE_OWN, fd, g->mem, err);
    if (!rc && g->git)
        rc = read_file(l, PI_IGNORE_GIT, fd, g->mem, err);
    if (rc)
        pi_ignore_leave(g);
    return rc;
}

void pi_ignore_leave(pi_ignore *g)
{
    pc_arena_release(&g->levels[--g->n].arena);
}

const pi_ignore_file *pi_ignore_here(const pi_ignore *g, int file)
{
    return &g->levels[g->n - 1].files[file];
}

bool pi_ignore_has(const pi_ignore *g, pc_str path, bool is_folder,
                   pi_ignore_match *match)
{
    pi_ignore_match none, *m = match ? match : &none;
    *m = (pi_ignore_match){.rule = NULL};
    for (int file = 0; file < PI_IGNORE_FILES; file++) {
        for (size_t i = g->n; i-- > 0;) {
            const pi_ignore_level *l = &g->levels[i];
            const pi_rules *rules = &l->files[file].rules;
            if (rules->n == 0)
                continue;
            pc_str below = {path.ptr + l->start, path.len - l->start};
            *m = (pi_ignore_match){pi_rules_last(rules, below, is_folder),
                                   l->start, file};
            if (m->rule)
                return !m->rule->negated;
        }
    }
    return false;
}
