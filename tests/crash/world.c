/*
 * Files are objects with durable bytes and a list of writes behind them; the
 * name space is a durable table and a list of changes behind it.
 */
#include "tests/crash/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "tests/support/scratch.h"

#define SECTOR 512u

typedef struct object {
    uint64_t inode;
    pc_buf base;
    uint64_t hash; /* of base */
} object;

typedef struct pending {
    size_t seq;
    size_t object;
    bool cuts; /* a truncation to `off`; else a write */
    bool lost; /* a sync failed on it */
    uint64_t off;
    const uint8_t *data;
    size_t len;
} pending;

#define FOLDER ((size_t)-1)

typedef struct name {
    const char *path;
    size_t object; /* FOLDER for one */
} name;

typedef struct change {
    uint32_t op;
    const char *path;
    const char *path2;
    size_t object;
} change;

struct world {
    enum world_model model;
    enum faultfs_op forgets;
    uint8_t *log;
    size_t log_len;
    size_t at;
    size_t seq;
    pc_arena strings;
    object *objects;
    size_t n_objects, cap_objects;
    pending *writes;
    size_t n_writes, cap_writes;
    change *changes;
    size_t n_changes, cap_changes;
    name *names;
    size_t n_names, cap_names;
    name *now; /* of the state that is being built */
    size_t n_now, cap_now;
    pc_buf pool; /* bytes of files that are neither base nor log */
    world_image image;
    size_t cap_image;
};

static void *room(void *list, size_t *cap, size_t n, size_t size)
{
    if (n < *cap)
        return list;
    *cap = *cap ? *cap * 2 : 64;
    void *grown = realloc(list, *cap * size);
    if (!grown)
        scratch_die("realloc");
    return grown;
}

static uint64_t hash_bytes(uint64_t sum, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    for (; n >= 8; n -= 8, p += 8) {
        uint64_t v;
        memcpy(&v, p, 8);
        sum = (sum ^ v) * UINT64_C(0x9e3779b97f4a7c15);
        sum ^= sum >> 29;
    }
    for (; n > 0; n--, p++)
        sum = (sum ^ *p) * UINT64_C(0x100000001b3);
    return sum ^ (sum >> 32);
}

world *world_open(const char *log, enum world_model model)
{
    world *w = calloc(1, sizeof *w);
    if (!w)
        scratch_die("calloc");
    w->model = model;
    w->forgets = FAULTFS_OP_SAY;
    w->log = scratch_read(log, &w->log_len);
    pc_arena_init(&w->strings, NULL, 0);
    pc_buf_init(&w->pool, NULL);
    return w;
}

void world_forget(world *w, enum faultfs_op sync)
{
    w->forgets = sync;
}

void world_close(world *w)
{
    for (size_t i = 0; i < w->n_objects; i++)
        pc_buf_release(&w->objects[i].base);
    pc_arena_release(&w->strings);
    pc_buf_release(&w->pool);
    free(w->objects);
    free(w->writes);
    free(w->changes);
    free(w->names);
    free(w->now);
    free(w->image.files);
    free(w->log);
    free(w);
}

/* ---- what is durable ---------------------------------------------------- */

static size_t new_object(world *w, uint64_t inode)
{
    w->objects =
        room(w->objects, &w->cap_objects, w->n_objects, sizeof *w->objects);
    w->objects[w->n_objects] = (object){.inode = inode};
    pc_buf_init(&w->objects[w->n_objects].base, NULL);
    return w->n_objects++;
}

/* The newest object of that number: they are used again. */
static size_t object_of(world *w, uint64_t inode)
{
    for (size_t i = w->n_objects; i-- > 0;) {
        if (w->objects[i].inode == inode)
            return i;
    }
    return new_object(w, inode);
}

static void put_at(pc_buf *b, size_t start, const pending *p, size_t from,
                   size_t to)
{
    size_t end = start + (size_t)p->off + to;
    if (b->len < end) {
        size_t more = end - b->len;
        if (!pc_buf_reserve(b, more))
            scratch_die("a state is too large");
        memset(b->ptr + b->len, 0, more);
        b->len = end;
    }
    memcpy(b->ptr + start + p->off + from, p->data + from, to - from);
}

static void set_size(pc_buf *b, size_t start, uint64_t size)
{
    size_t len = b->len - start;
    if (len < size) {
        size_t more = (size_t)size - len;
        if (!pc_buf_reserve(b, more))
            scratch_die("a state is too large");
        memset(b->ptr + b->len, 0, more);
    }
    b->len = start + (size_t)size;
}

static void settle_writes(world *w, size_t object_index)
{
    object *o = &w->objects[object_index];
    size_t kept = 0;
    for (size_t i = 0; i < w->n_writes; i++) {
        const pending *p = &w->writes[i];
        if (p->object != object_index || p->lost) {
            w->writes[kept++] = *p;
            continue;
        }
        if (p->cuts)
            set_size(&o->base, 0, p->off);
        else
            put_at(&o->base, 0, p, 0, p->len);
    }
    w->n_writes = kept;
    o->hash = hash_bytes(1, o->base.ptr, o->base.len);
}

static size_t find_name(const name *names, size_t n, const char *path)
{
    size_t i = 0;
    while (i < n && strcmp(names[i].path, path) != 0)
        i++;
    return i;
}

static void apply(name **names, size_t *n, size_t *cap, const change *c)
{
    size_t at = find_name(*names, *n, c->path);
    if (c->op == FAULTFS_OP_UNLINK || c->op == FAULTFS_OP_RMDIR ||
        c->op == FAULTFS_OP_RENAME) {
        if (at < *n)
            (*names)[at] = (*names)[--*n];
    }
    if (c->op == FAULTFS_OP_UNLINK || c->op == FAULTFS_OP_RMDIR)
        return;
    const char *path = c->path2 ? c->path2 : c->path;
    at = find_name(*names, *n, path);
    *names = room(*names, cap, at, sizeof **names);
    (*names)[at] = (name){path, c->object};
    if (at == *n)
        ++*n;
}

/* Whether the name of a change is in that folder ("": the top). */
static bool is_in(const change *c, const char *folder)
{
    const char *path = c->path2 ? c->path2 : c->path;
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;
    return strlen(folder) == len && strncmp(folder, path, len) == 0;
}

static void settle_names(world *w, const char *folder)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->n_changes; i++) {
        if (folder && !is_in(&w->changes[i], folder))
            w->changes[kept++] = w->changes[i];
        else
            apply(&w->names, &w->n_names, &w->cap_names, &w->changes[i]);
    }
    w->n_changes = kept;
}

static void sync_file(world *w, size_t object_index, int result)
{
    if (!result) {
        settle_writes(w, object_index);
        if (w->model == WORLD_JOURNAL)
            settle_names(w, NULL);
        return;
    }
    for (size_t i = 0; i < w->n_writes; i++)
        w->writes[i].lost |= w->writes[i].object == object_index;
}

/* ---- records ------------------------------------------------------------ */

static void add_write(world *w, const faultfs_record_head *head,
                      const uint8_t *data)
{
    w->writes = room(w->writes, &w->cap_writes, w->n_writes, sizeof *w->writes);
    w->writes[w->n_writes++] =
        (pending){.seq = w->seq,
                  .object = object_of(w, head->inode),
                  .cuts = head->op == FAULTFS_OP_TRUNCATE,
                  .off = head->off,
                  .data = data,
                  .len = (size_t)head->data_len};
}

static void add_change(world *w, const faultfs_record_head *head,
                       const char *path, const char *path2)
{
    size_t of = head->op == FAULTFS_OP_CREATE  ? new_object(w, head->inode)
                : head->op == FAULTFS_OP_MKDIR ? FOLDER
                                               : object_of(w, head->inode);
    w->changes =
        room(w->changes, &w->cap_changes, w->n_changes, sizeof *w->changes);
    w->changes[w->n_changes++] =
        (change){head->op, path, path2[0] ? path2 : NULL, of};
}

static const char *take_string(world *w, size_t len)
{
    char *s = pc_arena_copy(&w->strings, w->log + w->at, len);
    if (!s)
        scratch_die("arena");
    w->at += len;
    return s;
}

int world_step(world *w, faultfs_record_head *head, const char **words)
{
    if (w->at + sizeof *head > w->log_len)
        return 0;
    memcpy(head, w->log + w->at, sizeof *head);
    w->at += sizeof *head;
    *words = take_string(w, head->path_len);
    const char *path2 = take_string(w, head->path2_len);
    const uint8_t *data = w->log + w->at;
    w->at += (size_t)head->data_len;
    w->seq++;
    if (head->op == (uint32_t)w->forgets)
        return 1;
    switch ((enum faultfs_op)head->op) {
    case FAULTFS_OP_SAY: break;
    case FAULTFS_OP_WRITE:
    case FAULTFS_OP_TRUNCATE: add_write(w, head, data); break;
    case FAULTFS_OP_SYNC:
        sync_file(w, object_of(w, head->inode), head->result);
        break;
    case FAULTFS_OP_SYNC_DIR:
        if (!head->result)
            settle_names(w, w->model == WORLD_JOURNAL ? NULL : *words);
        break;
    case FAULTFS_OP_CREATE:
    case FAULTFS_OP_RENAME:
    case FAULTFS_OP_UNLINK:
    case FAULTFS_OP_LINK:
    case FAULTFS_OP_MKDIR:
    case FAULTFS_OP_RMDIR: add_change(w, head, *words, path2); break;
    }
    return 1;
}

size_t world_steps(const world *w)
{
    return w->seq;
}

size_t world_writes(const world *w)
{
    return w->n_writes;
}

size_t world_names(const world *w)
{
    return w->n_changes;
}

size_t world_write_file(const world *w, size_t i)
{
    return w->writes[i].object;
}

int world_write_is_last(const world *w, size_t i)
{
    return w->writes[i].seq == w->seq;
}

/* ---- a state ------------------------------------------------------------ */

/* Whether the sector with byte `at` of a torn write survives. */
static bool sector_kept(const pending *p, enum world_keep keep, size_t at,
                        uint64_t *random)
{
    size_t first = (size_t)(p->off / SECTOR);
    size_t last = (size_t)((p->off + p->len - 1) / SECTOR);
    size_t sector = (size_t)((p->off + at) / SECTOR);
    size_t middle = first + (last - first + 1) / 2;
    switch (keep) {
    case WORLD_DROP: return false;
    case WORLD_KEEP: return true;
    case WORLD_HEAD: return sector < middle;
    case WORLD_TAIL: return sector >= middle;
    case WORLD_FIRST: return sector == first;
    case WORLD_ALTERNATE: return (sector - first) % 2 == 0;
    case WORLD_SOME: return scratch_below(random, 2);
    }
    return false;
}

static void fill_up(pc_buf *b, size_t start, const pending *p,
                    const world_choice *choice, uint64_t *random)
{
    size_t len = b->len - start;
    size_t end = (size_t)p->off + p->len;
    if (choice->fill == WORLD_NO_FILL || len >= end)
        return;
    set_size(b, start, end);
    for (size_t i = len; choice->fill == WORLD_GARBAGE && i < end; i++)
        b->ptr[start + i] = (uint8_t)scratch_random(random);
}

static void put_write(pc_buf *b, size_t start, const pending *p,
                      enum world_keep keep, const world_choice *choice,
                      uint64_t *random)
{
    if (p->cuts) {
        if (keep != WORLD_DROP)
            set_size(b, start, p->off);
        return;
    }
    if (p->lost || keep == WORLD_DROP) {
        fill_up(b, start, p, choice, random);
        return;
    }
    for (size_t at = 0; at < p->len;) {
        size_t n = SECTOR - (size_t)((p->off + at) % SECTOR);
        n = n < p->len - at ? n : p->len - at;
        if (sector_kept(p, keep, at, random))
            put_at(b, start, p, at, at + n);
        at += n;
    }
}

/* Bytes in the pool are given by their place until it stops growing. */
static void build_file(world *w, world_file *out, size_t object_index,
                       const world_choice *choice)
{
    const object *o = &w->objects[object_index];
    uint64_t random = choice->seed + object_index;
    size_t start = w->pool.len;
    bool changed = false;
    for (size_t i = 0; i < w->n_writes; i++) {
        const pending *p = &w->writes[i];
        if (p->object != object_index)
            continue;
        if (!changed)
            pc_buf_put(&w->pool, o->base.ptr, o->base.len);
        changed = true;
        put_write(&w->pool, start, p, (enum world_keep)choice->writes[i],
                  choice, &random);
    }
    out->bytes = changed ? NULL : o->base.ptr ? o->base.ptr : w->log;
    out->len = changed ? w->pool.len - start : o->base.len;
    out->hash = changed ? 0 : o->hash;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const name *)a)->path, ((const name *)b)->path);
}

/* A name whose folder is lost cannot be reached. */
static bool reachable(const world *w, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return true;
    for (size_t i = 0; i < w->n_now; i++) {
        const name *n = &w->now[i];
        if (n->object == FOLDER && strlen(n->path) == (size_t)(slash - path) &&
            strncmp(n->path, path, (size_t)(slash - path)) == 0)
            return reachable(w, n->path);
    }
    return false;
}

static void choose_names(world *w, const world_choice *choice)
{
    w->n_now = 0;
    for (size_t i = 0; i < w->n_names; i++) {
        w->now = room(w->now, &w->cap_now, w->n_now, sizeof *w->now);
        w->now[w->n_now++] = w->names[i];
    }
    for (size_t i = 0; i < w->n_changes; i++) {
        if (choice->names[i])
            apply(&w->now, &w->n_now, &w->cap_now, &w->changes[i]);
    }
    if (w->n_now > 0)
        qsort(w->now, w->n_now, sizeof *w->now, by_path);
}

/* The pool has its last address now. */
static void finish_image(world *w)
{
    size_t at = 0;
    w->image.hash = 1;
    for (size_t i = 0; i < w->image.n; i++) {
        world_file *f = &w->image.files[i];
        if (!f->bytes && f->len != FOLDER) {
            f->bytes = w->pool.ptr ? w->pool.ptr + at : w->log;
            at += f->len;
            f->hash = hash_bytes(1, f->bytes, f->len);
        }
        w->image.hash = hash_bytes(w->image.hash, f->path, strlen(f->path) + 1);
        w->image.hash = hash_bytes(w->image.hash, &f->len, sizeof f->len);
        w->image.hash = hash_bytes(w->image.hash, &f->hash, sizeof f->hash);
    }
}

const world_image *world_build(world *w, const world_choice *choice)
{
    pc_buf_clear(&w->pool);
    w->image.n = 0;
    choose_names(w, choice);
    for (size_t i = 0; i < w->n_now; i++) {
        if (!reachable(w, w->now[i].path))
            continue;
        w->image.files = room(w->image.files, &w->cap_image, w->image.n,
                              sizeof *w->image.files);
        world_file *f = &w->image.files[w->image.n++];
        *f = (world_file){w->now[i].path, NULL, FOLDER, 0};
        if (w->now[i].object != FOLDER)
            build_file(w, f, w->now[i].object, choice);
    }
    if (w->pool.status)
        scratch_die("a state is too large");
    finish_image(w);
    return &w->image;
}
